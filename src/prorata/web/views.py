"""What components of pages show: plain values, already worded for the reader.

Every text in here is finished ("€12.50", "14 March 2026"). A date is given besides its text only where a machine
reads it too. `docs` for each component stand at the head of its file in `templates/components`.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done from here: a link where `href` is given, else a button that submits.

    `kind` is primary, secondary, danger or quiet. With `disabled_reason` it is shown, cannot be used, and says why.
    `opens` is the id of a dialog of the same page.
    """

    label: str
    href: str | None = None
    kind: str = "secondary"
    disabled_reason: str | None = None
    opens: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to another page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """A place in the navigation. `icon` is a name from components/icons.html.

    `count` is a small number beside it; `count_words` says it in full to those who hear it: "1 bill is past due".
    """

    label: str
    href: str
    icon: str
    current: bool = False
    count: str | None = None
    count_words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """A day that the clock can be moved to at once, and what is to be seen then."""

    day: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBar:
    """The clock of a test account, on top of each page. Moving it posts `to` (an ISO date) and `next` to `action`.

    `refused` says why this person cannot move it.
    """

    today: date
    action: str
    steps: tuple[ClockStep, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behalf:
    """One of the vendor's people acts here for a customer: for whom and why, in words. It is stopped at `action`."""

    says: str
    why: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What surrounds the work on every page. The default is that of a reader whom nobody knows.

    `number`: of the account that is shown; each form says it back.
    """

    nav: tuple[NavItem, ...] = ()
    home: str = "/"
    seller: str = "Prorata"
    account: str | None = None
    number: int | None = None
    person: str | None = None
    switch_person: Link | None = None
    behalf: Behalf | None = None
    clock: ClockBar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table. `sort_href` makes its head a link; `sorted` is ascending, descending or None."""

    label: str
    numeric: bool = False
    sort_href: str | None = None
    sorted: str | None = None
    hidden_label: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A key figure: what, how much, and since or until when."""

    label: str
    value: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A line of a small ledger; `note` says how its amount was made. `heading` sets a name above a group."""

    label: str
    amount: str
    note: str | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happens on a day. `state` is past, now or next."""

    day: date
    title: str
    note: str | None = None
    state: str = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePoint:
    """A day on the line of a life: what happens then (nothing: it is today), and the state from then on.

    `kind` is a kind of chip; `state` is past, now or next; `conditional`: it may not happen, and `note` says on what
    that depends.
    """

    day: date
    titles: tuple[str, ...]
    kind: str
    state: str = "next"
    note: str | None = None
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice of a form. With `disabled_reason` it is shown, cannot be taken, and says why."""

    value: str
    label: str
    hint: str | None = None
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with a field, by the name it has in the form."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where a reader is in a long list. `shown` reads "1–25 of 60"."""

    shown: str
    previous_href: str | None = None
    next_href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The fields by which people are found, and what stands in them; `choice` is the name of the one about licences."""

    action: str
    text: str
    roles: tuple[Option, ...]
    role: str
    licences: tuple[Option, ...]
    licence: str
    active: bool
    choice: str = "licence"
