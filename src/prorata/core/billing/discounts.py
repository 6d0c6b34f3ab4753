"""Discounts: what is taken off charges, line by line, and given back with them.

Source of the rules: the contract of stories. Percent: a line for each charge, half-up, each discount counted from the
charge itself. An amount: for each period, split over the document's charges by the largest remainder. Never more than
the charge; what is charged once is never discounted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from prorata.core.billing.lines import Drafted
from prorata.core.books import Books
from prorata.core.calendar import after
from prorata.core.documents.model import Cause, Line
from prorata.core.events import GiveDiscount
from prorata.core.history import Charge, Discount
from prorata.core.money import Money, allocate, zero
from prorata.core.proof import DiscountProof, prove
from prorata.core.subscriptions.change import check_running
from prorata.core.subscriptions.ledgers import plan_on
from prorata.core.subscriptions.model import Subscription

Part = tuple[Subscription, Drafted]
_Place = tuple[int, int]
"""A charge of a document: which part, and which line of it."""


def discount_of(books: Books, event: GiveDiscount) -> Discount:
    """The discount that an event gives. Raises `UnknownSubscription`, `AlreadyEnded`."""
    subscription = None
    if event.subscription:
        named = books.subscription(event.subscription)
        check_running(named)
        subscription = named.id
    until = after(books.on, event.long) if event.long else None
    return Discount(books.next_discount, subscription, event.percent, event.amount, books.on, until, books.at, event.by)


def discounted(books: Books, parts: Sequence[Part]) -> list[Part]:
    """The drafted lines of a document, each charge followed by its discounts."""
    off: dict[_Place, list[Line]] = {}
    charges = [
        ((place, at), line)
        for place, (_, drafted) in enumerate(parts)
        for at, line in enumerate(drafted.lines)
        if line.kind in {"recurring", "flat"} and line.amount.minor > 0
    ]
    left = {place: line.amount for place, line in charges}
    for discount in books.discounts:
        mine = [(place, line) for place, line in charges if _applies(discount, line)]
        for place, line, proof in _proofs(books, discount, mine=mine, left=left, parts=parts):
            amount = prove(proof)
            if amount:
                off.setdefault(place, []).append(_line(line, discount, proof=proof, amount=amount))
                left[place] += amount
    return [(s, _with(drafted, off, part=part)) for part, (s, drafted) in enumerate(parts)]


def _applies(discount: Discount, line: Line) -> bool:
    if discount.subscription not in {None, line.subscription}:
        return False
    begins = line.period.start
    return discount.start <= begins and (discount.until is None or begins < discount.until)


def _proofs(
    books: Books,
    discount: Discount,
    *,
    mine: Sequence[tuple[_Place, Line]],
    left: dict[_Place, Money],
    parts: Sequence[Part],
) -> Iterable[tuple[_Place, Line, DiscountProof]]:
    if discount.percent is not None:
        for place, line in mine:
            yield place, line, DiscountProof(line.amount, discount.percent, None, left[place])
        return
    if discount.amount is None:
        return
    periods: dict[date, list[tuple[_Place, Line]]] = {}
    for place, line in mine:
        periods.setdefault(_period_of(parts[place[0]][0], line.period.start), []).append((place, line))
    charges = _as_they_will_be(books, parts)
    for first, members in periods.items():
        amount = _not_taken_yet(books, discount, first=first, charges=charges)
        room = sum(left[place].minor for place, _ in members)
        shares = allocate(min(amount.minor, room), [Fraction(line.amount.minor) for _, line in members])
        for (place, line), share in zip(members, shares, strict=True):
            yield place, line, DiscountProof(line.amount, None, Money(share, amount.currency), left[place])


def _period_of(subscription: Subscription, on: date) -> date:
    return plan_on(subscription.plans, on).grid.period(on).start


def _as_they_will_be(books: Books, parts: Sequence[Part]) -> Sequence[Charge]:
    """What is charged, less what this document takes back."""
    changed = {charge.ref: charge for _, drafted in parts for charge in drafted.charges}
    return [changed.get(charge.ref, charge) for charge in books.charges]


def _not_taken_yet(books: Books, discount: Discount, *, first: date, charges: Sequence[Charge]) -> Money:
    """What is left of an amount for the period that begins on a day: earlier documents may have had it.

    What credits gave back of it was not had.
    """
    amount = discount.amount or zero(books.account.currency)
    for charge in charges:
        if (
            charge.discount == discount.id
            and _period_of(books.subscriptions[charge.subscription], charge.period.start) == first
        ):
            amount += charge.amount - charge.credited
    return max(amount, zero(amount.currency), key=lambda one: one.minor)


def _line(charge: Line, discount: Discount, *, proof: DiscountProof, amount: Money) -> Line:
    return replace(
        charge,
        kind="discount",
        price=None,
        amount=amount,
        proof=proof,
        cause=Cause("discount", discount.start, discount.by),
        discount=discount.id,
    )


def _with(drafted: Drafted, off: dict[_Place, list[Line]], *, part: int) -> Drafted:
    lines: list[Line] = []
    for at, line in enumerate(drafted.lines):
        lines += (line, *off.get((part, at), ()))
    return replace(drafted, lines=tuple(lines))


def placed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a document, each new discount with the place of the charge before it that it reduces."""
    found: list[Line] = []
    charge = 0
    for place, line in enumerate(lines, start=1):
        if line.kind != "discount":
            charge = place
        found.append(replace(line, reduces=charge) if line.kind == "discount" and line.corrects is None else line)
    return tuple(found)
