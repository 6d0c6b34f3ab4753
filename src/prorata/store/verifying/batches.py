"""Accounts read together, and where that fails, one by one: what is wrong with one does not hide the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.errors import DataError
from sqlalchemy import Connection

from prorata.store.engine import Database
from prorata.store.errors import StoreError
from prorata.store.verifying.audited import check_audit
from prorata.store.verifying.chain import check_chain
from prorata.store.verifying.finding import Finding, unverifiable
from prorata.store.verifying.numbers import check_taken, check_taken_for
from prorata.store.verifying.reading import Whole, load


@dataclass(frozen=True, slots=True)
class Read:
    """Accounts as they stood together.

    `strange`: those of which not even the row can be understood, and why. `found`: what the database itself has found,
    by account: with the numbers of documents, and with what the audit says of them.
    """

    ids: tuple[int, ...]
    whole: Sequence[Whole]
    strange: Sequence[tuple[int, Finding]]
    found: Sequence[tuple[int, Finding]]


def read_accounts(database: Database, ids: Sequence[int]) -> Read:
    """Read those of the accounts that there are, for the owner; raises what the database refuses, as `StoreError`."""
    try:
        with database.owner(read_only=True) as conn:
            return Read(tuple(ids), load(conn, ids), (), [*check_taken(conn, ids), *_noted(conn, ids)])
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - whatever it was, each account gets its own answer
        alone = [_read_alone(database, one) for one in ids]
        return Read(
            tuple(ids),
            [whole for one in alone for whole in one.whole],
            [strange for one in alone for strange in one.strange],
            [found for one in alone for found in one.found],
        )


def _read_alone(database: Database, account_id: int) -> Read:
    ids = (account_id,)
    try:
        with database.owner(read_only=True) as conn:
            whole = load(conn, ids)
            return Read(ids, whole, (), [*_noted(conn, ids), *_taken(conn, whole)])
    except StoreError:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it was, that is what is wrong
        return Read(ids, (), [(account_id, unverifiable("account", failure))], ())


def _noted(conn: Connection, ids: Sequence[int]) -> Sequence[tuple[int, Finding]]:
    """What the audit says, and whether it says all of what it once did."""
    return [*check_audit(conn, ids), *check_chain(conn, ids)]


def _taken(conn: Connection, whole: Sequence[Whole]) -> Sequence[tuple[int, Finding]]:
    """Days by the database's zones, or by Python's: neither has to know all that the other does."""
    ids = [one.account.account_id for one in whole]
    try:
        with conn.begin_nested():
            return list(check_taken(conn, ids))
    except DataError:
        return [found for one in whole for found in check_taken_for(conn, one)]
