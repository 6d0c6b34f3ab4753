"""Tax: near the rate on every line, never more given back than was charged, none left of what is taken back whole."""

from collections import Counter, defaultdict
from fractions import Fraction
from math import floor

from hypothesis import given

from properties.dice import Dice, thrown
from properties.lives import lives, price_of
from properties.living import Lived, live
from properties.other_ways import lives_by_the_second
from properties.test_credits import seats_of
from properties.wishes import PLAIN, Buy, Life, Run
from prorata.core.billing import shares
from prorata.core.documents.model import Document
from prorata.core.events import Bill, ChangeLicences
from prorata.core.step import step


def _only_credits(document: Document) -> bool:
    return all(line.corrects for line in document.lines)


def _left_after_pure_notes(lived: Lived) -> dict[int, tuple[int, int]]:
    """Seat-days and tax left of each document that only documents made of nothing but credits took back from."""
    seat_days: dict[int, int] = defaultdict(int)
    tax: dict[int, int] = defaultdict(int)
    mixed: set[int] = set()
    for document in lived.documents:
        for line in document.lines:
            amount = line.tax.minor if line.tax else 0
            of = line.corrects.document if line.corrects else document.id
            sign = -1 if line.corrects else 1
            # What is charged once has no days: it is never taken back with them. Of a day a part may be left.
            length = shares.seconds(line.exact) if line.exact else line.period.days
            seat_days[of] += sign * seats_of(line) * max(length, 1)
            tax[of] += amount
            by_hand = line.corrects and line.days is None
            if by_hand or (line.corrects and not _only_credits(document)):
                mixed.add(of)
        if any(line.corrects for line in document.lines):
            mixed.add(document.id)
    return {of: (seat_days[of], tax[of]) for of in seat_days if of not in mixed}


@given(lives_by_the_second())
def test_what_is_taken_back_whole_leaves_no_tax_and_no_more_is_given_back_than_was_charged(life: Life) -> None:
    *_, lived = live(life)
    for seat_days, tax in _left_after_pure_notes(lived).values():
        assert tax >= 0, "more tax was given back than was charged"
        assert seat_days or tax == 0, "tax is left of a document that was taken back whole"


@given(lives_by_the_second())
def test_no_more_tax_is_given_back_than_is_left_but_for_one_unit_where_credits_and_charges_share_a_document(
    life: Life,
) -> None:
    *_, lived = live(life)
    left: Counter[int] = Counter()
    for document in lived.documents:
        for line in document.lines:
            of = line.corrects.document if line.corrects else document.id
            left[of] += line.tax.minor if line.tax else 0
        # There the sum of both is rounded once, and a credit's share of it only says whose tax it was.
        slack = 0 if _only_credits(document) else 1
        for line in document.lines:
            assert line.corrects is None or left[line.corrects.document] >= -slack


@given(lives())
def test_a_bill_is_taxed_by_the_rate_on_its_sum_rounded_once_halves_upward(life: Life) -> None:
    *_, lived = live(life)
    rate = life.tax_rate or Fraction(0)
    for document in lived.documents:
        if document.net.minor >= 0 and not _only_credits(document):
            assert document.tax.minor == floor(document.net.minor * rate / 100 + Fraction(1, 2))


@given(lives())
def test_a_lines_tax_is_its_rate_rounded_up_or_down(life: Life) -> None:
    *_, lived = live(life)
    taken: Counter[int] = Counter()
    for document in lived.documents:
        for line in document.lines:
            exact = line.amount.minor * (line.tax_rate or Fraction(0)) / 100
            actual = line.tax.minor if line.tax else 0
            # A credit that closes a document takes along what each credit before it was rounded by.
            before = taken[line.corrects.document] if line.corrects else 0
            assert abs(exact - actual) <= 1 + before, (document.id, str(line.amount), str(line.tax))
        taken.update(line.corrects.document for line in document.lines if line.corrects)


@given(lives())
def test_all_tax_is_the_rate_on_all_sales_to_one_unit_a_document(life: Life) -> None:
    *_, lived = live(life)
    net = sum(document.net.minor for document in lived.documents)
    tax = sum(document.tax.minor for document in lived.documents)
    assert abs(net * (life.tax_rate or Fraction(0)) / 100 - tax) <= len(lived.documents)


def _bill_of(dice: Dice) -> tuple[Life, tuple[tuple[int, int], ...]]:
    """Two purchases on one bill, and which of them goes down to how many licences, one after the other."""
    buys = [
        Buy(price_of(dice.cup(5)), "month", PLAIN, licences=dice.number(1, 40), anchor=dice.of(None, 15, "calendar"))
        for _ in range(2)
    ]
    life = Life(
        currency=dice.of("EUR", "JPY", "KWD"),
        tax_rate=dice.of(Fraction(21), Fraction("5.5"), Fraction("7.7"), Fraction(50)),
        billing="manual",
        mode=dice.of("automatic", "none"),
        zone="UTC",
        start=dice.number(0, 400),
        wishes=(*buys, Run()),
    )
    left, steps = [buy.licences for buy in buys], list[tuple[int, int]]()
    for _ in range(dice.number(0, 6)):
        which = dice.number(0, 1)
        left[which] = dice.number(0, left[which])
        steps.append((which, left[which]))
    return life, (*steps, (0, 0), (1, 0))


@given(thrown(_bill_of, throws=60))
def test_a_bill_taken_back_in_any_number_of_credit_notes_leaves_no_tax_and_never_less_than_none(
    drawn: tuple[Life, tuple[tuple[int, int], ...]],
) -> None:
    life, steps = drawn
    *_, lived = live(life, rest=0, last=False)
    for which, licences in steps:
        for event in (ChangeLicences("ab"[which], licences), Bill()):
            lived.minute += 1
            lived.keep(step(lived.history, event, lived.at))
        assert sum(document.tax.minor for document in lived.documents) >= 0, "more tax was given back than was charged"
    assert sum(document.net.minor for document in lived.documents) == 0
    assert sum(document.tax.minor for document in lived.documents) == 0
    assert not lived.left()
