"""Facts that several pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from prorata.core.billing.due import horizon
from prorata.core.calendar import business_date, grid
from prorata.core.catalog.plans import parts
from prorata.core.events import PaymentMode
from prorata.core.insights.forecast import next_documents
from prorata.core.money import Money, half_up
from prorata.core.subscriptions.ledgers import phase_starts
from prorata.core.subscriptions.model import Overlay, Subscription, Turn, overlays, timetable
from prorata.core.subscriptions.trials import converted, converts, lapse
from prorata.store import history, parked, sellers, subscriptions
from prorata.store.accounts import AccountRow, find
from prorata.store.engine import Connection
from prorata.usecases.act import MOST_COMING, Request, Services, now


@dataclass(frozen=True, slots=True)
class Here:
    """Whose page it is, and which day it is there."""

    account: AccountRow
    seller: str
    today: date


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A subscription as lists and pages show it.

    `product` is the product's name by language. `next_bill`: the day on which its next period is billed, None where
    none will be; of a trial the day on which it is if it is sold then. `unused` licences are bought and held by nobody;
    `unused_cost` is what there would be less to pay for a period without them.
    `past_due`: a bill of it is, whatever its state. `parked`: its billing rests until the vendor has mended something.
    `phase`: which of its plan's phases it is in, or a trial will be in first.
    """

    subscription: Subscription
    product: Mapping[str, str]
    overlays: tuple[Overlay, ...]
    next_bill: date | None
    per_period: Money
    unused: int
    unused_cost: Money
    timetable: tuple[Turn, ...]
    sold_after_trial: bool = False
    past_due: bool = False
    parked: bool = False
    phase: int = 0


def here(conn: Connection, request: Request, *, services: Services) -> Here:
    """Whose page it is; raises `NotAllowed` for who may see nothing."""
    request.actor.must("see")
    account = find(conn, request.account)
    seller = sellers.find(conn, account.seller_id)
    return Here(account, seller.name, business_date(request.at or now(services, account), account.zone))


def all_facts(conn: Connection, place: Here) -> tuple[SubscriptionFacts, ...]:
    """Every subscription of the account, those that are deleted too, in order of purchase."""
    return facts_of_some(conn, place, found=subscriptions.all_of(conn, place.account.account_id))


def facts_of_some(conn: Connection, place: Here, *, found: Sequence[Subscription]) -> tuple[SubscriptionFacts, ...]:
    """The facts of some of the account's subscriptions, in their order."""
    past_due = subscriptions.past_due(conn, place.account.account_id, on=place.today)
    products = subscriptions.product_names(conn, place.account.account_id)
    waits = [s for s in found if _waits(s, place.today)]
    days = _days_of_bills(conn, place, waits=waits) if waits else {}
    resting = {row.why.subscription for row in parked.of_account(conn, place.account.account_id)}
    mode = place.account.payment_mode
    facts = (
        facts_of(s, today=place.today, product=products[s.id], past_due=s.id in past_due, mode=mode) for s in found
    )
    return tuple(
        replace(f, parked=True, next_bill=None)
        if f.subscription.id in resting
        else replace(f, next_bill=days.get(f.subscription.id, f.next_bill))
        for f in facts
    )


def _waits(subscription: Subscription, today: date) -> bool:
    """Whether days are not billed yet that today's grid covers: after a change that waits they are billed later."""
    running = subscription.is_running and not subscription.paused
    return running and subscription.unwritten is not None and horizon(subscription, today) > subscription.covered_to


def _days_of_bills(conn: Connection, place: Here, *, waits: Sequence[Subscription]) -> dict[int, date]:
    """On which day each of some subscriptions is billed next: changes wait, for any bill of the account too."""
    tail = history.load(conn, place.account.account_id, on=place.today, lock=False)
    until = max(place.today, *(s.unwritten.due for s in waits if s.unwritten))
    coming = next_documents(tail, place.today - timedelta(days=1), until=until, most=MOST_COMING)
    days: dict[int, date] = {}
    for document in coming:
        for line in document.lines:
            days.setdefault(line.subscription, document.date)
    return {s.id: days[s.id] for s in waits if s.id in days}


def facts_of(
    subscription: Subscription,
    *,
    today: date,
    product: Mapping[str, str],
    past_due: bool,
    mode: PaymentMode = "automatic",
) -> SubscriptionFacts:
    """The facts of one subscription; `mode`: how its account pays, which decides what becomes of a trial."""
    held, assigned = subscription.licences, subscription.assigned
    unused = max(held - assigned, 0) if subscription.is_running else 0
    of = subscription.plan.price.amount.currency
    costs, without = (_cost(subscription, licences, on=today) for licences in (held, held - unused))
    return SubscriptionFacts(
        subscription=subscription,
        product=product,
        overlays=overlays(subscription, past_due=past_due),
        next_bill=_next_bill(subscription, today, mode=mode),
        per_period=Money(half_up(costs), of),
        unused=unused,
        unused_cost=Money(max(half_up(costs - without), 0), of),
        timetable=_timetable(subscription, mode=mode),
        past_due=past_due,
        sold_after_trial=subscription.state == "trial" and converts(subscription, mode),
        phase=_phase(subscription, today),
    )


def _timetable(subscription: Subscription, *, mode: PaymentMode) -> tuple[Turn, ...]:
    """The changes of state; those that the end of a trial brings are the ones of today's choice and payment."""
    trial = subscription.trial
    if subscription.state != "trial" or trial is None:
        return timetable(subscription)
    at = subscription.started_at
    if converts(subscription, mode):
        return timetable(converted(subscription, trial.ends, at=at))
    return timetable(replace(subscription, ending=lapse(subscription, trial.ends, at=at)))


def _cost(subscription: Subscription, licences: int, *, on: date) -> Fraction:
    """What so many licences cost for a period on a day, in minor units; in a trial what they will cost first."""
    plan, phase = subscription.plan, _phase(subscription, on)
    return sum((part.price.minor * part.count for part in parts(plan, licences, phase=phase)), Fraction(0))


def _phase(subscription: Subscription, on: date) -> int:
    sold = subscription.plans[-1]
    begun = sum(1 for start in phase_starts(sold.plan, sold.counted_from) if start <= on)
    return 0 if subscription.state == "trial" else max(begun - 1, 0)


def _next_bill(subscription: Subscription, today: date, *, mode: PaymentMode) -> date | None:
    """The next boundary on which a period is billed: in advance not the one at which it ends; none in a pause."""
    if not subscription.is_running or subscription.paused:
        return None
    if subscription.state == "trial":
        return _after_trial(subscription, mode=mode)
    if horizon(subscription, today) > subscription.covered_to:
        return today
    boundary = subscription.grid.next_boundary(today)
    ending = subscription.ending
    if ending is None:
        return boundary
    stops = ending.charged_to <= boundary if subscription.in_advance else ending.on < boundary
    return None if stops else boundary


def _after_trial(subscription: Subscription, *, mode: PaymentMode) -> date | None:
    """When a trial is first billed once it is sold, if it will be."""
    trial = subscription.trial
    if trial is None or not converts(subscription, mode):
        return None
    sold = grid(trial.ends, subscription.plan.every, anchor=trial.anchor)
    return trial.ends if subscription.in_advance else sold.next_boundary(trial.ends)
