"""Issuing documents: their numbers, without a gap, and the rows that carry them.

A counter belongs to a seller, a series and a year. Taking from it holds it until the transaction ends: a rolled-back
transaction gives its numbers back, and nobody else can have taken a later one. Several counters are taken in one order
everywhere, so that two transactions never wait for each other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from prorata.core.decision import Decision
from prorata.core.documents.model import Document
from prorata.core.documents.numbers import document_number, series
from prorata.store import codec
from prorata.store.accounts import AccountRow
from prorata.store.bulk import How, NewRows
from prorata.store.rows import Any
from prorata.store.snapshots import Face
from prorata.store.tables.documents import DOCUMENTS
from prorata.store.tables.numbers import NUMBER_RANGES, NUMBERS_TAKEN


class Counted(NamedTuple):
    """What has a counter of its own."""

    seller_id: int
    series: str
    year: int


def issue(
    conn: Connection,
    decided: Sequence[tuple[AccountRow, Decision]],
    *,
    faces: Mapping[tuple[int, int], Face],
    how: How,
    run_id: int | None,
    at: datetime,
) -> list[tuple[str, ...]]:
    """Number the documents of decisions and write them; returns the numbers of each, in the same order.

    `faces`: what stands on them, by account and billing profile. `run_id`: the run that the numbers are taken for, and
    `at` when that is.
    """
    counted = [_counted(account, decision) for account, decision in decided]
    account_id = decided[0][0].account_id if run_id is None else None
    by = {"account_id": account_id, "run_id": run_id, "at": at}
    following = _take(conn, Counter(one for each in counted for one in each), by=by)
    new, texts = NewRows(), _Texts()
    numbers: list[tuple[str, ...]] = []
    for (account, decision), keys in zip(decided, counted, strict=True):
        given: list[str] = []
        for document, key in zip(decision.documents, keys, strict=True):
            place, following[key] = following[key], following[key] + 1
            face = faces[account.account_id, document.profile]
            row = _row(document, key, place=place, face=face, texts=texts)
            new.add(DOCUMENTS, row, account_id=account.account_id)
            given.append(row["number"])
        numbers.append(tuple(given))
    new.write(conn, (DOCUMENTS,), how=how)
    return numbers


def hold(conn: Connection, seller_id: int) -> None:
    """Hold all counters of a seller, for who takes numbers of several, one after the other, in one transaction."""
    table = NUMBER_RANGES.c
    held = select(table.series).where(table.seller_id == seller_id).order_by(table.series, table.year)
    conn.execute(held.with_for_update())


def _counted(account: AccountRow, decision: Decision) -> list[Counted]:
    return [
        Counted(account.seller_id, series(document.kind, apart=account.apart), document.date.year)
        for document in decision.documents
    ]


def _take(conn: Connection, counted: Mapping[Counted, int], *, by: Mapping[str, object]) -> dict[Counted, int]:
    """The first number taken of each counter."""
    found: dict[Counted, int] = {}
    for key, count in sorted(counted.items()):
        columns = key._asdict()
        new = insert_or_update(NUMBER_RANGES).values(**columns, next=1 + count)
        taken = new.on_conflict_do_update(
            constraint=NUMBER_RANGES.primary_key, set_={"next": NUMBER_RANGES.c.next + count}
        ).returning(NUMBER_RANGES.c.next)
        first = cast("int", conn.scalar(taken)) - count
        ends = {"first": first, "last": first + count - 1, "previous": first - 1 or None}
        conn.execute(insert(NUMBERS_TAKEN).values(**columns, **ends, **by))
        found[key] = first
    return found


class _Texts:
    """The canonical JSON of what many documents share, each written once."""

    def __init__(self) -> None:
        self.seller = cache(codec.SELLER.text)
        self.language = cache(json.dumps)


def _row(document: Document, key: Counted, *, place: int, face: Face, texts: _Texts) -> dict[str, Any]:
    number = document_number(key.series, key.year, place=place)
    seller, customer = texts.seller(face.seller), codec.CUSTOMER.text(face.customer)
    said = {
        "seller": seller,
        "customer": customer,
        "language": texts.language(face.language),
        "number": json.dumps(number),
        "document": codec.DOCUMENT.text(document),
    }
    return {
        "seller_id": key.seller_id,
        "series": key.series,
        "year": key.year,
        "place": place,
        "id": document.id,
        "number": number,
        "kind": document.kind,
        "issued_on": document.date,
        "due_on": document.due,
        "profile_id": document.profile,
        "currency": document.total.currency.code,
        "seller": seller,
        "customer": customer,
        "language": face.language,
        "net": document.net.minor,
        "tax": document.tax.minor,
        "total": document.total.minor,
        "final": document.final,
        "statement": codec.STATEMENT.text(document.statement) if document.statement else None,
        "form": codec.DOCUMENT.version,
        "content_hash": codec.hash_of_texts(said),
    }
