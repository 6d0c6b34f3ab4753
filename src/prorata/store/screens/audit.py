"""The audit as a list: pages of what was done, by whom it was, and what its subjects are called.

That of the vendor is asked for with `THE_VENDORS` in place of the account, by the owner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, TextClause, func, or_, select, text

from prorata.core.actors import Side
from prorata.core.calendar import Every, every
from prorata.store import invitations, member_keys, members
from prorata.store.audit import THE_VENDORS, AuditEntry, entries, name_in
from prorata.store.tables.audit import AUDIT, VENDOR_AUDIT
from prorata.store.tables.catalogue import PLANS, PRODUCTS
from prorata.store.tables.documents import DOCUMENTS

MOST_ROWS: Final = 200
MOST_PEOPLE: Final = 200


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who did something: a member by their id, whatever they were called then; others by their name."""

    kind: Side
    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries are asked for: of somebody, or of everybody; those whose action begins so, or all."""

    who: Who | None = None
    beginnings: Sequence[str] = ()


def page(conn: Connection, account_id: int, *, chosen: Chosen, limit: int, offset: int) -> tuple[AuditEntry, ...]:
    """Entries, newest first."""
    table = _table(account_id)
    query = select(table).where(*_conditions(account_id, chosen)).order_by(table.c.id.desc())
    rows = conn.execute(query.limit(min(limit, MOST_ROWS)).offset(offset)).all()
    return entries(conn, account_id, rows=rows)


def count(conn: Connection, account_id: int, *, chosen: Chosen) -> int:
    """How many entries the list has."""
    query = select(func.count()).select_from(_table(account_id)).where(*_conditions(account_id, chosen))
    return conn.execute(query).scalar_one()


def people(conn: Connection, account_id: int) -> tuple[Who, ...]:
    """Everybody who ever did something, by the name that they had last; the first two hundred."""
    asked = {"account": account_id, "most": MOST_PEOPLE}
    rows = conn.execute(_PEOPLE_OF_VENDOR if account_id == THE_VENDORS else _PEOPLE, asked).all()
    ids = {row.actor_id for row in rows if row.actor_kind == "admin" and row.actor_id is not None}
    keys = member_keys.of(conn, account_id, members=ids)
    found = (Who(row.actor_kind, row.actor_id, name_in(row, keys)) for row in rows)
    return tuple(sorted(found, key=lambda who: (who.kind, who.name, who.id or 0)))


def _people(written: str) -> TextClause:
    return text(f"""
        SELECT DISTINCT ON (actor_kind, actor_id, CASE WHEN actor_id IS NULL THEN actor_name END)
               CAST(:account AS bigint) AS account_id, id, actor_kind, actor_id, actor_name
        FROM {written}
        ORDER BY actor_kind, actor_id, CASE WHEN actor_id IS NULL THEN actor_name END, id DESC
        LIMIT :most
    """)  # noqa: S608 - our own text


_PEOPLE: Final = _people("audit WHERE account_id = :account")
_PEOPLE_OF_VENDOR: Final = _people("vendor_audit")


def member_names(conn: Connection, account_id: int, *, ids: Collection[int]) -> dict[int, str]:
    """What members are called; empty for who was erased."""
    return members.names(conn, account_id, ids=ids)


def invited_names(conn: Connection, account_id: int, *, ids: Collection[int]) -> dict[int, str]:
    """Whom invitations are for, by the ids of those of which that is known."""
    return invitations.names(conn, account_id, ids=ids)


def document_numbers(conn: Connection, account_id: int, *, ids: Collection[int]) -> dict[int, str]:
    """The numbers of documents by their places in the account's list."""
    table = DOCUMENTS.c
    query = select(table.id, table.number).where(table.account_id == account_id, table.id.in_(ids))
    return {row.id: row.number for row in conn.execute(query)} if ids else {}


@dataclass(frozen=True, slots=True)
class PlanSold:
    """A plan: its code and the length of its periods; the code of its product, and its names by language."""

    code: str
    every: Every
    product: str
    names: Mapping[str, str]


def plans_sold(conn: Connection, *, ids: Collection[int]) -> dict[int, PlanSold]:
    """What plans are, by their ids."""
    query = select(PLANS.c.id, PLANS.c.code, PLANS.c.every, PRODUCTS.c.code.label("product"), PRODUCTS.c.names)
    query = query.join(PRODUCTS, PRODUCTS.c.id == PLANS.c.product_id).where(PLANS.c.id.in_(ids))
    rows = conn.execute(query) if ids else ()
    return {row.id: PlanSold(row.code, every(row.every), row.product, row.names) for row in rows}


def _table(account_id: int) -> Table:
    return VENDOR_AUDIT if account_id == THE_VENDORS else AUDIT


def _conditions(account_id: int, chosen: Chosen) -> list[ColumnElement[bool]]:
    table = _table(account_id).c
    conditions = [table.account_id == account_id] if account_id != THE_VENDORS else []
    if chosen.who:
        conditions.append(table.actor_kind == chosen.who.kind)
        by_name = chosen.who.id is None
        conditions.append(table.actor_name == chosen.who.name if by_name else table.actor_id == chosen.who.id)
    if chosen.beginnings:
        conditions.append(or_(*(table.action.startswith(one, autoescape=True) for one in chosen.beginnings)))
    return conditions
