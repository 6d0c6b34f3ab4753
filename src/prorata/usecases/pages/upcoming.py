"""The next twelve months: every bill that comes if nothing else changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.insights.forecast import next_documents
from prorata.usecases.act import MOST_COMING, year_from


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Bills to come, unnumbered, in the order of their days; `until`: the last day that was looked at.

    `cut`: there may be more in these months than were looked at.
    """

    until: date
    documents: tuple[Document, ...]
    cut: bool = False

    def of(self, subscription: int) -> Upcoming:
        """Those that have a line of one subscription."""
        found = tuple(d for d in self.documents if any(line.subscription == subscription for line in d.lines))
        return Upcoming(self.until, found, self.cut)


def upcoming(tail: History, today: date) -> Upcoming:
    """What the runs of today and of the twelve months after it would issue."""
    found = next_documents(tail, today - timedelta(days=1), until=year_from(today), most=MOST_COMING)
    return within_a_year(found, today)


def within_a_year(documents: Iterable[Document], today: date) -> Upcoming:
    """Those of some bills to come that fall into the twelve months from a day on."""
    until = year_from(today)
    found = [document for document in documents if document.date <= until]
    return Upcoming(until, tuple(found), cut=len(found) >= MOST_COMING)
