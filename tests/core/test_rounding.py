"""Fractions in whole numbers: the same rounding, whatever terms the fraction is in."""

from fractions import Fraction

import pytest

from prorata.core.money import (
    Currency,
    MixedCurrencies,
    currency,
    half_up,
    half_up_ratio,
    money,
    spread,
    total,
    unit_price,
    zero,
)

EUR, JPY, KWD = currency("EUR"), currency("JPY"), currency("KWD")


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(14997, 2, 7499), (29994, 4, 7499), (-14997, 2, -7499), (1, 3, 0), (2, 3, 1), (-2, 3, -1), (0, 7, 0)],
)
def test_a_fraction_rounds_alike_in_lowest_terms_or_not(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up_ratio(numerator, denominator) == rounded
    assert half_up(Fraction(numerator, denominator)) == rounded


@pytest.mark.parametrize(
    ("text", "of", "exact"),
    [("12.50", EUR, "1250"), ("0.333333", EUR, "33.3333"), ("1250", JPY, "1250"), ("0.0005", KWD, "1/2")],
)
def test_a_price_is_exact_in_minor_units(text: str, of: Currency, exact: str) -> None:
    price = unit_price(text, of)
    assert price.minor == Fraction(exact)
    assert Fraction(*price.ratio) == Fraction(exact)


def test_parts_of_a_sum_round_so_that_they_add_up() -> None:
    # 262.5 + 262.5 = 525: of equal remainders the first is rounded up.
    assert spread(525, [26250, 26250], denominator=100) == (263, 262)
    # 0.4 + 0.4 + 0.4 = 1.2 is 1
    assert spread(1, [4, 4, 4], denominator=10) == (1, 0, 0)
    # -0.4 - 0.6 = -1: -0.4 lies 0.6 above its next lower whole, -0.6 only 0.4.
    assert spread(-1, [-4, -6], denominator=10) == (0, -1)
    assert spread(0, [], denominator=10) == ()


def test_a_sum_is_of_one_currency() -> None:
    assert total([money("1.10", EUR), money("-0.20", EUR)], EUR) == money("0.90", EUR)
    assert total([], EUR) == zero(EUR)
    with pytest.raises(MixedCurrencies):
        total([money("1.10", EUR), money("1", JPY)], EUR)
