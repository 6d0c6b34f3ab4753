"""Lives that hypothesis can make up and make smaller: what people ask for, out of throws."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from properties.dice import Dice, thrown
from properties.offers import Offer
from properties.wishes import (
    PAID_BACK,
    PLAIN,
    USUAL,
    Afterwards,
    Again,
    AtOnce,
    Back,
    Buy,
    ByHand,
    Change,
    Dearer,
    Gift,
    Late,
    Life,
    Members,
    Mode,
    Money,
    Move,
    Off,
    Other,
    Renewal,
    Rest,
    Return,
    Run,
    SimpleChange,
    Stop,
    Total,
    Trying,
    Wait,
    Wish,
)
from prorata.core.calendar import Anchor
from prorata.core.catalog.presets import COMMIT
from prorata.core.catalog.read_terms import with_terms
from prorata.core.catalog.terms import AnchorChange, Refund, Terms, When

_OWN, BUY, WISH, OFFER, MOST_WISHES = 10, 90, 130, 30, 10
"""Throws for an account; for a purchase; for a wish and the days after it; how many wishes a life may have."""

_PRESETS = [USUAL, USUAL, with_terms(COMMIT, {"licences": {"min": 0}})]
_GIVEN = {"end": "to_method", "change": "credit"}
_REFUNDS: tuple[Refund, ...] = ("to_method", "credit", "to_method", "none")
_KEYS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("billed", ("advance", "advance", "arrears")),
    ("end_day", ("free", "charged")),
    ("add_licences", ("now", "now", "renewal")),
    ("remove_licences", ("credit", "credit", "credit", "window", "renewal", "kept")),
    ("cancel", ("now", "window", "period_end")),
    ("window_days", (7, 1, 0)),
    ("invoice_changes", ("now", "next")),
    ("final_document", ("now", "now", "next_billing_date")),
    ("refund", tuple({"end": end, "change": change} for end in _REFUNDS for change in _REFUNDS)),
)


_MORE_KEYS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("proration", ("day", "day", "day", "thirty", "none")),
    ("change_plan", ("now", "now", "renewal", "by_direction")),
    ("change_frequency", ("now", "now", "renewal", "by_direction")),
    ("change_anchor", ("keep", "restart")),
    ("price_change_notice", (30, 0, 10)),
    ("trial", ({"licences": 50}, {"licences": 50, "converts": "always"}, {"licences": 50, "card": True})),
    ("grace_days", (30, 30, 0, 5, 3650)),
    ("payment_terms", (30, 30, 10, 0)),
    ("conflict_days", (90, 90, 10, 0)),
    ("extend_trial", ({"days": 10, "once": True, "within_days": 15}, {"days": 5, "once": False, "within_days": 40})),
)


def terms_of(dice: Dice, *, whole: bool = False) -> Terms:
    """A preset, or one with half of its keys thrown anew; `whole`: those of a whole life as well."""
    base = dice.of(*_PRESETS)
    keys = (*_KEYS, *_MORE_KEYS) if whole else _KEYS
    if not dice.coin():
        return base
    terms = with_terms(base, {key: dice.of(*values) for key, values in keys if dice.coin()})
    # Most whole lives give everything back: what stays charged has a bookkeeper of its own.
    return (
        with_terms(terms, {"remove_licences": "credit", "refund": _GIVEN})
        if whole and dice.of(*"yyyn") == "y"
        else terms
    )


def price_of(dice: Dice) -> Decimal:
    """In major units, with more decimals than any currency has; now and then nothing."""
    usual = dice.of("12.50", "10.05", "0.05", "0.004", "1000", "0.333333", "0", *[""] * 13)
    return Decimal(usual) if usual else Decimal(dice.number(1, 60000)) / dice.of(100, 1000)


def length_of(dice: Dice) -> tuple[str, Anchor | None]:
    """How often is billed, and an anchor that goes with it."""
    every = dice.of(*["month"] * 5, "quarter", "quarter", "year", "year", "2 months", "week", "week", "30 days", "day")
    if every == "30 days":
        return every, None
    if every in {"week", "day"}:
        return every, dice.of(None, "calendar")
    return every, dice.of(None, None, "calendar", 1, 15, 28, 29, 30, 31)


def seats_of(dice: Dice) -> int:
    """Few numbers, so that the same one comes again."""
    return dice.of(1, 2, 3, 4, 5, 6, 8, 10, 12, 25, 26, 40, 0)


def days_of(dice: Dice) -> int:
    """How long nothing is asked for: often nothing or little, up to beyond a month."""
    return dice.of(0, 0, 0, 1, 1, 2, 3, 6, 7, 8, 10, 14, 15, 19, 24, 28, 29, 30, 31, 32, 40)


def buy_of(dice: Dice) -> Buy:
    """A purchase on all kinds of terms."""
    every, anchor = length_of(dice.cup(2))
    profile = dice.of(1, 1, 1, 2)
    return Buy(
        price_of(dice.cup(4)), every, terms=terms_of(dice), licences=seats_of(dice), anchor=anchor, profile=profile
    )


def offer_of(dice: Dice, *, plain: bool = False) -> Offer:
    """A price list, of all the kinds there are."""
    every = dice.of(*["month"] * 5, "quarter", "year", "year", "2 months", "week", "30 days", "day")
    offer = Offer(price_of(dice.cup(4)), every)
    if plain or dice.of(*"pppo") == "p":
        return offer
    some = dice.cup(12)
    stairs = tuple(
        (up_to, price_of(some.cup(2)), some.of(None, Decimal(5))) for up_to in some.of((3, None), (4, 8, None))
    )
    stretches = tuple((long, price_of(some.cup(2)), some.of(None, Decimal(3))) for long in some.of(*_STRETCHES))
    kind = dice.of("plain", "stairs", "stretches", "stairs")
    return replace(
        offer,
        flat=dice.of(None, None, Decimal(20), Decimal("0.99")),
        setup=dice.of(None, None, Decimal(100)),
        trial=dice.of(None, None, None, "10 days", "30 days", "month"),
        term=dice.of(None, None, None, "2 months", "45 days", "year"),
        stairs=stairs if kind == "stairs" else (),
        stretches=stretches if kind == "stretches" else (),
        graduated=kind == "stairs" and dice.coin(),
    )


_STRETCHES: tuple[tuple[str | None, ...], ...] = (("month", None), ("10 days", "month", None), ("45 days", None))


_DAYS: tuple[Anchor | None, ...] = (None, None, "calendar", 1, 15, 28, 30, 31)
_WHEN: tuple[When | None, ...] = (None, None, "now", "renewal")
_HOW: tuple[AnchorChange | None, ...] = (*[None] * 5, "keep", "restart", 20, 31)


def _whole_buy(dice: Dice, offers: tuple[Offer, ...]) -> Buy:
    """A purchase of an offer."""
    offer = dice.of(*offers)
    anchors: dict[str, tuple[Anchor | None, ...]] = {"week": (None, "calendar"), "day": (None,), "30 days": (None,)}
    anchor: Anchor | None = dice.of(*anchors.get(offer.every, _DAYS))
    licences, profile = seats_of(dice), dice.of(1, 1, 1, 2)
    terms = terms_of(dice.cup(60), whole=True)
    return Buy(offer.price, offer.every, terms, licences=licences, anchor=anchor, profile=profile, more=offer)


def _buy(dice: Dice, *, busy: bool) -> Buy:
    """On all kinds of terms, or, in a busy life, on such as give back whatever is given up."""
    bought = buy_of(dice)
    return replace(bought, terms=dice.of(PLAIN, PLAIN, PAID_BACK)) if busy else bought


def change_of(dice: Dice) -> SimpleChange:
    """What may be asked of the seats of a subscription."""
    which = dice.of(0, 0, 1, 2)
    match dice.of(*["total"] * 11, "members", "stop", "stop", "back", "back"):
        case "members":
            return Members(which, dice.number(0, 5))
        case "stop":
            on = dice.number(0, 45)
            return Stop(which, dice.of("now", None, "period_end", on), dice.of(None, None, *_REFUNDS))
        case "back":
            return Back(which)
        case _:
            return Total(which, seats_of(dice), dice.of(None, None, None, "now", "renewal"))


def _whole_change(dice: Dice) -> SimpleChange:  # noqa: PLR0911 - one line for each verb
    """What may be asked of a subscription in its whole life."""
    which = dice.of(0, 0, 1, 2)
    match dice.of(
        "seats", "seats", *["other"] * 4, "move", "rest", "rest", "rest", "renewal", "again", "again", "trying"
    ):
        case "other":
            when: When | None = dice.of(*_WHEN)
            anchor: AnchorChange | None = dice.of(*_HOW)
            licences = dice.of(None, None, seats_of(dice))
            return Other(which, dice.number(0, 9), when, anchor=anchor, licences=licences)
        case "move":
            return Move(which, dice.of(1, 10, 20, 28, 31, -3, -40))
        case "rest":
            return Rest(which, dice.of(True, False))  # noqa: FBT003 - a choice, not a switch
        case "renewal":
            return Renewal(which, dice.coin())
        case "again":
            return Again(which)
        case "trying":
            return Trying(which, dice.coin())
        case _:
            return change_of(dice)


def _any_change(dice: Dice) -> Change:
    late = dice.of(*[0] * 6, 1, 3, 10, 35)
    change = _whole_change(dice)
    return Late(change, late) if late else change


def _perhaps_late(wish: Buy | ByHand, dice: Dice) -> Wish:
    """As it is, or entered some days after its day."""
    late = dice.of(0, 0, 0, 0, 3, 20, 35)
    return Afterwards(wish, late) if late and not isinstance(wish, Gift | Return) else wish


def _by_hand(dice: Dice) -> ByHand:
    match dice.of("off", "gift", "return", "dearer"):
        case "gift":
            return Gift(dice.of(None, dice.number(1, 6)), dice.number(1, 4), many=dice.number(1, 10))
        case "return":
            return Return(dice.number(1, 6), dice.number(1, 10), adjust=dice.coin())
        case "dearer":
            return Dearer(dice.of(0, 0, 1, 2), price_of(dice))
        case _:
            percent = dice.of(None, Fraction(10), Fraction(10), Fraction("33.3"), Fraction(100))
            return Off(
                dice.of(None, 0, 0, 1),
                percent,
                amount=dice.number(1, 30),
                long=dice.of(None, "month", "10 days", "year"),
            )


def _whole_wish(dice: Dice, offers: tuple[Offer, ...]) -> Wish | None:
    def at_once(dice: Dice) -> AtOnce:
        bought = [_whole_buy(dice.cup(BUY), offers)] if dice.coin() else []
        return AtOnce((*bought, *(_whole_change(dice.cup(10)) for _ in range(dice.of(1, 2, 3)))))

    read: dict[str, Callable[[Dice], Wish]] = {
        "change": _any_change,
        "at once": at_once,
        "buy": lambda dice: _perhaps_late(_whole_buy(dice, offers), dice),
        "by hand": lambda dice: _perhaps_late(_by_hand(dice), dice),
        "pay": lambda dice: Money(dice.of(None, None, dice.number(1, 6)), dice.number(1, 10)),
        "mode": lambda dice: Mode(dice.of("automatic", "declining", "none")),
        "run": lambda _: Run(),
    }
    kind = dice.of("nothing", *["change"] * 9, "at once", "buy", "by hand", "by hand", "pay", "mode", "run")
    return read[kind](dice) if kind in read else None


def _at_once_of(dice: Dice, *, busy: bool) -> AtOnce:
    changes = [change_of(dice.cup(6)) for _ in range(dice.of(2, 3))]
    bought = [_buy(dice.cup(BUY), busy=busy)] if dice.of(*"nnnb") == "b" else []
    return AtOnce((*bought, *changes))


def _wish_of(dice: Dice, *, busy: bool) -> Wish | None:
    others = ("at once", "buy", "pay") if busy else ("at once", "at once", "buy", "buy", "pay", "pay", "mode", "run")
    kind = dice.of("nothing", *["change"] * 9, *others)
    read: dict[str, Callable[[Dice], Wish]] = {
        "change": change_of,
        "at once": lambda dice: _at_once_of(dice, busy=busy),
        "buy": lambda dice: _buy(dice, busy=busy),
        "pay": lambda dice: Money(dice.of(None, None, dice.number(1, 6)), dice.number(1, 10)),
        "mode": lambda dice: Mode(dice.of("automatic", "declining", "none")),
        "run": lambda _: Run(),
    }
    return read[kind](dice) if kind in read else None


def _then(wish: Wish | None, days: int) -> tuple[Wish, ...]:
    return tuple(one for one in (wish, Wait(days) if days else None) if one)


def _wishes_of(dice: Dice, *, busy: bool) -> Iterator[Wish]:
    yield from _then(_buy(dice.cup(BUY), busy=busy), days_of(dice.cup(1)))
    for _ in range(MOST_WISHES):
        days = days_of(dice.cup(1))
        yield from _then(_wish_of(dice.cup(WISH), busy=busy), days)


def _whole_wishes(dice: Dice, offers: tuple[Offer, ...]) -> Iterator[Wish]:
    yield from _then(_whole_buy(dice.cup(BUY), offers), days_of(dice.cup(1)))
    for _ in range(MOST_WISHES):
        days = days_of(dice.cup(1))
        yield from _then(_whole_wish(dice.cup(WISH), offers), days)


def life_of(dice: Dice, *, kind: str | None = None) -> Life:
    """A life of an account: one purchase, then up to ten wishes, most of them some days after the one before.

    There are three kinds. `seats`: licences, bought and given up on all kinds of terms. `busy`: they come and go on the
    plainest terms, and many credits are written. `whole`: all that can be asked for.
    """
    own = dice.cup(_OWN)
    offers = (offer_of(dice.cup(OFFER), plain=True), *(offer_of(dice.cup(OFFER)) for _ in range(3)))
    kind = kind or own.of("seats", "busy", "whole", "whole")
    wishes = _whole_wishes(dice, offers) if kind == "whole" else _wishes_of(dice, busy=kind == "busy")
    return Life(
        currency=own.of("EUR", "EUR", "JPY", "KWD"),
        tax_rate=own.of(None, Fraction(21), Fraction(21), Fraction("5.5")),
        billing=own.of("daily", "daily", "daily", "daily", "manual"),
        mode=own.of("automatic", "automatic", "declining", "none"),
        zone=own.of("UTC", "Europe/Amsterdam", "America/Sao_Paulo"),
        start=own.of(14, own.number(0, 800)),
        wishes=tuple(wishes),
        offers=offers if kind == "whole" else (),
    )


LIFE = _OWN + 4 * OFFER + BUY + 1 + MOST_WISHES * (WISH + 1)
"""Throws for a life."""


def lives(kind: str | None = None) -> st.SearchStrategy[Life]:
    """Lives of one account, of all kinds or of one."""
    return thrown(lambda dice: life_of(dice, kind=kind), throws=LIFE)
