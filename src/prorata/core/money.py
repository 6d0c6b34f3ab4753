"""Money: whole minor units with their currency, and the only two ways to make whole numbers of fractions.

Amounts are integers of the currency's minor unit (ISO 4217: cents for EUR, yen for JPY, fils for KWD). Unit prices may
be finer than that and stay exact decimals. Fractions stay exact until the one rounding, `half_up`; a whole that must be
divided without losing a cent goes through `allocate`. What is rounded at once stays a numerator and a denominator
(`half_up_ratio`): nobody needs its lowest terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import lcm

from prorata.core.errors import DomainError
from prorata.core.records import record

MAX_DECIMALS = 12
"""More decimals than any price list has; a bound, so that a proof stays readable."""

MAX_MINOR = 10**15
"""A bound on one amount in minor units: ten trillion euros."""

# ISO 4217, list one.
_EXPONENTS: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
    "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}


class UnknownCurrency(DomainError):
    """The code is not one of ISO 4217."""

    code = "unknown_currency"


class NotAnAmount(DomainError):
    """The text is not a plain decimal number, or has more decimals than it may have."""

    code = "not_an_amount"


class MixedCurrencies(TypeError):
    """A programmer's mistake: amounts of two currencies met."""


@record
class Currency:
    """An ISO 4217 currency: its code and how many decimals its minor unit has."""

    code: str
    exponent: int

    @property
    def unit(self) -> int:
        """How many minor units one major unit has."""
        return int(10**self.exponent)


_CURRENCIES = {code: Currency(code, exponent) for exponent, codes in _EXPONENTS.items() for code in codes.split()}


def currency(code: str) -> Currency:
    """Return the currency of an ISO 4217 code; raises `UnknownCurrency`."""
    try:
        return _CURRENCIES[code]
    except KeyError:
        raise UnknownCurrency(currency=code) from None


@record
class Money:
    """An amount in minor units of one currency. Negative is allowed: credits are."""

    minor: int
    currency: Currency

    def __add__(self, other: Money) -> Money:
        if other.currency is not self.currency:
            _check_same(self.currency, other.currency)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        if other.currency is not self.currency:
            _check_same(self.currency, other.currency)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        _check_same(self.currency, other.currency)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        _check_same(self.currency, other.currency)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """Major units with the currency's decimals: `12.50`, `-3`, `0.125`."""
        sign = "-" if self.minor < 0 else ""
        digits = str(abs(self.minor)).rjust(self.currency.exponent + 1, "0")
        if not self.currency.exponent:
            return sign + digits
        return f"{sign}{digits[: -self.currency.exponent]}.{digits[-self.currency.exponent :]}"


def _check_same(one: Currency, other: Currency) -> None:
    # Mostly it is the same object: sums look at that first.
    if one != other:
        raise MixedCurrencies(one.code, other.code)


@cache
def zero(of: Currency) -> Money:
    """Nothing, in that currency."""
    return Money(0, of)


def total(amounts: Iterable[Money], of: Currency) -> Money:
    """Add amounts of one currency."""
    minor = 0
    for amount in amounts:
        if amount.currency is not of:
            _check_same(of, amount.currency)
        minor += amount.minor
    return Money(minor, of)


@record
class UnitPrice:
    """A price per licence and period in major units; may have more decimals than its currency."""

    amount: Decimal
    currency: Currency

    @classmethod
    def of(cls, amount: Money) -> UnitPrice:
        """An amount as a price."""
        return cls(Decimal(amount.minor).scaleb(-amount.currency.exponent), amount.currency)

    @property
    def minor(self) -> Fraction:
        """The price in minor units, exact."""
        return Fraction(*self.ratio)

    @property
    def ratio(self) -> tuple[int, int]:
        """The price in minor units as numerator and denominator (above zero), not always in lowest terms."""
        numerator, denominator = self.amount.as_integer_ratio()
        return numerator * self.currency.unit, denominator

    def __str__(self) -> str:
        """Major units with at least the currency's decimals, and its own where it has more."""
        exponent = self.amount.as_tuple().exponent
        decimals = max(self.currency.exponent, -exponent if isinstance(exponent, int) else 0)
        return f"{self.amount:.{decimals}f}"


_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")


def _decimal(text: str, *, decimals: int) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise NotAnAmount(text=text)
    if len(text.partition(".")[2]) > decimals:
        raise NotAnAmount(text=text)
    return Decimal(text)


def money(text: str, of: Currency) -> Money:
    """Read major units (`"12.50"`); raises `NotAnAmount` for anything else or for too many decimals."""
    value = Fraction(_decimal(text, decimals=of.exponent)) * of.unit
    if abs(value) > MAX_MINOR:
        raise NotAnAmount(text=text)
    return Money(int(value), of)


def unit_price(text: str, of: Currency) -> UnitPrice:
    """Read a price of zero or more in major units, up to `MAX_DECIMALS` decimals; raises `NotAnAmount`."""
    amount = _decimal(text, decimals=MAX_DECIMALS)
    if amount.is_signed() or Fraction(amount) * of.unit > MAX_MINOR:
        raise NotAnAmount(text=text)
    return UnitPrice(amount, of)


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, ties away from zero: the one rounding of the product.

    74.985 euros are 7498.5 cents and become 7499; a credit of -7498.5 becomes -7499.
    """
    return half_up_ratio(value.numerator, value.denominator)


def half_up_ratio(numerator: int, denominator: int) -> int:
    """The same rounding of a fraction in whole numbers; the denominator is above zero."""
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def allocate(whole: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Divide a whole number in proportion to `weights` so that the parts add up to it (largest remainder).

    Ties go to the earlier part; a negative whole is divided as the positive one. Weights that sum to zero give nothing
    to go by: then everything falls to the first part.
    """
    if not weights:
        return ()
    in_common = lcm(*(w.denominator for w in weights))
    shares = [w.numerator * (in_common // w.denominator) for w in weights]
    weight = sum(shares)
    if weight == 0:
        return (whole, *(0 for _ in weights[1:]))
    if weight < 0:
        weight, shares = -weight, [-share for share in shares]
    parts = spread(abs(whole), [abs(whole) * share for share in shares], denominator=weight)
    return parts if whole >= 0 else tuple(-part for part in parts)


def spread(whole: int, exact: Sequence[int], *, denominator: int) -> tuple[int, ...]:
    """Round parts that are known exactly so that they add up to `whole`, which is their sum, rounded.

    `exact` has their numerators over one denominator (above zero). Each part becomes one of the two whole numbers next
    to it; the largest remainders are rounded up, ties the earlier first.
    """
    parts = [numerator // denominator for numerator in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(exact[i] % denominator), i))
    for i in by_remainder[: whole - sum(parts)]:
        parts[i] += 1
    return tuple(parts)
