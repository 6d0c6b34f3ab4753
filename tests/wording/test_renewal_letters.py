"""The letter of several renewals that come on one day."""

import json

from prorata.wording import Language, wording_for
from prorata.wording.letters.blocks import Letter
from prorata.wording.letters.layout import as_text
from prorata.wording.mails import letter_of
from wording.announced_facts import ANNOUNCED_FACTS


def _letter(**other: str) -> Letter:
    data = {**ANNOUNCED_FACTS["renew_together"], **other}
    return letter_of("renew_together", data, wording=wording_for(Language.EN), address="https://billing.kadans.test")


def test_several_renewals_are_told_one_after_the_other_and_one_bill_for_all_once():
    each = {"on": "2026-03-08", "until": "2026-04-08", "currency": "EUR", "total": 74415}
    # 40 × 12.50 = 500.00 and 20 × 5.75 = 115.00; with 21% tax 744.15.
    rows = [
        {**each, "product": "Kadans Team", "licences": 40, "price": "12.50", "cost": 50000},
        {**each, "product": "Kadans Sign", "licences": 20, "price": "5.75", "cost": 11500},
    ]
    found = _letter(each=json.dumps(rows))
    assert found.subject == "2 subscriptions renew on 8 March 2026"
    assert (
        "Kadans Team\n\nLicences: 40\nPrice of a licence: €12.50\n8 March to 7 April 2026: €500.00, before tax\n\n"
        "Kadans Sign\n\nLicences: 20\nPrice of a licence: €5.75\n8 March to 7 April 2026: €115.00, before tax\n\n"
        "The whole bill of that day: €744.15\n\n7 March 2026 is the last day"
    ) in as_text(found)
    # What is billed afterwards is on no bill of that day, so each names its own.
    assert "€500.00, before tax\nThe whole bill of that day: €605.00\n\nKadans Projects" in as_text(_letter())
    assert "€176.00, before tax\nBilled afterwards, on: 8 March 2027\n" in as_text(_letter())
