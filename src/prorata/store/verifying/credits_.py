"""Every credit against the line that it takes back: days, seats and amount, never more than was charged; and the tax.

In the order in which they were made each goes on from where the one before left off, so that what was used and what was
credited come to what was charged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from prorata.core.money import Currency, Money
from prorata.core.proof import CreditProof, GivenProof, Proof
from prorata.store.codec import Unreadable
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.proofs import line_proof
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import LineRow, seats_of

Ref = tuple[int, int]


def check_credits(whole: Whole) -> Iterator[Finding]:
    """All credits of an account."""
    credits_: dict[Ref, list[LineRow]] = defaultdict(list)
    for line in whole.lines:
        if line.corrects_document is not None and line.corrects_line is not None:
            credits_[line.corrects_document, line.corrects_line].append(line)
    if not credits_:
        return
    numbers = {row.id: row.number for row in whole.documents}
    charged = {(line.document_id, line.line): line for line in whole.lines if line.corrects_document is None}
    beside = _beside(charged, credits_)
    for ref, taken_back in credits_.items():
        where = f"{numbers.get(ref[0], f'document {ref[0]}')} line {ref[1]}"
        if ref not in charged:
            yield Finding("credit_of_nothing", where, "a credit takes back a line that is not there")
        else:
            yield from _check_taken(
                where, charged[ref], taken_back=taken_back, beside=beside.get(ref), of=whole.rules.currency
            )
    yield from _check_tax(whole, credits_, numbers=numbers)


def _check_taken(
    where: str, line: LineRow, *, taken_back: Sequence[LineRow], beside: _Beside | None, of: Currency
) -> Iterator[Finding]:
    credited = -sum(credit.amount for credit in taken_back)
    # A discount is below zero, and so is what is given back of it.
    if credited > line.amount if line.amount >= 0 else credited < line.amount:
        yield Finding(
            "credited_too_much", where, f"{Money(credited, of)} of {Money(line.amount, of)} {of.code} was credited"
        )
    if any(credit.from_date < line.from_date or credit.to_date > line.to_date for credit in taken_back):
        yield Finding("credited_outside", where, "days were credited that the line did not charge")
    if _most_seats(taken_back) > seats_of(line):
        detail = f"more than its {seats_of(line)} licences were credited for a day"
        yield Finding("seats_credited_twice", where, detail)
    if any(not _is_about(credit, line) for credit in taken_back):
        yield Finding("credit_of_another_line", where, "a credit of it has another subscription, price or tax rate")
    try:
        yield from _check_order(where, line, taken_back=taken_back, beside=beside, of=of)
    except Unreadable:
        return  # It is named where its document is looked at.


def _is_about(credit: LineRow, line: LineRow) -> bool:
    if credit.days is not None and (credit.price, credit.of_days) != (line.price, line.of_days):
        return False
    return _about(credit) == _about(line)


def _about(line: LineRow) -> tuple[object, ...]:
    return (
        *(line.subscription_id, line.plan, line.price_version, line.phase, line.step, line.flat, line.tax_rate),
        line.discount_id,
    )


def _most_seats(taken_back: Sequence[LineRow]) -> int:
    """The most licences that were taken back of any day."""
    steps: dict[date, int] = defaultdict(int)
    for credit in taken_back:
        steps[credit.from_date] += seats_of(credit)
        steps[credit.to_date] -= seats_of(credit)
    most = seats = 0
    for day in sorted(steps):
        seats += steps[day]
        most = max(most, seats)
    return most


@dataclass(slots=True)
class _Beside:
    """The discounts of a line: their amounts, and what was given back of them, by the places of those lines."""

    amount: int = 0
    given: list[tuple[Ref, int]] = field(default_factory=list[tuple[Ref, int]])
    count: int = 0

    def left(self, before: Ref) -> int:
        """What was left of them (below zero) before a line."""
        return self.amount - sum(amount for place, amount in self.given if place < before)

    def with_it(self, credit: LineRow) -> int:
        """What a credit gives back of them: the lines right behind it."""
        first, last = (credit.document_id, credit.line), (credit.document_id, credit.line + self.count)
        return sum(amount for place, amount in self.given if first < place <= last)


def _beside(charged: Mapping[Ref, LineRow], credits_: Mapping[Ref, Sequence[LineRow]]) -> Mapping[Ref, _Beside]:
    """The discounts of each line that has some."""
    found: dict[Ref, _Beside] = defaultdict(_Beside)
    for ref, line in charged.items():
        if line.reduces is not None:
            beside = found[ref[0], line.reduces]
            beside.amount += line.amount
            beside.count += 1
            # What is given back of a discount stands above zero in its document.
            beside.given += [((one.document_id, one.line), -one.amount) for one in credits_.get(ref, ())]
    return found


def _check_order(
    where: str, line: LineRow, *, taken_back: Sequence[LineRow], beside: _Beside | None, of: Currency
) -> Iterator[Finding]:
    """Each credit's proof goes on from where the one before left off."""
    before = by_hand = 0
    charged = kept = seats_of(line) * (line.days or 0)
    for credit in taken_back:
        own = line.amount - before - by_hand
        both = own + (beside.left((credit.document_id, credit.line)) if beside else 0)
        if credit.days is None:
            should: Proof = GivenProof(Money(-credit.amount, of), Money(both, of))
            by_hand -= credit.amount
        else:
            kept -= seats_of(credit) * credit.days
            most = min(own, both - (beside.with_it(credit) if beside else 0))
            at_most = Money(most, of) if by_hand else None
            should = CreditProof(Money(line.amount, of), charged, kept, Money(before, of), at_most)
            before -= credit.amount
        if line_proof(credit.proof).proof != should:
            yield Finding("proof_of_another_line", where, "a credit of it was counted from something else")


def _check_tax(
    whole: Whole, credits_: Mapping[Ref, Sequence[LineRow]], *, numbers: Mapping[int | None, str]
) -> Iterator[Finding]:
    """The tax given back of each document, against the tax of its charges.

    A group's tax is rounded once, and each line's share of it lies within one minor unit of its own: so credits may
    give back one unit each more than the charges took, and never more than that.
    """
    given: dict[int, int] = defaultdict(int)
    counts: dict[int, int] = defaultdict(int)
    for (document, _), taken_back in credits_.items():
        taxes = [credit.tax for credit in taken_back if credit.tax]
        given[document] -= sum(taxes)
        counts[document] += len(taxes)
    charged: dict[int, int] = defaultdict(int)
    for line in whole.lines:
        if line.document_id in given and line.corrects_document is None:
            charged[line.document_id] += line.tax or 0
    for document, amount in given.items():
        if amount > charged[document] + counts[document]:
            where = f"{numbers.get(document, f'document {document}')} tax"
            detail = f"{amount} of {charged[document]} minor units were credited"
            yield Finding("credited_too_much", where, detail)
