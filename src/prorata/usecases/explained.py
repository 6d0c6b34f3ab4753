"""A document beside the one before it: of those that are kept, and of those that are still to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prorata.core.documents.model import Document
from prorata.core.documents.numbers import Issued
from prorata.core.insights.changed_bill import first_changed
from prorata.core.insights.explain import Explanation, explain
from prorata.core.insights.past import past_of
from prorata.store import documents
from prorata.store.engine import Connection

_AT_ONCE = 24
"""So many documents are read in one go, backwards, until the one before is among them."""


@dataclass(frozen=True, slots=True)
class BillWhy:
    """A document that is not issued yet, and why it differs from the one before it.

    `before`: the one that it is compared with, where that is issued; `explanation.before` may also be one to come.
    """

    document: Document
    before: Issued | None
    explanation: Explanation


def explained(
    conn: Connection, account_id: int, *, document: Document, unsaved: Iterable[Document] = ()
) -> tuple[Issued | None, Explanation]:
    """The document before one of an account, and why the two differ.

    `unsaved` are those that come before it and are not issued; one of them has no number, and None stands for it.
    """
    ahead = {one.id: one for one in unsaved if one.id < document.id}
    kept: dict[int, Issued] = {}
    past = past_of(document, ahead.values())
    for newest in range(min(ahead, default=document.id) - 1, 0, -_AT_ONCE):
        ids = range(max(newest - _AT_ONCE, 0) + 1, newest + 1)
        read = documents.some_of(conn, account_id, ids=ids)
        kept.update((one.issued.document.id, one.issued) for one in read)
        past = past_of(document, (*ahead.values(), *(one.document for one in kept.values())))
        if past.is_like:
            break
    before = kept.get(past.before.id) if past.before else None
    return before, explain(document, past)


def why_of_preview(
    conn: Connection,
    account_id: int,
    *,
    written: tuple[Document, ...],
    coming: tuple[Document, ...],
    coming_before: tuple[Document, ...],
) -> BillWhy | None:
    """Why the bill that is shown before a change is what it is: the first that is `written` at once, else the first
    to come that the change alters. None where no bill is another one, or where bills only do not come any more.
    """
    changed = first_changed(coming_before, coming)
    document = next(iter(written), None) or (changed.after if changed else None)
    if document is None:
        return None
    before, explanation = explained(conn, account_id, document=document, unsaved=(*written, *coming))
    return BillWhy(document, before, explanation)
