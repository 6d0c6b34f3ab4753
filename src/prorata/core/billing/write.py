"""Writing what is due: one document for each billing profile, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from prorata.core.billing.billed import billed
from prorata.core.billing.contradictions import check
from prorata.core.billing.draft import draft, standing_of
from prorata.core.billing.due import may_write, must_write, waits, window
from prorata.core.billing.lines import Drafted, draft_lines
from prorata.core.billing.post import post_document
from prorata.core.billing.settle import settle
from prorata.core.calendar import Period
from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Statement
from prorata.core.history import Charge, History
from prorata.core.money import Money, total
from prorata.core.subscriptions.model import Subscription, Unwritten

Part = tuple[Subscription, Drafted, Period]


def write_run(decision: Decision, on: date, *, everything: bool) -> Decision:
    """Write what the run of a day must write, dated today; `everything` writes waiting changes as well."""
    for profile in _profiles(decision.after):
        members = [s for s in decision.after.running() if s.profile == profile]
        due = [s for s in members if must_write(s, on) or (everything and may_write(s, on))]
        decision = _write(decision, due, on=on, alongside=[s for s in members if s not in due])
    return decision


def write_spot(decision: Decision) -> Decision:
    """Write at once what purchases and endings of this instant ask for, and what waits for any document."""
    for profile in _profiles(decision.after):
        members = [s for s in decision.after.running() if s.profile == profile]
        due = [s for s in members if s.id in decision.spot]
        others = [s for s in members if s not in due]
        decision = _write(decision, [_as_bought(s) for s in due], on=decision.today, alongside=others)
        for subscription in due:
            decision = _with_what_waits(decision, subscription)
    return replace(decision, spot=frozenset())


def _as_bought(subscription: Subscription) -> Subscription:
    """The subscription as its purchase left it, where changes of the same instant belong to the day's run."""
    changes = subscription.changes
    is_new = subscription.covered_to == subscription.start and subscription.state == "active"
    if is_new and len(changes) > 1 and subscription.terms.invoice_changes == "now":
        return replace(subscription, changes=changes[:1], forfeits=())
    return subscription


def _with_what_waits(decision: Decision, subscription: Subscription) -> Decision:
    """Put back the changes that a purchase's own document left out: they are due with today's run."""
    if _as_bought(subscription) == subscription:
        return decision
    written = next(s for s in decision.after.subscriptions if s.id == subscription.id)
    waits_from = Unwritten(subscription.start, decision.today)
    return decision.with_subscription(
        replace(written, changes=subscription.changes, forfeits=subscription.forfeits, unwritten=waits_from)
    )


def _profiles(history: History) -> list[int]:
    return sorted({s.profile for s in history.subscriptions})


def _write(
    decision: Decision, due: Sequence[Subscription], *, on: date, alongside: Iterable[Subscription]
) -> Decision:
    """Write one document of what is due; if there is one, waiting changes come along. Nothing to write: no document."""
    parts = [_part(decision.after, s, days=window(s, on)) for s in due]
    if any(drafted.lines for _, drafted, _ in parts):
        waiting = (s for s in alongside if waits(s))
        parts += [_part(decision.after, s, days=window(s, on, renew=False)) for s in waiting]
    parts.sort(key=lambda part: part[0].id)
    written = [(s, drafted) for s, drafted, _ in parts if drafted.lines]
    if written:
        document, charges = draft(decision.after, written, today=decision.today)
        decision = _issue(decision.with_charges(charges), document)
    for subscription, _, days in parts:
        decision = decision.with_subscription(_compared(decision.after, subscription, days=days))
    return decision


def _part(history: History, subscription: Subscription, *, days: Period) -> Part:
    check(subscription, history.account, days=days)
    charges = _charges_of(history, subscription)
    return subscription, draft_lines(subscription, charges, days=days, tax_rate=history.account.tax_rate), days


def _charges_of(history: History, subscription: Subscription) -> list[Charge]:
    return [c for c in history.charges if c.subscription == subscription.id]


def _compared(history: History, subscription: Subscription, *, days: Period) -> Subscription:
    """Note up to where desired and billed have been compared, and what is covered now."""
    covered = max(subscription.covered_to, days.end)
    return replace(
        subscription,
        covered_to=covered,
        unwritten=None,
        billed_to=_billed_to(history, subscription, start=days.start, end=covered),
    )


def _billed_to(history: History, subscription: Subscription, *, start: date, end: date) -> date | None:
    """The first day that no document covers: the end of the last day with a licence charged."""
    charges = _charges_of(history, subscription)
    if not charges:
        return subscription.billed_to
    reach = Period(min(start, *(c.period.start for c in charges)), max(end, *(c.period.end for c in charges)))
    with_seats = [level.period.end for level in billed(charges, reach) if level.licences]
    return max(with_seats, default=reach.start)


def _issue(decision: Decision, document: Document) -> Decision:
    """Issue a document: post it, settle it, and if it is a final one write on it what becomes of it."""
    before = decision.after
    open_before = total(
        (s.left for s in before.open_documents() if s.profile == document.profile), document.total.currency
    )
    history = replace(
        before,
        standings=(*before.standings, standing_of(document)),
        next=replace(before.next, document=document.id + 1),
    )
    decision = post_document(replace(decision, after=history), document)
    decision = settle(decision, document)
    if document.final:
        document = replace(document, statement=_statement(decision, document, open_before=open_before))
    return replace(decision, documents=(*decision.documents, document))


def _statement(decision: Decision, document: Document, *, open_before: Money) -> Statement:
    history = decision.after
    of = document.total.currency
    mine = [t for t in decision.transfers if t.document == document.id]
    standing = next(s for s in history.standings if s.document == document.id)
    is_note = document.kind == "credit_note"
    return Statement(
        open_before=open_before,
        this_document=document.total,
        from_credit=total((t.amount for t in mine if t.debit.name == "customer_credit"), of),
        paid_now=total((t.amount for t in mine if t.debit.name == "cash"), of),
        paid_back=-standing.paid if is_note else total((), of),
        to_credit=total((t.amount for t in mine if t.credit.name == "customer_credit"), of),
        still_to_pay=total((s.left for s in history.open_documents() if s.profile == document.profile), of),
    )
