"""The run of a day, decided in memory."""

from datetime import date

from prorata.core.decision import Decision
from prorata.core.events import DayRun
from prorata.core.history import History
from prorata.core.insights.forecast import end_of_day
from prorata.core.step import step


def run(history: History, on: date) -> Decision:
    """Decide the run of a day, at its last instant."""
    return step(history, DayRun(), end_of_day(on, history))
