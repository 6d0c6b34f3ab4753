"""Everything that can happen to an account, as data.

An event is what somebody asks for or what a day brings. `step` decides what follows from it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from prorata.core.actors import Side
from prorata.core.calendar import Anchor
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Refund, Terms, When
from prorata.core.money import Money
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
class Assign:
    """From now on so many members hold a licence."""

    subscription: str
    assigned: int
    by: Side = "admin"


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


Event = Subscribe | ChangeLicences | Assign | Cancel | Undo | Pay | SetPayment | Bill | DayRun | Together
