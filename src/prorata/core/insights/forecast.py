"""What is to come if nothing else happens: the daily runs of the days ahead, decided and not saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from prorata.core.billing.due import next_day
from prorata.core.calendar import start_of_day
from prorata.core.decision import Decision
from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.planning import plan
from prorata.core.subscriptions.lifecycle import Around, on_day
from prorata.core.subscriptions.unpaid import unpaid_from

MOST_RUNS = 400
"""A bound on the days that a forecast looks at."""


def end_of_day(on: date, history: History) -> datetime:
    """The last instant of a day in the account's zone: a day's run comes after the day's events."""
    return start_of_day(on + timedelta(days=1), history.account.zone) - timedelta(microseconds=1)


def shown(decision: Decision) -> tuple[tuple[Document, ...], History]:
    """What a decision writes, for a preview: its own documents, or those that the run of its day writes because of it.

    With the history as these leave it. Changes that are invoiced now are written by their day's run.
    """
    after = decision.after
    known = set(decision.before.subscriptions)
    touched = [s for s in after.subscriptions if s not in known]
    due = [s for s in touched if s.unwritten and s.unwritten.due <= decision.today]
    if decision.documents or not due or after.account.billing != "daily":
        return decision.documents, after
    run = plan(after, as_of=decision.today, at=end_of_day(decision.today, after)).decision
    return (run.documents, run.after) if run else ((), after)


def next_run(history: History, after: date) -> date | None:
    """The first day after the given one on which a run may find something to do."""
    following = after + timedelta(days=1)
    around = Around(history.mode, history.prices, start_of_day(following, history.account.zone))
    if any(on_day(s, following, around=around) is not s for s in history.running()):
        # What was entered late, as a new price is, may have begun before.
        return following
    days = [day for s in history.running() if (day := next_day(s, after)) is not None]
    days += (max(day, following) for day in unpaid_from(history.standings, history.subscriptions).values())
    return min(days) if days else None


def next_documents(history: History, after: date, *, until: date, most: int = 1) -> tuple[Document, ...]:
    """The documents that the runs after a day would issue, up to and including `until`, at most so many.

    What a run would park is left out from then on, as the run would leave it out. Bills are taken to be paid in time:
    else whoever pays by transfer would be foretold that all of it ends.
    """
    found: list[Document] = []
    for _ in range(MOST_RUNS):
        history = _as_if_paid(history)
        on = next_run(history, after)
        if on is None or on > until or len(found) >= most:
            break
        planned = plan(history, as_of=on, at=end_of_day(on, history))
        if planned.decision:
            found += planned.decision.documents
            history = planned.decision.after
        elif planned.parked:
            history = replace(history, parked=history.parked | {one.subscription for one in planned.parked})
        after = on
    return tuple(found[:most])


def _as_if_paid(history: History) -> History:
    if not any(standing.subscriptions for standing in history.standings):
        return history
    return replace(history, standings=tuple(standing.not_to_be_asked_for() for standing in history.standings))
