"""Which documents stand behind something on a page: their numbers, the final document of a subscription."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import Connection, select, text

from prorata.store.tables.documents import DOCUMENTS


def numbers(conn: Connection, account_id: int, *, documents: Collection[int]) -> dict[int, str]:
    """The numbers of documents by their place in the account's list; those that the account has not are left out."""
    if not documents:
        return {}
    table = DOCUMENTS.c
    query = select(table.id, table.number).where(table.account_id == account_id, table.id.in_(sorted(documents)))
    return {row.id: row.number for row in conn.execute(query)}


def final_document(conn: Connection, account_id: int, *, subscription: int) -> int | None:
    """The place of the newest final document that has a line of a subscription; None before there is one."""
    found = conn.scalar(_FINAL, {"account": account_id, "subscription": subscription})
    return cast("int | None", found)


_FINAL = text("""
    SELECT max(document.id)
    FROM documents AS document
    JOIN document_lines AS line ON line.account_id = :account AND line.document_id = document.id
    WHERE document.account_id = :account AND document.final AND line.subscription_id = :subscription
""")
