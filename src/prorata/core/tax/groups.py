"""The tax of a document: for each rate the sum of its lines' net amounts, times the rate, rounded once (EN 16931).

A credit carries its original's rate into that rate's group. A credit note that takes back all that is left of a
document takes all that is left of that document's tax, so that documents close to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from prorata.core.documents.model import Line, LineRef, TaxGroup
from prorata.core.history import Charge
from prorata.core.money import Currency, Money, allocate, half_up_ratio, spread, total, zero
from prorata.core.proof import TaxProof, prove
from prorata.core.records import record


def tax_lines(
    lines: Sequence[Line], charges: Sequence[Charge], *, currency: Currency, at_most: Money | None = None
) -> tuple[tuple[Line, ...], tuple[TaxGroup, ...]]:
    """Tax the lines of one document: the lines with their part of the tax, and the groups.

    `charges`: every charge of the corrected documents, as this document leaves it. `at_most`: a bound on the tax given
    back, beside what the corrected documents still hold.
    """
    taxes = [zero(currency)] * len(lines)
    groups: list[TaxGroup] = []
    correcting = _Correcting(charges, _gives_back(lines, charges, currency=currency), at_most) if charges else None
    for rate, members in _by_rate(lines):
        if correcting:
            group, shares = _correcting_group(members, rate, correcting=correcting, currency=currency)
        else:
            group, shares = _group(members, rate, currency=currency)
        groups.append(group)
        for place, share in zip(members, shares, strict=True):
            taxes[place] = share
    return tuple([line.with_tax(tax) for line, tax in zip(lines, taxes, strict=True)]), tuple(groups)


_Members = dict[int, Line]
_Taxed = tuple[TaxGroup, Sequence[Money]]
"""A group, and the tax of each of its lines in their order."""


def _group(members: _Members, rate: Fraction, *, currency: Currency) -> _Taxed:
    """The tax of lines that take nothing back."""
    amounts = [line.amount for line in members.values()]
    base = total(amounts, currency)
    proof = TaxProof(rate, base, zero(currency), None)
    tax = prove(proof)
    return TaxGroup(rate, base, tax, proof), _shares(tax, amounts, rate=rate)


@record
class _Correcting:
    """What lines take back from: every charge of the corrected documents, and those of which nothing is left after."""

    charges: Sequence[Charge]
    closed: frozenset[int]
    at_most: Money | None


def _gives_back(lines: Sequence[Line], charges: Sequence[Charge], *, currency: Currency) -> frozenset[int]:
    """The documents that are closed: by a document that gives back.

    One of credits alone does, even where they round to nothing: the tax may still have a unit left.
    """
    alone = all(line.corrects for line in lines)
    if alone or total([line.amount for line in lines], currency).minor < 0:
        return _closed(charges)
    return frozenset()


def _correcting_group(members: _Members, rate: Fraction, *, correcting: _Correcting, currency: Currency) -> _Taxed:
    """The tax of lines of which some take something back."""
    charges, closed = correcting.charges, correcting.closed
    closing = {i: line for i, line in members.items() if line.corrects and line.corrects.document in closed}
    rest = {i: line for i, line in members.items() if i not in closing}
    shares = _take_what_is_left(closing, charges, rate=rate, currency=currency)
    amounts = [line.amount for line in rest.values()]
    at_most = _bound(_left_to_give_back(rest, charges, currency=currency), correcting.at_most)
    proof = TaxProof(rate, total(amounts, currency), total(shares.values(), currency), at_most)
    tax = prove(proof)
    own = tax - proof.closing
    shares.update(zip(rest, _shares(own, amounts, rate=rate), strict=True))
    base = total([line.amount for line in members.values()], currency)
    return TaxGroup(rate, base, tax, proof), [shares[i] for i in members]


def _bound(one: Money | None, other: Money | None) -> Money | None:
    if one is None or other is None:
        return one
    return min(one, other)


def _by_rate(lines: Sequence[Line]) -> list[tuple[Fraction, dict[int, Line]]]:
    """The lines of each rate by their places, the lowest rate first; lines without tax are in none."""
    first = lines[0].tax_rate if lines else None
    others = [line for line in lines if line.tax_rate is not first]
    if first is not None and not others:
        return [(first, dict(enumerate(lines)))]
    rates = sorted({line.tax_rate for line in lines if line.tax_rate is not None})
    return [(rate, {i: line for i, line in enumerate(lines) if line.tax_rate == rate}) for rate in rates]


def _shares(whole: Money, amounts: Sequence[Money], *, rate: Fraction) -> tuple[Money, ...]:
    """Each line's part of a group's tax: its own tax, rounded so that the parts add up; in proportion where bounded."""
    if len(amounts) == 1:
        return (whole,)
    exact, percent = [amount.minor * rate.numerator for amount in amounts], 100 * rate.denominator
    if whole.minor == half_up_ratio(sum(exact), percent):
        shares = spread(whole.minor, exact, denominator=percent)
    else:
        shares = allocate(whole.minor, [Fraction(tax) for tax in exact])
    return tuple(Money(share, whole.currency) for share in shares)


def _closed(charges: Sequence[Charge]) -> frozenset[int]:
    """The documents of which nothing is left. What is given back by hand is of a charge and its discounts together."""
    left: dict[LineRef, int] = {}
    for c in charges:
        of = c.reduces or c.ref
        left[of] = left.get(of, 0) + c.left.minor
    given = {c.ref for c in charges if c.adjusted and not left[c.ref]}
    still = {c.ref.document for c in charges if not (c.is_gone or (c.reduces or c.ref) in given)}
    return frozenset(c.ref.document for c in charges) - still


def _take_what_is_left(
    closing: dict[int, Line], charges: Sequence[Charge], *, rate: Fraction, currency: Currency
) -> dict[int, Money]:
    """The tax that is left of closed documents: each charge's on its last credit line, the rest on the last of all.

    Rounding once for a group can leave a cent with a charge that an earlier credit note took back whole.
    """
    if not closing:
        return {}
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
    if not charges or not rest or not all(line.corrects for line in rest.values()):
        return None
    documents = {line.corrects.document for line in rest.values() if line.corrects}
    return total((c.tax - c.tax_credited for c in charges if c.ref.document in documents), currency)
