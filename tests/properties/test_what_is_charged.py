"""What is charged, less what is credited, is what is owed: day by day, by a second and simpler count."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given

from properties.asking import MINOR_UNITS
from properties.day_book import DayBook
from properties.lives import lives
from properties.living import Lived, charged_by_item, charged_days, live
from properties.other_ways import without
from properties.seat_book import DAY, SeatBook
from properties.wishes import Gift, Life, Return
from prorata.core.documents.model import Line
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
        if book.retired:
            continue
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
        lines = lived.lines(subscription.id)
        amounts = [line.amount.minor for line in lines]
        book = lived.books[subscription.name]
        # A discount that is over is not in the open tail any more: its lines are.
        if book.retired or lived.by_hand or any(line.kind == "discount" for line in lines):
            continue
        worth = book.worth({day: _owed(book, day) for day in book.owed if day < _settled(book)})
        assert abs(worth - sum(amounts)) <= Fraction(len(amounts), 2), subscription.name


# ---------------------------------------------------------------------- whole lives, by the bookkeeper of days


def _check_all(lived: Lived) -> None:
    for subscription in lived.history.subscriptions:
        book = lived.day_books[subscription.name]
        charged = charged_by_item(lived, subscription.id)
        assert all(count >= 0 for day in charged.values() for count in day.values()), "more was taken than charged"
        if subscription.unwritten or not book.counts:
            continue
        due = book.due(lived.today) if not book.final_bill_waits(lived.today) else book.start
        for day in (book.start + DAY * i for i in range((max(due, *charged, book.start) - book.start).days + 1)):
            owed = {what: count for what, (count, _) in book.owed(day, whatever_comes=day >= due).items()}
            there = charged.get(day, {})
            if day < due:
                assert there == owed, (subscription.name, day)
            # A period that was billed on another grid may reach further than what is due now: it stays.
            assert all(count <= owed.get(what, 0) for what, count in there.items()), (subscription.name, day)


@given(lives("whole"))
def test_what_stands_charged_on_each_day_of_a_whole_life_is_what_is_owed(life: Life) -> None:
    before = None
    # Of a line that was given back whole by hand no day can be taken back any more: it stands there, worth nothing.
    for lived in live(without(life, Gift, Return)):
        # On an idle day nothing can have become wrong: another property says so.
        if lived.evening and (life.billing == "daily" or lived.quiet) and lived.history is not before:
            _check_all(lived)
            before = lived.history


def _is_seats(line: Line) -> bool:
    """Whether it charges or takes back days; not what was given back by hand."""
    return line.kind in {"recurring", "flat"} or (line.kind == "credit" and line.days is not None)


@given(lives("whole"))
def test_each_day_of_a_whole_life_priced_by_itself_comes_to_what_is_charged(life: Life) -> None:
    *_, lived = live(without(life, Gift, Return))
    minor = MINOR_UNITS[life.currency]
    for subscription in lived.history.subscriptions:
        book = lived.day_books[subscription.name]
        short_months = any((s.grid.day or 0) > 28 for s in book.sold)
        if not book.counts or subscription.unwritten or (book.terms.proration == "thirty" and short_months):
            continue
        amounts = [line.amount.minor for line in lived.lines(subscription.id) if _is_seats(line)]
        charged = charged_by_item(lived, subscription.id)
        # Of a day beyond what is due, a grid that was moved may have left a part charged: those days are left out.
        if any(day >= book.due(lived.today) for day in charged) or len({s.grid for s in book.sold}) > 1:
            continue
        worth = sum((book.worth(day, minor=minor) for day in charged), Fraction(0))
        assert abs(worth - sum(amounts)) <= Fraction(len(amounts), 2), subscription.name


def _exact(book: DayBook, line: Line, *, minor: int) -> set[int]:
    """What the line may come to by any of the price lists and grids that it can be of."""
    found: set[int] = set()
    for sold in book.sold:
        if (sold.name, sold.version) != (line.item.plan, line.item.version):
            continue
        begins, ends = sold.grid.period(line.period.start)
        phase, step = line.item.phase, line.item.step
        costs = sold.offer.costs(line.licences or 1, phase=phase)
        own = [price for (_, flat), (_, price) in costs.items() if flat == line.item.flat]
        if step:
            own = [sold.offer.stairs[step - 1][2 if line.item.flat else 1] or Decimal(0)]
        share = Fraction((line.period.end - line.period.start).days, (ends - begins).days)
        if book.terms.proration == "none":
            share = Fraction(1)
        elif book.terms.proration == "thirty" and sold.grid.day:
            share = _thirty(line.period.start, line.period.end, begins, ends)
        found |= {floor(Fraction(price) * minor * (line.licences or 1) * share + Fraction(1, 2)) for price in own}
    return found


def _thirty(start: date, end: date, begins: date, ends: date) -> Fraction:
    whole = (ends.year - begins.year) * 12 + ends.month - begins.month
    part = 30 * ((end.year - start.year) * 12 + end.month - start.month) + min(end.day, 30) - min(start.day, 30)
    return Fraction(1) if (start, end) == (begins, ends) else min(Fraction(part, 30 * whole), Fraction(1))


@given(lives("whole"))
def test_each_charge_is_the_price_times_the_licences_times_the_share_of_its_period(life: Life) -> None:
    written = 0
    minor = MINOR_UNITS[life.currency]
    for lived in live(life):
        if not lived.evening:
            continue
        new, written = lived.documents[written:], len(lived.documents)
        names = {s.id: s.name for s in lived.history.subscriptions}
        for line in (line for document in new for line in document.lines if line.kind in {"recurring", "flat"}):
            assert line.amount.minor in _exact(lived.day_books[names[line.subscription]], line, minor=minor)


@given(lives("whole"))
def test_what_is_charged_once_is_charged_once_and_on_its_day(life: Life) -> None:
    *_, lived = live(life)
    minor = MINOR_UNITS[life.currency]
    for subscription in lived.history.subscriptions:
        book = lived.day_books[subscription.name]
        setups = [line for line in lived.lines(subscription.id) if line.kind == "setup"]
        # What is due once waits for the end of a pause.
        if not book.setups_count or any(until is None for _, until in book.rests):
            continue
        until = lived.today if book.terms.billed == "advance" else book.due(lived.today)
        ends = book.end.charged_to if book.end else until
        owed = [(day, int(amount * minor)) for day, amount in book.setups if day < min(until, ends)]
        assert [(line.period.start, line.amount.minor) for line in setups] == owed


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
