"""What people may ask for, as data that hypothesis can make up and make smaller."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from properties.dice import Dice, thrown
from prorata.core.calendar import Anchor
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.read_terms import with_terms
from prorata.core.catalog.terms import Refund, Terms, When
from prorata.core.events import PaymentMode

USUAL = with_terms(CLASSIC, {"licences": {"min": 0}})
"""The classic terms, down to no licences at all."""

_NAMES = tuple(Terms.__dataclass_fields__)


@dataclass(frozen=True, repr=False)
class Buy:
    price: Decimal
    every: str
    terms: Terms
    licences: int
    anchor: Anchor | None
    profile: int = 1

    def __repr__(self) -> str:
        """As it can be written in a test: of the terms, what differs from the usual ones."""
        own = {name: value for name in _NAMES if (value := getattr(self.terms, name)) != getattr(USUAL, name)}
        terms = f"replace(USUAL{''.join(f', {name}={value!r}' for name, value in own.items())})" if own else "USUAL"
        rest = f"{self.licences}, {self.anchor!r}, {self.profile}"
        return f"Buy({self.price!r}, {self.every!r}, {terms}, {rest})"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - as hypothesis calls it
        printer.text(repr(self))


@dataclass(frozen=True)
class Total:
    which: int
    licences: int
    when: When | None


@dataclass(frozen=True)
class Members:
    which: int
    assigned: int


@dataclass(frozen=True)
class Stop:
    """`when` as a number: so many days from now."""

    which: int
    when: Literal["now", "period_end"] | int | None
    refund: Refund | None


@dataclass(frozen=True)
class Back:
    which: int


Change = Total | Members | Stop | Back


@dataclass(frozen=True)
class Money:
    """Pay everything (`document` None) or one document; `tenths` of it."""

    document: int | None
    tenths: int


@dataclass(frozen=True)
class Mode:
    mode: PaymentMode


@dataclass(frozen=True)
class Run:
    """A run in the middle of the day; the rest of the day stays quiet."""


@dataclass(frozen=True)
class Wait:
    days: int


@dataclass(frozen=True)
class AtOnce:
    """Wishes of one instant."""

    wishes: tuple[Buy | Change, ...]


Wish = Buy | Change | Money | Mode | Run | Wait | AtOnce


@dataclass(frozen=True)
class Life:
    """An account's life: what it is, and what is asked for in it."""

    currency: str
    tax_rate: Fraction | None
    billing: Literal["daily", "manual"]
    mode: PaymentMode
    zone: str
    start: int
    wishes: tuple[Wish, ...]


_OWN, BUY, WISH, MOST_WISHES = 9, 30, 52, 10
"""Throws for an account; for a purchase; for a wish and the days after it; how many wishes a life may have."""

PLAIN = with_terms(USUAL, {"invoice_changes": "now", "online_cancel_limit": "none"})
"""Whatever changes is written the same day, and what is given up is credited."""

PAID_BACK = with_terms(PLAIN, {"refund": {"change": "to_method"}})
"""The same, and it goes back the way it came."""

_PRESETS = [USUAL, USUAL, with_terms(COMMIT, {"licences": {"min": 0}})]
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


def terms_of(dice: Dice) -> Terms:
    """A preset, or one with half of its keys thrown anew."""
    base = dice.of(*_PRESETS)
    if not dice.coin():
        return base
    return with_terms(base, {key: dice.of(*values) for key, values in _KEYS if dice.coin()})


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


def _buy(dice: Dice, *, busy: bool) -> Buy:
    """On all kinds of terms, or, in a busy life, on such as give back whatever is given up."""
    bought = buy_of(dice)
    return replace(bought, terms=dice.of(PLAIN, PLAIN, PAID_BACK)) if busy else bought


def change_of(dice: Dice) -> Change:
    """What may be asked of a subscription."""
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


def life_of(dice: Dice) -> Life:
    """A life of an account: one purchase, then up to ten wishes, most of them some days after the one before.

    Every second one is busy: there licences come and go on the plainest terms, and many credits are written.
    """
    own = dice.cup(_OWN)
    return Life(
        currency=own.of("EUR", "EUR", "JPY", "KWD"),
        tax_rate=own.of(None, Fraction(21), Fraction(21), Fraction("5.5")),
        billing=own.of("daily", "daily", "daily", "daily", "manual"),
        mode=own.of("automatic", "automatic", "declining", "none"),
        zone=own.of("UTC", "Europe/Amsterdam", "America/Sao_Paulo"),
        start=own.of(14, own.number(0, 800)),
        wishes=tuple(_wishes_of(dice, busy=own.coin())),
    )


LIFE = _OWN + BUY + 1 + MOST_WISHES * (WISH + 1)
"""Throws for a life."""


def lives() -> st.SearchStrategy[Life]:
    """Lives of one account."""
    return thrown(life_of, throws=LIFE)
