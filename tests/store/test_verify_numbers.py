"""Verifying numbers: gapless, each once, as counted, and taken for whoever has them on their own day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from prorata.store.engine import Database
from prorata.store.verify import verify_numbers, verify_taken
from store.ground import Ground, new_seller, purchase
from store.tampering import codes, tampered


@pytest.fixture
def counted(db: Database) -> Ground:
    """A seller with the invoices 1, 2 and 3, each of an account of its own."""
    ground = Ground(db, new_seller(db))
    for _ in range(3):
        ground.act(ground.open_account(), purchase(), on="2026-01-15")
    return ground


def _accounts(ground: Ground) -> list[int]:
    with ground.db.owner(read_only=True) as conn:
        query = text("SELECT account_id FROM accounts WHERE seller_id = :seller")
        return list(conn.scalars(query, {"seller": ground.seller}))


def test_nothing_is_found_in_what_was_issued(counted: Ground):
    with counted.db.owner(read_only=True) as conn:
        assert verify_numbers(conn) == ()
        assert verify_taken(conn, _accounts(counted)) == []


@pytest.mark.parametrize(
    ("code", "where", "tampering"),
    [
        ("number_missing", "2026-000002", "UPDATE documents SET place = 7, number = '2026-000007' WHERE place = 2"),
        ("number_missing", "2026-000002", "DELETE FROM documents WHERE place = 2"),
        ("number_missing", "2026-000001 to 2026-000002", "DELETE FROM documents WHERE place < 3"),
        ("number_missing", "2026-000003", "DELETE FROM documents WHERE place = 3"),
        ("number_missing", "2026-000001 to 2026-000003", "DELETE FROM documents"),
        ("number_missing", "2026-000004 to 2026-000009", "UPDATE number_ranges SET next = 10"),
        ("number_not_counted", "2026-000003", "UPDATE number_ranges SET next = 3"),
        ("number_not_counted", "2026-000001 to 2026-000003", "DELETE FROM number_ranges"),
        ("number_twice", "2026-000001", "UPDATE documents SET place = 1, number = '2026-000001' WHERE place = 2"),
        ("range_differs", "2026-000003 to 2026-000004", "UPDATE numbers_taken SET last = 4 WHERE first = 3"),
        ("range_differs", "2026-000001", "DELETE FROM numbers_taken WHERE first = 2"),
        ("range_differs", "2026-000002", "DELETE FROM numbers_taken WHERE first = 3"),
        ("range_differs", "2026-000003", "UPDATE number_ranges SET next = 5"),
    ],
)
def test_a_series_that_is_not_whole_is_found(counted: Ground, code: str, where: str, tampering: str):
    with tampered(counted, tampering, only=f"seller_id = {counted.seller}") as conn:
        found = verify_numbers(conn)
    assert (code, where) in {(one.code, one.where) for one in found}
    assert codes(found)


@pytest.mark.parametrize(
    ("code", "tampering"),
    [
        ("number_not_taken", "UPDATE documents SET place = 7, number = '2026-000007' WHERE place = 2"),
        ("number_not_taken", "DELETE FROM numbers_taken WHERE first = 2"),
        ("number_not_taken", "UPDATE numbers_taken SET account_id = account_id + 1 WHERE first = 2"),
        ("number_not_taken", "UPDATE numbers_taken SET series = 'T' WHERE first = 2"),
        # A document that is dated back, or whose number was taken later than its date says.
        ("date_differs", "UPDATE documents SET issued_on = '2026-01-14' WHERE place = 2"),
        ("date_differs", "UPDATE numbers_taken SET at = at + interval '1 day' WHERE first = 2"),
    ],
)
def test_a_number_that_was_not_taken_for_its_document_is_found(counted: Ground, code: str, tampering: str):
    with tampered(counted, tampering, only=f"seller_id = {counted.seller}") as conn:
        found = verify_taken(conn, _accounts(counted))
    assert [(one.code, one.where[-1]) for _, one in found] == [(code, "7" if "place = 7" in tampering else "2")]


AT = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "finished", "issued", "found"),
    [
        # A run that was opened on a day and goes on after midnight dates its documents on both.
        (AT, AT + timedelta(days=1), "2026-01-15", set[str]()),
        (AT, AT + timedelta(days=1), "2026-01-16", set[str]()),
        (AT, None, "2026-01-20", set[str]()),
        (AT, AT + timedelta(days=1), "2026-01-14", {"date_differs"}),
        (AT, AT + timedelta(days=1), "2026-01-17", {"date_differs"}),
        (AT, None, "2026-01-14", {"date_differs"}),
    ],
)
def test_the_numbers_that_a_run_took_are_of_its_days(
    counted: Ground, opened: datetime, finished: datetime | None, issued: str, found: set[str]
):
    with tampered(
        counted, f"UPDATE documents SET issued_on = '{issued}' WHERE place = 2", only=f"seller_id = {counted.seller}"
    ) as conn:
        run = conn.scalar(
            text("""
                INSERT INTO runs (seller_id, as_of, state, batch_size, opened_at, opened_by, finished_at)
                VALUES (:seller, '2026-01-15', :state, 500, :opened, 'Prorata', :finished) RETURNING id
            """),
            {
                "seller": counted.seller,
                "state": "finished" if finished else "open",
                "opened": opened,
                "finished": finished,
            },
        )
        changed = conn.execute(
            text("UPDATE numbers_taken SET account_id = NULL, run_id = :run WHERE seller_id = :seller AND first = 2"),
            {"run": run, "seller": counted.seller},
        )
        assert changed.rowcount == 1
        assert codes(one for _, one in verify_taken(conn, _accounts(counted))) == found
        # The run knows nothing of that document: it has no totals, and wrote for nobody.
        assert {(one.code, one.where) for one in verify_numbers(conn)} == {
            ("run_differs", f"run {run} in EUR"),
            ("run_differs", f"run {run}"),
        }


def test_rows_of_an_account_that_is_not_there_are_found(counted: Ground):
    account = max(_accounts(counted))
    with tampered(counted, only="true") as conn:
        for table in ("documents", "transfers", "billing_profiles", "subscriptions"):
            conn.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_account_id_fkey"))
        conn.execute(text(f"DELETE FROM accounts WHERE account_id = {account}"))
        found = {one.where for one in verify_numbers(conn) if one.code == "row_without_owner"}
    tables = ("subscriptions", "documents", "standings", "document_lines", "transfers")
    assert found == {f"{table} of account {account}" for table in tables}
