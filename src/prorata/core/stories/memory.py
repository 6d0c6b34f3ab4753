"""The stage in memory: `step` folded over one account, with its documents numbered and its transfers kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import Document, Standing
from prorata.core.documents.numbers import Issued, document_number, series
from prorata.core.events import CloseAccount, DayRun, Event, GiveBack, GiveCredit, Late, singles_of
from prorata.core.history import History
from prorata.core.insights.forecast import end_of_day, next_run, shown
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import total
from prorata.core.payments.model import Payment
from prorata.core.step import step
from prorata.core.stories.model import Story
from prorata.core.stories.tail import open_tail
from prorata.core.stories.told import Told, balances

_FEWEST_CHARGES = 32
"""So short a tail is not worth cutting."""


class MemoryStage:
    """One account in memory: a `Stage` that keeps everything it has ever issued, and steps on the open tail of it."""

    def __init__(self, story: Story) -> None:
        """Open the account of a story; nothing has happened yet."""
        self._tail = History(story.account, story.payment)
        self._cut_at = _FEWEST_CHARGES
        self._looked_back_to, self._named = _looked_back_to(story)
        self._numbers: dict[tuple[str, int], int] = {}
        self._issued: list[tuple[str, Document]] = []
        self._transfers: list[Transfer] = []
        self._standings: dict[int, Standing] = {}
        self._payments: dict[int, Payment] = {}
        self._lots: dict[int, CreditLot] = {}

    def act(self, event: Event, at: datetime) -> None:
        """Decide and keep. Raises what `step` raises."""
        decision = step(self._known_for(event), event, at)
        self._issued += _numbered(decision.documents, self._numbers)
        self._transfers += decision.transfers
        self._keep(decision.after)
        self._tail = self._cut(decision.after, decision.today)

    def _known_for(self, event: Event) -> History:
        """The tail; for a closing with all money that was received and not returned: it may go back."""
        if not any(isinstance(one, CloseAccount) for one in singles_of(event)):
            return self._tail
        return replace(self._tail, payments=tuple(p for p in self._payments.values() if p.left))

    def _keep(self, history: History) -> None:
        self._standings.update((standing.document, standing) for standing in history.standings)
        self._payments.update((payment.id, payment) for payment in history.payments)
        self._lots.update((lot.id, lot) for lot in history.lots)

    def _cut(self, history: History, today: date) -> History:
        """Cut the tail whenever it has doubled: cutting costs little then, whatever the story."""
        if len(history.charges) < self._cut_at:
            return history
        history = open_tail(history, min(today, self._looked_back_to), keep=self._named)
        self._cut_at = max(2 * len(history.charges), _FEWEST_CHARGES)
        return history

    def preview(self, event: Event, at: datetime) -> tuple[Issued, ...]:
        """Decide and show. Raises what `step` raises."""
        decision = step(self._known_for(event), event, at)
        documents, after = shown(decision)
        standings = {standing.document: standing for standing in after.standings}
        return _issued(_numbered(documents, dict(self._numbers)), standings)

    def run(self, day: date) -> None:
        """The run of a day, at its last instant."""
        self.act(DayRun(), end_of_day(day, self._tail))

    def next_day(self, after: date) -> date | None:
        """The first day on which any subscription has something to come."""
        return next_run(self._tail, after)

    def told(self, on: date) -> Told:
        """The account as it stands."""
        of = self._tail.account.currency
        payments = self._payments.values()
        return Told(
            on=on,
            currency=of,
            documents=_issued(self._issued, self._standings),
            subscriptions=self._tail.subscriptions,
            paid=total((payment.amount for payment in payments), of),
            refunded=total((payment.amount - payment.left for payment in payments), of),
            credit=total((lot.left for lot in self._lots.values()), of),
            balances=balances(self._transfers, of),
        )


def _looked_back_to(story: Story) -> tuple[date, frozenset[int]]:
    """The earliest day that a late event of the story counts from; and the documents that events name."""
    singles = [single for event in story.events for single in singles_of(event.event)]
    late = (event.effective for event in singles if isinstance(event, Late))
    named = (event.document for event in singles if isinstance(event, GiveBack | GiveCredit))
    return min(late, default=date.max), frozenset(document for document in named if document)


def _numbered(documents: Iterable[Document], numbers: dict[tuple[str, int], int]) -> list[tuple[str, Document]]:
    """Give each document the next number of its series and year, counting on in `numbers`."""
    found: list[tuple[str, Document]] = []
    for document in documents:
        prefix, year = key = series(document.kind), document.date.year
        place = numbers[key] = numbers.get(key, 0) + 1
        number = document_number(prefix, year=year, place=place)
        found.append((number, document))
    return found


def _issued(numbered: Iterable[tuple[str, Document]], standings: Mapping[int, Standing]) -> tuple[Issued, ...]:
    return tuple(Issued(number, document, standings[document.id]) for number, document in numbered)
