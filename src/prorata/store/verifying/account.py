"""All checks of one account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, cast
from zoneinfo import ZoneInfo

from prorata.core.actors import Side
from prorata.core.billing.due import due_on
from prorata.core.calendar import business_date
from prorata.core.history import History
from prorata.core.licences.ledger import LicenceChange
from prorata.core.subscriptions.ledgers import PlanChange
from prorata.core.subscriptions.model import Subscription
from prorata.store.codec import Unreadable
from prorata.store.rows import AnyRow
from prorata.store.subscription_rows import plan_change_of, sold_of, subscription_of
from prorata.store.verifying.credits_ import check_credits
from prorata.store.verifying.documents import check_documents
from prorata.store.verifying.finding import Finding, unverifiable
from prorata.store.verifying.holders import check_holders
from prorata.store.verifying.ledger import check_ledger
from prorata.store.verifying.life import check_life, open_standings
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import ChangeRow, LineRow, PlanRow, SubscriptionRow, by
from prorata.store.verifying.seats import check_seats
from prorata.store.verifying.statements import check_statements


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at of an account, and what was found. `parked`: the names of subscriptions that are."""

    account_id: int
    documents: int
    lines: int
    parked: tuple[str, ...]
    findings: tuple[Finding, ...]


def check(accounts: Sequence[Whole], *, at: datetime) -> list[Checked]:
    """Check accounts as of an instant (an account's own clock goes before).

    One check of all of them comes before the next check: the processor keeps the program of each at hand, a fifth of
    the time of young accounts.
    """
    looked_at = [_Account(whole, frozenset([row.subscription_id for row in whole.parked])) for whole in accounts]
    for look in (*_CHECKS, partial(_check_due, at=at)):
        for one in looked_at:
            one.look(look)
    return [one.checked() for one in looked_at]


@dataclass(slots=True)
class _Account:
    """An account while it is looked at. `subscriptions`: those that could be made sense of; `parked`: by id."""

    whole: Whole
    parked: frozenset[int]
    subscriptions: list[Subscription] = field(default_factory=list[Subscription])
    findings: list[Finding] = field(default_factory=list[Finding])

    def look(self, look: Callable[[_Account], Iterator[Finding]]) -> None:
        """Note what a check finds, and where it fails, that it does: everything else is still looked at."""
        try:
            self.findings.extend(look(self))  # What was found before it fails stays found.
        except Exception as failure:  # noqa: BLE001 - rows that somebody has changed by hand can say anything
            self.findings.append(unverifiable("account", failure))

    def checked(self) -> Checked:
        """What came of it."""
        whole = self.whole
        return Checked(
            whole.account.account_id,
            documents=len(whole.documents),
            lines=len(whole.lines),
            parked=tuple(row.name for row in whole.subscriptions if row.id in self.parked) if self.parked else (),
            findings=tuple(self.findings),
        )


def _check_subscriptions(account: _Account) -> Iterator[Finding]:
    """What was sold against what was charged. What nobody can make sense of is why something is parked."""
    whole = account.whole
    lines = by("subscription_id", whole.lines)
    changes, plans = by("subscription_id", whole.changes), by("subscription_id", whole.plans)
    for row in whole.subscriptions:
        ledgers = _Ledgers(changes.get(row.id, ()), plans.pop(row.id, ()), lines.pop(row.id, ()))
        found, subscription = _looked_at(row, ledgers, zone=whole.rules.zone, parked=row.id in account.parked)
        yield from found
        if subscription:
            account.subscriptions.append(subscription)
    for stray in sorted(lines):
        yield Finding("row_without_owner", f"lines of subscription {stray}", "the account has no such subscription")
    for stray in sorted(plans):
        yield Finding("row_without_owner", f"plans of subscription {stray}", "the account has no such subscription")


@dataclass(frozen=True, slots=True)
class _Ledgers:
    """The rows of a subscription's ledgers, in the order of their days, and its lines."""

    changes: Sequence[ChangeRow]
    plans: Sequence[PlanRow]
    lines: Sequence[LineRow]


def _looked_at(
    row: SubscriptionRow, ledgers: _Ledgers, *, zone: ZoneInfo, parked: bool
) -> tuple[list[Finding], Subscription | None]:
    """What is wrong with the days of a subscription; None where nobody can make sense of it.

    That is no finding where it is parked: it is why.
    """
    found: list[Finding] = []
    try:
        plans = tuple([plan_change_of(cast("AnyRow", entry)) for entry in ledgers.plans])
        if not ledgers.changes:
            return [], None
        found += _check_plans(row, plans, places=[entry.place for entry in ledgers.plans])
        if not plans:
            return found, None
        subscription = subscription_of(cast("AnyRow", row), map(_change_of, ledgers.changes), plans=plans)
        for one in check_seats(subscription, ledgers.lines, zone=zone, parked=parked):
            found.append(one)  # One by one: what was found before it fails stays found.
    except Unreadable as error:
        found.append(Finding("unreadable", row.name, str(error)))
    except Exception as failure:  # noqa: BLE001 - numbers that run out of the calendar, or of anything else
        found.append(unverifiable(row.name, failure))
    else:
        return found, subscription
    return ([] if parked else found), None


def _check_plans(row: SubscriptionRow, plans: Sequence[PlanChange], *, places: Sequence[int]) -> list[Finding]:
    """What is repeated for speed: what is sold now; and whether an entry is missing."""
    found: list[Finding] = []
    if not plans or plans[-1] != sold_of(cast("AnyRow", row)):
        found.append(Finding("plan_differs", row.name, "what is sold now is not the last that is on record"))
    if sorted(places) != list(range(1, len(places) + 1)):
        found.append(Finding("row_missing", f"plans of {row.name}", "they are not counted up from 1"))
    return found


def _check_ids(whole: Whole) -> Iterator[Finding]:
    """Rows are counted up and never removed: those that are missing, and those that nobody counted."""
    following = whole.account
    kinds = (
        ("document", [row.id for row in whole.documents if row.id is not None], following.next_document),
        ("standing", [row.standing for row in whole.documents if row.standing is not None], following.next_document),
        ("transfer", [row.id for row in whole.transfers], following.next_transfer),
        ("payment", [row.id for row in whole.payments if row.id is not None], following.next_payment),
        ("credit", [row.id for row in whole.lots if row.id is not None], following.next_lot),
        ("subscription", [row.id for row in whole.subscriptions], following.next_subscription),
    )
    for kind, ids, after in kinds:
        # They are in order and each there once: so many, up to the last, are all.
        if len(ids) != after - 1 or (ids and ids[-1] != after - 1):
            yield from _odd_ids(kind, set(ids), after=after)
    for row in whole.counts:
        detail = f"{row.counted} are there up to {row.last}, {row.following - 1} were counted"
        yield Finding("row_missing", f"{row.kind} rows", detail)


def _odd_ids(kind: str, ids: set[int], *, after: int) -> Iterator[Finding]:
    for missing in sorted(set(range(1, after)) - ids):
        yield Finding("row_missing", f"{kind} {missing}", "it was there once, and is not any more")
    for odd in sorted(one for one in ids if not 1 <= one < after):
        yield Finding("row_not_counted", f"{kind} {odd}", f"the next one would be {after}")


def _check_licences(whole: Whole) -> Iterator[Finding]:
    """The numbers that are repeated for speed: the last total, and how many hold a licence."""
    changes = by("subscription_id", whole.changes)
    holders = {row.subscription_id: row.holders for row in whole.holders}
    for row in whole.subscriptions:
        mine = changes.pop(row.id, ())
        last = mine[-1].licences if mine else None
        if last != row.licences:
            yield Finding("licences_differ", row.name, f"{last} licences are on record, and not {row.licences}")
        if sorted(change.place for change in mine) != list(range(1, len(mine) + 1)):
            yield Finding("row_missing", f"licence changes of {row.name}", "they are not counted up from 1")
        if holders.get(row.id, row.assigned) != row.assigned:
            yield Finding("licences_differ", row.name, f"{holders[row.id]} hold a licence, and not {row.assigned}")
        yield from check_life(row)
    for stray in sorted(changes):
        yield Finding("row_without_owner", f"licence changes of subscription {stray}", "there is no such subscription")


def _check_holders(whole: Whole) -> Iterator[Finding]:
    return check_holders(whole.odd_seats, whole.subscriptions)


def _of_rows(look: Callable[[Whole], Iterator[Finding]]) -> Callable[[_Account], Iterator[Finding]]:
    return lambda account: look(account.whole)


_CHECKS: Final[Sequence[Callable[[_Account], Iterator[Finding]]]] = (
    *map(_of_rows, (_check_ids, check_documents, check_credits, check_ledger, check_statements)),
    *map(_of_rows, (_check_licences, _check_holders)),
    _check_subscriptions,
)


def _change_of(row: ChangeRow) -> LicenceChange:
    return LicenceChange(row.at, row.effective, row.licences, cast("Side", row.by_side))


def _check_due(account: _Account, *, at: datetime) -> Iterator[Finding]:
    """The day on which a run comes next: where it is too late or missing, billing would stop without a word.

    It follows from all subscriptions together: where one makes no sense, nothing can be said.
    A day that has come is right: the next run looks. One that is to come is noted when something is decided, and stays
    right as long as nothing is due before it: as of the day before, or, where a run was missed, of the last decision.
    """
    whole, subscriptions = account.whole, account.subscriptions
    if len(subscriptions) < len(whole.subscriptions):
        return
    row = whole.account
    today, stored = business_date(row.clock_at or at, whole.rules.zone), row.due_on
    if stored is not None and stored <= today:
        return
    standings = open_standings(whole)
    history = History(whole.rules, row.payment_mode, tuple(subscriptions), standings=standings, parked=account.parked)
    if stored is None:
        if due_on(history, _decided(subscriptions, today)) is not None:
            yield Finding("never_due", "account", "no run will ever come to it, and something is due")
        return
    day_before = stored - timedelta(days=1)
    should = due_on(history, day_before)
    if stored != should and stored != due_on(history, _decided(subscriptions, today)):
        yield Finding("due_day_differs", "account", f"{stored} is stored, {should} is when a run has something to do")


def _decided(subscriptions: Sequence[Subscription], today: date) -> date:
    return max([today, *(_last_sign(subscription) for subscription in subscriptions)])


def _last_sign(subscription: Subscription) -> date:
    """A day that was there when something was last decided for a subscription, as late as can be said."""
    covered = subscription.covered_to
    if subscription.in_advance and covered > subscription.start:
        covered = subscription.grid.period(covered - timedelta(days=1)).start
    days = [covered, *(change.effective for change in subscription.changes)]
    days += [entry.effective for entry in subscription.plans]
    days += [rest.start for rest in subscription.rests if rest.why != "trial"]
    days += [turn.on for turn in subscription.turns]
    if subscription.ending and not subscription.is_running:
        days.append(subscription.ending.on)
    return max(days)
