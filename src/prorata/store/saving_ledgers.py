"""What was entered into the ledgers of subscriptions: of their licences, and of what is sold.

Nothing stored is ever changed. What is entered late stands between what was entered before it, so what is new is what
was not there, wherever it stands; each entry gets the place after the last one that is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection, Table, TextClause, text

from prorata.core.subscriptions.model import Subscription
from prorata.store.bulk import NewRows
from prorata.store.rows import Any
from prorata.store.subscription_rows import change_row_of, plan_change_row_of
from prorata.store.tables.subscriptions import LICENCE_CHANGES, PLAN_CHANGES

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Entered:
    """A subscription that is not what it was; `was`: as it was loaded, None where it is new."""

    account_id: int
    subscription: Subscription
    was: Subscription | None


def add_entered(conn: Connection, changed: Sequence[Entered], *, new: NewRows) -> None:
    """The new entries of both ledgers, in the order in which they stand."""
    for table, ledger, row_of in _LEDGERS:
        entries = [(one, _new_of(one, ledger)) for one in changed]
        rises = [(one, found) for one, found in entries if found]
        if not rises:
            continue
        last = _last_places(conn, table, of=[one for one, _ in rises if one.was])
        for one, found in rises:
            key = one.account_id, one.subscription.id
            for place, entry in enumerate(found, start=last.get(key, 0) + 1):
                row = {"subscription_id": one.subscription.id, "place": place, **row_of(entry)}
                new.add(table, row, account_id=one.account_id)


def _new_of(one: Entered, ledger: str) -> Sequence[Any]:
    entries: tuple[Any, ...] = getattr(one.subscription, ledger)
    if one.was is None:
        return entries
    known: tuple[Any, ...] = getattr(one.was, ledger)
    return () if entries is known else _not_there(entries, known)


def _not_there(entries: Sequence[_Entry], known: Sequence[_Entry]) -> list[_Entry]:
    """The entries that are not among those known. Two may be alike: as many are known as there were."""
    there, found = Counter(known), list[_Entry]()
    for entry in entries:
        if there[entry]:
            there[entry] -= 1
        else:
            found.append(entry)
    return found


def _last_places(conn: Connection, table: Table, *, of: Sequence[Entered]) -> Mapping[tuple[int, int], int]:
    if not of:
        return {}
    asked = {"owners": [one.account_id for one in of], "ids": [one.subscription.id for one in of]}
    return {(row.account_id, row.id): row.place for row in conn.execute(_LAST_PLACES[table], asked)}


_LEDGERS: Final[tuple[tuple[Table, str, Callable[[Any], dict[str, Any]]], ...]] = (
    (LICENCE_CHANGES, "changes", change_row_of),
    (PLAN_CHANGES, "plans", plan_change_row_of),
)


def _last_place(table: Table) -> TextClause:
    return text(f"""
        SELECT asked.account_id, asked.id, coalesce((
            SELECT max(place) FROM {table.name} AS entry
            WHERE entry.account_id = asked.account_id AND entry.subscription_id = asked.id), 0) AS place
        FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[])) AS asked (account_id, id)
    """)  # noqa: S608 - names of our own tables


_LAST_PLACES: Final = {table: _last_place(table) for table, _, _ in _LEDGERS}
