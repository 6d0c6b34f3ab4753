"""Issued documents, read back as the core made them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from prorata.core.billing.pay import UnknownDocument
from prorata.core.documents.model import Document
from prorata.core.documents.numbers import Issued
from prorata.core.money import currency
from prorata.store import codec
from prorata.store.document_rows import OWING, document_of, standing_of
from prorata.store.rows import Any, AnyRow
from prorata.store.snapshots import Face


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept: with what it says of seller and customer, and the hash of all that it says.

    `stored` has seller, customer and language as they stand in the database; `form` is the version of `codec.DOCUMENT`
    that the hash is of.
    """

    issued: Issued
    face: Face
    stored: dict[str, Any]
    form: int
    content_hash: bytes


def all_of(conn: Connection, account_id: int) -> tuple[Kept, ...]:
    """Every document of the account, in order."""
    return _kept(conn, account_id, only=None)


def some_of(conn: Connection, account_id: int, *, ids: Iterable[int]) -> tuple[Kept, ...]:
    """The documents of these ids that there are, in order."""
    return _kept(conn, account_id, only=sorted(ids))


def find(conn: Connection, account_id: int, *, document: int) -> Kept:
    """One document; raises `UnknownDocument`."""
    found = some_of(conn, account_id, ids=[document])
    if not found:
        raise UnknownDocument(document=document)
    return found[0]


def _kept(conn: Connection, account_id: int, *, only: Sequence[int] | None) -> tuple[Kept, ...]:
    asked: dict[str, Any] = {"account": account_id, "all": only is None, "ids": list(only or ())}
    lines = _by_document(conn.execute(_LINES, asked))
    taxes = _by_document(conn.execute(_TAXES, asked))
    return tuple(
        _kept_of(row, document=document_of(row, lines=lines[row.id], taxes=taxes[row.id]))
        for row in conn.execute(_DOCUMENTS, asked)
    )


def _by_document(rows: Iterable[AnyRow]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.document_id].append(row)
    return found


def _kept_of(row: AnyRow, *, document: Document) -> Kept:
    return Kept(
        issued=Issued(row.number, document, standing_of(row, of=currency(row.currency))),
        face=Face(codec.SELLER.read(row.seller), codec.CUSTOMER.read(row.customer), row.language),
        stored={"seller": row.seller, "customer": row.customer, "language": row.language},
        form=row.form,
        content_hash=row.content_hash,
    )


_DOCUMENTS = text(f"""
    SELECT document.*, standing.document_id, standing.credit_used, standing.paid, standing."left", ARRAY(
        SELECT DISTINCT line.corrects_document FROM document_lines AS line
        WHERE line.account_id = :account AND line.document_id = document.id
          AND line.corrects_document IS NOT NULL
    ) AS corrects, {OWING}
    FROM documents AS document
    JOIN standings AS standing ON standing.account_id = :account AND standing.document_id = document.id
    WHERE document.account_id = :account AND (:all OR document.id = ANY(CAST(:ids AS integer[])))
    ORDER BY document.id
""")  # noqa: S608 - a part of our own

_LINES = text("""
    SELECT * FROM document_lines
    WHERE account_id = :account AND (:all OR document_id = ANY(CAST(:ids AS integer[])))
    ORDER BY document_id, line
""")

_TAXES = text("""
    SELECT * FROM document_taxes
    WHERE account_id = :account AND (:all OR document_id = ANY(CAST(:ids AS integer[])))
    ORDER BY document_id, place
""")
