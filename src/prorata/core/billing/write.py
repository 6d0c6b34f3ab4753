"""Writing what is due: one document for each billing profile, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from prorata.core.billing.billed import billed_until
from prorata.core.billing.contradictions import check
from prorata.core.billing.draft import draft, new_charges, standing_of
from prorata.core.billing.due import may_write, must_write, waits, window
from prorata.core.billing.lines import Drafted, draft_lines
from prorata.core.billing.post import post_document
from prorata.core.billing.settle import settle
from prorata.core.books import Books
from prorata.core.calendar import Period
from prorata.core.documents.model import Document, Statement
from prorata.core.history import Charge
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import Money, total, zero
from prorata.core.subscriptions.model import Subscription, Unwritten

Part = tuple[Subscription, Drafted, Period]


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
    if is_new and len(changes) > 1 and subscription.terms.invoice_changes == "now":
        return replace(subscription, changes=changes[:1], forfeits=())
    return subscription


def _put_back_what_waits(books: Books, subscription: Subscription) -> None:
    """Put back the changes that a purchase's own document left out: they are due with today's run."""
    if _as_bought(subscription) is subscription:
        return
    written = books.subscriptions[subscription.id]
    waits_from = Unwritten(subscription.start, books.today)
    books.change(replace(written, changes=subscription.changes, forfeits=subscription.forfeits, unwritten=waits_from))


def _by_profile(books: Books) -> list[list[Subscription]]:
    """The running subscriptions of each billing profile, by the profiles' ids."""
    members: dict[int, list[Subscription]] = {}
    for subscription in books.running():
        members.setdefault(subscription.profile, []).append(subscription)
    return [members[profile] for profile in sorted(members)]


def _write(books: Books, due: Sequence[Subscription], *, on: date, alongside: Iterable[Subscription]) -> None:
    """Write one document of what is due; if there is one, waiting changes come along. Nothing to write: no document."""
    parts = [_part(books, s, days=window(s, on)) for s in due]
    if any(drafted.lines for _, drafted, _ in parts):
        parts += [_part(books, s, days=window(s, on, renew=False)) for s in alongside if waits(s)]
        parts.sort(key=lambda part: part[0].id)
    written = [(s, drafted) for s, drafted, _ in parts if drafted.lines]
    if written:
        document, corrected = draft(books, written)
        books.put_charges(corrected)
        _issue(books, document)
    for subscription, _, days in parts:
        _compared(books, subscription, days=days)


def _part(books: Books, subscription: Subscription, *, days: Period) -> Part:
    check(subscription, books.account, days=days)
    charges = books.charges_of(subscription.id)
    return subscription, draft_lines(subscription, charges, days=days, tax_rate=books.account.tax_rate), days


def _compared(books: Books, subscription: Subscription, *, days: Period) -> None:
    """Note up to where desired and billed have been compared, and what is covered now."""
    covered = max(subscription.covered_to, days.end)
    billed_to = _billed_to(books.charges_of(subscription.id), subscription, start=days.start)
    books.put(subscription.compared(covered, billed_to=billed_to))


def _billed_to(charges: Sequence[Charge], subscription: Subscription, *, start: date) -> date | None:
    """The first day that no document covers: the end of the last day with a licence charged."""
    if not charges:
        return subscription.billed_to
    return billed_until(charges) or min(start, *(c.period.start for c in charges))


def _issue(books: Books, document: Document) -> None:
    """Issue a document: post it, settle it, and if it is a final one write on it what becomes of it."""
    open_before = _open(books, document) if document.final else None
    before = len(books.transfers)
    books.standings[document.id] = standing_of(document)
    for charge in new_charges(document):
        books.add_charge(charge)
    post_document(books, document)
    settle(books, document)
    if open_before is not None:
        mine = [t for t in books.transfers[before:] if t.document == document.id]
        document = replace(document, statement=_statement(books, document, open_before=open_before, transfers=mine))
    books.documents.append(document)


def _open(books: Books, document: Document) -> Money:
    """What is to be paid on all documents of a document's profile."""
    return total((s.left for s in books.open_documents() if s.profile == document.profile), document.total.currency)


def _statement(books: Books, document: Document, *, open_before: Money, transfers: Sequence[Transfer]) -> Statement:
    of = document.total.currency
    is_note = document.kind == "credit_note"
    return Statement(
        open_before=open_before,
        this_document=document.total,
        from_credit=total((t.amount for t in transfers if t.debit.name == "customer_credit"), of),
        paid_now=total((t.amount for t in transfers if t.debit.name == "cash"), of),
        paid_back=-books.standings[document.id].paid if is_note else zero(of),
        to_credit=total((t.amount for t in transfers if t.credit.name == "customer_credit"), of),
        still_to_pay=_open(books, document),
    )
