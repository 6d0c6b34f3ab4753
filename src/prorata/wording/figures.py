"""The core's amounts, prices, rates and days, written as a language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from prorata.core.money import Money, UnitPrice
from prorata.wording import dates
from prorata.wording.words import Wording


def money_of(amount: Money, w: Wording) -> str:
    """An amount with its sign: −€53.57."""
    return w.money(amount.minor, amount.currency.code, exponent=amount.currency.exponent)


def size_of(amount: Money, w: Wording) -> str:
    """An amount without its sign, where the words say which way it goes."""
    return money_of(amount if amount.minor >= 0 else -amount, w)


def price_of(price: UnitPrice, w: Wording) -> str:
    """A price for one, with every decimal that it has."""
    return w.unit_price(price.amount, price.currency.code, exponent=price.currency.exponent)


def percent_of(rate: Fraction, w: Wording) -> str:
    """A rate in percent: 21%."""
    return w.percent(Decimal(rate.numerator) / Decimal(rate.denominator))


def share_of(days: int, of_days: int, *, w: Wording) -> str:
    """How much of a period: "11 of 28 days". Terms that count seconds have them in both."""
    if of_days > SECONDS:
        return w.n("{part} of {count} second", "{part} of {count} seconds", of_days, part=days)
    return w.n("{days} of {count} day", "{days} of {count} days", of_days, days=days)


SECONDS = 40_000
"""A day has more seconds than the longest period has days: so large a count is one of seconds."""


def day_of(day: date, w: Wording, *, year: int) -> str:
    """A day; without its year where that is the year one speaks of."""
    return dates.day_without_year(day, w.language.locale) if day.year == year else w.date(day)
