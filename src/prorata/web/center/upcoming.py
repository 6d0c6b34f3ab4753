"""The next twelve months of bills in words: one line that says how many and how much, and the table behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Line
from prorata.core.money import Money, total
from prorata.usecases.act import Preview
from prorata.usecases.pages.upcoming import Upcoming, within_a_year
from prorata.web.center.words import Names, amount, licences
from prorata.wording import Wording
from prorata.wording.explain import why


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcomingBill:
    """A bill to come: its day, what is on it, its total. `note`: what else it bills; `instead`: its total now."""

    day: date
    what: str
    note: str | None
    amount: str
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcomingBills:
    """The bills of twelve months for `upcoming(bills)` of center/upcoming.html: the line that is always seen, the rows
    behind it, their total. `foot`: what the total is compared with, or that the list is cut.
    """

    said: str
    rows: tuple[UpcomingBill, ...]
    total: str
    until: date
    foot: str | None = None


_Key = tuple[date, int]
_ByDay = Mapping[_Key, tuple[Document, ...]]


def upcoming_bills(
    w: Wording, found: Upcoming, *, names: Names, subscription: int, resting: bool = False
) -> UpcomingBills:
    """The bills that have a line of one subscription, as they come if nothing else changes; none is known of one whose
    billing is `resting`.
    """
    documents, about = found.of(subscription).documents, frozenset({subscription})
    rows = tuple(
        UpcomingBill(
            day=day,
            what=_what(w, group, about=about),
            note=_others(w, group, names=names, about=about),
            amount=amount(w, _total(group)),
        )
        for (day, _), group in _by_day(documents).items()
    )
    worth = amount(w, _total(documents)) if documents else ""
    said = _said(w, len(rows), worth=worth) if rows or not resting else _unknown(w)
    return UpcomingBills(
        said=_with_others(w, said, rows), rows=rows, total=worth, until=found.until, foot=_cut(w, found)
    )


def touched(decision: Decision) -> frozenset[int]:
    """The subscriptions that a decision changes."""
    known = set(decision.before.subscriptions)
    return frozenset(s.id for s in decision.after.subscriptions if s not in known)


def rests(decision: Decision) -> bool:
    """Whether the billing rests of something that a decision changes: then no document tells what that brings."""
    return bool(touched(decision) & decision.before.parked)


def upcoming_with(w: Wording, shown: Preview, *, names: Names) -> UpcomingBills:
    """The bills of twelve months with a change; what is written now is the first, what differs says what it was.

    Shown are the bills that have a line of a subscription which the change is about, with the change or without it.
    Those that do not come any more have no rows: they stand, counted and added up, in the `foot`.
    """
    decision = shown.decision
    about = touched(decision)
    will = within_a_year((*decision.documents, *shown.coming), decision.today)
    after, before = _by_day(will.documents), _by_day(within_a_year(shown.coming_before, decision.today).documents)
    keys = [
        key
        for key in sorted(after.keys() | before.keys())
        if _touches((*after.get(key, ()), *before.get(key, ())), about)
    ]
    of = decision.after.account.currency
    was, worth = (total((d.total for key in keys for d in bills.get(key, ())), of) for bills in (before, after))
    came = sum(1 for key in keys if key in before)
    rows = tuple(
        UpcomingBill(
            day=key[0],
            what=_what(w, after[key], about=about),
            note=_others(w, after[key], names=names, about=about),
            amount=amount(w, _total(after[key])),
            instead=_instead(w, after[key], was=before.get(key, ())),
        )
        for key in keys
        if key in after
    )
    said = _none_left(w, came, worth=amount(w, was)) if came or not rests(decision) else _unknown(w)
    if rows:
        said = _difference(w, was, worth) if came else _said(w, len(rows), worth=amount(w, worth))
    return UpcomingBills(
        said=_with_others(w, said, rows),
        rows=rows,
        total=amount(w, worth),
        until=will.until,
        foot=_cut(w, will) or (_without(w, came, worth=amount(w, was)) if came and was != worth else None),
    )


def _unknown(w: Wording) -> str:
    return w.t("Its billing is on hold: the bills of the next twelve months are known once it goes on.")


def _instead(w: Wording, will: Iterable[Document], *, was: tuple[Document, ...]) -> str | None:
    if not was or _total(was) == _total(will):
        return None
    return w.t("instead of {amount}", amount=amount(w, _total(was)))


def _none_left(w: Wording, came: int, *, worth: str) -> str:
    if not came:
        return _said(w, 0, worth="")
    return w.n(
        "In the next twelve months no bill comes. Without the change there would be {count}, of {amount}.",
        "In the next twelve months no bill comes. Without the change there would be {count}, {amount} in all.",
        came,
        amount=worth,
    )


def _without(w: Wording, came: int, *, worth: str) -> str:
    return w.n(
        "Without the change there would be {count} bill, of {amount}.",
        "Without the change there would be {count} bills, {amount} in all.",
        came,
        amount=worth,
    )


def _said(w: Wording, count: int, *, worth: str) -> str:
    if not count:
        return w.t("No bill comes in the next twelve months.")
    return w.n(
        "In the next twelve months {count} bill comes, {amount} in all.",
        "In the next twelve months {count} bills come, {amount} in all.",
        count,
        amount=worth,
    )


def _with_others(w: Wording, said: str, rows: Iterable[UpcomingBill]) -> str:  # noqa: PLR0917 - what, then of what
    """The sums are of whole bills: where other products are on them too, that is said beside the sum."""
    if not any(row.note for row in rows):
        return said
    with_others = w.t("This includes what other products cost on the same bills.")
    return f"{said} {with_others}"


def _difference(w: Wording, was: Money, will: Money) -> str:  # noqa: PLR0917 - before, then after
    """What the year comes to with the change, and how much more or less that is."""
    worth = amount(w, will)
    if will == was:
        return w.t("The bills of the next twelve months come to {amount}, as they would without it.", amount=worth)
    if will.minor > was.minor:
        more = amount(w, will - was)
        return w.t("The bills of the next twelve months come to {amount}, {more} more.", amount=worth, more=more)
    less = amount(w, was - will)
    return w.t("The bills of the next twelve months come to {amount}, {less} less.", amount=worth, less=less)


def _cut(w: Wording, found: Upcoming) -> str | None:
    return w.t("There are more; these are the first ones.") if found.cut else None


def _by_day(documents: Iterable[Document]) -> dict[_Key, tuple[Document, ...]]:
    """The documents of each day and billing profile, in the order of their days."""
    found: defaultdict[_Key, tuple[Document, ...]] = defaultdict(tuple)
    for document in documents:
        found[document.date, document.profile] += (document,)
    return {key: found[key] for key in sorted(found)}


def _touches(documents: Iterable[Document], about: frozenset[int]) -> bool:
    return any(line.subscription in about for document in documents for line in document.lines)


def _total(documents: Iterable[Document]) -> Money:
    first, *rest = documents
    return total((d.total for d in (first, *rest)), first.total.currency)


def _what(w: Wording, documents: Iterable[Document], *, about: frozenset[int]) -> str:
    """What is billed of the subscriptions, each thing once; of a whole period the licences of all steps together."""
    found: dict[str, None] = {}
    lines = [line for document in documents for line in document.lines if line.subscription in about]
    periods: defaultdict[tuple[int, date, date], int] = defaultdict(int)
    for line in lines:
        if _is_period(line):
            periods[line.subscription, line.period.start, line.period.end] += line.licences or 0
        else:
            found[why(line, w)] = None
    for (_, start, end), many in reversed(periods.items()):
        days = w.period(start, end)
        said = w.t("{licences}, {period}", licences=licences(w, many), period=days) if many else days
        found = {said: None, **found}
    return w.list(list(found))


def _is_period(line: Line) -> bool:
    return line.cause.why == "period" and line.corrects is None and line.kind in {"recurring", "flat"}


def _others(w: Wording, documents: Iterable[Document], *, names: Names, about: frozenset[int]) -> str | None:
    ids = dict.fromkeys(line.subscription for document in documents for line in document.lines)
    found = [names[one] for one in ids if one not in about and one in names]
    return w.t("with {names} on the same bill", names=w.list(found)) if found else None
