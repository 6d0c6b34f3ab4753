"""Databases that are lent: a test has one of its own, and when it gives it back it is emptied for the next.

A server takes ten times as long to make a copy and to remove it.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from prorata.store.embedded import ADMIN, EmbeddedServer
from support.databases import Database, new_database

_TABLES = """
    SELECT CAST(CAST(oid AS regclass) AS text) FROM pg_class
    WHERE relkind = 'r' AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
"""
# Of how it is built: every object has its row in one of these, which is written anew when the object is changed.
_CATALOGUES = ("attribute", "attrdef", "class", "constraint", "index", "namespace", "policy", "proc", "trigger", "type")
_BUILT = " UNION ALL ".join(
    f"SELECT count(*), max(CAST(CAST(xmin AS text) AS bigint)) FROM pg_{c}" for c in _CATALOGUES
)
_CUT = """
    SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_COUNT_ANEW = "SELECT setval(CAST(seqrelid AS regclass), seqstart, false) FROM pg_sequence"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A database that can be lent: how it is built, and the rows that it begins with, by table."""

    database: Database
    built: list[tuple[object, ...]]
    rows: dict[str, bytes]


_back: dict[Path, list[_Kept]] = {}


@contextmanager
def lent(server: EmbeddedServer, *, template: str) -> Generator[Database]:
    """A database as `template` is. It may be filled and not rebuilt: whoever alters a table makes one of their own."""
    back = _back.setdefault(server.data_dir, [])
    kept = back.pop() if back else _new(server, template)
    yield kept.database
    _empty(server, kept)
    back.append(kept)


def _new(server: EmbeddedServer, template: str) -> _Kept:
    made = new_database(server, template=template)
    with _admin(server, made) as conn:
        tables = [str(name) for (name,) in conn.execute(_TABLES)]
        return _Kept(made, conn.execute(_BUILT.encode()).fetchall(), {name: _rows(conn, name) for name in tables})


def _empty(server: EmbeddedServer, kept: _Kept) -> None:
    with _admin(server, kept.database) as conn:
        conn.execute(_CUT)
        assert conn.execute(_BUILT.encode()).fetchall() == kept.built, "a database that is lent was rebuilt"
        conn.execute("SET session_replication_role = replica")  # neither triggers nor references
        conn.execute("; ".join(f"DELETE FROM {name}" for name in kept.rows).encode())
        for name, rows in kept.rows.items():
            if rows:
                with conn.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
                    copy.write(rows)
        conn.execute(_COUNT_ANEW)


def _rows(conn: psycopg.Connection, table: str) -> bytes:
    with conn.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
        return b"".join(bytes(piece) for piece in copy)


def _admin(server: EmbeddedServer, made: Database) -> psycopg.Connection:
    return psycopg.connect(server.url(made.name, user=ADMIN).replace("+psycopg", ""))
