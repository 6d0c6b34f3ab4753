"""The tax of a document: for each rate the sum of its lines' net amounts, times the rate, rounded once (EN 16931).

A credit carries its original's rate into that rate's group. A credit note that takes back all that is left of a
document takes all that is left of that document's tax, so that documents close to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prorata.core.documents.model import Line, LineRef, TaxGroup
from prorata.core.history import Charge
from prorata.core.money import Currency, Money, allocate, half_up, spread, total, zero
from prorata.core.proof import TaxProof, prove


@dataclass(frozen=True, slots=True)
class Taxed:
    """The lines with their share of the tax, and the groups."""

    lines: tuple[Line, ...]
    groups: tuple[TaxGroup, ...]


def tax_lines(lines: Sequence[Line], charges: Sequence[Charge], *, currency: Currency) -> Taxed:
    """Tax the lines of one document. `charges`: every charge of the corrected documents, as this document leaves it."""
    rates = sorted({line.tax_rate for line in lines if line.tax_rate is not None})
    gives_back = total((line.amount for line in lines), currency).minor < 0
    closed = _closed(charges) if gives_back else frozenset[int]()
    done: dict[int, Line] = {i: replace(line, tax=zero(currency)) for i, line in enumerate(lines)}
    groups: list[TaxGroup] = []
    for rate in rates:
        members = {i: line for i, line in enumerate(lines) if line.tax_rate == rate}
        closing = {i: line for i, line in members.items() if line.corrects and line.corrects.document in closed}
        rest = {i: line for i, line in members.items() if i not in closing}
        closing_tax = _take_what_is_left(closing, charges, rate=rate, currency=currency)
        proof = TaxProof(
            rate,
            base=total((line.amount for line in rest.values()), currency),
            closing=total(closing_tax.values(), currency),
            at_most=_left_to_give_back(rest, charges, currency=currency),
        )
        tax = prove(proof)
        shares = _shares((tax - proof.closing).minor, [line.amount.minor * rate / 100 for line in rest.values()])
        for i, share in zip(rest, shares, strict=True):
            done[i] = replace(lines[i], tax=Money(share, currency))
        for i, amount in closing_tax.items():
            done[i] = replace(lines[i], tax=amount)
        base = total((line.amount for line in members.values()), currency)
        groups.append(TaxGroup(rate, base, tax, proof))
    return Taxed(tuple(done[i] for i in range(len(lines))), tuple(groups))


def _shares(whole: int, exact: Sequence[Fraction]) -> tuple[int, ...]:
    """Each line's part of a group's tax: its own tax, rounded so that the parts add up; in proportion where bounded."""
    if whole == half_up(sum(exact, Fraction(0))):
        return spread(whole, exact)
    return allocate(whole, exact)


def _closed(charges: Sequence[Charge]) -> frozenset[int]:
    """The documents of which no seat-day is left."""
    still = {c.ref.document for c in charges if c.seat_days_kept}
    return frozenset(c.ref.document for c in charges) - still


def _take_what_is_left(
    closing: dict[int, Line], charges: Sequence[Charge], *, rate: Fraction, currency: Currency
) -> dict[int, Money]:
    """The tax that is left of closed documents: each charge's on its last credit line, the rest on the last of all.

    Rounding once for a group can leave a cent with a charge that an earlier credit note took back whole.
    """
    left: dict[LineRef, Money] = {c.ref: c.tax - c.tax_credited for c in charges if c.tax_rate == rate}
    found: dict[int, Money] = {}
    for i in reversed(closing):
        ref = closing[i].corrects
        found[i] = -left.pop(ref) if ref in left else zero(currency)
    for i in list(found)[:1]:
        documents = {line.corrects.document for line in closing.values() if line.corrects}
        found[i] -= total((tax for ref, tax in left.items() if ref.document in documents), currency)
    return found


def _left_to_give_back(rest: dict[int, Line], charges: Sequence[Charge], *, currency: Currency) -> Money | None:
    """A bound where every line is a credit: the tax that the corrected documents still hold."""
    refs = {line.corrects for line in rest.values()}
    if None in refs or not refs:
        return None
    documents = {ref.document for ref in refs if ref}
    return total((c.tax - c.tax_credited for c in charges if c.ref.document in documents), currency)
