"""The rows that are looked at, by their columns; `reading` asks for them in this order.

Named tuples, since there are many of them and each is looked at many times. Decimals and JSON are text. What is joined
from a second table may be missing: its columns are None then, and where the first one is missing, those are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from prorata.core.events import PaymentMode

_Row = TypeVar("_Row", bound=tuple[Any, ...])


class AccountRow(NamedTuple):
    """An account, as the table of accounts explains it; `next_*`: the next free id of each kind."""

    account_id: int
    seller_id: int
    seller_test: bool
    country: str
    kind: str
    currency: str
    zone: str
    tax_rate: str | None
    billing: str
    payment_mode: PaymentMode
    test: bool
    clock_at: datetime | None
    due_on: date | None
    next_subscription: int
    next_document: int
    next_payment: int
    next_lot: int
    next_transfer: int


class DocumentRow(NamedTuple):
    """A document and what has become of it; `standing` repeats its id."""

    account_id: int
    id: int | None
    seller_id: int
    series: str
    year: int
    place: int
    number: str
    kind: str
    issued_on: date
    due_on: date | None
    profile_id: int
    currency: str
    seller: str
    customer: str
    language: str
    net: int
    tax: int
    total: int
    final: bool
    statement: str | None
    form: int
    content_hash: bytes
    standing: int | None
    credit_used: int
    paid: int
    left: int


class LineRow(NamedTuple):
    """A line; `corrects_*` name the line that a credit takes back."""

    account_id: int
    document_id: int
    line: int
    subscription_id: int
    kind: str
    from_date: date
    to_date: date
    licences: int | None
    price: str | None
    plan: str
    price_version: int
    phase: int
    step: int
    flat: bool
    days: int | None
    of_days: int | None
    exact_from: datetime | None
    exact_to: datetime | None
    amount: int
    tax_rate: str | None
    tax: int | None
    proof: str
    cause: str
    cause_on: date
    cause_by: str
    corrects_document: int | None
    corrects_line: int | None
    refund: str | None
    reduces: int | None
    discount_id: int | None


def seats_of(line: LineRow) -> int:
    """How many a line counts on each of its days: its licences, 1 of what is flat, none of what has no days."""
    if line.licences is not None:
        return line.licences
    return 0 if line.days is None else 1


class TaxRow(NamedTuple):
    """The tax of one rate on a document."""

    account_id: int
    document_id: int
    place: int
    rate: str
    base: int
    tax: int
    proof: str


class TransferRow(NamedTuple):
    """A movement from one ledger account to another."""

    account_id: int
    id: int
    on_date: date
    debit: str
    debit_of: int | None
    credit: str
    credit_of: int | None
    amount: int
    currency: str
    document_id: int | None
    line: int | None


class MoneyRow(NamedTuple):
    """A payment or a lot of account credit, and its balance; `balance` repeats its id, `origin` is a lot's."""

    account_id: int
    id: int | None
    document_id: int | None
    on_date: date
    amount: int
    currency: str
    balance: int | None
    noted: int | None
    left: int | None
    origin: str | None


class SubscriptionRow(NamedTuple):
    """A subscription, with the columns and in the order of `subscription_rows.COLUMNS`."""

    account_id: int
    id: int
    name: str
    profile_id: int
    plan: str
    terms: str
    grid: str
    plan_at: datetime
    plan_effective: date
    plan_counted_from: date
    plan_by: str
    plan_why: str
    forfeits: str
    rests: str
    setups: str
    trial: str | None
    pending_plan: str | None
    turns: str
    start_on: date
    started_at: datetime
    covered_to: date
    billed_to: date | None
    state: str
    licences: int
    assigned: int
    version: int
    pending_effective: date | None
    pending_licences: int | None
    pending_at: datetime | None
    pending_by: str | None
    pending_asked: int | None
    ending_on: date | None
    ending_charged_to: date | None
    ending_at: datetime | None
    ending_by: str | None
    ending_refund: str | None
    ending_asked: int | None
    ending_why: str | None
    ending_renews: bool | None
    foreseen: str | None
    conflict_since: date | None
    conflict_until: date | None
    unwritten_start: date | None
    unwritten_due: date | None


class ChangeRow(NamedTuple):
    """A row of the licence ledger."""

    account_id: int
    subscription_id: int
    place: int
    at: datetime
    effective: date
    licences: int
    by_side: str


class PlanRow(NamedTuple):
    """A row of the ledger of what is sold."""

    account_id: int
    subscription_id: int
    at: datetime
    effective: date
    plan: str
    grid: str
    counted_from: date
    by_side: str
    why: str
    place: int


class HoldersRow(NamedTuple):
    """How many members hold a licence of a subscription."""

    account_id: int
    subscription_id: int
    holders: int


class SeatRow(NamedTuple):
    """What does not fit in the ledger of holders: `what` is wrong, with a member; None: with all of the ledger."""

    account_id: int
    subscription_id: int
    member_id: int | None
    what: str


class CountRow(NamedTuple):
    """Rows of a kind whose number is not what was counted up: there are `counted`, the last is `last`."""

    account_id: int
    kind: str
    counted: int
    last: int
    following: int


class ParkedRow(NamedTuple):
    """A subscription that is parked."""

    account_id: int
    subscription_id: int


def by(column: str, rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    """Rows by one of their columns, in their order."""
    key = attrgetter(column)
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
