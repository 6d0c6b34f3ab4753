"""Amounts as programs read them: whole numbers and text, never a number with a fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field

from prorata.core.money import Money, UnitPrice


class Answer(BaseModel):
    """What is answered: filled once, from what a use case has read."""

    model_config = ConfigDict(frozen=True)


class Amount(Answer):
    """Money: in whole minor units of its currency, and the same as it is written with a point."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"minor": 1250, "currency": "EUR", "amount": "12.50"}]})

    minor: int = Field(description="Whole minor units: cents for EUR, yen for JPY.")
    currency: str = Field(description="The currency’s code (ISO 4217).")
    amount: str = Field(description="The same in major units, with the currency’s decimals.")

    @classmethod
    def of(cls, amount: Money) -> Amount:
        """An amount of the rules."""
        return cls(minor=amount.minor, currency=amount.currency.code, amount=str(amount))


class Price(Answer):
    """A price for each licence and period. It may be finer than the currency, so it has no minor units."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"currency": "EUR", "amount": "12.505"}]})

    currency: str = Field(description="The currency’s code (ISO 4217).")
    amount: str = Field(description="Major units, exact.")

    @classmethod
    def of(cls, price: UnitPrice) -> Price:
        """A price of the rules."""
        return cls(currency=price.currency.code, amount=str(price))


def amount_or_none(amount: Money | None) -> Amount | None:
    """An amount where there is one."""
    return None if amount is None else Amount.of(amount)


def exact(value: Fraction) -> str:
    """A number with a point where it has an end, such as `21` or `12.5`; else as a fraction, such as `1/3`."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{decimal:f}" if Fraction(decimal) == value else str(value)
