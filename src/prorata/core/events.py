"""Everything that can happen to an account, as data.

An event is what somebody asks for or what a day brings. `step` decides what follows from it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from prorata.core.actors import Side
from prorata.core.calendar import Anchor, Every
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import AnchorChange, Refund, Terms, When
from prorata.core.money import Money, UnitPrice
from prorata.core.records import record

PaymentMode = Literal["automatic", "declining", "none"]
"""Whether a saved method pays each document at once, is refused each time, or there is none."""


@record
class Subscribe:
    """Buy licences of a plan. `name` tells the subscription from the account's others."""

    name: str
    plan: Plan
    terms: Terms
    licences: int = 1
    anchor: Anchor | None = None
    profile: int = 1
    by: Side = "admin"


@record
class ChangeLicences:
    """Set a new total of licences; `when` overrides the terms."""

    subscription: str
    licences: int
    when: When | None = None
    by: Side = "admin"


@record
class ChangePlan:
    """Go over to another plan, or another billing frequency, perhaps with another total of licences.

    `when` and `anchor` override the terms, which stay those that the subscription was sold under.
    """

    subscription: str
    plan: Plan
    when: When | None = None
    anchor: AnchorChange | None = None
    licences: int | None = None
    by: Side = "admin"


@record
class MoveAnchor:
    """Move the day on which periods begin: a day of the month, or a date that is itself a boundary."""

    subscription: str
    anchor: int | date
    by: Side = "admin"


@record
class Pause:
    """From now on no use and no charge, the data kept; the renewal date stays."""

    subscription: str
    by: Side = "admin"


@record
class Resume:
    """End a pause."""

    subscription: str
    by: Side = "admin"


@record
class SetRenewal:
    """Let the subscription end with its term, or go on after it."""

    subscription: str
    renews: bool
    by: Side = "admin"


@record
class Reactivate:
    """Begin again what has ended and is not deleted yet."""

    subscription: str
    by: Side = "admin"


@record
class ExtendTrial:
    """Give a trial more days, as the terms allow."""

    subscription: str
    by: Side = "admin"


@record
class StopConversion:
    """Let a trial lapse at its end instead of being sold."""

    subscription: str
    by: Side = "admin"


@record
class SetPrice:
    """A new price of a plan, for each licence: new sales at once, others at the renewal after the notice.

    `plan`: as it was first sold.
    """

    plan: Plan
    amount: UnitPrice
    by: Side = "vendor"


@record
class GiveDiscount:
    """Take something off what is charged from now on: of a subscription, or of all (None).

    `percent` of each charge, or an `amount` for each period; for so `long`, or for good (None).
    """

    subscription: str | None
    percent: Fraction | None = None
    amount: Money | None = None
    long: Every | None = None
    by: Side = "vendor"


@record
class GiveCredit:
    """Goodwill: account credit, or a credit on a line of a document (net, both counted from 1)."""

    amount: Money
    document: int | None = None
    line: int | None = None
    by: Side = "vendor"


@record
class GiveBack:
    """Give back money paid for a document (None: all not returned yet); `adjust` also lowers what was charged."""

    document: int
    amount: Money | None = None
    adjust: bool = False
    by: Side = "vendor"


@record
class Late:
    """An event that is entered late, as if it had happened on an earlier day; for a reason, in words."""

    event: Event
    effective: date
    reason: str = ""

    @property
    def by(self) -> Side:
        """Who enters it."""
        return self.event.by


@record
class Assign:
    """From now on so many members hold a licence; `names`: these ones, where a story says who."""

    subscription: str
    assigned: int
    by: Side = "admin"
    names: tuple[str, ...] = ()


@record
class Cancel:
    """End a subscription now, at the end of the period, or on a day; `when` and `refund` override the terms."""

    subscription: str
    when: Literal["now", "period_end"] | date | None = None
    refund: Refund | None = None
    by: Side = "admin"


@record
class Undo:
    """Take back what is pending: the cancellation or the change, whichever was asked for last."""

    subscription: str
    by: Side = "admin"


@record
class Pay:
    """Pay a document, or all that is open (None), oldest due first; `amount` pays a part."""

    document: int | None = None
    amount: Money | None = None
    method: str = "transfer"
    by: Side = "admin"


@record
class SetPayment:
    """From here on documents are paid in this way."""

    mode: PaymentMode
    by: Side = "admin"


@record
class Bill:
    """A run as of the day of the event. Where billing is manual it writes everything that is due or has changed."""

    by: Side = "admin"


@record
class CloseAccount:
    """End the account: what is left is paid back or lapses, and everything it had is deleted that day."""

    by: Side = "admin"


@record
class DayRun:
    """A daily run: first what takes effect on its day, then the documents that are due.

    `as_of`: the day that is run, not after the day of the event (None: that very day). Documents carry the day of the
    event all the same: nothing is ever dated back.
    """

    as_of: date | None = None
    by: Side = "system"


@record
class Together:
    """Events of one instant, in their order: they make one document for each billing profile."""

    events: tuple[Event, ...]

    @property
    def by(self) -> Side:
        """Who does it: the first one's."""
        return self.events[0].by


OfSubscription = (
    ChangeLicences
    | ChangePlan
    | MoveAnchor
    | Assign
    | Cancel
    | Undo
    | Pause
    | Resume
    | SetRenewal
    | Reactivate
    | ExtendTrial
    | StopConversion
)
"""What can happen to one subscription that is there."""

OfDocuments = Pay | SetPayment | GiveCredit | GiveBack | GiveDiscount | SetPrice | Bill | DayRun | CloseAccount

Event = Subscribe | OfSubscription | OfDocuments | Late | Together


def singles_of(event: Event) -> tuple[Event, ...]:
    """The events that an event is made of, in their order; one that is entered late stays so."""
    if isinstance(event, Together):
        return tuple(single for inner in event.events for single in singles_of(inner))
    return (event,)
