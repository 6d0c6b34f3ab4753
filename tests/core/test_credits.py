from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from core.build import a_plan, an_account, classic, day, lines

# Prices that 31 days do not divide, in each number of decimals: price, currency, smallest unit.
PRICES = [
    ("10.00", "EUR", "0.01"),
    ("74.99", "EUR", "0.01"),
    ("0.01", "EUR", "0.01"),
    ("1000", "JPY", "1"),
    ("9.999", "KWD", "0.001"),
]


@pytest.mark.parametrize(("price", "code", "unit"), PRICES)
@pytest.mark.parametrize("used", range(31))
def test_on_every_day_of_a_month_used_and_credited_are_what_was_charged(
    used: int, price: str, code: str, unit: str
) -> None:
    first = day("2026-01-01")
    life = an_account("2026-01-01", in_currency=code)
    life.buy("a", a_plan(price, "month", in_currency=code))
    life.days((first + timedelta(days=used)).isoformat())
    life.cancel("a")
    kept = (Decimal(price) * used / 31).quantize(Decimal(unit), ROUND_HALF_UP)
    assert Decimal(life.totals[0]) == Decimal(price)
    assert Decimal(life.totals[1]) == kept - Decimal(price)


def test_credits_in_parts_close_exactly() -> None:
    life = an_account("2026-01-01")
    life.buy("a", a_plan("10.00", "month"), licences=3, terms=classic(invoice_changes="now"))
    life.days("2026-01-10")
    life.licences("a", 2)
    life.days("2026-01-20")
    life.licences("a", 1)
    life.days("2026-01-25")
    life.cancel("a")
    # 30.00 for 93 seat-days. After 22 fewer: 30.00 × 71/93 = 22.903, credit 7.10.
    # After 12 more: 30.00 × 59/93 = 19.032, credit 3.87. After 7 more: 30.00 × 52/93 = 16.774, credit 2.26.
    assert life.totals == ["30.00", "-7.10", "-3.87", "-2.26"]


def test_the_newest_line_gives_back_first_and_the_older_one_the_rest() -> None:
    life = an_account("2026-01-01")
    life.buy("a", a_plan("31.00", "month"), licences=2, terms=classic(invoice_changes="now"))
    life.days("2026-01-11")
    life.licences("a", 3)
    life.days("2026-01-21")
    life.licences("a", 1)
    life.evening()
    # One licence costs 1.00 a day: 11 days from the third, and 11 from one of the first two.
    assert [line.corrects and line.corrects.document for line in life.documents[2].lines] == [2, 1]
    assert lines(life.documents[2]) == [
        ("credit", "2026-01-21", "2026-02-01", 1, "-11.00"),
        ("credit", "2026-01-21", "2026-02-01", 1, "-11.00"),
    ]


def test_a_seat_credited_and_bought_again_is_a_new_line() -> None:
    life = an_account("2026-01-01")
    life.buy("a", a_plan("31.00", "month"), licences=2, terms=classic(invoice_changes="now"))
    life.days("2026-01-11")
    life.licences("a", 1)
    life.days("2026-01-16")
    life.licences("a", 2)
    life.days("2026-01-21")
    life.cancel("a")
    # Given back for 21 days; bought again for 16; at the end 11 days of each line.
    assert life.totals == ["62.00", "-21.00", "16.00", "-22.00"]
    assert lines(life.documents[3]) == [
        ("credit", "2026-01-21", "2026-02-01", 1, "-11.00"),
        ("credit", "2026-01-21", "2026-02-01", 1, "-11.00"),
    ]


def test_added_for_a_while_and_not_billed_yet_only_that_while_is_charged() -> None:
    life = an_account("2026-01-01")
    life.buy("a", a_plan("31.00", "month"))
    life.days("2026-01-11")
    life.licences("a", 3)
    life.days("2026-01-16")
    life.licences("a", 2)
    life.days("2026-02-02")
    # 2 more from the 11th, one of them until the 15th: 21 days and 5 days at 1.00; then February.
    assert lines(life.documents[1]) == [
        ("recurring", "2026-01-11", "2026-02-01", 1, "21.00"),
        ("recurring", "2026-01-11", "2026-01-16", 1, "5.00"),
        ("recurring", "2026-02-01", "2026-03-01", 2, "62.00"),
    ]


def test_what_is_too_small_to_charge_is_never_credited() -> None:
    life = an_account("2026-01-01")
    life.buy("a", a_plan("0.004", "month"))
    life.cancel("a")
    assert all(total == "0.00" for total in life.totals)
    assert life.credit == "0.00"
