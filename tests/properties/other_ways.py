"""The same life in other ways: on other terms, with runs on other days; and when two lives come to the same."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from properties.dice import Dice, thrown
from properties.lives import LIFE, life_of
from properties.living import Lived, Night, charged_days
from properties.wishes import (
    Afterwards,
    AtAnInstant,
    AtOnce,
    Buy,
    Gift,
    Late,
    Life,
    Move,
    Off,
    Other,
    Return,
    Stop,
    Wish,
)
from prorata.core.catalog.read_terms import with_terms

NEVER = 3650
"""Days of grace that no life lasts for."""


def on_terms(life: Life, **keys: object) -> Life:
    """The same life, each purchase on terms with these keys."""

    def one(wish: AtAnInstant) -> AtAnInstant:
        return replace(wish, terms=with_terms(wish.terms, keys)) if isinstance(wish, Buy) else wish

    def any_(wish: Wish) -> Wish:
        if isinstance(wish, AtOnce):
            return AtOnce(tuple(one(inner) for inner in wish.wishes))
        if isinstance(wish, Afterwards) and isinstance(wish.wish, Buy):
            return replace(wish, wish=replace(wish.wish, terms=with_terms(wish.wish.terms, keys)))
        return one(wish) if isinstance(wish, Buy) else wish

    return replace(life, wishes=tuple(any_(wish) for wish in life.wishes))


def without(life: Life, *kinds: type) -> Life:
    """The same life where nobody asks for these things."""

    def any_(wish: Wish) -> Wish | None:
        if isinstance(wish, AtOnce):
            left = tuple(one for one in wish.wishes if not isinstance(one, kinds))
            return AtOnce(left) if left else None
        what = wish.change if isinstance(wish, Late) else wish.wish if isinstance(wish, Afterwards) else wish
        return None if isinstance(what, kinds) else wish

    return replace(life, wishes=tuple(one for wish in life.wishes if (one := any_(wish))))


def _one_giving_back(wish: AtAnInstant) -> AtAnInstant:
    match wish:
        case Stop(refund="none"):
            return replace(wish, refund="credit")
        case Other(anchor=int()):
            return replace(wish, anchor=None)
        case Late(Stop(refund="none") as stop, _):
            return replace(wish, change=replace(stop, refund="credit"))
        case Buy(terms=terms):
            refund = {part: "credit" if own == "none" else own for part, own in asdict(terms.refund).items()}
            remove = "credit" if terms.remove_licences == "kept" else terms.remove_licences
            # Without proration a part is charged like a whole: seats that came and went cost what a bill saw of them.
            proration = "day" if terms.proration == "none" else terms.proration
            keys = {"refund": refund, "remove_licences": remove, "proration": proration}
            return replace(wish, terms=with_terms(terms, keys))
        case _:
            return wish


def _giving_back(wish: Wish) -> Wish:
    """The same wish where every credit is given: what stays charged must not hang on what a bill had covered."""
    match wish:
        case AtOnce(wishes):
            return AtOnce(tuple(_one_giving_back(one) for one in wishes))
        case Buy() | Stop() | Late() | Other():
            return _one_giving_back(wish)
        case Afterwards(Buy() as inner):
            given = _one_giving_back(inner)
            return replace(wish, wish=given) if isinstance(given, Buy) else wish
        case _:
            return wish


def giving_back(life: Life) -> Life:
    """The same life where nothing that is given up stays charged."""
    return replace(life, wishes=tuple(_giving_back(wish) for wish in life.wishes))


def the_same_in_any_steps(life: Life) -> Life:
    """The same life without what comes to something else when other bills were written before it.

    A day that is billed when an anchor is moved keeps its share of the old period; a discount is of the lines that
    begin inside its time; what is given back by hand names a document by its place; what nobody pays ends when a run
    finds it.
    """
    return without(giving_back(on_terms(life, grace_days=NEVER)), Move, Off, Gift, Return)


def lives_by_the_second() -> st.SearchStrategy[Life]:
    """Lives of all kinds; in a third of them seats are priced by the second."""

    def read(dice: Dice) -> Life:
        life = life_of(dice.cup(LIFE))
        return on_terms(life, proration="second") if dice.of(*"nny") == "y" else life

    return thrown(read, throws=LIFE + 1)


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
        if any(lived.day_books[subscription.name].final_bill_waits(lived.today) for lived in (one, other)):
            continue  # what waits for the next billing date is not written yet: how much that is, the steps decide
        assert charged_days(one, subscription.id) == charged_days(other, subscription.id), subscription.name
        # What is charged once waits for the end of a pause, where no bill was written before it.
        rests = subscription.paused is not None
        amounts = [
            [line.amount.minor for line in lived.lines(subscription.id) if not (rests and line.kind == "setup")]
            for lived in (one, other)
        ]
        lines = sum(len(own) for own in amounts)
        assert abs(sum(amounts[0]) - sum(amounts[1])) <= Fraction(lines, 2), subscription.name
