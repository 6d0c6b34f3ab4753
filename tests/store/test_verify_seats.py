"""Verifying days of seats: each is charged once where it is asked for, and nowhere else.

10 licences are bought on 15 January and renew on 15 February; on 20 January 2 are added, to be written with the next
bill. So until 15 March 12 are charged; 2 from 20 January on by a line of their own.
"""

import pytest

from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import with_terms
from prorata.core.events import Cancel, ChangeLicences
from prorata.store.verify import Finding, verify_account, verify_accounts
from store.ground import Ground, noon, purchase
from store.tampering import codes, tampered

NOW = noon("2026-02-16")


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    opened = ground.open_account()
    ground.act(opened, purchase(licences=10), on="2026-01-15")
    ground.act(opened, ChangeLicences("team", 12), on="2026-01-20")
    ground.run(opened, on="2026-02-15")
    return opened


AGAIN = """
    INSERT INTO document_lines (account_id, document_id, line, subscription_id, kind, from_date, to_date, licences,
        price, plan, price_version, phase, step, flat, days, of_days, amount, proof, cause, cause_on, cause_by,
        corrects_document, corrects_line)
    SELECT account_id, document_id, line + 9, subscription_id, kind, from_date, to_date, licences,
        price, plan, price_version, phase, step, flat, days, of_days, amount, proof, cause, cause_on, cause_by,
        corrects_document, corrects_line
    FROM document_lines
"""

GIVEN_UP = '{"v": 1, "forfeits": [{"licences": 3, "period": {"start": "2026-02-01", "end": "2026-02-10"}}]}'
ENDED = """
    UPDATE subscriptions SET state = 'disabled', ending_on = '2026-03-01', ending_charged_to = '2026-03-01',
        ending_at = started_at, ending_by = 'admin', ending_refund = 'to_method', ending_asked = 1,
        ending_why = 'cancelled', ending_renews = true
"""
PARKED = """
    INSERT INTO parked (account_id, subscription_id, at, as_of, code, parameters, trace)
    SELECT account_id, 1, now(), '2026-03-15', 'unexpected', '{}', '' FROM accounts
"""


def test_nothing_is_found_in_what_was_issued(ground: Ground, account: int):
    with ground.db.owner(read_only=True) as conn:
        assert verify_account(conn, account, at=NOW) == ()


@pytest.mark.parametrize(
    ("code", "where", "tampering"),
    [
        # Days that are not charged.
        ("seats_missing", "team 2026-03-15 to 2026-04-15", "UPDATE subscriptions SET covered_to = '2026-04-15'"),
        ("seats_missing", "team 2026-01-15 to 2026-01-20", "DELETE FROM document_lines WHERE document_id = 1"),
        ("seats_missing", "team 2026-01-20 to 2026-02-15", "DELETE FROM document_lines WHERE licences = 2"),
        (
            "seats_missing",
            "team 2026-01-25 to 2026-02-15",
            "UPDATE document_lines SET to_date = '2026-01-25' WHERE licences = 2",
        ),
        (
            "seats_missing",
            "team 2026-02-15 to 2026-03-15",
            "UPDATE document_lines SET licences = 11 WHERE licences = 12",
        ),
        ("seats_missing", "team 2026-01-20 to 2026-03-15", "UPDATE licence_changes SET licences = 13 WHERE place = 2"),
        (
            "seats_missing",
            "team 2026-01-18 to 2026-01-20",
            "UPDATE licence_changes SET effective = '2026-01-18' WHERE place = 2",
        ),
        (
            "seats_missing",
            "team 2026-02-01 to 2026-02-10",
            f"UPDATE subscriptions SET forfeits = '{GIVEN_UP}'",
        ),
        # Days that are charged twice, or though nobody asked.
        ("seats_charged_twice", "team 2026-01-15 to 2026-01-20", f"{AGAIN} WHERE document_id = 1"),
        ("seats_charged_twice", "team 2026-02-15 to 2026-03-15", f"{AGAIN} WHERE licences = 12"),
        (
            "seats_charged_twice",
            "team 2026-01-20 to 2026-03-15",
            "UPDATE licence_changes SET licences = 11 WHERE place = 2",
        ),
        (
            "seats_charged_twice",
            "team 2026-01-14 to 2026-01-15",
            "UPDATE document_lines SET from_date = '2026-01-14' WHERE document_id = 1",
        ),
        (
            "seats_charged_twice",
            "team 2026-03-01 to 2026-03-15",
            ENDED,
        ),
        ("seats_charged_ahead", "team 2026-02-15 to 2026-03-15", "UPDATE subscriptions SET covered_to = '2026-02-15'"),
        # Where the subscription says that it is billed up to.
        ("billed_to_differs", "team", "UPDATE subscriptions SET billed_to = '2026-04-15'"),
        ("billed_to_differs", "team", "UPDATE subscriptions SET billed_to = NULL"),
        # What was sold, and the periods of the grid.
        (
            "price_differs",
            "team 2026-01-15 to 2026-02-15",
            "UPDATE plan_changes SET plan = jsonb_set(plan, '{plan,price,amount,amount}', '\"12.51\"')",
        ),
        (
            "period_differs",
            "team 2026-01-15 to 2026-02-15",
            "UPDATE plan_changes SET grid = jsonb_set(grid, '{grid,day}', '20')",
        ),
        (
            "period_differs",
            "team 2026-02-15 to 2026-03-15",
            "UPDATE document_lines SET of_days = 31 WHERE licences = 12",
        ),
    ],
)
def test_tampering_is_found(ground: Ground, account: int, code: str, where: str, tampering: str):
    with tampered(ground, tampering, only=f"account_id = {account}") as conn:
        found = verify_account(conn, account, at=NOW)
    assert (code, where) in {(one.code, one.where) for one in found}


def test_a_finding_says_how_many_there_are_and_should_be(ground: Ground, account: int):
    change = "UPDATE licence_changes SET licences = 13 WHERE place = 2"
    with tampered(ground, change, only=f"account_id = {account}") as conn:
        details = {one.detail for one in verify_account(conn, account, at=NOW) if one.code == "seats_missing"}
    assert details == {"12 licences are charged, 13 are what it should be"}


def _verified(ground: Ground, account: int, *, on: str) -> tuple[Finding, ...]:
    with ground.db.owner(read_only=True) as conn:
        return verify_account(conn, account, at=noon(on))


def test_changes_that_wait_for_the_next_bill_are_no_finding(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(licences=10), on="2026-01-15")
    ground.act(account, ChangeLicences("team", 4), on="2026-01-20")
    assert _verified(ground, account, on="2026-01-21") == ()
    # Before the day from which on they wait nothing may differ.
    change = "UPDATE licence_changes SET licences = 9 WHERE place = 1"
    with tampered(ground, change, only=f"account_id = {account}") as conn:
        found = {(one.code, one.where) for one in verify_account(conn, account, at=noon("2026-01-21"))}
    assert found == {("seats_charged_twice", "team 2026-01-15 to 2026-01-20")}


def test_days_beyond_a_cancellation_that_is_to_come_are_no_finding(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(licences=10), on="2026-01-15")
    ground.act(account, Cancel("team", when=noon("2026-02-01").date()), on="2026-01-20")
    assert _verified(ground, account, on="2026-01-21") == ()
    ground.act(account, ChangeLicences("team", 12, when="now"), on="2026-01-22")
    assert _verified(ground, account, on="2026-01-23") == ()
    ground.run(account, on="2026-02-01")
    assert _verified(ground, account, on="2026-02-02") == ()


def test_seats_given_up_without_credit_stay_charged(ground: Ground):
    account = ground.open_account()
    terms = with_terms(CLASSIC, {"remove_licences": "kept"})
    ground.act(account, purchase(licences=10, terms=terms), on="2026-01-15")
    ground.act(account, ChangeLicences("team", 4), on="2026-01-20")
    assert _verified(ground, account, on="2026-01-21") == ()
    ground.act(account, Cancel("team", when="now", refund="none"), on="2026-01-25")
    assert _verified(ground, account, on="2026-01-26") == ()
    # They are wanted because they are noted.
    change = """UPDATE subscriptions SET forfeits = '{"v": 1, "forfeits": []}'"""
    with tampered(ground, change, only=f"account_id = {account}") as conn:
        assert "seats_charged_twice" in codes(verify_account(conn, account, at=noon("2026-01-26")))


def test_a_parked_subscription_may_lack_days_and_is_named(ground: Ground, account: int):
    changes = (
        "UPDATE subscriptions SET covered_to = '2026-04-15'",
        PARKED,
        "UPDATE accounts SET due_on = NULL",
    )
    with tampered(ground, *changes, only=f"account_id = {account}") as conn:
        (checked,) = verify_accounts(conn, [account], at=NOW)
    assert (checked.findings, checked.parked) == ((), ("team",))
