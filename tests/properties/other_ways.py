"""The same life in other ways: on other terms, with runs on other days; and when two lives come to the same."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from properties.dice import Dice, thrown
from properties.living import Lived, Night, charged_days
from properties.wishes import AtOnce, Buy, Change, Life, Stop, Wish
from prorata.core.catalog.read_terms import with_terms


def on_terms(life: Life, **keys: object) -> Life:
    """The same life, each purchase on terms with these keys."""

    def one(wish: Buy | Change) -> Buy | Change:
        return replace(wish, terms=with_terms(wish.terms, keys)) if isinstance(wish, Buy) else wish

    def any_(wish: Wish) -> Wish:
        if isinstance(wish, AtOnce):
            return AtOnce(tuple(one(inner) for inner in wish.wishes))
        return one(wish) if isinstance(wish, Buy) else wish

    return replace(life, wishes=tuple(any_(wish) for wish in life.wishes))


def _one_giving_back(wish: Buy | Change) -> Buy | Change:
    match wish:
        case Stop(refund="none"):
            return replace(wish, refund="credit")
        case Buy(terms=terms):
            refund = {part: "credit" if own == "none" else own for part, own in asdict(terms.refund).items()}
            remove = "credit" if terms.remove_licences == "kept" else terms.remove_licences
            return replace(wish, terms=with_terms(terms, {"refund": refund, "remove_licences": remove}))
        case _:
            return wish


def _giving_back(wish: Wish) -> Wish:
    """The same wish where every credit is given: what stays charged must not hang on what a bill had covered."""
    match wish:
        case AtOnce(wishes):
            return AtOnce(tuple(_one_giving_back(one) for one in wishes))
        case Buy() | Stop():
            return _one_giving_back(wish)
        case _:
            return wish


def giving_back(life: Life) -> Life:
    """The same life where nothing that is given up stays charged."""
    return replace(life, wishes=tuple(_giving_back(wish) for wish in life.wishes))


@dataclass(frozen=True)
class Nights:
    """What the evenings bring: some of 61, over and over, are like `some`."""

    some: Night
    others: Night
    chosen: frozenset[int]

    def __call__(self, on: date) -> Night:
        return self.some if on.toordinal() % 61 in self.chosen else self.others


def nights(some: Night, *, others: Night) -> st.SearchStrategy[Nights]:
    """Evenings of two kinds."""

    def read(dice: Dice) -> Nights:
        return Nights(some, others, frozenset(dice.number(0, 60) for _ in range(dice.of(1, 2, 3, 5, 8, 20))))

    return thrown(read, throws=41)


def check_the_same_is_billed(one: Lived, other: Lived) -> None:
    """Equal seat-days; amounts as near as half a minor unit for each line that was written allows."""
    assert [s.name for s in one.history.subscriptions] == [s.name for s in other.history.subscriptions]
    for subscription in one.history.subscriptions:
        assert charged_days(one, subscription.id) == charged_days(other, subscription.id), subscription.name
        amounts = [[line.amount.minor for line in lived.lines(subscription.id)] for lived in (one, other)]
        lines = sum(len(own) for own in amounts)
        assert abs(sum(amounts[0]) - sum(amounts[1])) <= Fraction(lines, 2), subscription.name
