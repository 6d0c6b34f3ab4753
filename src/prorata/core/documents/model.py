"""An issued document as a snapshot: its lines, its tax, its statement. Nothing here ever changes afterwards.

What happens to a document later (paid, credited, still open) is its `Standing`, and follows from the ledger.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from prorata.core.actors import Side
from prorata.core.calendar import Period
from prorata.core.catalog.plans import Item
from prorata.core.catalog.terms import Refund
from prorata.core.money import Money, UnitPrice
from prorata.core.proof import Proof, TaxProof
from prorata.core.records import record

DocumentKind = Literal["invoice", "credit_note"]
LineKind = Literal["setup", "recurring", "flat", "credit", "discount"]
Why = Literal[
    "purchase",
    "period",
    "licences",
    "plan",
    "frequency",
    "price",
    "phase",
    "anchor",
    "pause",
    "resume",
    "reactivation",
    "trial",
    "ending",
    "discount",
    "goodwill",
    "refund",
]


@record
class Cause:
    """Why a line exists: the purchase, a new period, a change, a pause, the end, …; by whom, on which day."""

    why: Why
    on: date
    by: Side


@record
class LineRef:
    """A line of a document: the document's place in the account's list and the line's place in it, both from 1."""

    document: int
    line: int


@record
class Line:
    """Money owed, or given back, for a service period. `amount` is net; `tax` its part of the document's tax.

    `item`: which part of which price. `days` of `of_days`: the days of the line in the period of the grid that it lies
    in; a credit has the days that it takes back, its original's unit price, and names in `corrects` the line that it
    takes them from. What is flat has no licences; a setup no days either; a discount and what is given back by hand
    have no price. A discount `reduces` the line of that place in its own document, by the discount of that id. Where
    the terms count seconds, `days` are these, and `exact` says from which instant to which.
    """

    subscription: int
    kind: LineKind
    period: Period
    licences: int | None
    price: UnitPrice | None
    item: Item
    days: int | None
    of_days: int | None
    amount: Money
    tax_rate: Fraction | None
    proof: Proof
    cause: Cause
    corrects: LineRef | None = None
    refund: Refund | None = None
    tax: Money | None = None
    reduces: int | None = None
    discount: int | None = None
    exact: Period | None = None

    @property
    def price_version(self) -> int:
        """Which version of its plan's price it charges."""
        return self.item.version

    @property
    def is_charge(self) -> bool:
        """Whether something was charged, or taken off, that can be given back later."""
        return self.corrects is None

    def with_tax(self, tax: Money) -> Line:
        """The same line with its part of the document's tax."""
        return Line(
            self.subscription,
            self.kind,
            self.period,
            self.licences,
            self.price,
            self.item,
            self.days,
            self.of_days,
            self.amount,
            self.tax_rate,
            self.proof,
            self.cause,
            self.corrects,
            self.refund,
            tax,
            self.reduces,
            self.discount,
            self.exact,
        )


@record
class TaxGroup:
    """All lines of one rate (percent): their sum and its tax, rounded once."""

    rate: Fraction
    base: Money
    tax: Money
    proof: TaxProof


@record
class Statement:
    """The face of a final document: what was open before, what this document adds or takes, and what becomes of it.

    All amounts are zero or more but `this_document`, which is the document's total.
    """

    open_before: Money
    this_document: Money
    from_credit: Money
    paid_now: Money
    paid_back: Money
    to_credit: Money
    still_to_pay: Money


@record
class Document:
    """An issued document. `id` is its place in the account's list, from 1; its number is given when it is saved.

    `due` is None for credit notes. `final`: it settles a cancellation, and has a statement.
    """

    id: int
    profile: int
    kind: DocumentKind
    date: date
    due: date | None
    lines: tuple[Line, ...]
    taxes: tuple[TaxGroup, ...]
    net: Money
    tax: Money
    total: Money
    final: bool = False
    statement: Statement | None = None


@record
class Standing:
    """What has become of a document so far: always credit_used + paid + left = total.

    `corrects`: the documents whose lines this one took back. `subscriptions` (by id): those with lines on it, as long
    as it is to be paid in time: of what was settled once, or given back by hand, nobody remembers them.
    """

    document: int
    profile: int
    due: date | None
    credit_used: Money
    paid: Money
    left: Money
    corrects: tuple[int, ...] = ()
    subscriptions: tuple[int, ...] = ()

    def with_balances(self, *, credit_used: Money, paid: Money, left: Money) -> Standing:
        """The same document's standing, one transfer later."""
        owing = self.subscriptions if left.minor > 0 else ()
        return Standing(self.document, self.profile, self.due, credit_used, paid, left, self.corrects, owing)

    def not_to_be_asked_for(self) -> Standing:
        """The same standing of what was given back by hand: nothing collects it by itself any more."""
        return Standing(self.document, self.profile, self.due, self.credit_used, self.paid, self.left, self.corrects)
