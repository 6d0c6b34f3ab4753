"""Amounts, prices, percentages and lengths of time of a story, each as text that stays exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from prorata.cli.yaml_values import Value, shown
from prorata.core.calendar import Every, every
from prorata.core.errors import DomainError
from prorata.core.money import Currency, Money, UnitPrice, money, unit_price

_MAX_PERCENT = 100
_MAX_DIGITS = 9


def read_price(value: Value, of: Currency) -> UnitPrice:
    """Read a price of zero or more; it may have more decimals than its currency. Raises `WrongFile`."""
    text = value.amount()
    try:
        return unit_price(text, of)
    except DomainError:
        raise value.wrong(f'"{shown(text)}" is not a price: write digits with a point, such as "12.50"') from None


def read_money(value: Value, of: Currency, *, fewest: int | None = None) -> Money:
    """Read an amount of the currency, not below so many minor units. Raises `WrongFile`."""
    try:
        amount = money(value.amount(), of)
    except DomainError:
        raise value.wrong(f"must be an amount in {of.code} with at most {of.exponent} decimals") from None
    if fewest is not None and amount.minor < fewest:
        raise value.wrong(f"must be above zero, not {amount}" if fewest else f"must be zero or more, not {amount}")
    return amount


def read_percent(value: Value, *, called: str) -> Fraction:
    """Read percent from 0 to 100. Raises `WrongFile`."""
    text = value.amount()
    if not _is_percent(text):
        why = 'write percent from "0" to "100", with a point for decimals'
        raise value.wrong(f'"{shown(text)}" is not {called}: {why}')
    return Fraction(text)


def _is_percent(text: str) -> bool:
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    plain = digits.isascii() and digits.isdigit() and whole and len(digits) <= _MAX_DIGITS and not text.endswith(".")
    return bool(plain) and Decimal(text) <= _MAX_PERCENT


def read_length(value: Value) -> Every:
    """Read a length of time: `month`, `30 days`. Raises `WrongFile`."""
    text = value.text()
    try:
        return every(text)
    except DomainError:
        units = "day, week, month, quarter, year, or a number of them such as 30 days"
        raise value.wrong(f'"{shown(text)}" is not a length of time: write {units}') from None
