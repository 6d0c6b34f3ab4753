"""How an amount was made, and making it again.

A proof holds every input of one amount and the rule that made it. `prove` computes the amount from that alone: who has
the proof needs neither the program's history nor its database. The rules are those of section 5 of the product's
design: multiply first, divide once, round once, half-up.
"""

from __future__ import annotations

from fractions import Fraction

from prorata.core.money import Money, UnitPrice, half_up_ratio
from prorata.core.records import record


@record
class ChargeProof:
    """price × licences × days ÷ days of the period."""

    price: UnitPrice
    licences: int
    days: int
    of_days: int


@record
class CreditProof:
    """What was charged, less what is kept of it, less what was credited before.

    Seat-days: one licence for one day. `kept` are those that stay charged after this credit; `charged_seat_days` all
    that the line charged. `at_most`: what is left of the line, where something was given back by hand (None: no bound).
    For a discount all amounts are below zero.
    """

    charged: Money
    charged_seat_days: int
    kept_seat_days: int
    credited_before: Money
    at_most: Money | None = None


@record
class SetupProof:
    """An amount that is charged once, whole."""

    amount: Money


@record
class DiscountProof:
    """A percentage of a charge, or a given part of an amount (`share`); never more than is left of the charge."""

    charged: Money
    percent: Fraction | None
    share: Money | None
    left: Money


@record
class GivenProof:
    """An amount (net) that somebody chose to give back of a line, of which so much was `left`."""

    amount: Money
    left: Money


@record
class TaxProof:
    """The rate (percent) on the sum of a group, rounded once, plus what is left of the tax of documents taken back.

    `closing` is the tax (negative) of documents of which nothing is left after this one; their lines are not in `base`.
    `at_most` bounds the tax given back: never more than is left of the corrected documents' tax (None: no bound).
    """

    rate: Fraction
    base: Money
    closing: Money
    at_most: Money | None = None


Proof = ChargeProof | CreditProof | SetupProof | DiscountProof | GivenProof | TaxProof


def prove(proof: Proof) -> Money:
    """Make the amount again. Charges are positive, credits negative, tax has the sign of its group."""
    match proof:
        case ChargeProof():
            return _charge(proof)
        case TaxProof():
            return _tax(proof)
        case CreditProof():
            return _credit(proof)
        case SetupProof(amount):
            return amount
        case DiscountProof():
            return _discount(proof)
        case GivenProof(amount):
            return -amount


def _charge(proof: ChargeProof) -> Money:
    price = proof.price
    numerator, denominator = price.ratio
    rounded = half_up_ratio(numerator * proof.licences * proof.days, denominator * proof.of_days)
    return Money(rounded, price.currency)


def _tax(proof: TaxProof) -> Money:
    base, at_most = proof.base, proof.at_most
    numerator, denominator = proof.rate.as_integer_ratio()
    tax = Money(half_up_ratio(base.minor * numerator, 100 * denominator), base.currency)
    if at_most is not None and tax < -at_most:
        tax = -at_most
    return tax + proof.closing if proof.closing.minor else tax


def _credit(proof: CreditProof) -> Money:
    charged = proof.charged
    # Where each month has 30 days, the 30th alone has none of its 31: there is nothing to divide by, and nothing stays.
    of = proof.charged_seat_days
    stays = half_up_ratio(charged.minor * proof.kept_seat_days, of) if of else 0
    back = charged.minor - stays - proof.credited_before.minor
    if proof.at_most is not None:
        left = proof.at_most.minor
        back = min(back, left) if left >= 0 else max(back, left)
    return Money(-back, charged.currency)


def _discount(proof: DiscountProof) -> Money:
    if proof.share is not None:
        off = proof.share.minor
    else:
        percent = proof.percent or Fraction(0)
        off = half_up_ratio(proof.charged.minor * percent.numerator, 100 * percent.denominator)
    return Money(-min(off, proof.left.minor), proof.charged.currency)
