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
    that the line charged.
    """

    charged: Money
    charged_seat_days: int
    kept_seat_days: int
    credited_before: Money


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


Proof = ChargeProof | CreditProof | TaxProof


def prove(proof: Proof) -> Money:
    """Make the amount again. Charges are positive, credits negative, tax has the sign of its group."""
    match proof:
        case ChargeProof(price, licences, days, of_days):
            numerator, denominator = price.ratio
            return Money(half_up_ratio(numerator * licences * days, denominator * of_days), price.currency)
        case CreditProof(charged, seat_days, kept, before):
            stays = half_up_ratio(charged.minor * kept, seat_days)
            return -(charged - Money(stays, charged.currency) - before)
        case TaxProof(rate, base, closing, at_most):
            tax = Money(half_up_ratio(base.minor * rate.numerator, 100 * rate.denominator), base.currency)
            if at_most is not None and tax < -at_most:
                tax = -at_most
            return tax + closing if closing.minor else tax
