"""Tax: near the rate on every line, never more given back than was charged, none left of what is taken back whole."""

from collections import Counter, defaultdict
from fractions import Fraction

from hypothesis import given

from properties.living import Lived, live
from properties.wishes import Life, lives
from prorata.core.documents.model import Document


def _only_credits(document: Document) -> bool:
    return all(line.kind == "credit" for line in document.lines)


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
            seat_days[of] += sign * line.licences * line.period.days
            tax[of] += amount
            if line.corrects and not _only_credits(document):
                mixed.add(of)
        if any(line.corrects for line in document.lines):
            mixed.add(document.id)
    return {of: (seat_days[of], tax[of]) for of in seat_days if of not in mixed}


@given(lives())
def test_what_is_taken_back_whole_leaves_no_tax_and_no_more_is_given_back_than_was_charged(life: Life) -> None:
    *_, lived = live(life)
    for seat_days, tax in _left_after_pure_notes(lived).values():
        assert tax >= 0, "more tax was given back than was charged"
        assert seat_days or tax == 0, "tax is left of a document that was taken back whole"


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
