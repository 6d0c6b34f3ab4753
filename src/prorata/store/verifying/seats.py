"""Each day of each seat: charged once where the licence ledger asks for it, and nowhere else.

What should be charged comes from the core, over the whole life of a subscription, and is laid beside the lines. Days
may differ where that is known and to be written later:

- from the first day on of which changes are still to be written (`unwritten`);
- from the day on up to which a cancellation that is still to come will be charged: what was paid beyond it is taken
  back when it takes effect, and what changes meanwhile is not charged there any more;
- after an end, up to the reactivation, seats that were given up without credit stay wanted, but are not charged where
  they were not before;
- of what was given back by hand to the last cent nothing can be credited: its seats stay;
- without proration what has begun stays charged to the end of its period, and is charged only once in it.

Each item is laid beside its own lines. Terms that count seconds are compared by instants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from prorata.core.billing.by_the_second import on_instants
from prorata.core.billing.desired import Wanted, desired
from prorata.core.billing.difference import Level
from prorata.core.billing.shares import shares
from prorata.core.calendar import Grid, Period, business_date, start_of_day
from prorata.core.catalog.plans import Item
from prorata.core.subscriptions.ledgers import Rest, plan_on, rests_on
from prorata.core.subscriptions.model import Subscription
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.rows import LineRow, seats_of

_KEPT: Final = 1000


class _Stretch(NamedTuple):
    """Days on which so many licences are charged, and so many should be."""

    start: date
    end: date
    charged: int
    wanted: int


def check_seats(
    subscription: Subscription, lines: Sequence[LineRow], *, zone: ZoneInfo, parked: bool
) -> Iterator[Finding]:
    """The days of one subscription against all its lines. A parked one may lack days, and nothing else."""
    in_days, lines_in_days = subscription, lines
    if subscription.terms.proration == "second":
        subscription = on_instants(subscription, zone)
        lines = [_on_instants(line, zone) for line in lines]
    known_to = _known_to(subscription)
    wanted = desired(subscription, Period(subscription.start, known_to))
    mine = _by_item(lines)
    spent = _spent(lines)
    billed_to: date | None = None
    for item in dict.fromkeys((*wanted, *mine)):
        want, charged = wanted.get(item), mine.get(item, ())
        levels = want.levels if want else ()
        wholes = _wholes(subscription, charged)
        for stretch in _stretches(subscription, charged, levels=levels, until=known_to):
            if stretch.charged > 0:
                billed_to = max(stretch.end, billed_to or stretch.end)
            wrong = _wrong(subscription, stretch, known_to=known_to, spent=spent)
            if wrong == "seats_missing" and wholes and wholes[_begins(subscription, stretch.start)] >= stretch.wanted:
                continue
            if wrong and not (parked and wrong == "seats_missing"):
                days = f"{stretch.start} to {stretch.end}"
                detail = f"{stretch.charged} licences are charged, {stretch.wanted} are what it should be"
                yield Finding(wrong, f"{subscription.name} {days}", detail)
    if isinstance(billed_to, datetime):
        billed_to = business_date(billed_to, zone)
    yield from _check_billed_to(in_days, lines_in_days, billed_to=billed_to)
    yield from _check_lines(subscription, lines, wanted=wanted)


def _wholes(subscription: Subscription, lines: Sequence[LineRow]) -> Mapping[date, int]:
    """Without proration, by the first days of periods: how many licences were charged, each for all of its period."""
    found: dict[date, int] = defaultdict(int)
    if subscription.terms.proration == "none":
        for line in lines:
            if line.corrects_document is None:
                found[_begins(subscription, line.from_date)] += seats_of(line)
    return found


def _begins(subscription: Subscription, on: date) -> date:
    return plan_on(subscription.plans, on).grid.period(on).start


def _on_instants(line: LineRow, zone: ZoneInfo) -> LineRow:
    """The line from its first instant to its last."""
    start = line.exact_from or start_of_day(line.from_date, zone)
    return line._replace(from_date=start, to_date=line.exact_to or start_of_day(line.to_date, zone))


def _by_item(lines: Sequence[LineRow]) -> dict[Item, list[LineRow]]:
    """The lines that charge days, or take them back; discounts go with what they reduce."""
    found: dict[_Charged, list[LineRow]] = {}
    for line in lines:
        if line.days is not None and line.kind != "discount":
            found.setdefault(_of_line(line), []).append(line)
    return {Item(*charged): of_it for charged, of_it in found.items()}


# What a line and an item say of what is charged for: Python compares tuples many times faster than items.
_Charged = tuple[str, int, int, int, bool]
_of_line: Final = cast("Callable[[LineRow], _Charged]", attrgetter("plan", "price_version", "phase", "step", "flat"))
_of_item: Final = cast("Callable[[Item], _Charged]", attrgetter("plan", "version", "phase", "step", "flat"))


def _spent(lines: Sequence[LineRow]) -> list[Period]:
    """The days of charges of which nothing is left, less their discounts, because it was given back by hand."""
    if None not in [line.days for line in lines]:
        return []
    left: dict[tuple[int | None, int | None], int] = defaultdict(int)
    stands_for: dict[tuple[int | None, int | None], tuple[int | None, int | None]] = {}
    for line in lines:
        if line.corrects_document is None:
            own = line.document_id, line.line
            stands_for[own] = own if line.reduces is None else (line.document_id, line.reduces)
            left[stands_for[own]] += line.amount
    by_hand: set[tuple[int | None, int | None]] = set()
    for line in lines:
        ref = stands_for.get((line.corrects_document, line.corrects_line))
        if ref:
            left[ref] += line.amount
            if line.days is None:
                by_hand.add(ref)
    return [
        Period(line.from_date, line.to_date)
        for line in lines
        if (line.document_id, line.line) in by_hand and not left[line.document_id, line.line]
    ]


def _known_to(subscription: Subscription) -> date:
    """The first day from which on desired and billed may differ."""
    day = subscription.covered_to
    if subscription.unwritten:
        day = min(day, subscription.unwritten.start)
    if subscription.ending and subscription.is_running:
        day = min(day, subscription.ending.charged_to)
    return max(day, subscription.start)


def _stretches(
    subscription: Subscription, lines: Sequence[LineRow], *, levels: Sequence[Level], until: date
) -> Iterator[_Stretch]:
    """The days with lines or wishes, cut wherever one of the two changes."""
    charges: dict[date, int] = defaultdict(int)
    wishes: dict[date, int] = defaultdict(int)
    for line in lines:
        seats = seats_of(line)
        licences = seats if line.corrects_document is None else -seats
        charges[line.from_date] += licences
        charges[line.to_date] -= licences
    for level in levels:
        wishes[level.period.start] += level.licences
        wishes[level.period.end] -= level.licences
    # Where the rules change, stretches end.
    edges = {until, subscription.covered_to}
    if subscription.ending:
        edges.add(subscription.ending.charged_to)
    edges.update(day for rest in _ended(subscription) for day in (rest.start, rest.end) if day)
    charged = wanted = 0
    for steps in (charges, wishes):
        edges.update([day for day, step in steps.items() if step])
    for start, end in pairwise(sorted(edges)):
        charged += charges[start]
        wanted += wishes[start]
        yield _Stretch(start, end, charged, wanted)


def _ended(subscription: Subscription) -> list[Rest]:
    """The days between an end and a reactivation on which seats may stay wanted that had been given up."""
    return [rest for rest in subscription.rests if rest.why == "ended"] if subscription.forfeits else []


def _wrong(subscription: Subscription, stretch: _Stretch, *, known_to: date, spent: Sequence[Period]) -> str | None:
    """What is wrong with a stretch of days, if anything."""
    wrong = _differs(subscription, stretch, known_to=known_to)
    if wrong not in {"seats_charged_twice", "seats_charged_ahead"} or stretch.charged < 0:
        return wrong
    may_stay = subscription.terms.proration == "none" or any(
        days.start < stretch.end and stretch.start < days.end for days in spent
    )
    return None if may_stay else wrong


def _differs(subscription: Subscription, stretch: _Stretch, *, known_to: date) -> str | None:
    if stretch.start >= subscription.covered_to:
        # What a change of plan did not give back stays, further than the plan is billed now; and so does what was
        # charged on a longer grid, for as long as it is wanted.
        forfeits = (f for f in subscription.forfeits if f.period.start <= stretch.start < f.period.end)
        stays = max(sum(f.licences for f in forfeits), subscription.licences if len(subscription.plans) > 1 else 0)
        return "seats_charged_ahead" if not 0 <= stretch.charged <= stays else None
    if stretch.start >= known_to:
        return "seats_charged_twice" if stretch.charged < 0 else None
    ending = subscription.ending
    is_over = not subscription.is_running and ending is not None and stretch.start >= ending.charged_to
    is_over = is_over or rests_on(_ended(subscription), stretch.start)
    if stretch.charged < stretch.wanted and not is_over:
        return "seats_missing"
    return "seats_charged_twice" if stretch.charged > stretch.wanted else None


def _check_billed_to(
    subscription: Subscription, lines: Sequence[LineRow], *, billed_to: date | None
) -> Iterator[Finding]:
    """The first day that no document covers. Where nothing stays charged, it is one before the first charge ended."""
    stored = subscription.billed_to
    is_right = stored == billed_to
    if billed_to is None and stored is not None:
        charges = (line for line in lines if line.corrects_document is None and line.days is not None)
        first = min((line.from_date for line in charges), default=None)
        is_right = first is not None and subscription.start <= stored <= first
    if not is_right:
        yield Finding("billed_to_differs", subscription.name, f"{stored} is stored, {billed_to} is what is billed")


def _check_lines(
    subscription: Subscription, lines: Sequence[LineRow], *, wanted: Mapping[Item, Wanted]
) -> Iterator[Finding]:
    """Each charge at the price that was sold, inside one period of a grid that there was, and counted in its days."""
    forfeited = {forfeit.item for forfeit in subscription.forfeits if forfeit.item}
    prices = {_of_item(item): f"{want.price.amount:f}" for item, want in wanted.items() if item not in forfeited}
    plans = subscription.plans
    grids = [plans[0].grid] if len(plans) == 1 else list(dict.fromkeys(entry.grid for entry in plans))
    proration = subscription.terms.proration
    for line in lines:
        if line.kind not in {"recurring", "flat"}:
            continue
        written = prices.get(_of_line(line), line.price)
        if line.price != written:
            yield Finding("price_differs", _where(subscription, line), f"{line.price} was charged, not {written}")
        if not _lies_in(grids, line, proration=proration):
            period = subscription.grid.period(line.from_date)
            detail = f"the period is {period.start} to {period.end}"
            yield Finding("period_differs", _where(subscription, line), detail)


def _lies_in(grids: Iterable[Grid], line: LineRow, *, proration: str) -> bool:
    """Whether a line lies inside a period of one of the grids, and is counted in its days."""
    for grid in grids:
        running = grid.period(line.from_date)
        if line.to_date <= running.end and line.of_days == _days_of(running, proration, grid.every.months):
            return True
    return False


@lru_cache(_KEPT)
def _days_of(running: Period, proration: str, months: int) -> int:  # noqa: PLR0917 - as a cache has it
    """The days of a whole period, as the terms count them."""
    return shares(running, running, proration=proration, months=months)[1]


def _where(subscription: Subscription, line: LineRow) -> str:
    return f"{subscription.name} {line.from_date} to {line.to_date}"
