"""Terms that give nothing back: what is given up stays charged, but nothing is charged that nobody ever held."""

from hypothesis import given
from hypothesis import strategies as st

from properties.day_book import DayBook
from properties.dice import Dice, thrown
from properties.lives import LIFE, life_of
from properties.living import charged_by_item, live
from properties.offers import Name
from properties.other_ways import on_terms, without
from properties.wishes import Gift, Life, Return

_TERMS: tuple[dict[str, object], ...] = (
    {"refund": {"end": "none", "change": "none"}},
    {"refund": {"end": "credit", "change": "none"}},
    {"refund": {"end": "credit", "change": "credit"}, "remove_licences": "kept"},
)


def lives_that_give_nothing_back() -> st.SearchStrategy[Life]:
    """Whole lives where something of what is given up stays charged."""

    def read(dice: Dice) -> Life:
        # Without proration a part is charged like a whole, and another property says so.
        return on_terms(life_of(dice.cup(LIFE), kind="whole"), proration="day", **dice.of(*_TERMS))

    return thrown(read, throws=LIFE + 1)


def most_held(book: DayBook, what: Name) -> int:
    """The most that anything sold was ever charged for while it was sold."""
    name, version, _, step, flat = what
    found = 0
    for sold, after in zip(book.sold, [*book.sold[1:], None], strict=True):
        if (sold.name, sold.version) != (name, version):
            continue
        meanwhile = [n for day, n in book.totals if day >= sold.day and (after is None or day <= after.day)]
        for licences in (book.licences_on(sold.day), *meanwhile):
            for phase in range(max(1, len(sold.offer.stretches))):
                count, _ = sold.offer.costs(licences, phase=phase).get((step, flat), (0, None))
                found = max(found, count)
    return found


@given(lives_that_give_nothing_back())
def test_no_more_of_anything_stands_charged_on_a_day_than_was_ever_held(life: Life) -> None:
    *_, lived = live(without(life, Gift, Return))
    for subscription in lived.history.subscriptions:
        book = lived.day_books[subscription.name]
        for day, items in charged_by_item(lived, subscription.id).items():
            for what, count in items.items():
                assert 0 <= count <= most_held(book, what), (subscription.name, day, what)
