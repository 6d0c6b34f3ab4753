"""What people may ask for, as data that hypothesis can make up and make smaller."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from hypothesis.vendor.pretty import RepresentationPrinter

from properties.offers import Offer
from prorata.core.calendar import Anchor
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import with_terms
from prorata.core.catalog.terms import AnchorChange, Refund, Terms, When
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
    more: Offer | None = None

    @property
    def offer(self) -> Offer:
        """What is bought, where there is more to it than a price."""
        return self.more or Offer(self.price, self.every)

    def __repr__(self) -> str:
        """As it can be written in a test: of the terms, what differs from the usual ones."""
        own = {name: value for name in _NAMES if (value := getattr(self.terms, name)) != getattr(USUAL, name)}
        terms = f"replace(USUAL{''.join(f', {name}={value!r}' for name, value in own.items())})" if own else "USUAL"
        rest = f"{self.licences}, {self.anchor!r}, {self.profile}{f', {self.more!r}' if self.more else ''}"
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


@dataclass(frozen=True)
class Other:
    """Another of the life's offers; `to` counts them over and over."""

    which: int
    to: int
    when: When | None
    anchor: AnchorChange | None
    licences: int | None


@dataclass(frozen=True)
class Move:
    """Periods begin on another day of the month, or, below zero, so many days from now."""

    which: int
    anchor: int


@dataclass(frozen=True)
class Rest:
    """A pause begins, or ends."""

    which: int
    begins: bool


@dataclass(frozen=True)
class Renewal:
    which: int
    renews: bool


@dataclass(frozen=True)
class Again:
    """What has ended begins again."""

    which: int


@dataclass(frozen=True)
class Trying:
    """A trial goes on for longer, or is not to be sold."""

    which: int
    longer: bool


SimpleChange = Total | Members | Stop | Back | Other | Move | Rest | Renewal | Again | Trying


@dataclass(frozen=True)
class Late:
    """A change that is entered so many days after it happened."""

    change: SimpleChange
    days: int


Change = SimpleChange | Late


@dataclass(frozen=True)
class Dearer:
    """The plan of a subscription has a new price."""

    which: int
    price: Decimal


@dataclass(frozen=True)
class Off:
    """A discount: `percent`, or an amount in major units for each period; of a subscription or the account (None)."""

    which: int | None
    percent: Fraction | None
    amount: int
    long: str | None


@dataclass(frozen=True)
class Gift:
    """Goodwill: so many major units for the account (`document` None), or so many tenths of what is left of a line."""

    document: int | None
    line: int
    many: int


@dataclass(frozen=True)
class Return:
    """So many tenths of what was received for a document go back."""

    document: int
    tenths: int
    adjust: bool


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
class Afterwards:
    """What is bought, priced or taken off, entered so many days after its day."""

    wish: Buy | Dearer | Off
    days: int


AtAnInstant = Buy | Change | Off | Dearer


@dataclass(frozen=True)
class AtOnce:
    """Wishes of one instant."""

    wishes: tuple[AtAnInstant, ...]


ByHand = Dearer | Off | Gift | Return
"""What the vendor's people do."""

Wish = Buy | Change | Afterwards | Money | Mode | Run | Wait | ByHand | AtOnce


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
    offers: tuple[Offer, ...] = ()


PLAIN = with_terms(USUAL, {"invoice_changes": "now", "online_cancel_limit": "none"})
"""Whatever changes is written the same day, and what is given up is credited."""

PAID_BACK = with_terms(PLAIN, {"refund": {"change": "to_method"}})
"""The same, and it goes back the way it came."""
