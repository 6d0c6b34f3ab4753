"""The stage in memory: `step` folded over one account, with its documents numbered and its transfers kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from prorata.core.billing.due import next_day
from prorata.core.calendar import start_of_day
from prorata.core.documents.model import Document
from prorata.core.documents.numbers import Issued, document_number, series
from prorata.core.events import DayRun, Event
from prorata.core.history import History
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import total
from prorata.core.step import step
from prorata.core.stories.model import Story
from prorata.core.stories.told import Told, balances

_LAST_MOMENT = timedelta(microseconds=1)


class MemoryStage:
    """One account in memory: a `Stage` that keeps everything it has ever issued."""

    def __init__(self, story: Story) -> None:
        """Open the account of a story; nothing has happened yet."""
        self._history = History(story.account, story.payment)
        self._numbers: dict[tuple[str, int], int] = {}
        self._issued: list[tuple[str, Document]] = []
        self._transfers: list[Transfer] = []

    def act(self, event: Event, at: datetime) -> None:
        """Decide and keep. Raises what `step` raises."""
        decision = step(self._history, event, at)
        self._issued += _numbered(decision.documents, self._numbers)
        self._transfers += decision.transfers
        self._history = decision.after

    def preview(self, event: Event, at: datetime) -> tuple[Issued, ...]:
        """Decide and show. Raises what `step` raises."""
        decision = step(self._history, event, at)
        return _issued(_numbered(decision.documents, dict(self._numbers)), decision.after)

    def run(self, day: date) -> None:
        """The run of a day, at its last instant."""
        tomorrow = start_of_day(day + timedelta(days=1), self._history.account.zone)
        self.act(DayRun(), tomorrow - _LAST_MOMENT)

    def next_day(self, after: date) -> date | None:
        """The first day on which any subscription has something to come."""
        days = (next_day(subscription, after) for subscription in self._history.subscriptions)
        return min((day for day in days if day), default=None)

    def told(self, on: date) -> Told:
        """The account as it stands."""
        history = self._history
        of = history.account.currency
        return Told(
            on=on,
            currency=of,
            documents=_issued(self._issued, history),
            subscriptions=history.subscriptions,
            paid=total((payment.amount for payment in history.payments), of),
            refunded=total((payment.amount - payment.left for payment in history.payments), of),
            credit=total((lot.left for lot in history.lots), of),
            balances=balances(self._transfers, of),
        )


def _numbered(documents: Iterable[Document], numbers: dict[tuple[str, int], int]) -> list[tuple[str, Document]]:
    """Give each document the next number of its series and year, counting on in `numbers`."""
    found: list[tuple[str, Document]] = []
    for document in documents:
        prefix, year = key = series(document.kind), document.date.year
        place = numbers[key] = numbers.get(key, 0) + 1
        number = document_number(prefix, year=year, place=place)
        found.append((number, document))
    return found


def _issued(numbered: Iterable[tuple[str, Document]], history: History) -> tuple[Issued, ...]:
    standings = {standing.document: standing for standing in history.standings}
    return tuple(Issued(number, document, standings[document.id]) for number, document in numbered)
