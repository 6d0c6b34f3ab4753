"""Terms that count seconds: the same rules, on instants in the place of days.

Everything that says from which day on something holds is turned into the instant from which it holds: that of the event
itself, or the first of the day in the account's zone. The lines that come of it keep their instants, and show days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from prorata.core.billing.lines import Drafted, draft_lines
from prorata.core.calendar import Grid, Period, business_date, start_of_day
from prorata.core.documents.model import Line
from prorata.core.history import Charge, Taken
from prorata.core.licences.ledger import Forfeit, LicenceChange
from prorata.core.records import record
from prorata.core.subscriptions.ledgers import PlanChange, Rest, phase_starts
from prorata.core.subscriptions.model import Setup, Subscription


@record
class _Instants(Grid):
    """A grid whose periods are told from instant to instant."""

    zone: ZoneInfo

    def period(self, on: date) -> Period:
        """The whole period that contains the instant."""
        day = business_date(on, self.zone) if isinstance(on, datetime) else on
        return _instants(Grid(self.base, self.every, self.day).period(day), self.zone)


@record
class _Sold(PlanChange):
    """A change of what is sold, in force from an instant on."""

    zone: ZoneInfo

    def phase_starts(self) -> tuple[date, ...]:
        """The first instant of each phase."""
        return tuple(start_of_day(day, self.zone) for day in phase_starts(self.plan, self.counted_from))


def draft_by_the_second(
    subscription: Subscription,
    charges: Sequence[Charge],
    *,
    days: Period,
    charge_to: date,
    tax_rate: Fraction | None,
    setups: Sequence[Setup],
    zone: ZoneInfo,
) -> Drafted:
    """What `draft_lines` gives for days, counted in seconds."""
    told = on_instants(subscription, zone)
    until = _until(told, subscription, charge_to=charge_to, zone=zone)
    window = _instants(days, zone)
    drafted = draft_lines(
        told,
        [_charge(charge, zone) for charge in charges],
        days=Period(window.start, max(window.end, until)),
        charge_to=until,
        tax_rate=tax_rate,
        setups=[replace(setup, on=start_of_day(setup.on, zone)) for setup in setups],
    )
    left = drafted.left_from
    return Drafted(
        tuple(_shown(line, zone) for line in drafted.lines),
        tuple(_kept(charge, zone) for charge in drafted.charges),
        tuple(setups),
        _day(left, zone) if left else None,
    )


def _until(told: Subscription, subscription: Subscription, *, charge_to: date, zone: ZoneInfo) -> date:
    """What ends in the middle of a day is charged up to its instant."""
    ending, paused = subscription.ending, subscription.paused
    if ending and told.ending and ending.charged_to == charge_to:
        return told.ending.charged_to
    if paused and told.paused and paused.start == charge_to:
        return told.paused.start
    return start_of_day(charge_to, zone)


def _moment(day: date, at: datetime, *, zone: ZoneInfo) -> date:
    """From when something holds: its own instant on its own day, else the first of the day."""
    return at if business_date(at, zone) == day else start_of_day(day, zone)


def _instants(period: Period, zone: ZoneInfo) -> Period:
    return Period(start_of_day(period.start, zone), start_of_day(period.end, zone))


def _day(instant: date, zone: ZoneInfo) -> date:
    return business_date(instant, zone) if isinstance(instant, datetime) else instant


def on_instants(s: Subscription, zone: ZoneInfo) -> Subscription:
    """The subscription with the instants from which on everything holds in the place of days."""
    ending, unwritten = s.ending, s.unwritten
    covered = start_of_day(s.covered_to, zone)
    if ending:
        # Only a cancellation is asked for on its day; other ends come with the day.
        is_asked = ending.why == "cancelled"
        to = _moment(ending.charged_to, ending.at, zone=zone) if is_asked else start_of_day(ending.charged_to, zone)
        covered = to if s.covered_to == ending.charged_to and not s.is_running else covered
        ending = replace(ending, charged_to=to)
    start, paused = _moment(s.start, s.started_at, zone=zone), s.paused
    if paused and s.covered_to == paused.start:
        covered = _moment(paused.start, paused.at, zone=zone)
    told = replace(
        s,
        start=start,
        covered_to=covered,
        plans=tuple(_sold(entry, zone) for entry in s.plans),
        changes=tuple(_licences(change, zone, start=start) for change in s.changes),
        rests=tuple(_rest(rest, zone) for rest in s.rests),
        ending=ending,
        unwritten=replace(unwritten, start=start_of_day(unwritten.start, zone)) if unwritten else None,
    )
    if not s.forfeits:
        return told
    return replace(told, forfeits=tuple(_forfeit(f, told, grid=s.grid, zone=zone) for f in s.forfeits))


def _forfeit(forfeit: Forfeit, told: Subscription, *, grid: Grid, zone: ZoneInfo) -> Forfeit:
    """Seats given up in the middle of a day, or taken up again, are forfeited from that instant on, or up to it."""
    instants = [entry.effective for entry in told.plans]
    if forfeit.item is None:
        instants += [change.effective for change in told.changes]
        instants += [day for rest in told.rests for day in (rest.start, rest.end) if day]
        instants += [told.ending.charged_to] if told.ending else []
    start, end = forfeit.period.start, forfeit.period.end
    ends_itself = grid.period(end).start == end
    last = start_of_day(end, zone) if ends_itself else _last_on(end, instants, zone=zone)
    return replace(forfeit, period=Period(_last_on(start, instants, zone=zone), last))


def _last_on(day: date, instants: Iterable[date], *, zone: ZoneInfo) -> date:
    """The last of the instants that lies on a day, else the first of the day."""
    return max((start_of_day(day, zone), *(instant for instant in instants if _day(instant, zone) == day)))


def _sold(entry: PlanChange, zone: ZoneInfo) -> PlanChange:
    grid = entry.grid
    return _Sold(
        entry.at,
        _begins(entry, zone),
        entry.plan,
        _Instants(grid.base, grid.every, grid.day, zone),
        entry.counted_from,
        entry.by,
        entry.why,
        zone,
    )


def _begins(entry: PlanChange, zone: ZoneInfo) -> date:
    """What a day's run has brought holds from the beginning of the day."""
    if entry.why in {"trial", "price"}:
        return start_of_day(entry.effective, zone)
    return _moment(entry.effective, entry.at, zone=zone)


def _licences(change: LicenceChange, zone: ZoneInfo, *, start: date) -> LicenceChange:
    """The change from its instant on: what is entered late for the day of the purchase, not from before it."""
    return replace(change, effective=max(_moment(change.effective, change.at, zone=zone), start))


def _rest(rest: Rest, zone: ZoneInfo) -> Rest:
    end = rest.end
    if end and rest.ended_at:
        end = _moment(end, rest.ended_at, zone=zone)
    elif end:
        end = start_of_day(end, zone)
    return replace(rest, start=_moment(rest.start, rest.at, zone=zone), end=end)


def _charge(charge: Charge, zone: ZoneInfo) -> Charge:
    taken = tuple(replace(t, period=t.exact or _instants(t.period, zone)) for t in charge.taken)
    return replace(charge, period=charge.exact or _instants(charge.period, zone), taken=taken)


def _shown(line: Line, zone: ZoneInfo) -> Line:
    """The line with the days of its instants, which it keeps."""
    cause = replace(line.cause, on=_day(line.cause.on, zone))
    if line.days is None:
        return replace(line, period=_days(line.period, zone), cause=cause)
    return replace(line, period=_days(line.period, zone), exact=line.period, cause=cause)


def _kept(charge: Charge, zone: ZoneInfo) -> Charge:
    taken: Iterable[Taken] = (replace(t, period=_days(t.period, zone), exact=t.period) for t in charge.taken)
    return replace(charge, period=_days(charge.period, zone), exact=charge.period, taken=tuple(taken))


def _days(period: Period, zone: ZoneInfo) -> Period:
    return Period(_day(period.start, zone), _day(period.end, zone))
