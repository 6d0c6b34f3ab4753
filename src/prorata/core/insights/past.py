"""The document before another one: with which a reader compares it.

It is the profile's last earlier document that charges a period of any subscription on this one, as it came. What only
carried changes, an end, days that had been billed before, or something given back is passed over, for a bill is
compared with the last one like it. Is there none, it is the profile's last one that charges any period, else its last
one of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from prorata.core.documents.model import Document
from prorata.core.insights.regular import is_late, is_regular
from prorata.core.records import record


@record
class Past:
    """What came before a document: the one to compare it with (None: it is the first), and those between the two.

    `covered`: for each subscription the first day that nothing before `before` charges. `is_like`: it charges a period
    of a subscription on this one, so that no earlier document can take its place.
    """

    before: Document | None = None
    between: tuple[Document, ...] = ()
    covered: Mapping[int, date] | None = None
    is_like: bool = False


@record
class _Known:
    """An earlier document: whose periods it charges, and up to where those before it had charged."""

    document: Document
    charges: frozenset[int]
    covered: Mapping[int, date]


def past_of(document: Document, earlier: Iterable[Document]) -> Past:
    """Find the one before among documents of the account, in any order; later ones and other profiles' are left out."""
    known = _known(sorted((one for one in earlier if _is_earlier(one, document)), key=lambda one: one.id))
    mine = {line.subscription for line in document.lines}
    like = [one for one in known if one.charges & mine] or [one for one in known if one.charges] or known
    if not like:
        return Past()
    found = like[-1]
    between = tuple(one.document for one in known if one.document.id > found.document.id)
    return Past(found.document, between, found.covered, is_like=bool(found.charges & mine))


def _is_earlier(one: Document, document: Document) -> bool:
    is_like = one.profile == document.profile and one.total.currency == document.total.currency
    return is_like and one.id < document.id


def _known(documents: Iterable[Document]) -> list[_Known]:
    """Documents in their order, each with what was charged before it."""
    covered: dict[int, date] = {}
    found: list[_Known] = []
    for document in documents:
        lines = [
            line
            for line in document.lines
            if is_regular(line) and not is_late(line, covered_to=covered.get(line.subscription))
        ]
        found.append(_Known(document, frozenset(line.subscription for line in lines), dict(covered)))
        for line in lines:
            covered[line.subscription] = max(covered.get(line.subscription, date.min), line.period.end)
    return found
