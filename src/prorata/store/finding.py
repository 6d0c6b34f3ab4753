"""Where a document is, of which only the number is known."""

from __future__ import annotations

from sqlalchemy import Connection, select

from prorata.store.tables.documents import DOCUMENTS


def accounts_with(conn: Connection, *, number: str) -> tuple[int, ...]:
    """The accounts that have a document of a number, in their order: sellers count alike. For the owner."""
    table = DOCUMENTS.c
    return tuple(conn.scalars(select(table.account_id).where(table.number == number).order_by(table.account_id)))
