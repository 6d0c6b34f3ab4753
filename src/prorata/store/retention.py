"""How long the law of each country keeps what was issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, text

from prorata.core.retention import Retention
from prorata.store.tables.life import RETENTION


def of_documents(conn: Connection) -> tuple[Retention, ...]:
    """The rules for documents, of all countries."""
    table = RETENTION.c
    query = select(RETENTION).where(table.what == "documents").order_by(table.country, table.from_day)
    return tuple(Retention(row.country, row.from_day, row.years, row.law) for row in conn.execute(query))


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document, and the country of who issued it."""

    number: str
    on: date
    country: str


def issued(conn: Connection, account_id: int) -> tuple[IssuedDocument, ...]:
    """All documents of an account, in their order."""
    rows = conn.execute(_ISSUED, {"account": account_id})
    return tuple(IssuedDocument(row.number, row.issued_on, row.country) for row in rows)


_ISSUED = text("""
    SELECT document.number, document.issued_on, seller.country
    FROM documents AS document JOIN sellers AS seller ON seller.id = document.seller_id
    WHERE document.account_id = :account ORDER BY document.id
""")
