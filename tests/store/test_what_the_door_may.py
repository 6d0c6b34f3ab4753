"""The door lets people in: it sees who they are, of one account at a time who belongs to it, and no bill."""

import pytest
from sqlalchemy import Table, select, text

from prorata.store import audit
from prorata.store.audit import AuditEntry
from prorata.store.engine import DOOR_ROLE
from prorata.store.errors import RoleRefused
from prorata.store.tables import DISTRIBUTED, DOOR, METADATA
from prorata.store.verifying.chain import check_chain
from store.ground import Ground, noon
from store.two_accounts import CHANGE, READ, REMOVE, Two, may, may_in_columns, refused, two_accounts

DAMAGES = "rows are written by hand, past the rules"

MAY = {
    "people": CHANGE,
    "staff": CHANGE,
    "sessions": REMOVE,
    "person_accounts": REMOVE,
    "passkeys": REMOVE,
    "challenges": REMOVE,
    "links": REMOVE,
    "throttles": REMOVE,
    "outbox": frozenset({"INSERT"}),
    "sellers": READ,
    "accounts": READ,
    "account_roles": READ,
    "directories": READ,
    "directory_subjects": frozenset({"SELECT", "INSERT"}),
    "members": frozenset({"SELECT", "INSERT"}),
    "member_keys": frozenset({"SELECT", "INSERT"}),
    "invitations": frozenset({"SELECT", "UPDATE"}),
    "audit": frozenset({"INSERT"}),
    "vendor_audit": frozenset({"INSERT"}),
    "vendor_audit_head": READ,
}
MAY_CHANGE = {
    "vendor_audit_head": {"next", "hash"},
    "accounts": {"next_audit", "next_member", "audit_hash"},
    "members": {"role", "language", "person_id", "left_at"},
}

SEEN = [table for table in DISTRIBUTED if "SELECT" in MAY.get(table.name, ())]
UNSEEN = [
    table for table in METADATA.sorted_tables if "SELECT" not in MAY.get(table.name, ()) and table.name != "outbox"
]


@pytest.fixture(scope="module")
def two(ground: Ground) -> Two:
    return two_accounts(ground)


def test_the_door_may_do_this_and_nothing_else(ground: Ground):
    expected = {table: {("UPDATE", column) for column in columns} for table, columns in MAY_CHANGE.items()}
    expected["outbox"] = {("SELECT", "id")}
    with ground.db.owner() as conn:
        assert may(conn, DOOR_ROLE) == MAY
        assert may_in_columns(conn, DOOR_ROLE) == expected


def test_the_tables_of_the_door_are_the_doors():
    assert {table.name for table in DOOR} <= MAY.keys()


@pytest.mark.parametrize("table", UNSEEN, ids=str)
def test_no_bill_is_seen_and_nothing_else_of_what_is_sold(two: Two, table: Table):
    for asked in (two.full, None):
        with pytest.raises(RoleRefused) as error, two.ground.db.door(asked) as conn:
            conn.execute(text(f"SELECT FROM {table.name}"))
        assert refused(error)


def test_no_mail_is_read(two: Two):
    for column in METADATA.tables["outbox"].c.keys()[1:]:
        for opened in (two.ground.db.door, two.ground.db.account):
            with pytest.raises(RoleRefused) as error, opened(two.full) as conn:
                conn.execute(text(f"SELECT {column} FROM outbox"))
            assert refused(error)


@pytest.mark.parametrize("table", SEEN, ids=str)
def test_of_one_account_at_a_time_its_own_rows_are_seen_and_without_one_none(two: Two, table: Table):
    with two.ground.db.door(two.full) as conn:
        assert set(conn.scalars(select(table.c.account_id))) == {two.full}
    with two.ground.db.door(two.other) as conn:
        assert conn.execute(select(table).where(table.c.account_id != two.other)).all() == []
    with two.ground.db.door() as conn:
        assert conn.execute(select(table)).all() == []


@pytest.mark.parametrize("name", ["members", "member_keys", "directory_subjects", "audit"])
def test_nothing_is_written_for_another_account(two: Two, name: str):
    table = METADATA.tables[name]
    with two.ground.db.account(two.full) as conn:
        row = dict(conn.execute(select(table)).mappings().first() or {})
    for asked in (two.other, None):
        with pytest.raises(RoleRefused) as error, two.ground.db.door(asked) as conn:
            conn.execute(table.insert().values(row))
        assert refused(error)
        assert "row-level security" in str(error.value)


@pytest.mark.parametrize(
    ("name", "column"), [("accounts", "next_member"), ("members", "role"), ("invitations", "used_at")]
)
def test_nothing_of_another_account_is_changed_or_given_away(two: Two, name: str, column: str):
    table = METADATA.tables[name]
    with two.ground.db.door(two.other) as conn:
        same = table.update().where(table.c.account_id == two.full).values({column: table.c[column]})
        assert conn.execute(same).rowcount == 0
    with pytest.raises(RoleRefused) as error, two.ground.db.door(two.full) as conn:
        conn.execute(table.update().values(account_id=two.other))
    assert refused(error)


@pytest.mark.parametrize(
    "name", ["accounts", "members", "member_keys", "invitations", "directories", "account_roles", "audit"]
)
def test_nothing_of_an_account_is_removed(two: Two, name: str):
    with pytest.raises(RoleRefused) as error, two.ground.db.door(two.full) as conn:
        conn.execute(METADATA.tables[name].delete())
    assert refused(error)


def test_who_is_let_in_is_noted_and_the_notes_are_not_read_there(two: Two):
    entry = AuditEntry(
        at=noon("2026-01-23"), actor_kind="admin", actor_name="Bram", action="people.join", subject="Bram"
    )
    with two.ground.db.door(two.full) as conn:
        audit.write(conn, two.full, entry=entry)
    with pytest.raises(RoleRefused) as error, two.ground.db.door(two.full) as conn:
        audit.page(conn, two.full)
    assert refused(error)
    with two.ground.db.owner(read_only=True) as conn:
        assert audit.page(conn, two.full)[0].action == "people.join"
        assert list(check_chain(conn, [two.full])) == []
