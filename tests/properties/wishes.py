"""What people may ask for, as data that hypothesis can make up and make smaller."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from hypothesis import strategies as st

from prorata.core.calendar import Anchor
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.read_terms import with_terms
from prorata.core.catalog.terms import Refund, Terms, When
from prorata.core.events import PaymentMode


@dataclass(frozen=True)
class Buy:
    price: Decimal
    every: str
    terms: Terms
    licences: int
    anchor: Anchor | None


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

    wishes: tuple[Change, ...]


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


def _terms() -> st.SearchStrategy[Terms]:
    keys: dict[str, st.SearchStrategy[Any]] = {
        "billed": st.sampled_from(["advance", "advance", "arrears"]),
        "end_day": st.sampled_from(["free", "charged"]),
        "add_licences": st.sampled_from(["now", "now", "renewal"]),
        "remove_licences": st.sampled_from(["credit", "credit", "window", "renewal", "kept"]),
        "cancel": st.sampled_from(["now", "window", "period_end"]),
        "window_days": st.sampled_from([0, 1, 7]),
        "refund": st.fixed_dictionaries({"end": _refund(), "change": _refund()}),
        "invoice_changes": st.sampled_from(["now", "next"]),
        "final_document": st.sampled_from(["now", "now", "next_billing_date"]),
        "licences": st.just({"min": 0}),
    }
    own = st.builds(with_terms, st.just(CLASSIC), st.fixed_dictionaries({}, optional=keys))
    return st.one_of(st.sampled_from([CLASSIC, COMMIT]), own)


def _refund() -> st.SearchStrategy[Refund]:
    return st.sampled_from(["to_method", "credit", "none"])


_LENGTHS = ("month", "month", "week", "quarter", "year", "30 days", "day", "2 months")
_SEATS = st.one_of(st.integers(0, 6), st.integers(0, 40))
_WHICH = st.integers(0, 2)


def _buy() -> st.SearchStrategy[Buy]:
    return st.builds(
        Buy,
        price=st.one_of(
            st.sampled_from([Decimal("12.50"), Decimal("10.05"), Decimal("0.05"), Decimal("0.004"), Decimal(1000)]),
            st.decimals(0, 200, places=3),
        ),
        every=st.sampled_from(_LENGTHS),
        terms=_terms(),
        licences=_SEATS,
        anchor=st.one_of(st.none(), st.just("calendar"), st.sampled_from([1, 15, 29, 30, 31])),
    )


def _change() -> st.SearchStrategy[Change]:
    return st.one_of(
        st.builds(Total, which=_WHICH, licences=_SEATS, when=st.sampled_from([None, None, "now", "renewal"])),
        st.builds(Members, which=_WHICH, assigned=_SEATS),
        st.builds(
            Stop,
            which=_WHICH,
            when=st.one_of(st.sampled_from([None, "now", "period_end"]), st.integers(0, 45)),
            refund=st.sampled_from([None, None, "to_method", "credit", "none"]),
        ),
        st.builds(Back, which=_WHICH),
    )


def _wish() -> st.SearchStrategy[Wish]:
    change = _change()
    return st.one_of(
        change,
        change,
        st.builds(Wait, days=st.one_of(st.integers(0, 3), st.integers(0, 40))),
        st.builds(Wait, days=st.one_of(st.integers(0, 3), st.integers(0, 40))),
        st.builds(AtOnce, wishes=st.lists(change, min_size=2, max_size=3).map(tuple)),
        _buy(),
        st.builds(Money, document=st.one_of(st.none(), st.integers(1, 6)), tenths=st.integers(1, 10)),
        st.builds(Mode, mode=st.sampled_from(["automatic", "declining", "none"])),
        st.builds(Run),
    )


def _wishes(first: Buy, rest: list[Wish]) -> tuple[Wish, ...]:
    return (first, *rest)


def lives() -> st.SearchStrategy[Life]:
    """Lives of an account: one purchase, then up to 14 wishes and waits."""
    return st.builds(
        Life,
        currency=st.sampled_from(["EUR", "EUR", "JPY", "KWD"]),
        tax_rate=st.sampled_from([None, Fraction(21), Fraction(21), Fraction("5.5")]),
        billing=st.sampled_from(["daily", "daily", "manual"]),
        mode=st.sampled_from(["automatic", "declining", "none"]),
        zone=st.sampled_from(["UTC", "Europe/Amsterdam", "America/Sao_Paulo"]),
        start=st.one_of(st.just(14), st.integers(0, 800)),
        wishes=st.builds(_wishes, _buy(), st.lists(_wish(), max_size=14)),
    )
