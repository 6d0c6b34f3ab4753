"""Writing what is due: one document for each billing profile, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from prorata.core.billing.billed import billed_until
from prorata.core.billing.by_the_second import draft_by_the_second
from prorata.core.billing.contradictions import check
from prorata.core.billing.discounts import discounted
from prorata.core.billing.draft import draft
from prorata.core.billing.due import Window, may_write, must_write, setups_due, waits, window
from prorata.core.billing.issue import issue
from prorata.core.billing.lines import Drafted, draft_lines
from prorata.core.books import Books
from prorata.core.calendar import Period
from prorata.core.history import Charge
from prorata.core.subscriptions.model import Setup, Subscription, Unwritten

Part = tuple[Subscription, Drafted, Window]


def write_run(books: Books, on: date, *, everything: bool) -> None:
    """Write what the run of a day must write, dated today; `everything` writes waiting changes as well."""
    for members in _by_profile(books):
        due: list[Subscription] = []
        others: list[Subscription] = []
        for s in members:
            is_due = must_write(s, on) or (everything and may_write(s, on))
            (due if is_due else others).append(s)
        _write(books, due, on=on, alongside=others)


def write_spot(books: Books) -> None:
    """Write at once what purchases and endings of this instant ask for, and what waits for any document."""
    if not books.spot:
        return
    for members in _by_profile(books):
        due = [s for s in members if s.id in books.spot]
        others = [s for s in members if s.id not in books.spot]
        _write(books, [_as_bought(s) for s in due], on=books.today, alongside=others)
        for subscription in due:
            _put_back_what_waits(books, subscription)
    books.spot.clear()


def _as_bought(subscription: Subscription) -> Subscription:
    """The subscription as its purchase left it, where changes of the same instant belong to the day's run."""
    changes = subscription.changes
    is_new = subscription.covered_to == subscription.start and subscription.state == "active"
    has_changed = len(changes) > 1 or len(subscription.plans) > 1
    if is_new and has_changed and not subscription.trial and subscription.terms.invoice_changes == "now":
        return replace(subscription, changes=changes[:1], plans=subscription.plans[:1], forfeits=())
    return subscription


def _put_back_what_waits(books: Books, subscription: Subscription) -> None:
    """Put back the changes that a purchase's own document left out: they are due with today's run."""
    if _as_bought(subscription) is subscription:
        return
    written = books.subscriptions[subscription.id]
    waits_from = Unwritten(subscription.start, books.today)
    books.change(
        replace(
            written,
            changes=subscription.changes,
            plans=subscription.plans,
            forfeits=subscription.forfeits,
            unwritten=waits_from,
        )
    )


def _by_profile(books: Books) -> list[list[Subscription]]:
    """The running subscriptions of each billing profile, by the profiles' ids."""
    members: dict[int, list[Subscription]] = {}
    for subscription in books.running():
        members.setdefault(subscription.profile, []).append(subscription)
    return [members[profile] for profile in sorted(members)]


def _write(books: Books, due: Sequence[Subscription], *, on: date, alongside: Sequence[Subscription]) -> None:
    """Write one document of what is due; if there is one, waiting changes come along. Nothing to write: no document."""
    parts = [_part(books, s, window=window(s, on), setups=setups_due(s, on)) for s in due]
    if alongside and any(drafted.lines for _, drafted, _ in parts):
        # What is not due by itself and not billed yet is part of what waits; a renewal of the day has its own run.
        parts += [_part(books, s, window=window(s, on, renew=not must_write(s, on))) for s in alongside if waits(s)]
    if len(parts) > 1:
        parts.sort(key=lambda part: part[0].id)
    written = [(s, drafted) for s, drafted, _ in parts if drafted.lines]
    if written:
        document, corrected = draft(books, discounted(books, written) if books.discounts else written)
        if corrected:
            books.put_charges(corrected)
        issue(books, document)
    for subscription, drafted, compared in parts:
        _compared(books, subscription, drafted=drafted, days=compared.days)


def _part(books: Books, subscription: Subscription, *, window: Window, setups: Sequence[Setup] = ()) -> Part:
    days = window.days
    check(subscription, books.account, days=days)
    charges, rate = books.charges_of(subscription.id), books.account.tax_rate
    to = window.charge_to
    if subscription.terms.proration == "second":
        zone = books.account.zone
        drafted = draft_by_the_second(
            subscription, charges, days=days, charge_to=to, tax_rate=rate, setups=setups, zone=zone
        )
    else:
        drafted = draft_lines(subscription, charges, days=days, charge_to=to, tax_rate=rate, setups=setups)
    return subscription, drafted, window


def _compared(books: Books, subscription: Subscription, *, drafted: Drafted, days: Period) -> None:
    """Note up to where desired and billed have been compared, what is covered now, and what was charged once."""
    covered = drafted.left_from or max(subscription.covered_to, days.end)
    billed_to = _billed_to(books.charges_of(subscription.id), subscription, start=days.start)
    if drafted.setups:
        left = tuple(setup for setup in subscription.setups if setup not in drafted.setups)
        subscription = replace(subscription, setups=left)
    books.put(subscription.compared(covered, billed_to=billed_to))


def _billed_to(charges: Sequence[Charge], subscription: Subscription, *, start: date) -> date | None:
    """The first day that no document covers: the end of the last day with a licence charged."""
    seats = [charge for charge in charges if charge.days and charge.reduces is None]
    if not seats:
        return subscription.billed_to
    return billed_until(seats) or min(start, *(c.period.start for c in seats))
