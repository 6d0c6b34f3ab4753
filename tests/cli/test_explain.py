"""`prorata explain`: what it says of a document, to people and to programs."""

import json
from collections.abc import Iterator

import pytest

from cli.command_line import prorata
from prorata.usecases import explained
from prorata.usecases.act import act
from prorata.usecases.change_licences import ChangeLicences
from support import databases
from support.billing import Billing, billing_on
from support.shop import admin, opened_shop


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15")


def grown(billing: Billing) -> tuple[int, str, str]:
    """Ten licences from 15 January, two more from 20 February: the account, and the numbers of its last two bills."""
    account = billing.customer()
    billing.run("2026-02-15")
    billing.clock.set("2026-02-20")
    act(billing.shop.services, admin(account), ChangeLicences("team", 12))
    billing.run("2026-03-15")
    _, last, newest = (issued.number for issued in billing.issued(account))
    return account, last, newest


def test_a_bill_is_explained_in_sentences(billing: Billing):
    account, last, newest = grown(billing)
    said = prorata(billing, "explain", newest, "--account", str(account))
    # 25.00 × 23/28 = 20.54 (20.535…); 12 × 12.50 = 150.00; 170.54 less 125.00 is 45.54.
    assert (
        said.output
        == f"""\
Invoice {newest}, 15 March 2026
  It comes to €170.54; {last} of 15 February came to €125.00. That is €45.54 more.

Why is this bill different from the last one?
  - Two licences were added on 20 February: €20.54 for 23 of 28 days.
  - From 15 March, 12 licences are charged instead of 10: €25.00 more.

How each amount was made
  1. 2 licences added on 20 February 2026. 2 licences × €12.50, 20 February to 14 March 2026 (23
     of 28 days)
     €12.50 × 2 × 23/28 = €20.54
  2. New period. 12 licences × €12.50, 15 March to 14 April 2026 (31 of 31 days)
     €12.50 × 12 × 31/31 = €150.00
"""
    )
    assert said.exit_code == 0


def test_it_speaks_each_language(billing: Billing):
    account, _, newest = grown(billing)
    dutch = prorata(billing, "explain", newest, "--account", str(account), "--language", "nl").output
    assert "Waarom is deze factuur anders dan de vorige?" in dutch
    assert "Op 20 februari zijn twee licenties toegevoegd" in dutch
    italian = prorata(billing, "explain", newest, "--account", str(account), "--language", "it").output
    assert "Perché questa fattura è diversa dalla precedente?" in italian
    assert "Il 20 febbraio sono state aggiunte due licenze" in italian


def test_programs_read_it_as_json(billing: Billing):
    account, last, newest = grown(billing)
    said = json.loads(prorata(billing, "explain", newest, "--account", str(account), "--json").output)
    assert said["before"] == {"number": last, "total": "125.00"}
    assert said["difference"] == {"net": "45.54", "tax": "0.00"}
    assert said["reasons"][0] == {
        "subscription": "team",
        "why": "licences",
        "kind": "once",
        "on": "2026-02-20",
        "by": "admin",
        "amount": "20.54",
        "says": "Two licences were added on 20 February: €20.54 for 23 of 28 days.",
    }
    assert [line["formula"] for line in said["lines"]] == [
        "€12.50 × 2 × 23/28 = €20.54",
        "€12.50 × 12 × 31/31 = €150.00",
    ]


def test_the_number_alone_is_enough_where_one_account_has_it(billing: Billing):
    billing.clock.set("2094-01-15")
    billing.customer()
    said = prorata(billing, "explain", "2094-000001")
    assert said.output.startswith("Invoice 2094-000001, 15 January 2094\n")
    assert "This is the first bill: everything on it is new." in said.output


def test_where_several_sellers_have_a_number_an_account_must_be_named(billing: Billing, database: databases.Database):
    with opened_shop(database) as other_shop:
        accounts = [billing.customer(), billing_on(other_shop, "2026-01-15").customer()]
        refused = prorata(billing, "explain", "2026-000001")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert refused.stderr.endswith(" have a document 2026-000001 each. Say whose is meant.\n")
        for account in accounts:
            assert prorata(billing, "explain", "2026-000001", "--account", str(account)).exit_code == 0


@pytest.mark.parametrize("words", [("2026-999999",), ("2026-000001", "--account", "424242"), ("x",)])
def test_a_document_that_there_is_not_is_refused_in_a_line(billing: Billing, words: tuple[str, ...]):
    refused = prorata(billing, "explain", *words)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


def test_the_bill_before_is_found_however_many_documents_lie_between(billing: Billing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(explained, "_AT_ONCE", 1)
    account, last, newest = grown(billing)
    assert (
        f"{last} of 15 February came to €125.00"
        in prorata(billing, "explain", newest, "--account", str(account)).output
    )
