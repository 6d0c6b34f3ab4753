"""Order: accounts do not know of each other, and what is bought in one instant has no first and last."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given

from properties.dice import Dice, thrown
from properties.lives import BUY, LIFE, buy_of, life_of
from properties.living import Lived, begin, event_of, live
from properties.seat_book import DAY
from properties.wishes import Buy, Life
from prorata.core.events import Event, Subscribe, Together
from prorata.core.step import step
from support.nights import run

Told = tuple[object, ...]


def _told(lived: Lived) -> Told:
    return tuple(lived.documents), tuple(lived.transfers), lived.history


def _accounts(dice: Dice) -> tuple[tuple[Life, ...], tuple[int, ...]]:
    """Some lives, and in which turn each of them goes a step further."""
    lives = tuple(life_of(dice.cup(LIFE)) for _ in range(2))
    # The third is like the first: whatever is remembered of an account would be found by its twin.
    return (*lives, lives[0]), tuple(dice.of(0, 1, 2) for _ in range(40))


@given(thrown(_accounts, throws=2 * LIFE + 40))
def test_in_whatever_order_accounts_are_billed_each_gets_what_it_would_get_alone(
    drawn: tuple[tuple[Life, ...], tuple[int, ...]],
) -> None:
    accounts, turns = drawn
    alone: list[Told] = []
    for life in accounts:
        *_, lived = live(life)
        alone.append(_told(lived))
    going: list[Iterator[Lived]] = [live(life) for life in accounts]
    together: dict[int, Lived] = {}
    waiting = list(range(len(accounts)))
    place = 0
    while waiting:
        which = waiting[turns[place % len(turns)] % len(waiting)]
        place += 1
        further = next(going[which], None)
        if further is None:
            waiting.remove(which)
        else:
            together[which] = further
    assert [_told(together[which]) for which in range(len(accounts))] == alone


def _basket(dice: Dice) -> tuple[Life, tuple[Buy, ...]]:
    """An account, and what it buys in one instant; each with a number of licences of its own, by which it is known."""
    buys = [buy_of(dice.cup(BUY)) for _ in range(dice.of(2, 3))]
    own = [replace(buy, licences=10 * buy.licences + place) for place, buy in enumerate(buys, start=1)]
    return life_of(dice), tuple(own)


def _bought(life: Life, basket: tuple[Buy, ...]) -> list[tuple[object, ...]]:
    """The documents of the purchases and of the hundred days after them, with nothing in them of any order."""
    lived = begin(replace(life, billing="daily"))
    events: list[Event] = []
    for place, buy in enumerate(basket):
        event = event_of(lived, buy)
        assert isinstance(event, Subscribe)
        events.append(replace(event, name="abc"[place]))
    lived.keep(step(lived.history, Together(tuple(events)), lived.at))
    for _ in range(100):
        lived.keep(run(lived.history, lived.today))
        lived.today += DAY
    return [
        (
            d.date,
            d.profile,
            d.kind,
            d.net,
            d.tax,
            d.total,
            sorted((x.period.start, x.licences, x.amount.minor) for x in d.lines),
        )
        for d in lived.documents
    ]


@given(thrown(_basket, throws=3 * BUY + LIFE))
def test_what_is_bought_in_one_instant_is_billed_alike_in_any_order(drawn: tuple[Life, tuple[Buy, ...]]) -> None:
    life, basket = drawn
    life = replace(life, wishes=())
    assert sorted(_bought(life, basket)) == sorted(_bought(life, basket[::-1]))
