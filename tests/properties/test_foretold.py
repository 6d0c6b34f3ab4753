"""What a preview foretells is what the runs of the days then write: documents, days and amounts."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from properties.lives import lives
from properties.living import live
from properties.seat_book import DAY
from properties.wishes import Life
from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.insights.forecast import next_documents
from support.nights import run

_DAYS_AHEAD = 120
_NO_BOUND = 1000


def _paid_in_time(history: History) -> History:
    """What is foretold takes it that each bill is paid before it is past due."""
    return replace(history, standings=tuple(standing.not_to_be_asked_for() for standing in history.standings))


def _written(history: History, today: date) -> list[Document]:
    """Every day has its run, also those on which nothing is due."""
    found: list[Document] = []
    for i in range(_DAYS_AHEAD + 1):
        decision = run(_paid_in_time(history), today + DAY * i)
        history = decision.after
        found += decision.documents
    return found


@given(lives())
def test_the_bills_that_are_foretold_before_a_change_are_those_that_come_after_it(life: Life) -> None:
    decisions = [lived.last for lived in live(life, rest=0, last=False) if not lived.evening]
    decision = decisions[-1] if decisions else None
    if decision:
        today = decision.today
        until = today + DAY * _DAYS_AHEAD
        foretold = next_documents(decision.after, today - DAY, until=until, most=_NO_BOUND)
        assert list(foretold) == _written(decision.after, today)
