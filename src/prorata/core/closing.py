"""Closing an account: what must be done first, and what becomes of what is left.

A closed account owes nothing, is owed nothing and has nothing running. What is still to be billed is billed first. Its
account credit that was money goes back to the methods that paid, newest payment first and never more than was received
and not yet returned; the rest was a gift, or paid by one, and lapses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Literal

from prorata.core.billing.due import is_over
from prorata.core.billing.post import post
from prorata.core.billing.write import write_run
from prorata.core.books import Books
from prorata.core.errors import DomainError
from prorata.core.history import History
from prorata.core.ledger.transfers import SALES, cash, customer_credit
from prorata.core.money import Money, total
from prorata.core.records import record
from prorata.core.subscriptions.model import Subscription, Turn, certain_end

Backup = Literal["made", "waived"]
What = Literal["backup", "members", "subscriptions", "balance", "credit"]


class AccountClosed(DomainError):
    """Nothing happens to an account that is closed."""

    code = "account_closed"


class BackupMissing(DomainError):
    """The data have not been taken out since they changed last, and nobody has said that they need not be."""

    code = "backup_missing"


class MembersLeft(DomainError):
    """Others than the person who closes still belong to the account."""

    code = "members_left"


class SubscriptionsRunning(DomainError):
    """Subscriptions still run on the day of the closing."""

    code = "subscriptions_running"


class BalanceOpen(DomainError):
    """Something is still to be paid."""

    code = "balance_open"


class LastBillToCome(DomainError):
    """What was used last is billed and paid before the account is closed, and that bill is not written yet."""

    code = "last_bill_to_come"


class BillHeldBack(DomainError):
    """A subscription is not billed to its end, since something there does not fit."""

    code = "bill_held_back"


@record
class Facts:
    """What stands between an account and its end.

    `others`: people who belong to it, but for the one who closes. `running`: the names of subscriptions that run.
    `open`: what is to be paid, `to_come` that part of it of which there is no document yet; `held_back`: subscriptions
    that cannot be billed to their end. `money` and `gifts`: account credit that is paid back, and that lapses.
    """

    running: tuple[str, ...]
    open: Money
    to_come: Money
    money: Money
    gifts: Money
    held_back: tuple[str, ...] = ()
    backup: Backup | None = None
    others: int = 0


@record
class Step:
    """One thing that must be done; `blocked` says why it is not."""

    what: What
    blocked: DomainError | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do here."""
        return self.blocked is None


def closing_steps(facts: Facts) -> tuple[Step, ...]:
    """All steps in their order. Account credit is paid back by the closing itself: that step blocks nothing."""
    return (
        Step("backup", None if facts.backup else BackupMissing()),
        Step("members", MembersLeft(others=facts.others) if facts.others else None),
        Step("subscriptions", _still_running(facts)),
        Step("balance", _still_open(facts)),
        Step("credit"),
    )


def check_steps(steps: Iterable[Step]) -> None:
    """Raise what blocks the first step that is blocked."""
    for one in steps:
        if one.blocked:
            raise one.blocked


def _still_running(facts: Facts) -> DomainError | None:
    if not facts.running:
        return None
    return SubscriptionsRunning(count=len(facts.running), subscriptions=", ".join(facts.running))


def _still_open(facts: Facts) -> DomainError | None:
    if facts.held_back:
        return BillHeldBack(subscriptions=", ".join(facts.held_back))
    code = facts.open.currency.code
    if facts.open.minor <= 0:
        return None
    if facts.open == facts.to_come:
        return LastBillToCome(amount=str(facts.open), currency=code)
    return BalanceOpen(amount=str(facts.open), currency=code)


def running_on(history: History, day: date) -> tuple[str, ...]:
    """The names of the subscriptions that run on a day, as things stand: those without an end up to then."""
    found = (s for s in history.subscriptions if s.is_running)
    ends = ((s.name, certain_end(s)) for s in found)
    return tuple(name for name, end in ends if end is None or end[0] > day)


def ready(books: Books) -> Facts:
    """What the books say; where nothing runs any more, once everything is billed that can be.

    What takes effect today has taken effect.
    """
    written = books.next_document
    running = tuple(s.name for s in books.subscriptions.values() if s.is_running)
    if not running:
        write_run(books, books.today, everything=True)
    of = books.account.currency
    credit = [lot for lot in books.lots.values() if lot.left.minor > 0]
    owed = total((lot.left for lot in credit), of)
    paid = total((lot.left for lot in credit if lot.origin == "paid"), of)
    money = min(paid, total((p.left for p in books.payments.values() if p.left.minor > 0), of))
    left = books.open_documents()
    return Facts(
        running=running,
        open=total((one.left for one in left), of),
        to_come=total((one.left for one in left if one.document >= written), of),
        money=money,
        gifts=owed - money,
        held_back=() if running else tuple(s.name for s in books.subscriptions.values() if not _is_settled(s)),
    )


def close(books: Books) -> None:
    """End everything. Raises `SubscriptionsRunning`, `BalanceOpen`, `LastBillToCome`, `BillHeldBack`.

    Whether the data were taken out, and who belongs to the account, the history does not say: who asks has looked.
    """
    facts = replace(ready(books), backup="waived")
    check_steps(closing_steps(facts))
    _pay_back(books, facts.money)
    _let_lapse(books)
    for subscription in tuple(books.subscriptions.values()):
        if subscription.state != "deleted":
            books.change(_deleted(books, subscription))
    books.end()


def _is_settled(subscription: Subscription) -> bool:
    return is_over(replace(subscription, state="deleted"))


def _deleted(books: Books, subscription: Subscription) -> Subscription:
    turn = Turn(books.today, "deleted", books.at)
    return replace(
        subscription,
        state="deleted",
        turns=(*subscription.turns, turn),
        assigned=0,
        conflict=None,
        foreseen=None,
        pending=None,
        pending_plan=None,
    )


def _pay_back(books: Books, amount: Money) -> None:
    """Pay back credit that was money, the oldest first."""
    lots = sorted((lot for lot in books.lots.values() if lot.origin == "paid"), key=lambda lot: lot.id)
    for payment in sorted(books.payments.values(), key=lambda payment: payment.id, reverse=True):
        for lot in lots:
            left = min(amount, books.lots[lot.id].left, books.payments[payment.id].left)
            if left.minor > 0:
                post(books, customer_credit(lot.id), credit=cash(payment.id), amount=left, document=payment.document)
                amount -= left


def _let_lapse(books: Books) -> None:
    for lot in sorted(books.lots.values(), key=lambda lot: lot.id):
        post(books, customer_credit(lot.id), credit=SALES, amount=books.lots[lot.id].left)
