"""Amounts as people type them: read as their language writes them, or not at all."""

import pytest

from prorata.core.money import Money, currency
from prorata.wording import Language
from prorata.wording.typed import read_amount, write_amount

EUR = currency("EUR")


@pytest.mark.parametrize(
    ("language", "text", "minor"),
    [
        (Language.EN, "75.00", 7500),
        (Language.EN, "75", 7500),
        (Language.EN, "75.5", 7550),
        (Language.EN, "1,234.50", 123450),
        (Language.EN, " €75.00 ", 7500),
        (Language.EN, "EUR 75.00", 7500),
        (Language.NL, "75,00", 7500),
        (Language.NL, "€ 1.234,50", 123450),
        (Language.IT, "75,00 €", 7500),
        (Language.IT, "1.234,50", 123450),
        (Language.IT, "1234,5", 123450),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it(language: Language, text: str, minor: int) -> None:
    assert read_amount(text, EUR, language=language) == Money(minor, EUR)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.EN, "75,00"),
        (Language.NL, "75.00"),
        (Language.IT, "75.00"),
        (Language.NL, "1.234"),  # one thousand two hundred, or one and a bit
        (Language.EN, "1,234"),
        (Language.EN, "12,34.50"),
        (Language.EN, "1,2345.00"),
        (Language.EN, "75.001"),
        (Language.EN, "-75.00"),
        (Language.EN, "+75.00"),
        (Language.EN, ".50"),
        (Language.EN, "75."),
        (Language.EN, "7 5"),
        (Language.EN, "1e3"),
        (Language.EN, "USD 75.00"),
        (Language.EN, "\u0667\u0665"),
        (Language.EN, ""),
        (Language.EN, "€"),
        (Language.EN, "9" * 16),
        (Language.EN, "9" * 1000),
    ],
)
def test_what_is_doubtful_is_not_guessed(language: Language, text: str) -> None:
    assert read_amount(text, EUR, language=language) is None


def test_a_currency_without_decimals_has_none_and_may_have_a_thousands_sign() -> None:
    yen = currency("JPY")
    assert read_amount("1.234", yen, language=Language.NL) == Money(1234, yen)
    assert read_amount("1234", yen, language=Language.EN) == Money(1234, yen)
    assert read_amount("12,5", yen, language=Language.NL) is None


def test_three_decimals_are_read_where_there_are_three() -> None:
    dinar = currency("KWD")
    assert read_amount("1.234", dinar, language=Language.EN) == Money(1234, dinar)
    assert read_amount("1,234", dinar, language=Language.NL) == Money(1234, dinar)


@pytest.mark.parametrize(("language", "text"), [(Language.EN, "1234.50"), (Language.NL, "1234,50")])
def test_what_is_written_can_be_read_again(language: Language, text: str) -> None:
    assert write_amount(Money(123450, EUR), language=language) == text
    assert read_amount(text, EUR, language=language) == Money(123450, EUR)
