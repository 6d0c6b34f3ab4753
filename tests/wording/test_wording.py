"""How amounts, dates, periods and sentences read, to the character."""

import datetime as dt
from decimal import Decimal

import pytest

from prorata.wording import Language, Wording, mark, mark_plural, wording_for
from prorata.wording.terms import STATES, document_kind_word, per_period, state_word

EN, NL, IT = wording_for(Language.EN), wording_for(Language.NL), wording_for(Language.IT)
NBSP = "\u00a0"
MINUS = "\u2212"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("w", "minor", "text"),
    [
        (EN, 1250, "€12.50"),
        (NL, 1250, f"€{NBSP}12,50"),
        (IT, 1250, f"12,50{NBSP}€"),
        (EN, 123456789, "€1,234,567.89"),
        (NL, 123456789, f"€{NBSP}1.234.567,89"),
        (IT, 123456789, f"1.234.567,89{NBSP}€"),
        (EN, -5357, f"{MINUS}€53.57"),
        (NL, -5357, f"€{NBSP}{MINUS}53,57"),
        (IT, -5357, f"{MINUS}53,57{NBSP}€"),
        (EN, 0, "€0.00"),
        (NL, 1, f"€{NBSP}0,01"),
    ],
)
def test_money_is_written_as_the_language_writes_it(w: Wording, minor: int, text: str) -> None:
    assert w.money(minor, "EUR") == text


@pytest.mark.parametrize(
    ("currency", "exponent", "minor", "text"),
    [
        ("JPY", 0, 1250, "JP¥1,250"),
        ("KWD", 3, 1250, f"KWD{NBSP}1.250"),
        ("KWD", 3, -1250, f"{MINUS}KWD{NBSP}1.250"),
        ("USD", 2, 1250, "US$12.50"),
        ("EUR", 3, 1250, "€1.250"),
    ],
)
def test_money_has_the_decimals_of_its_currency(currency: str, exponent: int, minor: int, text: str) -> None:
    assert EN.money(minor, currency, exponent=exponent) == text


def test_money_beyond_what_a_float_can_hold_keeps_its_last_cent() -> None:
    # 2 ** 53 + 1 is the first whole number that a float has not.
    assert EN.money(9_007_199_254_740_993, "EUR") == "€90,071,992,547,409.93"


@pytest.mark.parametrize(
    ("price", "text"),
    [
        ("12.50", "€12.50"),
        ("12.5", "€12.50"),
        ("12", "€12.00"),
        ("0.0021", "€0.0021"),
        ("12.5000", "€12.50"),
        ("0", "€0.00"),
        ("1E+2", "€100.00"),
    ],
)
def test_a_unit_price_keeps_every_decimal_and_never_has_fewer_than_its_currency(price: str, text: str) -> None:
    assert EN.unit_price(Decimal(price), "EUR") == text


def test_a_unit_price_follows_the_language() -> None:
    assert NL.unit_price(Decimal("0.0021"), "EUR") == f"€{NBSP}0,0021"
    assert IT.unit_price(Decimal("0.0021"), "EUR") == f"0,0021{NBSP}€"
    assert EN.unit_price(Decimal(980), "JPY") == "JP¥980"


def test_numbers_set_thousands_apart_and_have_a_minus_sign() -> None:
    assert (EN.number(10000), NL.number(10000), IT.number(10000)) == ("10,000", "10.000", "10.000")
    assert EN.number(-3) == f"{MINUS}3"
    assert NL.number(Decimal("2.665")) == "2,665"


def test_a_rate_is_written_in_hundredths() -> None:
    assert (EN.percent(Decimal(21)), NL.percent(Decimal("25.5")), IT.percent(Decimal(22))) == ("21%", "25,5%", "22%")


def test_a_date_has_its_month_in_words() -> None:
    march = day("2026-03-14")
    assert (EN.date(march), NL.date(march), IT.date(march)) == ("14 March 2026", "14 maart 2026", "14 marzo 2026")


def test_a_period_names_its_last_day_and_the_year_once() -> None:
    # [15 January, 15 February) is paid for up to and with 14 February.
    start, end = day("2026-01-15"), day("2026-02-15")
    assert EN.period(start, end) == "15 January to 14 February 2026"
    assert NL.period(start, end) == "15 januari tot en met 14 februari 2026"
    assert IT.period(start, end) == "dal 15 gennaio al 14 febbraio 2026"


def test_a_period_over_the_turn_of_the_year_names_both_years() -> None:
    assert EN.period(day("2025-12-15"), day("2026-01-15")) == "15 December 2025 to 14 January 2026"


def test_a_period_that_ends_with_the_year_names_it_once() -> None:
    assert EN.period(day("2025-12-01"), day("2026-01-01")) == "1 December to 31 December 2025"


def test_a_period_of_one_day_or_none_reads_as_that_day() -> None:
    assert EN.period(day("2026-03-14"), day("2026-03-15")) == "14 March 2026"
    assert IT.period(day("2026-03-14"), day("2026-03-14")) == "14 marzo 2026"


def test_a_period_that_ends_before_its_start_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end on 2026-03-13"):
        EN.period(day("2026-03-14"), day("2026-03-13"))


def test_italian_articles_join_the_eighth_and_the_eleventh() -> None:
    assert IT.period(day("2026-03-08"), day("2026-04-12")) == "dall’8 marzo all’11 aprile 2026"
    assert IT.period(day("2026-03-18"), day("2026-04-10")) == "dal 18 marzo al 9 aprile 2026"
    assert IT.t("due on {day}", day=day("2026-03-08")) == "scade l’8 marzo 2026"


@pytest.mark.parametrize(
    ("days", "english", "dutch", "italian"),
    [
        (0, "today", "vandaag", "oggi"),
        (1, "tomorrow", "morgen", "domani"),
        (-1, "yesterday", "gisteren", "ieri"),
        (12, "in 12 days", "over 12 dagen", "tra 12 giorni"),
        (-12, "12 days ago", "12 dagen geleden", "12 giorni fa"),
    ],
)
def test_a_day_is_said_by_how_far_off_it_is(days: int, english: str, dutch: str, italian: str) -> None:
    assert (EN.in_days(days), NL.in_days(days), IT.in_days(days)) == (english, dutch, italian)


def test_a_list_is_joined_as_people_do() -> None:
    names = ["Anna", "Bram", "Chiara"]
    assert (EN.list(names), NL.list(names), IT.list(names)) == (
        "Anna, Bram and Chiara",
        "Anna, Bram en Chiara",
        "Anna, Bram e Chiara",
    )
    assert (EN.list(["Anna"]), EN.list([])) == ("Anna", "")


def test_the_sentence_of_a_line_can_be_said_exactly() -> None:
    said = EN.n(
        "{licences} × {price}, {period} ({days} of {count} day)",
        "{licences} × {price}, {period} ({days} of {count} days)",
        31,
        licences=EN.n("{count} licence", "{count} licences", 10),
        price=EN.unit_price(Decimal("12.50"), "EUR"),
        period=EN.period(day("2026-01-15"), day("2026-02-15")),
        days=31,
    )
    assert said == "10 licences × €12.50, 15 January to 14 February 2026 (31 of 31 days)"


def test_one_is_said_in_the_singular() -> None:
    assert EN.n("{count} licence", "{count} licences", 1) == "1 licence"
    assert NL.n("{count} licence", "{count} licences", 1) == "1 licentie"
    assert IT.n("{count} licence", "{count} licences", 0) == "0 licenze"
    assert IT.n("{count} licence", "{count} licences", 10000) == "10.000 licenze"


def test_a_text_with_braces_goes_into_a_sentence_as_it_is() -> None:
    assert EN.t("Bill {number}", number="{total}") == "Bill {total}"


def test_a_forgotten_parameter_is_an_error() -> None:
    with pytest.raises(KeyError, match="number"):
        EN.t("Bill {number}")


def test_a_word_without_a_translation_for_its_place_reads_as_it_is_written() -> None:
    assert NL.p("a place that no catalogue knows", "All {count}", count=3) == "All 3"


def test_marked_texts_stay_as_they_are() -> None:
    assert mark("Invoice") == "Invoice"
    assert mark_plural("per {count} day", "per {count} days") == ("per {count} day", "per {count} days")


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_word_of_its_own_in_each_language(state: str) -> None:
    words = {state_word(w, state) for w in (NL, IT)}
    assert len(words) == 2
    assert state not in words


def test_codes_have_the_words_of_the_glossary() -> None:
    assert [state_word(w, "disabled") for w in (EN, NL, IT)] == ["disabled", "uitgeschakeld", "disattivato"]
    assert [document_kind_word(w, "credit_note") for w in (EN, NL, IT)] == [
        "Credit note",
        "Creditnota",
        "Nota di credito",
    ]


def test_a_price_says_how_often_it_is_charged() -> None:
    assert [per_period(w, "month") for w in (EN, NL, IT)] == ["per month", "per maand", "al mese"]
    assert [per_period(w, "day", count=30) for w in (EN, NL, IT)] == ["per 30 days", "per 30 dagen", "ogni 30 giorni"]


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("nl", Language.NL),
        ("nl-BE", Language.NL),
        ("IT", Language.IT),
        ("en_US", Language.EN),
        ("de", None),
        ("", None),
        ("*", None),
    ],
)
def test_a_language_is_found_by_the_first_part_of_its_tag(tag: str, language: Language | None) -> None:
    assert Language.of_tag(tag) == language


def test_each_language_is_named_in_itself() -> None:
    assert [language.own_name for language in Language] == ["English", "Nederlands", "Italiano"]
