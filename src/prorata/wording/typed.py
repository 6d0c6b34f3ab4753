"""Amounts as people type them: read strictly by the customs of their language, and never guessed.

What one language writes as a decimal sign is another's thousands sign. A text that could mean two amounts, or that the
reader's language does not write in this way, is not read at all: whoever asked for it asks again.
"""

from __future__ import annotations

import re

from babel import Locale
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from prorata.core.money import Currency, Money, NotAnAmount, money
from prorata.wording.languages import Language

_LONGEST = 40  # characters: more than any amount needs


def read_amount(text: str, of: Currency, *, language: Language) -> Money | None:
    """The amount that a text means to a reader of the language; None where it means none, or not one alone.

    `75,00` and `1.234,50` in Dutch and Italian, `75.00` and `1,234.50` in English. The currency's sign or code may
    stand before or behind. A thousands sign without decimals is doubtful where the currency has decimals.
    """
    if len(text) > _LONGEST:
        return None
    locale = language.locale
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    found = _pattern(decimal, group, decimals=of.exponent).fullmatch(_bare(text, of, locale=locale))
    if found is None:
        return None
    whole, part = found["whole"], found["part"]
    if group in whole and part is None and of.exponent:
        return None
    digits = whole.replace(group, "")
    try:
        return money(f"{digits}.{part}" if part else digits, of)
    except NotAnAmount:
        return None


def _pattern(decimal: str, group: str, *, decimals: int) -> re.Pattern[str]:
    whole = rf"(?P<whole>[0-9]{{1,15}}|[1-9][0-9]{{0,2}}(?:{re.escape(group)}[0-9]{{3}})+)"
    part = rf"(?:{re.escape(decimal)}(?P<part>[0-9]{{1,{decimals}}}))?" if decimals else "(?P<part>(?!))?"
    return re.compile(whole + part)


def _bare(text: str, of: Currency, *, locale: Locale) -> str:
    """The text without the currency and without blanks around it."""
    bare = text.strip()
    for sign in (of.code, get_currency_symbol(of.code, locale=locale)):
        if bare.upper().startswith(sign.upper()):
            return bare[len(sign) :].strip()
        if bare.upper().endswith(sign.upper()):
            return bare[: -len(sign)].strip()
    return bare


def write_amount(amount: Money, *, language: Language) -> str:
    """An amount as its reader would type it: all decimals, no currency, no thousands sign: `81,25`."""
    return str(amount).replace(".", get_decimal_symbol(language.locale))
