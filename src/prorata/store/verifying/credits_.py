"""Every credit against the line that it takes back: days, seats and amount, never more than was charged; and the tax.

In the order in which they were made each goes on from where the one before left off, so that what was used and what was
credited come to what was charged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from prorata.core.money import Currency, Money
from prorata.core.proof import CreditProof
from prorata.store.codec import Unreadable
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.proofs import line_proof
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import LineRow

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
    charged = {(line.document_id, line.line): line for line in whole.lines if line.kind != "credit"}
    for ref, taken_back in credits_.items():
        where = f"{numbers.get(ref[0], f'document {ref[0]}')} line {ref[1]}"
        if ref not in charged:
            yield Finding("credit_of_nothing", where, "a credit takes back a line that is not there")
        else:
            yield from _check_taken(where, charged[ref], taken_back=taken_back, of=whole.rules.currency)
    yield from _check_tax(whole, credits_, numbers=numbers)


def _check_taken(where: str, line: LineRow, *, taken_back: Sequence[LineRow], of: Currency) -> Iterator[Finding]:
    credited = -sum(credit.amount for credit in taken_back)
    if line.amount < credited:
        yield Finding(
            "credited_too_much", where, f"{Money(credited, of)} of {Money(line.amount, of)} {of.code} was credited"
        )
    if any(credit.from_date < line.from_date or credit.to_date > line.to_date for credit in taken_back):
        yield Finding("credited_outside", where, "days were credited that the line did not charge")
    if _most_seats(taken_back) > line.licences:
        yield Finding("seats_credited_twice", where, f"more than its {line.licences} licences were credited for a day")
    if any(_about(credit) != _about(line) for credit in taken_back):
        yield Finding("credit_of_another_line", where, "a credit of it has another subscription, price or tax rate")
    try:
        yield from _check_order(where, line, taken_back=taken_back, of=of)
    except Unreadable:
        return  # It is named where its document is looked at.


def _about(line: LineRow) -> tuple[object, ...]:
    return line.subscription_id, line.price, line.price_version, line.of_days, line.tax_rate


def _most_seats(taken_back: Sequence[LineRow]) -> int:
    """The most licences that were taken back of any day."""
    steps: dict[date, int] = defaultdict(int)
    for credit in taken_back:
        steps[credit.from_date] += credit.licences
        steps[credit.to_date] -= credit.licences
    most = seats = 0
    for day in sorted(steps):
        seats += steps[day]
        most = max(most, seats)
    return most


def _check_order(where: str, line: LineRow, *, taken_back: Sequence[LineRow], of: Currency) -> Iterator[Finding]:
    """Each credit's proof goes on from where the one before left off."""
    before = 0
    charged = kept = line.licences * line.days
    for credit in taken_back:
        kept -= credit.licences * credit.days
        should = CreditProof(Money(line.amount, of), charged, kept, Money(before, of))
        if line_proof(credit.proof).proof != should:
            yield Finding("proof_of_another_line", where, "a credit of it was counted from something else")
        before -= credit.amount


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
        if line.document_id in given and line.kind != "credit":
            charged[line.document_id] += line.tax or 0
    for document, amount in given.items():
        if amount > charged[document] + counts[document]:
            where = f"{numbers.get(document, f'document {document}')} tax"
            detail = f"{amount} of {charged[document]} minor units were credited"
            yield Finding("credited_too_much", where, detail)
