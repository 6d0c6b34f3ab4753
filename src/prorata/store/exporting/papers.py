"""The documents of an account as each was issued, with the very text that its hash is of: a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from prorata.core.documents.numbers import Issued
from prorata.store import codec, documents
from prorata.store.documents import Kept
from prorata.store.exporting.files import counted, streamed
from prorata.store.screens.document import DocumentView, movements_of

MOST_DOCUMENTS: Final = 20
MOST_LINES: Final = 1000
"""So many are in memory at once, unless a single document has more lines."""


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A document with its movements and the documents that it corrects, by their ids.

    `snapshot` is the JSON, spelled as `content_hash` has it.
    """

    view: DocumentView
    corrected: Mapping[int, Issued]
    snapshot: str
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class SubscriptionName:
    """What is known of a subscription by its lines' reader. `product`: the name of what is sold, by language."""

    id: int
    name: str
    plan: str
    product: Mapping[str, str]


def count(conn: Connection, account_id: int) -> int:
    """How many documents there are."""
    return counted(conn, _SIZES, account_id=account_id)


def papers(conn: Connection, account_id: int) -> Iterator[tuple[StoredPaper, ...]]:
    """All of them in order, a few at a time."""
    for ids in _few_at_a_time(conn, account_id):
        kept = documents.some_of(conn, account_id, ids=ids)
        yield tuple(_paper(conn, account_id, kept=one) for one in kept)


def names(conn: Connection, account_id: int) -> tuple[SubscriptionName, ...]:
    """What the subscriptions are called, those that are deleted too: documents speak of them."""
    rows = conn.execute(text(_NAMES), {"account": account_id})
    return tuple(SubscriptionName(row.id, row.name, row.plan, row.product or {}) for row in rows)


def _few_at_a_time(conn: Connection, account_id: int) -> Iterator[Sequence[int]]:
    ids: list[int] = []
    lines: int = 0
    _, pages = streamed(conn, text(_SIZES), account_id=account_id)
    for page in pages:
        for row in page:
            if ids and (len(ids) >= MOST_DOCUMENTS or lines + row.size > MOST_LINES):
                yield ids
                ids, lines = [], 0
            ids.append(row.id)
            lines += row.size
    if ids:
        yield ids


def _paper(conn: Connection, account_id: int, *, kept: Kept) -> StoredPaper:
    issued = kept.issued
    corrects = issued.standing.corrects
    corrected = documents.some_of(conn, account_id, ids=corrects) if corrects else ()
    view = DocumentView(issued, kept.face, movements_of(conn, account_id, document=issued.document.id))
    return StoredPaper(
        view=view,
        corrected={one.issued.document.id: one.issued for one in corrected},
        snapshot=_snapshot(kept),
        content_hash=kept.content_hash,
    )


def _snapshot(kept: Kept) -> str:
    said = {name: codec.canonical(value).decode() for name, value in kept.stored.items()}
    said["number"] = codec.canonical(kept.issued.number).decode()
    said["document"] = codec.document_text(kept.issued.document, form=kept.form)
    return "{" + ",".join(f'"{name}":{said[name]}' for name in sorted(said)) + "}"


_SIZES: Final = """
    SELECT document.id, (
        SELECT count(*) FROM document_lines AS line
        WHERE line.account_id = document.account_id AND line.document_id = document.id
    ) AS size
    FROM documents AS document WHERE document.account_id = :account ORDER BY document.id
"""
_NAMES: Final = """
    SELECT subscription.id, subscription.name, subscription.plan #>> '{plan,name}' AS plan, product.names AS product
    FROM subscriptions AS subscription LEFT JOIN products AS product ON product.id = subscription.product_id
    WHERE subscription.account_id = :account ORDER BY subscription.id
"""
