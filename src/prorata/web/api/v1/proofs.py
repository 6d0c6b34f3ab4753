"""How an amount was made, as programs read it: with these figures and the rule anybody can make it again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from prorata.core import proof as rules
from prorata.web.api.v1.amounts import Amount, Answer, Price, amount_or_none, exact


class ChargeProof(Answer):
    """price × licences × days ÷ days of the period, rounded once, half up."""

    rule: Literal["charge"] = "charge"
    price: Price
    licences: int
    days: int
    of_days: int


class CreditProof(Answer):
    """What was charged, less what is kept of it by seat-days, less what was credited before."""

    rule: Literal["credit"] = "credit"
    charged: Amount
    charged_seat_days: int
    kept_seat_days: int
    credited_before: Amount
    at_most: Amount | None = Field(description="What was left of the line, where something was given back by hand.")


class SetupProof(Answer):
    """An amount that is charged once, whole."""

    rule: Literal["setup"] = "setup"
    amount: Amount


class DiscountProof(Answer):
    """A percentage of a charge, or a given part of it; never more than is left of the charge."""

    rule: Literal["discount"] = "discount"
    charged: Amount
    percent: str | None
    share: Amount | None
    left: Amount


class GivenProof(Answer):
    """An amount that somebody chose to give back."""

    rule: Literal["given"] = "given"
    amount: Amount
    left: Amount


class TaxProof(Answer):
    """The rate on the sum of its lines, rounded once, plus what is left of the tax of documents taken back."""

    rule: Literal["tax"] = "tax"
    rate: str
    base: Amount
    closing: Amount
    at_most: Amount | None


Proof = Annotated[
    ChargeProof | CreditProof | SetupProof | DiscountProof | GivenProof | TaxProof, Field(discriminator="rule")
]


def proof_of(proof: rules.Proof) -> Proof:
    """The figures of a proof of the rules."""
    match proof:
        case rules.ChargeProof(price, licences, days, of_days):
            return ChargeProof(price=Price.of(price), licences=licences, days=days, of_days=of_days)
        case rules.CreditProof():
            return CreditProof(
                charged=Amount.of(proof.charged),
                charged_seat_days=proof.charged_seat_days,
                kept_seat_days=proof.kept_seat_days,
                credited_before=Amount.of(proof.credited_before),
                at_most=amount_or_none(proof.at_most),
            )
        case rules.SetupProof(amount):
            return SetupProof(amount=Amount.of(amount))
        case rules.DiscountProof(charged, percent, share, left):
            return DiscountProof(
                charged=Amount.of(charged),
                percent=None if percent is None else exact(percent),
                share=amount_or_none(share),
                left=Amount.of(left),
            )
        case rules.GivenProof(amount, left):
            return GivenProof(amount=Amount.of(amount), left=Amount.of(left))
        case rules.TaxProof():
            return tax_proof_of(proof)


def tax_proof_of(proof: rules.TaxProof) -> TaxProof:
    """The figures of the tax of one rate."""
    return TaxProof(
        rate=exact(proof.rate),
        base=Amount.of(proof.base),
        closing=Amount.of(proof.closing),
        at_most=amount_or_none(proof.at_most),
    )
