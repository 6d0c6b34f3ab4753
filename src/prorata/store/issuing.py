"""Issuing documents: their numbers, without a gap, and the rows that carry them.

A counter belongs to a seller, a series and a year. Taking from it holds it until the transaction ends: a rolled-back
transaction gives its numbers back, and nobody else can have taken a later one. Several counters are taken in one order
everywhere, so that two transactions never wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, insert
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from prorata.core.decision import Decision
from prorata.core.documents.model import Document
from prorata.core.documents.numbers import document_number, series
from prorata.store import codec
from prorata.store.accounts import AccountRow
from prorata.store.rows import Any
from prorata.store.snapshots import Face
from prorata.store.tables.documents import DOCUMENTS
from prorata.store.tables.numbers import NUMBER_RANGES, NUMBERS_TAKEN

Counted = tuple[str, int]
"""A series and a year."""


def issue(conn: Connection, account: AccountRow, *, decision: Decision, faces: Mapping[int, Face]) -> tuple[str, ...]:
    """Number the documents of a decision and insert them; returns their numbers, in the same order."""
    counted = [(series(document.kind, apart=account.apart), document.date.year) for document in decision.documents]
    following = _take(conn, account, counted=counted, at=decision.at)
    rows: list[dict[str, Any]] = []
    for document, key in zip(decision.documents, counted, strict=True):
        place, following[key] = following[key], following[key] + 1
        rows.append(
            {
                "account_id": account.account_id,
                "seller_id": account.seller_id,
                "series": key[0],
                "year": key[1],
                "place": place,
                **_row(document, face=faces[document.profile], number=document_number(key[0], key[1], place=place)),
            }
        )
    if rows:
        conn.execute(insert(DOCUMENTS), rows)
    return tuple(row["number"] for row in rows)


def content(document: Document, *, number: str, face: Mapping[str, object]) -> bytes:
    """The hash of all that a document says. `face`: seller, customer and language as stored."""
    return codec.content_hash({**face, "number": number, "document": codec.DOCUMENT.write(document)})


def _take(conn: Connection, account: AccountRow, *, counted: Iterable[Counted], at: datetime) -> dict[Counted, int]:
    """The first number taken of each counter."""
    found: dict[Counted, int] = {}
    for (prefix, year), count in sorted(Counter(counted).items()):
        key = {"seller_id": account.seller_id, "series": prefix, "year": year}
        new = insert_or_update(NUMBER_RANGES).values(**key, next=1 + count)
        taken = new.on_conflict_do_update(
            constraint=NUMBER_RANGES.primary_key, set_={"next": NUMBER_RANGES.c.next + count}
        ).returning(NUMBER_RANGES.c.next)
        first = cast("int", conn.scalar(taken)) - count
        ends = {"first": first, "last": first + count - 1, "previous": first - 1 or None}
        conn.execute(insert(NUMBERS_TAKEN).values(**key, **ends, account_id=account.account_id, at=at))
        found[prefix, year] = first
    return found


def _row(document: Document, *, face: Face, number: str) -> dict[str, Any]:
    stored = {
        "seller": codec.SELLER.write(face.seller),
        "customer": codec.CUSTOMER.write(face.customer),
        "language": face.language,
    }
    return {
        "id": document.id,
        "number": number,
        "kind": document.kind,
        "issued_on": document.date,
        "due_on": document.due,
        "profile_id": document.profile,
        "currency": document.total.currency.code,
        **stored,
        "net": document.net.minor,
        "tax": document.tax.minor,
        "total": document.total.minor,
        "final": document.final,
        "statement": codec.STATEMENT.write(document.statement) if document.statement else None,
        "content_hash": content(document, number=number, face=stored),
    }
