"""Verifying: nothing is found in what was issued, and each kind of tampering is."""

from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction

import pytest
from sqlalchemy import Connection, text

from prorata.core.events import Assign, Cancel, ChangeLicences, Pay, SetPayment
from prorata.store import assignments, members
from prorata.store.engine import Database
from prorata.store.verify import Finding, verify_account, verify_numbers
from store.ground import Ground, new_seller, noon, purchase


@contextmanager
def _tampered(ground: Ground) -> Generator[Connection]:
    """A transaction of the owner, who can change everything, that is never kept; foreign keys are not looked at."""
    with ground.db.owner() as conn:
        kept = conn.begin_nested()
        yield conn
        kept.rollback()


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    """Two invoices, one of them taken back in parts; a payment given back in part; account credit, used in part."""
    opened = ground.open_account(tax_rate=Fraction(21))
    ground.act(opened, purchase(licences=10), on="2026-01-15")
    ground.act(opened, ChangeLicences("team", 4), on="2026-01-20")
    ground.act(opened, ChangeLicences("team", 2), on="2026-01-25")
    ground.act(opened, Cancel("team", when="now"), on="2026-02-01")
    ground.act(opened, SetPayment("none"), on="2026-02-01")
    ground.act(opened, purchase("second", licences=3), on="2026-02-02")
    with ground.db.account(opened) as conn:
        anna, bram = (
            members.create(conn, opened, name=name, email=f"{name}@example.test", role="member", language="nl")
            for name in ("anna", "bram")
        )
        assignments.set_holders(conn, opened, subscription="second", members=[anna, bram], since=noon("2026-02-02"))
    ground.act(opened, Assign("second", 2), on="2026-02-02")
    ground.act(opened, Cancel("second", when="now", refund="credit"), on="2026-02-10")
    ground.act(opened, purchase("third", licences=1), on="2026-02-10")
    ground.act(opened, Pay(), on="2026-02-11")
    return opened


def _codes(found: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in found}


def test_nothing_is_found_in_what_was_issued(ground: Ground, account: int):
    with ground.db.account(account, read_only=True) as conn:
        assert verify_account(conn, account) == ()
        counts = text("SELECT (SELECT count(*) FROM payments), (SELECT count(*) FROM credit_lots)")
        assert min(conn.execute(counts).one()) > 0
    with ground.db.owner(read_only=True) as conn:
        assert verify_numbers(conn) == ()


@pytest.mark.parametrize(
    ("code", "tampering"),
    [
        ("amount_not_proved", "UPDATE document_lines SET amount = amount + 1 WHERE document_id = 1 AND line = 1"),
        (
            "amount_not_proved",
            "UPDATE document_lines SET proof = jsonb_set(proof, '{proof,licences}', '9') WHERE kind <> 'credit'",
        ),
        (
            "proof_of_another_line",
            "UPDATE document_lines SET licences = licences + 1 WHERE document_id = 1 AND line = 1",
        ),
        (
            "proof_of_another_line",
            (
                "UPDATE document_lines SET from_date = from_date + 1, to_date = to_date + 1, licences = licences + 1"
                " WHERE document_id = 2 AND kind = 'credit' AND line = 1"
            ),
        ),
        ("tax_not_proved", "UPDATE document_taxes SET tax = tax + 1 WHERE document_id = 1"),
        ("tax_not_proved", "UPDATE document_taxes SET rate = 9 WHERE document_id = 1"),
        ("does_not_add_up", "UPDATE documents SET net = net + 1, total = total + 1 WHERE id = 1"),
        ("does_not_add_up", "UPDATE documents SET tax = tax + 1, total = total + 1 WHERE id = 1"),
        ("does_not_add_up", "UPDATE document_lines SET tax = tax + 1 WHERE document_id = 1"),
        ("does_not_add_up", "DELETE FROM document_lines WHERE document_id = 2 AND line = 1"),
        ("content_changed", "UPDATE documents SET issued_on = issued_on - 1 WHERE id = 1"),
        ("content_changed", "UPDATE documents SET seller = jsonb_set(seller, '{seller,name}', '\"X\"') WHERE id = 1"),
        ("content_changed", "UPDATE documents SET language = 'it' WHERE id = 1"),
        ("content_changed", "UPDATE document_lines SET cause_by = 'vendor' WHERE document_id = 1"),
        ("unreadable", "UPDATE documents SET customer = customer - 'v' WHERE id = 1"),
        ("credited_too_much", "UPDATE document_lines SET amount = amount - 999999 WHERE kind = 'credit'"),
        ("credited_too_much", "UPDATE document_lines SET tax = tax - 999999 WHERE kind = 'credit'"),
        ("seats_credited_twice", "UPDATE document_lines SET licences = licences + 9 WHERE kind = 'credit'"),
        (
            "credited_outside",
            "UPDATE document_lines SET from_date = from_date + 60, to_date = to_date + 60 WHERE kind = 'credit'",
        ),
        ("credit_of_nothing", "UPDATE document_lines SET corrects_line = 7 WHERE kind = 'credit'"),
        ("ledger_differs", "UPDATE transfers SET amount = amount + 1 WHERE credit = 'sales'"),
        ("ledger_differs", "UPDATE transfers SET amount = amount + 1 WHERE credit = 'tax'"),
        ("ledger_differs", "UPDATE transfers SET amount = amount - 1 WHERE debit = 'cash'"),
        ("ledger_differs", "UPDATE transfers SET amount = amount - 1 WHERE debit = 'customer_credit'"),
        ("ledger_differs", "UPDATE transfers SET amount = amount - 1 WHERE credit = 'customer_credit'"),
        ("ledger_differs", 'UPDATE standings SET paid = paid - 1, "left" = "left" + 1 WHERE document_id = 1'),
        ("ledger_differs", "UPDATE standings SET paid = paid - 1, credit_used = credit_used + 1 WHERE document_id = 1"),
        ("ledger_differs", 'UPDATE payment_balances SET "left" = "left" + 1 WHERE "left" < amount'),
        ("ledger_differs", "UPDATE payments SET amount = amount + 1 WHERE id = 1"),
        ("ledger_differs", "UPDATE payment_balances SET amount = amount + 1 WHERE payment_id = 1"),
        ("ledger_differs", 'UPDATE lot_balances SET "left" = "left" + 1 WHERE "left" < amount'),
        ("ledger_differs", "UPDATE credit_lots SET amount = amount + 1"),
        ("ledger_differs", "DELETE FROM lot_balances"),
        ("odd_transfer", "UPDATE transfers SET currency = 'USD' WHERE id = 1"),
        ("row_missing", "DELETE FROM transfers WHERE id = 3"),
        ("row_missing", "DELETE FROM standings WHERE document_id = 1"),
        ("row_missing", "DELETE FROM documents WHERE id = 2"),
        ("row_missing", "DELETE FROM payment_balances; DELETE FROM payments WHERE id = 1"),
        ("row_missing", "DELETE FROM lot_balances; DELETE FROM credit_lots WHERE id = 1"),
        ("licences_differ", "UPDATE subscriptions SET licences = licences + 1 WHERE name = 'third'"),
        ("licences_differ", "UPDATE licence_changes SET licences = licences + 1 WHERE subscription_id = 3"),
        ("licences_differ", "DELETE FROM licence_assignments WHERE member_id = 1"),
        ("never_due", "UPDATE accounts SET due_on = NULL"),
        ("due_day_differs", "UPDATE accounts SET due_on = '2030-01-01'"),
        ("due_day_differs", "UPDATE accounts SET due_on = due_on + 1"),
    ],
)
def test_tampering_is_found(ground: Ground, account: int, code: str, tampering: str):
    found: tuple[Finding, ...] = ()
    with _tampered(ground) as conn:
        # Only this module's account: the database may hold others.
        for statement in tampering.split("; "):
            word = " AND" if " WHERE " in statement else " WHERE"
            assert conn.execute(text(f"{statement}{word} account_id = {account}")).rowcount > 0
        found = verify_account(conn, account)
    assert code in _codes(found)
    assert all(finding.where and finding.detail for finding in found)


@pytest.fixture
def counted(db: Database) -> Ground:
    """A seller with the invoices 1, 2 and 3."""
    ground = Ground(db, new_seller(db))
    for _ in range(3):
        ground.act(ground.open_account(), purchase(), on="2026-01-15")
    return ground


@pytest.mark.parametrize(
    ("code", "tampering"),
    [
        ("number_missing", "UPDATE documents SET place = 7, number = '2026-000007' WHERE place = 2"),
        ("number_missing", "DELETE FROM documents WHERE place = 3"),
        ("number_not_taken", "UPDATE documents SET place = 7, number = '2026-000007' WHERE place = 2"),
        ("number_not_taken", "UPDATE numbers_taken SET account_id = account_id + 1 WHERE first = 2"),
        ("number_not_counted", "UPDATE number_ranges SET next = next - 1 WHERE next > 1"),
        ("number_not_counted", "DELETE FROM number_ranges WHERE next > 1"),
        ("number_twice", "UPDATE documents SET place = 1, number = '2026-000001' WHERE place = 2"),
        ("number_differs", "UPDATE documents SET number = '2026-000020' WHERE place = 2"),
    ],
)
def test_tampering_with_numbers_is_found(counted: Ground, code: str, tampering: str):
    found: tuple[Finding, ...] = ()
    with _tampered(counted) as conn:
        assert conn.execute(text(f"{tampering} AND seller_id = {counted.seller}")).rowcount > 0
        found = verify_numbers(conn)
    assert code in _codes(found)
