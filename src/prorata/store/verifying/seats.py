"""Each day of each seat: charged once where the licence ledger asks for it, and nowhere else.

What should be charged comes from the core, over the whole life of a subscription, and is laid beside the lines. Days
may differ where that is known and to be written later:

- from the first day on of which changes are still to be written (`unwritten`);
- from the day on up to which a cancellation that is still to come will be charged: what was paid beyond it is taken
  back when it takes effect, and what changes meanwhile is not charged there any more;
- after an end seats that were given up without credit stay wanted, but are not charged where they were not before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from prorata.core.billing.desired import desired
from prorata.core.calendar import Period
from prorata.core.subscriptions.model import Subscription
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.rows import LineRow


class _Stretch(NamedTuple):
    """Days on which so many licences are charged, and so many should be."""

    start: date
    end: date
    charged: int
    wanted: int


def check_seats(subscription: Subscription, lines: Sequence[LineRow], *, parked: bool) -> Iterator[Finding]:
    """The days of one subscription against all its lines. A parked one may lack days, and nothing else."""
    name = subscription.name
    known_to = _known_to(subscription)
    billed_to = None
    for stretch in _stretches(subscription, lines, until=known_to):
        if stretch.charged > 0:
            billed_to = stretch.end
        wrong = _wrong(subscription, stretch, known_to=known_to)
        if wrong and not (parked and wrong == "seats_missing"):
            days = f"{stretch.start} to {stretch.end}"
            detail = f"{stretch.charged} licences are charged, {stretch.wanted} are what it should be"
            yield Finding(wrong, f"{name} {days}", detail)
    yield from _check_billed_to(subscription, lines, billed_to=billed_to)
    yield from _check_lines(subscription, lines)


def _known_to(subscription: Subscription) -> date:
    """The first day from which on desired and billed may differ."""
    days = [subscription.covered_to]
    if subscription.unwritten:
        days.append(subscription.unwritten.start)
    if subscription.ending and subscription.state == "active":
        days.append(subscription.ending.charged_to)
    return max(min(days), subscription.start)


def _stretches(subscription: Subscription, lines: Sequence[LineRow], *, until: date) -> Iterator[_Stretch]:
    """The days with lines or wishes, cut wherever one of the two changes."""
    charges: dict[date, int] = defaultdict(int)
    wishes: dict[date, int] = defaultdict(int)
    for line in lines:
        licences = -line.licences if line.kind == "credit" else line.licences
        charges[line.from_date] += licences
        charges[line.to_date] -= licences
    # A price of zero makes no line.
    if subscription.plan.price.amount.amount:
        for level in desired(subscription, Period(subscription.start, until)):
            wishes[level.period.start] += level.licences
            wishes[level.period.end] -= level.licences
    # Where the rules change, stretches end.
    edges = {until, subscription.covered_to}
    if subscription.ending:
        edges.add(subscription.ending.charged_to)
    charged = wanted = 0
    for steps in (charges, wishes):
        edges.update(day for day, step in steps.items() if step)
    for start, end in pairwise(sorted(edges)):
        charged += charges[start]
        wanted += wishes[start]
        yield _Stretch(start, end, charged, wanted)


def _wrong(subscription: Subscription, stretch: _Stretch, *, known_to: date) -> str | None:
    """What is wrong with a stretch of days, if anything."""
    if stretch.start >= subscription.covered_to:
        return "seats_charged_ahead" if stretch.charged else None
    if stretch.start >= known_to:
        return "seats_charged_twice" if stretch.charged < 0 else None
    ending = subscription.ending
    is_over = subscription.state != "active" and ending is not None and stretch.start >= ending.charged_to
    if stretch.charged < stretch.wanted and not is_over:
        return "seats_missing"
    return "seats_charged_twice" if stretch.charged > stretch.wanted else None


def _check_billed_to(
    subscription: Subscription, lines: Sequence[LineRow], *, billed_to: date | None
) -> Iterator[Finding]:
    """The first day that no document covers. Where nothing stays charged, it is one before the first charge ended."""
    stored = subscription.billed_to
    first = min((line.from_date for line in lines if line.kind != "credit"), default=None)
    if billed_to is None and first is not None and stored is not None:
        is_right = subscription.start <= stored <= first
    else:
        is_right = stored == billed_to
    if not is_right:
        yield Finding("billed_to_differs", subscription.name, f"{stored} is stored, {billed_to} is what is billed")


def _check_lines(subscription: Subscription, lines: Sequence[LineRow]) -> Iterator[Finding]:
    """Each charge at the price that was sold, inside one period of the grid, and counted in its days."""
    charges = (line for line in lines if line.kind != "credit")
    price = subscription.plan.price
    written = f"{price.amount.amount:f}"
    for line in charges:
        if line.price_version == price.version and line.price != written:
            yield Finding("price_differs", _where(subscription, line), f"{line.price} was charged, not {written}")
        period = subscription.grid.period(line.from_date)
        if line.to_date > period.end or line.of_days != period.days:
            detail = f"the period is {period.start} to {period.end}"
            yield Finding("period_differs", _where(subscription, line), detail)


def _where(subscription: Subscription, line: LineRow) -> str:
    return f"{subscription.name} {line.from_date} to {line.to_date}"
