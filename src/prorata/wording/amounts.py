"""Numbers, percentages and money, written as a language writes them (CLDR).

Money comes as whole minor units or as a `Decimal` and stays one: nothing here passes through a float, and nothing
rounds. A minus is the minus sign, not the hyphen, so that it is as wide as a plus and no line breaks after it.
"""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, parse_pattern

from prorata.core.money import currency as currency_of

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"

# CLDR sets a no-break space between a currency that ends in a letter and a digit (KWD 1.234, but US$1.23);
# Babel leaves this rule out.
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


def number(value: int | Decimal, locale: Locale) -> str:
    """Write a number with all its decimals and the thousands set apart."""
    return _with_minus(format_decimal(value, locale=locale, decimal_quantization=False))


def percent(value: Decimal, locale: Locale) -> str:
    """Write a rate given in hundredths: `Decimal("21")` reads 21%."""
    text = locale.percent_formats[None].apply(
        value.scaleb(-2), locale, decimal_quantization=False, group_separator=True
    )
    return _with_minus(text)


def money(minor: int, currency: str, *, locale: Locale, exponent: int | None = None) -> str:
    """Write whole minor units of a currency: 1250 EUR reads €12.50, € 12,50 or 12,50 €.

    `exponent` is the number of decimals of the currency, ISO 4217's where it is left out. Raises `UnknownCurrency`.
    """
    digits = _digits(currency, exponent)
    return _currency(Decimal(minor).scaleb(-digits), currency, locale=locale, decimals=(digits, digits))


def unit_price(price: Decimal, currency: str, *, locale: Locale, exponent: int | None = None) -> str:
    """Write a price for one, in major units: more decimals than the currency has are kept, fewer are filled up."""
    digits = _digits(currency, exponent)
    kept = -int(price.normalize().as_tuple().exponent) if price else 0
    return _currency(price, currency, locale=locale, decimals=(digits, max(digits, kept)))


def _digits(currency: str, exponent: int | None) -> int:
    return currency_of(currency).exponent if exponent is None else exponent


def _currency(amount: Decimal, currency: str, *, locale: Locale, decimals: tuple[int, int]) -> str:
    pattern: NumberPattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = decimals
    text = pattern.apply(amount, locale, currency=currency, currency_digits=False)
    return _with_minus(_LETTER_BEFORE_DIGIT.sub(NO_BREAK_SPACE, text))


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)
