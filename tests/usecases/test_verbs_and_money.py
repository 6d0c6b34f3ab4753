"""What the verbs cost and give back, done through the use cases: every amount worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from prorata.core.calendar import every
from prorata.core.documents.model import LineRef
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.store import assignments
from prorata.store.screens import bills
from prorata.usecases.act import act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.change_plan import ChangePlan
from prorata.usecases.give_back import GiveBack
from prorata.usecases.give_credit import GiveCredit
from prorata.usecases.give_discount import GiveDiscount
from prorata.usecases.late import Late
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.resume_subscription import ResumeSubscription
from prorata.usecases.run_account import advance_clock
from prorata.usecases.stop_conversion import StopConversion
from prorata.usecases.verify import verify
from support.shop import Shop, admin
from usecases.verbs_ground import Plans, audited, bought, eur, plans_of, subscription, vendor


@pytest.fixture(scope="module")
def plans(shop: Shop) -> Plans:
    return plans_of(shop)


def lines(issued: Issued) -> list[str]:
    return [str(line.amount) for line in issued.document.lines]


def lived(shop: Shop, account: int, *, to: date) -> list[tuple[date, list[str]]]:
    """The documents of the runs up to a day."""
    ran = advance_clock(shop.services, admin(account), to=to)
    return [(issued.document.date, lines(issued)) for issued in ran.issued]


def test_a_cheaper_plan_credits_the_rest_and_charges_anew(shop: Shop, plans: Plans):
    account = bought(shop, plan_id=plans.premium, to=date(2026, 2, 1))
    shown = preview(shop.services, admin(account), ChangePlan("a", shop.plan))
    act(shop.services, admin(account, seen=shown.fingerprint), ChangePlan("a", shop.plan))
    # 200.00 × 17/31 kept = 109.68, so 90.32 back; 10 × 12.50 × 14/31 = 56.45
    assert lived(shop, account, to=date(2026, 2, 2)) == [(date(2026, 2, 1), ["-90.32", "56.45"])]
    first = shown.coming[0]
    assert [str(line.amount) for line in first.lines] == ["-90.32", "56.45"]
    assert verify(shop.services, account=account).findings == ()


def test_to_a_yearly_plan_the_year_ends_on_the_anniversary_of_the_first_start(shop: Shop, plans: Plans):
    account = bought(shop, plan_id=plans.premium, to=date(2026, 2, 1))
    act(shop.services, admin(account), ChangePlan("a", plans.yearly))
    # 90.32 back as above; 10 × 120.00 × 348/365 (1 February 2026 to 15 January 2027) = 1144.11
    assert lived(shop, account, to=date(2026, 2, 2)) == [(date(2026, 2, 1), ["-90.32", "1144.11"])]
    assert subscription(shop, account).billed_to == date(2027, 1, 15)


def test_a_pause_gives_credit_and_the_renewal_date_stays(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    paused = act(shop.services, admin(account), PauseSubscription("a"))
    # 125.00 × 17/31 kept = 68.55, so 56.45 to account credit
    assert [lines(issued) for issued in paused.issued] == [["-56.45"]]
    assert lived(shop, account, to=date(2026, 2, 8)) == []
    resumed = act(shop.services, admin(account), ResumeSubscription("a"))
    # 125.00 × 7/31 = 28.23, all from the credit
    (back,) = resumed.issued
    assert (lines(back), str(back.standing.credit_used), str(back.standing.paid)) == (["28.23"], "28.23", "0.00")
    assert lived(shop, account, to=date(2026, 2, 15)) == [(date(2026, 2, 15), ["125.00"])]
    assert verify(shop.services, account=account).findings == ()


def test_a_trial_whose_conversion_is_stopped_lapses_unbilled(shop: Shop, plans: Plans):
    account = bought(shop, plan_id=plans.trial, to=date(2026, 2, 1))
    act(shop.services, admin(account), StopConversion("a"))
    ran = advance_clock(shop.services, admin(account), to=date(2026, 2, 14))
    assert ran.issued == ()
    assert [(turn.on, turn.state) for turn in ran.turned] == [(date(2026, 2, 14), "expired")]


def test_a_trial_is_sold_at_its_end(shop: Shop, plans: Plans):
    account = bought(shop, plan_id=plans.trial, to=date(2026, 2, 1))
    # 30 days from 15 January: 14 February is the first paid day; 10 × 20.00
    assert lived(shop, account, to=date(2026, 2, 14)) == [(date(2026, 2, 14), ["200.00"])]


def test_goodwill_pays_the_next_bills(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    act(shop.services, vendor(account), GiveCredit(eur("200.00"), reason="an outage"))
    ran = advance_clock(shop.services, admin(account), to=date(2026, 3, 15))
    # 200.00 = 125.00 + 75.00
    assert [str(issued.standing.credit_used) for issued in ran.issued] == ["125.00", "75.00"]
    assert verify(shop.services, account=account).findings == ()


def test_goodwill_on_a_line_of_long_ago_corrects_that_line(shop: Shop):
    account = bought(shop, to=date(2026, 5, 1))
    (note,) = act(shop.services, vendor(account), GiveCredit(eur("20.00"), 1, 1)).issued
    (line,) = note.document.lines
    assert (str(line.amount), line.corrects) == ("-20.00", LineRef(1, 1))
    with pytest.raises(DomainError):
        # 125.00 − 20.00 = 105.00 is left of it
        act(shop.services, vendor(account), GiveCredit(eur("105.01"), 1, 1))
    act(shop.services, vendor(account), GiveCredit(eur("105.00"), 1, 1))
    assert verify(shop.services, account=account).findings == ()


def test_money_paid_long_ago_is_given_back_once(shop: Shop):
    account = bought(shop, to=date(2026, 5, 1))
    act(shop.services, vendor(account), GiveBack(1, eur("50.00")))
    with shop.services.database.account(account) as conn:
        (row,) = bills.open_bills(conn, account)
    assert (str(row.paid), str(row.left)) == ("75.00", "50.00")
    with pytest.raises(DomainError):
        act(shop.services, vendor(account), GiveBack(1, eur("75.01")))
    act(shop.services, vendor(account), GiveBack(1))
    with shop.services.database.account(account) as conn:
        (row,) = bills.open_bills(conn, account)
    assert (str(row.paid), str(row.left)) == ("0.00", "125.00")
    assert verify(shop.services, account=account).findings == ()


def test_a_refund_that_lowers_the_bill_leaves_nothing_open(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    (note,) = act(shop.services, vendor(account), GiveBack(1, eur("7.00"), adjust=True)).issued
    assert (lines(note), str(note.standing.paid)) == (["-7.00"], "-7.00")
    with shop.services.database.account(account) as conn:
        assert bills.open_bills(conn, account) == ()


def test_a_discount_is_given_for_a_time(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    act(shop.services, vendor(account), GiveDiscount("a", Fraction(10), long=every("3 months")))
    # 10 % of 125.00, on the periods that begin from 1 February up to 1 May
    off = ["125.00", "-12.50"]
    assert lived(shop, account, to=date(2026, 5, 15)) == [
        (date(2026, 2, 15), off),
        (date(2026, 3, 15), off),
        (date(2026, 4, 15), off),
        (date(2026, 5, 15), ["125.00"]),
    ]
    assert verify(shop.services, account=account).findings == ()


def test_licences_entered_late_are_charged_from_their_own_day(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    late = Late(ChangeLicences("a", 12), date(2026, 1, 20), "found in the post")
    shown = preview(shop.services, vendor(account), late)
    act(shop.services, vendor(account, seen=shown.fingerprint), late)
    # 2 × 12.50 × 26/31 = 20.97; 12 × 12.50 = 150.00
    assert lived(shop, account, to=date(2026, 2, 15)) == [(date(2026, 2, 15), ["20.97", "150.00"])]
    assert verify(shop.services, account=account).findings == ()


def test_the_audit_keeps_the_day_and_the_reason_of_what_was_entered_late(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    act(shop.services, vendor(account), Late(ChangeLicences("a", 12), date(2026, 1, 20), "found in the post"))
    assert audited(shop, account)[0].detail == {
        "action": "licences.change",
        "effective": "2026-01-20",
        "reason": "found in the post",
        "documents": [],
    }


def test_who_is_given_a_licence_late_holds_it(shop: Shop):
    account = bought(shop, to=date(2026, 2, 1))
    act(shop.services, vendor(account), Late(AssignLicences("a", add=frozenset({1, 2})), date(2026, 1, 20)))
    assert subscription(shop, account).assigned == 2
    with shop.services.database.account(account) as conn:
        assert assignments.holders(conn, account, subscription="a") == {1, 2}


def test_a_cancellation_entered_late_gives_back_what_was_billed_since(shop: Shop):
    account = bought(shop, to=date(2026, 3, 20))
    late = Late(CancelSubscription("a", "now"), date(2026, 3, 3), "it was sent on the third")
    (note,) = act(shop.services, vendor(account), late).issued
    # 125.00 × 16/28 kept = 71.43, so 53.57 back; and all of the period from 15 March
    assert sorted(lines(note)) == ["-125.00", "-53.57"]
    assert note.document.date == date(2026, 3, 20)
    assert subscription(shop, account).state == "disabled"
    assert verify(shop.services, account=account).findings == ()


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1970, 1, 1), date(2026, 1, 14), date(2026, 2, 2), date.max])
def test_what_is_entered_late_for_an_impossible_day_is_refused(shop: Shop, day: date):
    account = bought(shop, to=date(2026, 2, 1))
    noted = len(audited(shop, account))
    with pytest.raises(DomainError):
        act(shop.services, vendor(account), Late(ChangeLicences("a", 12), day))
    assert len(audited(shop, account)) == noted
