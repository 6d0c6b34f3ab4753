"""The second bookkeeper: it counts by itself, and so plainly that it can be followed by hand."""

import ast
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from properties import day_book, day_ledger, offers, seat_book
from properties.seat_book import SeatBook, boundaries
from properties.wishes import USUAL
from support.tree import parsed

# How an anchor and terms are written down: data without a calculation.
_KNOWN = {
    ("prorata.core.calendar", "Anchor"),
    ("prorata.core.catalog.terms", "Refund"),
    ("prorata.core.catalog.terms", "Terms"),
}
_ITS_OWN = {"properties.day_ledger", "properties.offers"}


@pytest.mark.parametrize("part", [seat_book, day_book, day_ledger, offers])
def test_it_knows_nothing_of_how_the_program_counts(part: ModuleType) -> None:
    tree = ast.walk(parsed(Path(part.__file__ or "")))
    imports = {
        (str(node.module), name.name) for node in tree if isinstance(node, ast.ImportFrom) for name in node.names
    }
    assert {module for module, _ in imports if module.startswith("properties")} <= _ITS_OWN
    assert {(module, name) for module, name in imports if module.startswith("prorata")} <= _KNOWN


def test_periods_begin_on_their_day_or_on_the_last_of_a_shorter_month() -> None:
    grid = boundaries(date(2026, 1, 31), "month", None)
    assert [day for day in grid if day.year == 2026][:4] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    weeks = boundaries(date(2026, 1, 31), "week", "calendar")
    # 31 January 2026 is a Saturday; its week began on Monday, the 26th.
    assert weeks[:2] == [date(2026, 1, 26), date(2026, 2, 2)]


def test_each_seat_day_has_its_share_of_the_price() -> None:
    bought = date(2026, 1, 15)
    grid = boundaries(bought, "month", None)
    book = SeatBook(start=bought, grid=grid, terms=USUAL, licences=10, price=Fraction(1250))
    # 15 January to 15 February: 31 days. 15 to 28 February lie in a period of 28: three days of two seats.
    days = {
        date(2026, 1, 20): 10,
        date(2026, 2, 14): 10,
        date(2026, 2, 15): 2,
        date(2026, 2, 16): 2,
        date(2026, 2, 17): 2,
    }
    assert book.worth(days) == Fraction(1250 * 20, 31) + Fraction(1250 * 6, 28)


def test_two_seats_given_up_on_the_fifth_day_are_owed_for_four_days() -> None:
    bought = date(2026, 1, 15)
    book = SeatBook(start=bought, grid=boundaries(bought, "month", None), terms=USUAL, licences=5, price=Fraction(1250))
    for number in range(15, 31):
        today = date(2026, 1, number)
        if number == 19:
            book.total(3, when=None, today=today)
        book.evening(today, billed=True, by_hand=False)
    # 15, 16, 17, 18 January: five seats; from the 19th on three, to the end of the period on 14 February.
    assert [book.owed[date(2026, 1, day)] for day in (15, 18, 19, 31)] == [5, 5, 3, 3]
    assert book.owed[date(2026, 2, 14)] == 3
    assert date(2026, 2, 15) not in book.owed
