"""What is charged, less what is credited, is what is owed: day by day, by a second and simpler count."""

from datetime import date
from fractions import Fraction

from hypothesis import given

from properties.living import Lived, charged_days, live
from properties.seat_book import DAY, SeatBook
from properties.wishes import Life, lives
from prorata.core.money import Money
from prorata.core.proof import prove


def _check_days(lived: Lived) -> None:
    for subscription in lived.history.subscriptions:
        book = lived.books[subscription.name]
        charged = charged_days(lived, subscription.id)
        assert all(seats >= 0 for seats in charged.values()), "more was taken back than was charged"
        if subscription.unwritten or not subscription.plan.price.amount.amount:
            continue
        # Days after an end that is known but has not come are looked at when it comes.
        settled = book.covered if book.end is None or book.over else min(book.covered, book.end[1])
        day = book.start
        while day < settled:
            seats = charged.pop(day, 0)
            if _given_up_at_the_end(book, day):
                # What was charged stays; seats that no bill had yet are not charged for days after the end.
                assert seats <= book.owed[day], (subscription.name, day)
            else:
                assert seats == book.owed[day], (subscription.name, day)
            day += DAY
        assert settled < book.covered or not any(charged.values()), "charged beyond what is due"


def _given_up_at_the_end(book: SeatBook, day: date) -> bool:
    return book.over and book.end is not None and book.end[2] == "none" and day >= book.end[1]


@given(lives())
def test_each_licence_is_charged_once_for_each_day_it_is_owed(life: Life) -> None:
    for lived in live(life):
        if lived.evening and (life.billing == "daily" or lived.quiet):
            _check_days(lived)


@given(lives())
def test_the_price_of_the_days_is_met_to_half_a_minor_unit_per_line(life: Life) -> None:
    *_, lived = live(life)
    for subscription in lived.history.subscriptions:
        exact, lines = Fraction(0), 0
        amount = 0
        for _, line in lived.lines(subscription.id):
            sign = -1 if line.kind == "credit" else 1
            exact += sign * line.price.minor * line.licences * line.days / line.of_days
            amount += line.amount.minor
            lines += 1
        assert abs(exact - amount) * 2 <= lines


@given(lives())
def test_used_and_credited_are_what_was_charged_and_never_less_than_nothing(life: Life) -> None:
    for lived in live(life):
        for charge in lived.history.charges:
            taking = [line for _, line in lived.lines(charge.subscription) if line.corrects == charge.ref]
            credited = -sum(line.amount.minor for line in taking)
            assert credited == charge.credited.minor
            assert 0 <= credited <= charge.amount.minor
            if not charge.seat_days_kept:
                assert credited == charge.amount.minor


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
