"""What benchmarks ask of the database: its settings, who works for a connection, and the bare work to compare with.

The yardsticks move the very rows that the product wrote and nothing else: rows taken out as text, put in by COPY under
the same keys, references and indexes; rows read back as they lie there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from psycopg import Connection as Driver
from psycopg import sql
from sqlalchemy import Connection, text

_DURABILITY: Final = ("fsync", "synchronous_commit", "full_page_writes")
_SIZES: Final = ("shared_buffers", "max_wal_size")


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Which PostgreSQL, and the settings by name that decide how fast and how safe it writes."""

    version: str
    settings: tuple[tuple[str, str], ...]

    @property
    def durable(self) -> bool:
        """Whether what is committed outlives a crash of the machine."""
        return all(value == "on" for name, value in self.settings if name in _DURABILITY)


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Rows of a table as COPY writes them; `columns` in their order."""

    table: str
    rows: bytes


def server_facts(conn: Connection) -> ServerFacts:
    """The server behind a connection."""
    version = str(conn.scalar(text("SHOW server_version")))
    names = (*_DURABILITY, *_SIZES)
    return ServerFacts(version, tuple((name, str(conn.scalar(text(f"SHOW {name}")))) for name in names))


def server_process(conn: Connection) -> int:
    """The number of the server's process that works for this connection."""
    return int(conn.execute(text("SELECT pg_backend_pid()")).scalar_one())


def take_out(conn: Connection, account_ids: Sequence[int], *, run_id: int) -> list[TakenOut]:
    """All rows that a run has added for these accounts, in the order in which they may be put in again."""
    driver = _driver(conn)
    ids = sql.Literal(list(account_ids))
    driver.execute(sql.SQL(_ISSUED).format(ids=ids, run=sql.Literal(run_id)))
    found: list[TakenOut] = []
    for table, condition in _OF_A_RUN:
        statement = sql.SQL("COPY (SELECT {table}.* FROM {table} {condition}) TO STDOUT").format(
            table=sql.Identifier(table), condition=condition.format(ids=ids, run=sql.Literal(run_id))
        )
        with driver.cursor().copy(statement) as copy:
            found.append(TakenOut(table, b"".join(bytes(part) for part in copy)))
    driver.execute("DROP TABLE issued_by_run")
    return found


def put_in(conn: Connection, rows: Sequence[TakenOut]) -> None:
    """COPY rows into their tables; references are looked at as always."""
    driver = _driver(conn)
    for taken in rows:
        if taken.rows:
            statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(taken.table))
            with driver.cursor().copy(statement) as copy:
                copy.write(taken.rows)


def read_all(conn: Connection, account_ids: Sequence[int]) -> int:
    """Read every row of accounts that is verified, as it lies there; returns how many there were."""
    driver, count = _driver(conn), 0
    for table in _VERIFIED:
        statement = sql.SQL("SELECT * FROM {} WHERE account_id = ANY(%s)").format(sql.Identifier(table))
        count += len(driver.execute(statement, [list(account_ids)]).fetchall())
    return count


def read_account(conn: Connection, account_id: int) -> object:
    """Look an account up by its key, by the driver itself: the least that one can ask about it."""
    return _driver(conn).execute(_ACCOUNT, (account_id,), prepare=True).fetchone()


_ACCOUNT: Final = b"SELECT account_id, name, zone, clock_at FROM accounts WHERE account_id = %s"


def _driver(conn: Connection) -> Driver[Any]:
    return cast("Driver[Any]", conn.connection.driver_connection)


_VERIFIED: Final = (
    *(
        "accounts",
        "subscriptions",
        "licence_changes",
        "plan_changes",
        "documents",
        "document_lines",
        "document_taxes",
        "standings",
    ),
    *("transfers", "payments", "payment_balances", "credit_lots", "lot_balances"),
)

_ISSUED: Final = """
    CREATE TEMPORARY TABLE issued_by_run AS
    SELECT document.account_id, document.id AS document_id
    FROM documents AS document JOIN numbers_taken AS taken
      ON taken.seller_id = document.seller_id AND taken.series = document.series AND taken.year = document.year
     AND document.place BETWEEN taken.first AND taken.last
    WHERE document.account_id = ANY({ids}) AND taken.run_id = {run}
"""

_OF_DOCUMENT: Final = sql.SQL("JOIN issued_by_run USING (account_id, document_id)")
_OF_PAYMENT: Final = sql.SQL("""
    JOIN payments AS payment ON payment.account_id = payment_balances.account_id AND payment.id = payment_id
    JOIN issued_by_run AS issued
      ON issued.account_id = payment.account_id AND issued.document_id = payment.document_id
""")
_OF_LOT: Final = sql.SQL("""
    JOIN credit_lots AS lot ON lot.account_id = lot_balances.account_id AND lot.id = lot_id
    JOIN issued_by_run AS issued ON issued.account_id = lot.account_id AND issued.document_id = lot.document_id
""")
_ITSELF: Final = sql.SQL("""
    JOIN issued_by_run AS issued ON issued.account_id = documents.account_id AND issued.document_id = documents.id
""")
_NOTED: Final = sql.SQL("""
    JOIN runs AS run ON run.id = {run}
    WHERE audit.account_id = ANY({ids}) AND action = 'account.run' AND subject = CAST(run.as_of AS text)
""")
_OF_A_RUN: Final = (
    ("document_lines", _OF_DOCUMENT),
    ("document_taxes", _OF_DOCUMENT),
    ("transfers", _OF_DOCUMENT),
    ("payments", _OF_DOCUMENT),
    ("credit_lots", _OF_DOCUMENT),
    ("standings", _OF_DOCUMENT),
    ("payment_balances", _OF_PAYMENT),
    ("lot_balances", _OF_LOT),
    ("documents", _ITSELF),
    ("audit", _NOTED),
)
