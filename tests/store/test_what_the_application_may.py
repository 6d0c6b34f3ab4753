"""The application sees and writes one account's rows, and changes nothing that was issued.

The catalogue of the database is walked, so that a new table without a policy fails here.
"""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from psycopg import errors
from sqlalchemy import Connection, Table, insert, select, text
from sqlalchemy.exc import DBAPIError

from prorata.core.events import Cancel, ChangeLicences, GiveDiscount
from prorata.store import assignments, audit, members
from prorata.store.audit import AuditEntry
from prorata.store.errors import RoleRefused
from prorata.store.tables import DISTRIBUTED, LOCAL, METADATA, REFERENCE
from store.ground import Ground, noon, purchase

DAMAGES = "rows are written by hand, past the rules"

READ = frozenset({"SELECT"})
ADD = frozenset({"SELECT", "INSERT"})
CHANGE = frozenset({"SELECT", "INSERT", "UPDATE"})
REMOVE = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})

MAY = {
    "sellers": READ,
    "agreements": READ,
    "products": READ,
    "plans": READ,
    "plan_prices": READ,
    "alembic_version": READ,
    "number_ranges": CHANGE,
    "numbers_taken": frozenset({"INSERT"}),
    "accounts": CHANGE,
    "members": CHANGE,
    "billing_profiles": CHANGE,
    "subscriptions": CHANGE,
    "licence_changes": ADD,
    "plan_changes": ADD,
    "licence_assignments": REMOVE,
    "discounts": ADD,
    "documents": ADD,
    "document_lines": ADD,
    "document_taxes": ADD,
    "standings": CHANGE,
    "transfers": ADD,
    "payments": ADD,
    "payment_balances": CHANGE,
    "credit_lots": ADD,
    "lot_balances": CHANGE,
    "audit": ADD,
    "parked": CHANGE,
}
ISSUED = (
    "plan_changes",
    "discounts",
    "documents",
    "document_lines",
    "document_taxes",
    "transfers",
    "payments",
    "credit_lots",
    "audit",
)


@dataclass(frozen=True)
class Two:
    """One account with rows in every table, and another."""

    ground: Ground
    full: int
    other: int


@pytest.fixture(scope="module")
def two(ground: Ground) -> Two:
    full = ground.open_account(tax_rate=None)
    taxed = ground.open_account(name="Officina Rossi S.r.l.")
    _live(ground, full)
    return Two(ground, full, taxed)


def _live(ground: Ground, account: int) -> None:
    with ground.db.owner() as conn:
        conn.execute(text("UPDATE accounts SET tax_rate = 21 WHERE account_id = :a"), {"a": account})
    ground.act(account, purchase(licences=10), on="2026-01-15")
    # Fewer licences become account credit with the next document, which is a credit note.
    ground.act(account, ChangeLicences("team", 4), on="2026-01-20")
    ground.act(account, Cancel("team", when="now", refund="credit"), on="2026-01-21")
    ground.act(account, purchase("second"), on="2026-01-22")
    ground.act(account, GiveDiscount("second", percent=Fraction(10)), on="2026-01-22")
    with ground.db.account(account) as conn:
        member = members.create(conn, account, name="Anna", email="anna@example.test", role="owner", language="it")
        assignments.set_holders(conn, account, subscription="second", members=[member], since=noon("2026-01-22"))
    with ground.db.owner() as conn:
        parked = """
            INSERT INTO parked (account_id, subscription_id, at, as_of, code, parameters, trace)
            VALUES (:a, 1, now(), '2026-01-15', 'unexpected', '{}', '')
        """
        conn.execute(text(parked), {"a": account})
        entry = AuditEntry(
            at=noon("2026-01-22"),
            actor_kind="admin",
            actor_name="Anna",
            action="buy",
            subject="second",
            actor_id=member,
        )
        audit.write(conn, account, entry=entry)


def _refused(error: pytest.ExceptionInfo[RoleRefused]) -> bool:
    cause = error.value.__cause__
    return isinstance(cause, DBAPIError) and isinstance(cause.orig, errors.InsufficientPrivilege)


def _tables(conn: Connection) -> set[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    return set(conn.scalars(text(query)))


def test_every_table_is_in_one_of_the_three_classes(ground: Ground):
    classes = [table.name for table in (*DISTRIBUTED, *REFERENCE, *LOCAL)]
    assert len(classes) == len(set(classes))
    assert set(classes) == {table.name for table in METADATA.sorted_tables}
    with ground.db.owner() as conn:
        assert _tables(conn) == {*classes, "alembic_version"}


@pytest.mark.parametrize("table", DISTRIBUTED, ids=str)
def test_what_an_account_owns_is_keyed_by_it(table: Table):
    assert next(iter(table.primary_key.columns)).name == "account_id"
    reference = {one.name for one in REFERENCE}
    for foreign in table.foreign_key_constraints:
        if foreign.referred_table.name not in reference:
            assert foreign.column_keys[0] == "account_id"
    for index in table.indexes:
        if index.unique:
            assert "account_id" in index.columns


def test_every_table_with_accounts_in_it_is_protected(ground: Ground):
    query = """
        SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attname = 'account_id'
          AND NOT (relrowsecurity AND EXISTS (
              SELECT FROM pg_policies WHERE tablename = relname AND policyname = 'own_account' AND cmd = 'ALL'
                 AND qual = with_check AND qual LIKE '%account_id = %prorata.account_id%'))
    """
    with ground.db.owner() as conn:
        # The ranges of numbers belong to the seller; the application cannot read them at all.
        assert set(conn.scalars(text(query))) == {"numbers_taken"}


def test_the_application_may_do_this_and_nothing_else(ground: Ground):
    query = """
        SELECT relname, privilege
        FROM pg_class, unnest(
            ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND has_table_privilege('prorata_app', pg_class.oid, privilege)
    """
    found: dict[str, set[str]] = {}
    with ground.db.owner() as conn:
        for row in conn.execute(text(query)):
            found.setdefault(row.relname, set()).add(row.privilege)
    assert found == MAY


def test_the_other_account_has_rows_in_every_table(two: Two):
    with two.ground.db.account(two.full) as conn:
        empty = [table.name for table in DISTRIBUTED if not conn.execute(select(table)).all()]
    assert empty == []


@pytest.mark.parametrize("table", DISTRIBUTED, ids=str)
def test_no_row_of_another_account_is_seen(two: Two, table: Table):
    with two.ground.db.account(two.other) as conn:
        assert conn.execute(select(table).where(table.c.account_id != two.other)).all() == []


@pytest.mark.parametrize("table", DISTRIBUTED, ids=str)
def test_without_an_account_nothing_is_seen(two: Two, table: Table):
    with two.ground.db.app() as conn:
        assert conn.execute(select(table)).all() == []


@pytest.mark.parametrize("table", DISTRIBUTED, ids=str)
def test_no_row_can_be_written_for_another_account(two: Two, table: Table):
    with two.ground.db.account(two.full) as conn:
        row = conn.execute(select(table)).mappings().first()
    assert row is not None
    with pytest.raises(RoleRefused) as error, two.ground.db.account(two.other) as conn:
        conn.execute(insert(table).values(dict(row)))
    assert _refused(error)
    assert "row-level security" in str(error.value)


@pytest.mark.parametrize("table", [t for t in DISTRIBUTED if "UPDATE" in MAY[t.name]], ids=str)
def test_no_row_of_another_account_can_be_changed_or_given_away(two: Two, table: Table):
    with two.ground.db.account(two.other) as conn:
        changed = conn.execute(table.update().where(table.c.account_id == two.full).values(account_id=two.full))
        assert changed.rowcount == 0
    with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
        conn.execute(table.update().values(account_id=two.other))
    assert _refused(error)


@pytest.mark.parametrize("name", ISSUED)
def test_nothing_issued_can_be_changed_or_removed(two: Two, name: str):
    table = METADATA.tables[name]
    for statement in (table.update().values(account_id=table.c.account_id), table.delete()):
        with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
            conn.execute(statement)
        assert _refused(error)


@pytest.mark.parametrize("table", REFERENCE, ids=str)
def test_what_is_sold_can_only_be_read(two: Two, table: Table):
    for statement in (table.delete(), table.update().values({name: table.c[name] for name in table.c.keys()[1:2]})):
        with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
            conn.execute(statement)
        assert _refused(error)
