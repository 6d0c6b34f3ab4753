"""The databases that tests get: migrated, one for a module, and nothing of one in another."""

import psycopg

from prorata.store import schema
from prorata.store.embedded import EmbeddedServer
from support.databases import Database, new_database
from support.lending import lent


def _query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_a_database_is_migrated(database: Database) -> None:
    schema.check_current(database.owner_url)


def test_a_database_has_an_owner_and_an_application(database: Database) -> None:
    assert _query(database.owner_url, "SELECT current_user") == [("prorata_owner",)]
    assert _query(database.app_url, "SELECT current_user") == [("prorata_app",)]


def test_an_empty_database_has_no_tables_and_can_be_migrated(empty_database: Database) -> None:
    assert _query(empty_database.owner_url, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
    schema.migrate(empty_database.owner_url)
    schema.check_current(empty_database.owner_url)


def test_what_is_written_in_one_database_is_not_in_another(server: EmbeddedServer, template: str) -> None:
    one, other = new_database(server, template=template), new_database(server, template=template)
    _query(one.owner_url, "CREATE TABLE written AS SELECT 1 AS number")
    assert _query(one.owner_url, "SELECT to_regclass('written') IS NULL") == [(False,)]
    assert _query(other.owner_url, "SELECT to_regclass('written') IS NULL") == [(True,)]
    server.drop_database(one.name)
    server.drop_database(other.name)


def test_what_was_written_in_a_lent_database_is_gone_for_the_next(server: EmbeddedServer, template: str) -> None:
    person = "INSERT INTO people (email, name, language, at) VALUES ('a@x.example', 'A', 'en', now()) RETURNING id"
    given, seen = set[str](), list[list[tuple[object, ...]]]()
    for _ in range(2):
        with lent(server, template=template) as made:
            given.add(made.name)
            seen += [_query(made.owner_url, query) for query in ("SELECT * FROM retention ORDER BY 1, 2, 3", person)]
            _query(made.owner_url, "DELETE FROM retention")
    assert len(given) == 1
    # The same rows of the template, and people are counted from the beginning.
    assert seen[0]
    assert seen[:2] == seen[2:]
    assert seen[1] == [(1,)]
