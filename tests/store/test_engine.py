"""Connections: whose they are, what they forget, and how their failures are named."""

import pytest
from psycopg import errors
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from prorata.store import engine
from prorata.store.bulk import NewRows
from prorata.store.engine import Connection, Database, savepoint
from prorata.store.errors import (
    Busy,
    DatabaseBroken,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnfit,
    DatabaseUnreachable,
    RoleRefused,
    StoreError,
)
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.members import MEMBERS
from prorata.store.tables.profiles import BILLING_PROFILES
from store.ground import Ground
from support.databases import Database as Made


def test_the_application_works_as_its_role_whoever_logs_in(database: Made):
    query = text("SELECT current_user || ' for ' || session_user")
    for app_url, login in ((None, "prorata_owner"), (database.app_url, "prorata_app")):
        db = Database(database.owner_url, app_url)
        with db.account(1) as conn:
            assert conn.scalar(query) == f"prorata_app for {login}"
        with db.owner() as conn:
            assert conn.scalar(query) == "prorata_owner for prorata_owner"
        db.dispose()


def test_who_logs_in_as_the_owner_is_held_to_the_application_s_rows(database: Made, ground: Ground):
    account = ground.open_account()
    db = Database(database.owner_url)
    with db.account(account) as conn:
        assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == [account]
    db.dispose()


def test_a_connection_forgets_the_account_with_its_transaction(ground: Ground):
    account = ground.open_account()
    for _ in range(20):
        with ground.db.account(account) as conn:
            assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == [account]
        with ground.db.app() as conn:
            assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == []


def test_the_application_does_what_is_the_doors_and_is_itself_again(ground: Ground):
    account = ground.open_account()
    role = text("SELECT current_user")
    with ground.db.account(account) as conn:
        with engine.as_door(conn):
            assert conn.scalar(role) == "prorata_door"
            conn.execute(text("SELECT FROM sessions"))
        assert conn.scalar(role) == "prorata_app"
        with pytest.raises(ValueError, match="no"), engine.as_door(conn):
            raise ValueError("no")
        assert conn.scalar(role) == "prorata_app"
        assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == [account]
    with pytest.raises(RoleRefused), ground.db.account(account) as conn, engine.as_door(conn):
        conn.execute(text("SELECT FROM subscriptions"))


def test_an_exception_rolls_everything_back(ground: Ground):
    account = ground.open_account(name="Before")

    def rename_and_fail() -> None:
        with ground.db.account(account) as conn:
            conn.execute(BILLING_PROFILES.update().values(name="After"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rename_and_fail()
    with ground.db.account(account) as conn:
        assert conn.scalar(select(BILLING_PROFILES.c.name)) == "Before"


def test_who_only_reads_sees_one_moment_and_writes_nothing(ground: Ground):
    account = ground.open_account(name="Before")
    with ground.db.account(account, read_only=True) as conn:
        assert conn.scalar(select(BILLING_PROFILES.c.name)) == "Before"
        with ground.db.account(account) as other:
            other.execute(BILLING_PROFILES.update().values(name="After"))
        assert conn.scalar(select(BILLING_PROFILES.c.name)) == "Before"
    with pytest.raises(DBAPIError) as error, ground.db.account(account, read_only=True) as conn:
        conn.execute(BILLING_PROFILES.update().values(name="Never"))
    assert isinstance(error.value.orig, errors.ReadOnlySqlTransaction)
    # The connection goes back to the pool as it was.
    with ground.db.account(account) as conn:
        conn.execute(BILLING_PROFILES.update().values(name="Now"))


def test_time_is_told_in_utc(ground: Ground):
    with ground.db.app() as conn:
        assert conn.scalar(text("SHOW timezone")) == "UTC"


def test_waiting_for_somebody_else_has_an_end(ground: Ground):
    account = ground.open_account()

    def rename_impatiently() -> None:
        with ground.db.account(account) as conn:
            conn.execute(text("SET LOCAL lock_timeout = '50ms'"))
            conn.execute(BILLING_PROFILES.update().values(name="Ours"))

    with ground.db.account(account) as conn:
        conn.execute(BILLING_PROFILES.update().values(name="Mine"))
        with pytest.raises(Busy, match="try again"):
            rename_impatiently()


def test_waiting_for_a_connection_has_an_end_with_a_name(database: Made, monkeypatch: pytest.MonkeyPatch):
    for name, value in (("POOL_SIZE", 1), ("POOL_OVERFLOW", 0), ("WAIT_SECONDS", 1)):
        monkeypatch.setattr(engine, name, value)
    db = Database(database.owner_url)
    with db.owner(), pytest.raises(DatabaseUnreachable, match="at work"), db.owner():
        pass
    db.dispose()


def test_a_question_that_takes_too_long_is_named(ground: Ground):
    def ask_impatiently() -> None:
        with ground.db.app() as conn:
            conn.execute(text("SET LOCAL statement_timeout = '50ms'"))
            conn.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(DatabaseUnreachable, match="does not answer"):
        ask_impatiently()


def test_a_failure_does_not_repeat_what_was_asked_with(ground: Ground):
    with pytest.raises(DBAPIError) as error, ground.db.app() as conn:
        conn.execute(text("SELECT :email, 1 / 0"), {"email": "anna@example.test"})
    assert "anna@example.test" not in str(error.value)


def test_a_database_that_does_not_answer_is_named(tmp_path_factory: pytest.TempPathFactory):
    nowhere = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path_factory.mktemp('none')}")
    with pytest.raises(DatabaseUnreachable, match="does not answer"), nowhere.owner():
        pass
    nowhere.dispose()


def test_a_server_that_falls_silent_is_given_up_after_a_minute(database: Made):
    db = Database(database.owner_url)
    with db.owner() as conn:
        driver = conn.connection.driver_connection
        assert driver is not None
        asked = driver.info.get_parameters()
    # 30 + 3 × 10 seconds without a sign of life; what was sent and not acknowledged has as long.
    names = ("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
    assert [asked[name] for name in names] == ["30", "10", "3", "60000"]
    db.dispose()


RAISING = "DO $$ BEGIN RAISE EXCEPTION 'it is so' USING ERRCODE = '{state}'; END $$"


@pytest.mark.parametrize(
    ("state", "name", "sentence"),
    [
        ("53100", DatabaseFull, "The database has no room left (it is so): make room, and try again."),
        ("53200", DatabaseFull, "The database has no room left (it is so): make room, and try again."),
        ("53300", DatabaseUnreachable, "The database does not answer: it is so"),
        ("57P01", DatabaseUnreachable, "The database does not answer: it is so"),
        ("57P03", DatabaseUnreachable, "The database does not answer: it is so"),
        ("25P03", DatabaseUnreachable, "The database does not answer: it is so"),
        ("08006", DatabaseUnreachable, "The database does not answer: it is so"),
        ("40P01", Busy, "Somebody else is changing the same thing: try again."),
        ("40001", Busy, "Somebody else is changing the same thing: try again."),
        ("XX001", DatabaseBroken, "The database failed by itself (it is so): see its log."),
        ("58030", DatabaseBroken, "The database failed by itself (it is so): see its log."),
        ("25006", DatabaseReadOnly, "The database takes no changes now (it is so): look why, and try again."),
        (
            "42501",
            RoleRefused,
            "The database refuses this role something that it needs (it is so): give it back, and try again.",
        ),
        (
            "42P01",
            DatabaseUnfit,
            "The database is not as this program knows it (it is so): bring both to the same version, and try again.",
        ),
    ],
)
def test_what_is_the_database_s_own_failure_has_a_name_and_a_sentence(
    ground: Ground, state: str, name: type[StoreError], sentence: str
):
    with pytest.raises(name) as error, ground.db.app() as conn:
        conn.execute(text(RAISING.format(state=state)))
    assert str(error.value) == sentence


@pytest.mark.parametrize("state", ["22003", "23505", "23514", "P0001"])
def test_what_lies_in_what_was_asked_is_left_as_it_is(ground: Ground, state: str):
    with pytest.raises(DBAPIError), ground.db.app() as conn:
        conn.execute(text(RAISING.format(state=state)))


def test_what_copy_raises_has_the_same_names(ground: Ground):
    account = ground.open_account()
    trigger = """
        CREATE FUNCTION pg_temp.fill() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER fill BEFORE INSERT ON members EXECUTE FUNCTION pg_temp.fill()
    """

    def fill() -> None:
        new = NewRows()
        new.add(MEMBERS, {"id": 1}, account_id=account)
        with ground.db.owner() as conn:
            conn.exec_driver_sql(trigger)
            new.write(conn, (MEMBERS,), how="copy")

    with pytest.raises(DatabaseFull, match="could not extend file"):
        fill()


def test_a_part_of_a_transaction_fails_by_itself_and_the_rest_goes_on(ground: Ground):
    account = ground.open_account(name="Before")

    def rename_and_fail(conn: Connection) -> None:
        with savepoint(conn):
            conn.execute(BILLING_PROFILES.update().values(name="Undone"))
            conn.execute(text("SELECT 1 / 0"))

    with ground.db.account(account) as conn:
        with pytest.raises(DBAPIError):
            rename_and_fail(conn)
        conn.execute(BILLING_PROFILES.update().values(address="Elsewhere"))
    with ground.db.account(account) as conn:
        row = conn.execute(select(BILLING_PROFILES.c.name, BILLING_PROFILES.c.address)).one()
    assert tuple(row) == ("Before", "Elsewhere")


def test_a_part_of_a_transaction_names_the_database_s_failures(ground: Ground):
    account = ground.open_account()

    def lose(conn: Connection) -> None:
        with savepoint(conn):
            conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with ground.db.account(account) as conn:
        with pytest.raises(DatabaseUnreachable, match="does not answer"):
            lose(conn)
        conn.rollback()


def test_a_statement_prepared_for_other_columns_is_refused_once_and_then_prepared_anew(database: Made):
    db, other = Database(database.owner_url), Database(database.owner_url)
    query = text("SELECT * FROM changing")

    def ask() -> int:
        with db.owner() as conn:
            return len([conn.execute(query).all() for _ in range(10)])

    with other.owner() as conn:
        conn.execute(text("CREATE TABLE changing AS SELECT 1 AS one"))
    assert ask() == 10
    with other.owner() as conn:
        conn.execute(text("ALTER TABLE changing ADD COLUMN two integer"))
    with pytest.raises(DatabaseUnfit, match="cached plan"):
        ask()
    assert ask() == 10
    with other.owner() as conn:
        conn.execute(text("DROP TABLE changing"))
    for one in (db, other):
        one.dispose()
