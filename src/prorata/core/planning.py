"""Planning an account's part of a billing run: what it is to write, and what stops it.

A failure is a value here. A subscription that cannot be billed is parked, alone: the account's other subscriptions are
planned as if nothing had happened, and so are all other accounts.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from prorata.core.billing.due import is_over
from prorata.core.decision import Decision
from prorata.core.errors import DomainError, Parameter
from prorata.core.events import DayRun
from prorata.core.history import History
from prorata.core.records import record
from prorata.core.step import step

UNEXPECTED = "unexpected"
"""The code of a failure that no rule foresaw: a bug."""


@record
class Parked:
    """A subscription (by id) that cannot be billed: a rule's code and the facts of its sentence.

    `trace` is the program's own account of a failure that no rule foresaw, else empty.
    """

    subscription: int
    code: str
    parameters: Mapping[str, Parameter]
    trace: str = ""

    @property
    def unexpected(self) -> bool:
        """Whether no rule foresaw it."""
        return self.code == UNEXPECTED


@record
class Plan:
    """What a run is to write for an account (None: nothing is due), and what it has to park."""

    decision: Decision | None
    parked: tuple[Parked, ...] = ()


def plan(history: History, *, as_of: date, at: datetime) -> Plan:
    """Plan the run of a day, decided at an instant (aware, not before that day). Nothing that a history can say raises.

    Where the account cannot be planned as a whole, those subscriptions are parked that cannot be planned by themselves;
    where each of them can, all of them, since what is wrong lies between them.
    """
    event = DayRun(as_of)
    try:
        return Plan(_unless_idle(step(history, event, at)))
    except Exception as failure:  # noqa: BLE001 - whatever is wrong here, the others are billed
        first = failure
    parked = [found for one in history.running() if (found := _alone(history, one.id, event=event, at=at))]
    try:
        history = replace(history, parked=history.parked | {one.subscription for one in parked})
        return Plan(_unless_idle(step(history, event, at)), tuple(parked))
    except Exception:  # noqa: BLE001 - not even without them
        found = {one.subscription for one in parked}
        rest = (s.id for s in history.running() if s.id not in found and not is_over(s))
        return Plan(None, (*parked, *(parked_for(one, first) for one in rest)))


def _unless_idle(decision: Decision) -> Decision | None:
    return None if decision.after is decision.before else decision


def _alone(history: History, subscription: int, *, event: DayRun, at: datetime) -> Parked | None:
    """Why a subscription cannot be planned while all others rest; None where it can."""
    others = frozenset(s.id for s in history.subscriptions) - {subscription}
    try:
        step(replace(history, parked=others), event, at)
    except Exception as failure:  # noqa: BLE001 - a failure is a value
        return parked_for(subscription, failure)
    return None


def parked_for(subscription: int, failure: Exception) -> Parked:
    """Say why a subscription is parked: by a rule's code, or as something that nobody foresaw.

    A machine that has no memory left is no subscription's fault: that is raised.
    """
    if isinstance(failure, MemoryError):
        raise failure
    if isinstance(failure, DomainError):
        return Parked(subscription, failure.code, failure.parameters)
    trace = "".join(traceback.format_exception(failure))
    return Parked(subscription, UNEXPECTED, {"failure": type(failure).__name__}, trace)
