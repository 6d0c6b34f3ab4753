from fractions import Fraction

import pytest

from prorata.core.money import (
    MixedCurrencies,
    Money,
    NotAnAmount,
    UnknownCurrency,
    allocate,
    currency,
    half_up,
    money,
    unit_price,
)

EUR, JPY, KWD = currency("EUR"), currency("JPY"), currency("KWD")


@pytest.mark.parametrize(
    ("code", "text", "minor"),
    [
        ("EUR", "12.50", 1250),
        ("EUR", "12.5", 1250),
        ("JPY", "1250", 1250),
        ("KWD", "1.250", 1250),
        ("EUR", "-0.01", -1),
    ],
)
def test_an_amount_is_counted_in_the_minor_unit_of_its_currency(code: str, text: str, minor: int) -> None:
    assert money(text, currency(code)).minor == minor


def test_an_amount_is_written_with_the_decimals_of_its_currency() -> None:
    assert str(Money(1250, EUR)) == "12.50"
    assert str(Money(5, EUR)) == "0.05"
    assert str(Money(-5, EUR)) == "-0.05"
    assert str(Money(-1250, JPY)) == "-1250"
    assert str(Money(125, KWD)) == "0.125"
    assert str(Money(-12_500, KWD)) == "-12.500"


@pytest.mark.parametrize("text", ["", "1,50", "1.", ".5", "+1", "1e3", "12.505", " 1", "1_000", "NaN", "9" * 16, "١٢"])
def test_what_is_not_a_plain_number_is_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmount):
        money(text, EUR)


def test_yen_have_no_decimals() -> None:
    with pytest.raises(NotAnAmount):
        money("10.5", JPY)


def test_a_unit_price_may_be_finer_than_its_currency() -> None:
    assert str(unit_price("0.125", EUR)) == "0.125"
    assert unit_price("0.125", EUR).minor == Fraction(25, 2)
    assert str(unit_price("3", EUR)) == "3.00"
    assert str(unit_price("1000", JPY)) == "1000"


@pytest.mark.parametrize("text", ["-0.01", "-0", "0.0000000000001"])
def test_a_unit_price_is_never_below_zero_and_has_at_most_twelve_decimals(text: str) -> None:
    with pytest.raises(NotAnAmount):
        unit_price(text, EUR)


def test_a_currency_has_a_known_code() -> None:
    for code in ("XXX", "eur", ""):
        with pytest.raises(UnknownCurrency):
            currency(code)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("7498.5", 7499),  # 74.985
        ("17496.5", 17497),  # 174.965
        ("-7498.5", -7499),
        ("0.5", 1),  # not to the even one
        ("1.5", 2),
        ("2.5", 3),
        ("-0.5", -1),
        ("0.499999", 0),
        ("-0.499999", 0),
        ("0", 0),
    ],
)
def test_a_half_is_rounded_away_from_zero(exact: str, rounded: int) -> None:
    assert half_up(Fraction(exact)) == rounded


def test_amounts_of_two_currencies_never_meet() -> None:
    with pytest.raises(MixedCurrencies):
        _ = Money(1, EUR) + Money(1, JPY)
    with pytest.raises(MixedCurrencies):
        _ = Money(1, EUR) < Money(1, JPY)


def shares(whole: int, *weights: int) -> tuple[int, ...]:
    return allocate(whole, [Fraction(weight) for weight in weights])


def test_a_whole_is_divided_without_losing_a_cent() -> None:
    assert shares(100, 1, 1, 1) == (34, 33, 33)
    assert shares(10, 1, 2) == (3, 7)  # 3.33 and 6.67
    assert shares(0, 5, 5) == (0, 0)
    assert shares(7) == ()


def test_a_single_cent_goes_to_the_first_of_equals() -> None:
    assert shares(1, 1, 1) == (1, 0)


def test_a_credit_is_divided_as_the_charge_was() -> None:
    assert shares(-1, 1, 1) == (-1, 0)
    assert shares(-100, 1, 1, 1) == (-34, -33, -33)
