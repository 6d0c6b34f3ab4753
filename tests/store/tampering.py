"""Changing rows by hand, as nobody should: in a transaction of the owner that is never kept."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from sqlalchemy import Connection, text

from prorata.store.verify import Finding
from store.ground import Ground

# What the database itself would refuse at once. It is taken away first: somebody may have done so, and a database whose
# accounts live on several machines does not look everywhere.
HELD = {
    "document_lines": ("document_lines_account_id_subscription_id_fkey", "document_lines_days_check"),
    "documents": ("documents_account_id_profile_id_fkey",),
    "licence_changes": ("licence_changes_account_id_subscription_id_fkey",),
    "numbers_taken": ("numbers_taken_seller_id_series_year_previous_fkey", "numbers_taken_previous_check"),
    "payment_balances": ("payment_balances_account_id_payment_id_fkey",),
    "lot_balances": ("lot_balances_account_id_lot_id_fkey",),
    "transfers": ("transfers_currency_check",),
    "seat_changes": ("seat_changes_account_id_subscription_id_fkey",),
    "subscriptions": ("subscriptions_assigned_check",),
}


def _literal(statement: str) -> str:
    """SQLAlchemy takes a word after a colon for a parameter."""
    return statement.replace(":", "\\:")


@contextmanager
def tampered(ground: Ground, *statements: str, only: str) -> Generator[Connection]:
    """The database after these statements, of which each concerns the rows for which `only` holds, and at least one."""
    with ground.db.owner() as conn:
        kept = conn.begin_nested()
        for table, names in HELD.items():
            for name in names:
                conn.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE"))
        for statement in statements:
            word = "AND" if " WHERE " in statement else "WHERE"
            assert conn.execute(text(_literal(f"{statement} {word} {only}"))).rowcount > 0, statement
        yield conn
        kept.rollback()


def codes(found: Iterable[Finding]) -> set[str]:
    """What kinds of findings there are; each says where, and what was found."""
    listed = list(found)
    assert all(finding.where and finding.detail for finding in listed)
    return {finding.code for finding in listed}
