"""Which bill to come is the first that a change alters: the one that is shown before the change is made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from prorata.core.documents.model import Document
from prorata.core.records import record


@record
class BillChange:
    """The first bill to come that is another one: on its day, without the change (`before`) and with it (`after`).

    `gone`: bills of earlier days that do not come any more; of these alone where `after` is None.
    """

    day: date
    before: Document | None
    after: Document | None
    gone: tuple[Document, ...] = ()


def first_changed(before: Iterable[Document], after: Iterable[Document]) -> BillChange | None:
    """The first bill to come that is another one with the change, and what does not come before it."""
    was = {(d.date, d.profile): d for d in before}
    will = {(d.date, d.profile): d for d in after}
    gone: list[Document] = []
    for key in sorted(was.keys() | will.keys()):
        one, other = was.get(key), will.get(key)
        if _content(one) == _content(other):
            continue
        if other:
            return BillChange(key[0], one, other, tuple(gone))
        gone += [one] if one else []
    return BillChange(gone[0].date, gone[0], None, tuple(gone)) if gone else None


def _content(document: Document | None) -> object:
    if document is None:
        return None
    return document.total, [(line.amount, line.period, line.licences, line.kind) for line in document.lines]
