"""What is charged, less what is credited, is what is owed: day by day, by a second and simpler count."""

from datetime import date
from fractions import Fraction

from hypothesis import given

from properties.living import Lived, charged_days, live
from properties.seat_book import DAY, SeatBook
from properties.wishes import Life, lives
from prorata.core.money import Money
from prorata.core.proof import prove


def _settled(book: SeatBook) -> date:
    """The first day that is not settled yet. Days after an end that is known are looked at when it comes."""
    return book.covered if book.end is None or book.over else min(book.covered, book.end[1])


def _owed(book: SeatBook, day: date) -> int:
    """How many licences are owed for a settled day.

    After an end that gives nothing back what was charged stays, but for seats that had been given up before; those that
    no bill had yet are not charged.
    """
    if book.end and book.stood is not None and book.end[2] == "none" and day >= book.end[1]:
        return min(book.owed[day], book.stood.get(day, 0))
    return book.owed[day]


def _check_days(lived: Lived) -> None:
    for subscription in lived.history.subscriptions:
        book = lived.books[subscription.name]
        charged = charged_days(lived, subscription.id)
        assert all(seats >= 0 for seats in charged.values()), "more was taken back than was charged"
        if subscription.unwritten or not book.price:
            continue
        day, settled = book.start, _settled(book)
        while day < settled:
            assert charged.pop(day, 0) == _owed(book, day), (subscription.name, day)
            day += DAY
        assert settled < book.covered or not charged, "charged beyond what is due"


@given(lives())
def test_licences_charged_less_credited_are_the_licences_owed_on_each_day(life: Life) -> None:
    for lived in live(life):
        if lived.evening and (life.billing == "daily" or lived.quiet):
            _check_days(lived)


@given(lives())
def test_each_seat_day_priced_by_itself_comes_to_what_is_charged_but_for_half_a_minor_unit_a_line(life: Life) -> None:
    *_, lived = live(life)
    for subscription in lived.history.subscriptions:
        amounts = [line.amount.minor for line in lived.lines(subscription.id)]
        book = lived.books[subscription.name]
        worth = book.worth({day: _owed(book, day) for day in book.owed if day < _settled(book)})
        assert abs(worth - sum(amounts)) <= Fraction(len(amounts), 2), subscription.name


@given(lives())
def test_once_it_has_ended_nothing_is_charged_for_the_days_after_the_end(life: Life) -> None:
    written = 0
    for lived in live(life):
        new, written = lived.documents[written:], len(lived.documents)
        ends = {s.id: s.ending.charged_to for s in lived.history.subscriptions if s.ending and s.state != "active"}
        charged = [line for document in new for line in document.lines if not line.corrects]
        assert all(line.period.end <= ends.get(line.subscription, line.period.end) for line in charged)


@given(lives())
def test_a_document_adds_up_and_each_amount_can_be_proved(life: Life) -> None:
    *_, lived = live(life)
    for document in lived.documents:
        net = sum(line.amount.minor for line in document.lines)
        tax = sum(group.tax.minor for group in document.taxes)
        assert (document.net.minor, document.tax.minor, document.total.minor) == (net, tax, net + tax)
        assert document.kind == ("invoice" if net + tax >= 0 else "credit_note")
        assert all(prove(line.proof) == line.amount for line in document.lines)
        for group in document.taxes:
            members = [line for line in document.lines if line.tax_rate == group.rate]
            assert group.base.minor == sum(line.amount.minor for line in members)
            shares = [line.tax or Money(0, line.amount.currency) for line in members]
            assert group.tax.minor == sum(share.minor for share in shares)
            assert prove(group.proof) == group.tax


@given(lives())
def test_documents_are_counted_without_a_gap_and_never_dated_back(life: Life) -> None:
    *_, lived = live(life)
    assert [document.id for document in lived.documents] == list(range(1, len(lived.documents) + 1))
    dates = [document.date for document in lived.documents]
    assert dates == sorted(dates)
    assert all(document.lines for document in lived.documents), "a document about nothing"
