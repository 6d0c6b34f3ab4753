"""Tables made from nothing, the same as the program thinks they are, and checked at start."""

import subprocess
import sys
from collections.abc import Generator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, text
from sqlalchemy.pool import NullPool

from prorata.store import schema
from prorata.store.embedded import OWNER, EmbeddedServer
from prorata.store.errors import (
    DatabaseEmpty,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnreachable,
    RoleRefused,
    StoreError,
)
from prorata.store.tables import METADATA
from store.ground import Ground
from support.databases import Database


@pytest.fixture
def fresh(server: EmbeddedServer) -> Generator[str]:
    server.ensure_database("fresh")
    yield server.url("fresh", user=OWNER)
    server.drop_database("fresh")


def _sql(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        conn.execute(text(statement))


def test_a_database_is_made_from_nothing(fresh: str):
    assert schema.current(fresh) is None
    schema.migrate(fresh)
    schema.check_current(fresh)
    # Once more does nothing.
    schema.migrate(fresh)
    schema.check_current(fresh)


def test_the_tables_are_those_that_the_program_knows(ground: Ground):
    with ground.db.owner() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, METADATA) == []


def test_the_checks_are_those_that_the_program_knows(ground: Ground):
    known = {
        str(constraint.name)
        for table in METADATA.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    with ground.db.owner() as conn:
        query = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        assert set(conn.scalars(text(query))) == known


def test_nothing_is_used_that_cannot_be_distributed(ground: Ground):
    # The queue has triggers, in a schema of its own: it stays on one machine.
    query = """
        SELECT count(*) FILTER (WHERE NOT tgisinternal) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT count(*) FROM pg_constraint WHERE contype = 'x'
    """
    with ground.db.owner() as conn:
        assert conn.scalars(text(query)).all() == [0, 0]


def test_an_empty_database_is_refused(fresh: str):
    with pytest.raises(DatabaseEmpty, match="no tables yet"):
        schema.check_current(fresh)


def test_an_older_database_is_refused_and_can_be_brought_up_to_date(fresh: str):
    schema.migrate(fresh)
    _sql(fresh, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(DatabaseOlder, match="prorata db migrate"):
        schema.check_current(fresh)


def test_a_newer_database_is_refused_and_left_alone(fresh: str):
    schema.migrate(fresh)
    _sql(fresh, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="update Prorata"):
        schema.check_current(fresh)
    with pytest.raises(DatabaseNewer):
        schema.migrate(fresh)


def test_a_migration_that_fails_leaves_nothing(fresh: str):
    _sql(fresh, "CREATE TABLE transfers (in_the_way integer)")
    with pytest.raises(StoreError, match="transfers"):
        schema.migrate(fresh)
    assert schema.current(fresh) is None


def test_databases_of_one_server_can_be_made_at_once(server: EmbeddedServer):
    names = [f"at_once_{n}" for n in range(4)]
    for name in names:
        server.ensure_database(name)
    program = "import sys; from prorata.store.schema import migrate; migrate(sys.argv[1])"
    # The first two twice: two processes may also migrate one database.
    urls = [server.url(name, user=OWNER) for name in (*names, *names[:2])]
    processes = [subprocess.Popen([sys.executable, "-c", program, url]) for url in urls]
    assert [process.wait(100) for process in processes] == [0] * 6
    for name in names:
        schema.check_current(server.url(name, user=OWNER))
        server.drop_database(name)


def test_a_role_that_may_not_make_tables_is_told_so(empty_database: Database):
    with pytest.raises(RoleRefused, match="Let it own the database"):
        schema.migrate(empty_database.app_url)


def test_a_server_that_does_not_answer_is_named_in_one_line(tmp_path_factory: pytest.TempPathFactory):
    with pytest.raises(DatabaseUnreachable, match=r"\AThe database does not answer: .*\Z"):
        schema.current(f"postgresql+psycopg://nobody@/nothing?host={tmp_path_factory.mktemp('none')}")


def test_the_application_may_not_log_in_as_the_owner(database: Database):
    schema.check_application(database.app_url)
    with pytest.raises(RoleRefused, match="may not log in as the owner of the tables"):
        schema.check_application(database.owner_url)
