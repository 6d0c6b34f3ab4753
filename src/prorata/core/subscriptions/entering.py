"""A plan or a grid that is entered for a day, and what later entries had taken over from what was sold there.

A price that changed and periods that were moved say nothing of the plan, and a plan that kept its anchor says nothing
of the day on which periods begin. Entered for a day before them, a change reaches through them, as if it had been known
then. What somebody chose later stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Final

from prorata.core.calendar import Every, Grid, add_months, grid
from prorata.core.catalog.terms import AnchorChange, Terms
from prorata.core.subscriptions.ledgers import PlanChange, PlanWhy, entered, plan_on

_OF_NO_PLAN: Final = frozenset[PlanWhy](("price", "anchor"))
_CHOSEN: Final = frozenset[PlanWhy](("plan", "frequency"))


def moved(now: Grid, every: Every, *, anchor: AnchorChange, on: date, terms: Terms) -> Grid:
    """The grid after a change on a day. `keep` counts on from the same first start. Raises `AnchorNotPossible`."""
    if anchor == "restart":
        return grid(on, every, anchor="start")
    if anchor == "keep":
        if every == now.every:
            return now
        if terms.anchor == "calendar":
            return grid(on, every, anchor="calendar")
        first = first_of(now)
        return Grid(first, every, (now.day or first.day) if every.months else None)
    return grid(first_of(now), every, anchor=anchor)


def first_of(now: Grid) -> date:
    """The date that a grid is counted from, on its own day of the month."""
    base = now.base
    return base if now.day is None else add_months(base.year, base.month, months=0, day=now.day)


def enter(changes: tuple[PlanChange, ...], change: PlanChange, *, terms: Terms) -> tuple[PlanChange, ...]:
    """The ledger with a change of the plan or the grid in its place, and with what later days take over from it.

    Nothing is overwritten: what a later day has now stands behind what it had. A price entered there is let begin
    anew (`new_price`), on the new grid.
    """
    later = [entry for entry in changes if entry.effective > change.effective]
    found = entered(changes, change)
    old, new = plan_on(changes, change.effective), change
    for _, of_the_day in groupby(later, key=attrgetter("effective")):
        was = tuple(of_the_day)
        now = _after(old, was, new=new, terms=terms)
        if now is None:
            break
        found = entered(found, now)
        old, new = was[-1], now
    return found


def _after(old: PlanChange, day: Sequence[PlanChange], *, new: PlanChange, terms: Terms) -> PlanChange | None:
    """What a day had entered, after the new entry before it; None where it is as it was, there and from there on."""
    whys, last = {entry.why for entry in day}, day[-1]
    kept = moved(old.grid, last.plan.every, anchor="keep", on=last.effective, terms=terms)
    keeps = last.why != "anchor" and last.grid == kept
    if whys <= _OF_NO_PLAN:
        now = replace(last, at=new.at, by=new.by, plan=new.plan, counted_from=new.counted_from)
    elif whys <= _CHOSEN and keeps:
        now = replace(last, at=new.at, by=new.by)
    else:
        return None
    now = replace(now, grid=_grid(last, now.plan.every, keeps=keeps, new=new, terms=terms))
    is_same = (now.plan, now.grid, now.counted_from) == (last.plan, last.grid, last.counted_from)
    return None if is_same else now


def _grid(last: PlanChange, every: Every, *, keeps: bool, new: PlanChange, terms: Terms) -> Grid:
    if keeps:
        return moved(new.grid, every, anchor="keep", on=last.effective, terms=terms)
    if every == last.grid.every:
        return last.grid
    # Periods counted in days have no day of the month that they could be moved to.
    anchor = last.grid.day if last.grid.day and every.months else "keep"
    return moved(new.grid, every, anchor=anchor, on=last.effective, terms=terms)
