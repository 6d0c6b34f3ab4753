"""The application sees and writes one account's rows, and changes nothing that was issued.

The catalogue of the database is walked, so that a new table without a policy fails here.
"""

import pytest
from sqlalchemy import Connection, Table, insert, select, text

from prorata.store import accounts
from prorata.store.engine import APP_ROLE, DOOR_ROLE
from prorata.store.errors import NoSuchAccount, RoleRefused
from prorata.store.tables import DISTRIBUTED, DOOR, LOCAL, METADATA, REFERENCE
from store.ground import Ground
from store.two_accounts import (
    ADD,
    CHANGE,
    READ,
    REMOVE,
    Two,
    changeable,
    may,
    may_in_columns,
    protected,
    refused,
    two_accounts,
)

DAMAGES = "rows are written by hand, past the rules"

MAY = {
    "sellers": READ,
    "agreements": READ,
    "products": READ,
    "plans": READ,
    "plan_prices": READ,
    "retention": READ,
    "alembic_version": READ,
    "number_ranges": ADD,
    "numbers_taken": frozenset({"INSERT"}),
    "outbox": frozenset({"INSERT"}),
    "accounts": ADD,
    "members": ADD,
    "member_keys": frozenset({"SELECT", "INSERT", "DELETE"}),
    "account_roles": CHANGE,
    "invitations": CHANGE,
    "directories": CHANGE,
    "directory_subjects": frozenset({"SELECT", "INSERT", "DELETE"}),
    "api_keys": CHANGE,
    "billing_profiles": CHANGE,
    "subscriptions": ADD,
    "licence_changes": ADD,
    "plan_changes": ADD,
    "licence_assignments": REMOVE,
    "seat_changes": ADD,
    "announcements": ADD,
    "exports": ADD,
    "export_pieces": frozenset({"SELECT", "INSERT", "DELETE"}),
    "closures": ADD,
    "cancellation_reasons": frozenset({"SELECT", "INSERT", "DELETE"}),
    "discounts": ADD,
    "documents": ADD,
    "document_lines": ADD,
    "document_taxes": ADD,
    "standings": ADD,
    "transfers": ADD,
    "payments": ADD,
    "payment_balances": ADD,
    "credit_lots": ADD,
    "lot_balances": ADD,
    "audit": ADD,
    "parked": CHANGE,
}
# What an account is, and what a row is keyed by, is said once.
MAY_CHANGE = {
    "accounts": {
        *(f"next_{kind}" for kind in ("subscription", "document", "payment", "lot", "transfer", "discount", "member")),
        *(f"next_{kind}" for kind in ("profile", "audit", "invitation", "role", "directory", "key")),
        *(f"next_{kind}" for kind in ("export", "closure")),
        *("audit_hash", "version", "due_on", "payment_mode", "clock_at", "closed_at", "pepper"),
    },
    "members": {
        *("role", "language", "person_id", "left_at"),
        *("sealed_name", "sealed_email", "email_key", "erased_at"),
    },
    "standings": {"total", "credit_used", "paid", "left"},
    "payment_balances": {"amount", "left"},
    "lot_balances": {"amount", "left"},
    "number_ranges": {"next"},
    "exports": {"state", "done", "total", "tries", "bytes", "sha256", "ready_at", "expires_at", "problem"},
    "closures": {"taken_back_at", "done_at", "certificate"},
}
KEPT_OF_SUBSCRIPTIONS = {"account_id", "id", "name", "start_on", "started_at"}
ISSUED = (
    "plan_changes",
    "seat_changes",
    "announcements",
    "discounts",
    "documents",
    "document_lines",
    "document_taxes",
    "transfers",
    "payments",
    "credit_lots",
    "audit",
)


@pytest.fixture(scope="module")
def two(ground: Ground) -> Two:
    return two_accounts(ground)


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


# The ranges of numbers belong to the seller, mails to who looks after the installation; the others to the door alone.
NOT_OF_ACCOUNTS = {"numbers_taken", "outbox", "person_accounts", "sessions"}


def test_every_table_with_accounts_in_it_is_protected(ground: Ground):
    with ground.db.owner() as conn:
        found = protected(conn)
    assert {table for table, is_protected in found.items() if not is_protected} == NOT_OF_ACCOUNTS
    assert {table for table, is_protected in found.items() if is_protected} == {table.name for table in DISTRIBUTED}
    for name in NOT_OF_ACCOUNTS:
        assert "SELECT" not in MAY.get(name, ())


@pytest.mark.parametrize(
    "protection",
    [
        "",
        "ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own_account ON forgotten USING (account_id = 1)",
        "ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY; CREATE POLICY own_account ON forgotten USING (true)",
        """ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY; CREATE POLICY own_account ON forgotten
           USING (account_id = current_setting('prorata.account_id')::bigint)
           WITH CHECK (account_id = current_setting('prorata.account_id')::bigint);
           CREATE POLICY more ON forgotten FOR SELECT USING (true)""",
    ],
    ids=["nothing", "without a policy", "not enabled", "everything", "more"],
)
def test_a_new_table_that_is_not_protected_is_found(ground: Ground, protection: str):
    with ground.db.owner() as conn:
        kept = conn.begin_nested()
        conn.execute(text("CREATE TABLE forgotten (account_id bigint)"))
        if protection:
            conn.exec_driver_sql(protection)
        found = protected(conn)["forgotten"]
        kept.rollback()
    assert not found


def test_the_application_may_do_this_and_nothing_else(ground: Ground):
    with ground.db.owner() as conn:
        assert may(conn, APP_ROLE) == MAY


def test_the_application_changes_these_columns_and_no_others(ground: Ground):
    subscriptions = METADATA.tables["subscriptions"].c.keys()
    columns = MAY_CHANGE | {"subscriptions": set(subscriptions) - KEPT_OF_SUBSCRIPTIONS}
    expected = {table: {("UPDATE", column) for column in names} for table, names in columns.items()}
    # To put a mail into the outbox tells its id, and nothing else of any mail.
    expected["outbox"] = {("SELECT", "id")}
    with ground.db.owner() as conn:
        assert may_in_columns(conn, APP_ROLE) == expected


def test_neither_role_stands_above_row_level_security(ground: Ground):
    query = """
        SELECT rolname, rolsuper, rolbypassrls, rolcreaterole,
               EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns
        FROM pg_roles WHERE rolname IN (:app, :door) ORDER BY rolname
    """
    with ground.db.owner() as conn:
        rows = conn.execute(text(query), {"app": APP_ROLE, "door": DOOR_ROLE}).all()
    assert [tuple(row) for row in rows] == [(APP_ROLE, *[False] * 4), (DOOR_ROLE, *[False] * 4)]


@pytest.mark.parametrize("table", DOOR, ids=str)
def test_the_application_sees_nothing_of_the_door(two: Two, table: Table):
    for statement in ("SELECT FROM", "DELETE FROM", "INSERT INTO"):
        values = " DEFAULT VALUES" if statement == "INSERT INTO" else ""
        with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
            conn.execute(text(f"{statement} {table.name}{values}"))
        assert refused(error)


def test_an_account_stays_what_it_was_opened_as(two: Two):
    for column in ("seller_id", "name", "country", "kind", "currency", "zone", "tax_rate", "billing", "test"):
        with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
            conn.execute(text(f"UPDATE accounts SET {column} = {column}"))
        assert refused(error)


def test_the_ids_of_other_accounts_answer_as_if_they_did_not_exist(two: Two):
    said: list[str] = []
    for asked in (two.full, 999_999):
        with pytest.raises(NoSuchAccount) as error, two.ground.db.account(two.other) as conn:
            accounts.locked(conn, asked)
        said.append(str(error.value).replace(str(asked), "?"))
    assert said[0] == said[1]


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
    assert refused(error)
    assert "row-level security" in str(error.value)


CHANGED = [t for t in DISTRIBUTED if "UPDATE" in MAY[t.name] or t.name in {*MAY_CHANGE, "subscriptions"}]


@pytest.mark.parametrize("table", CHANGED, ids=str)
def test_no_row_of_another_account_can_be_changed_or_given_away(two: Two, table: Table):
    with two.ground.db.owner() as conn:
        column = min(changeable(conn, APP_ROLE, table=table))
    with two.ground.db.account(two.other) as conn:
        same = table.update().where(table.c.account_id == two.full).values({column: table.c[column]})
        assert conn.execute(same).rowcount == 0
    with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
        conn.execute(table.update().values(account_id=two.other))
    assert refused(error)


@pytest.mark.parametrize("name", ISSUED)
def test_nothing_issued_can_be_changed_or_removed(two: Two, name: str):
    table = METADATA.tables[name]
    for statement in (table.update().values(account_id=table.c.account_id), table.delete()):
        with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
            conn.execute(statement)
        assert refused(error)


@pytest.mark.parametrize("table", REFERENCE, ids=str)
def test_what_is_sold_can_only_be_read(two: Two, table: Table):
    for statement in (table.delete(), table.update().values({name: table.c[name] for name in table.c.keys()[1:2]})):
        with pytest.raises(RoleRefused) as error, two.ground.db.account(two.full) as conn:
            conn.execute(statement)
        assert refused(error)
