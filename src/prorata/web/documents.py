"""What a document on screen and on paper shows: plain values, already worded for its reader."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sells or who buys: a name, and lines of an address and of registration numbers."""

    label: str
    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A short fact in the head of a document: its number, its date."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A line: what it is for, the sentence with its service period and arithmetic, its amount.

    `why` says what the line comes from. `period` is set only where that sentence does not name the service period
    itself. `corrects` names the line that a credit takes back, `corrects_href` leads there; `anchor` is the line's own
    id on the page.
    """

    name: str
    formula: str
    quantity: str
    unit_price: str
    amount: str
    period: str | None = None
    why: str | None = None
    corrects: str | None = None
    corrects_href: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """Lines that belong together: new charges, corrections, changes. Without a title where there is but one group."""

    lines: tuple[DocumentLine, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """The tax of one rate on the sum of its lines."""

    rate: str
    net: str
    tax: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """An amount of the sums or of the statement. `strong` marks the one that counts."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A whole document. `headline` is what the reader looks for first: "€97.50 to pay by 17 March 2026"."""

    seller: str
    seller_line: str
    kind: str
    number: str
    headline_label: str
    headline: str
    headline_note: str | None
    buyer: Party
    vendor: Party
    details: tuple[Detail, ...]
    groups: tuple[LineGroup, ...]
    sums: tuple[SumLine, ...]
    taxes: tuple[TaxRow, ...] = ()
    statement: tuple[SumLine, ...] = ()
    statement_note: str | None = None
    payment: tuple[str, ...] = ()
    test_document: bool = False
