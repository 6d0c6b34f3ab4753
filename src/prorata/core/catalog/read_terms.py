"""Reading terms from the keys and values that a seller or a story writes.

The keys are those of section 4 of the product's design, and two more: `backdate_days`, how far back the past may be
restated, and `conflict_days`, how long more licences may be assigned than there are.
A key that is known there but whose work has not come yet is refused by name, so that nobody believes it to be in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from prorata.core.calendar import Anchor
from prorata.core.catalog.presets import CLASSIC, COMMIT, COMMIT_WINDOWS
from prorata.core.catalog.terms import (
    Agreement,
    CancelLimit,
    LicenceBounds,
    Refund,
    RefundPolicy,
    Terms,
    TrialExtension,
    TrialTerms,
    laid_over,
)
from prorata.core.errors import DomainError
from prorata.core.records import record

MAX_DAYS = 3650
MAX_LICENCES = 1_000_000
MOST_ANNOUNCED = 10
"""So often a loss is announced at most."""
_LAST_DAY_OF_MONTH = 31


class UnknownTerm(DomainError):
    """No such key in the terms."""

    code = "unknown_term"


class TermNotYet(DomainError):
    """The key exists, but the product cannot do it yet."""

    code = "term_not_yet"


class NotATerm(DomainError):
    """The value does not go with the key."""

    code = "not_a_term"


@record
class _Entry:
    """One key and its value, as written."""

    key: str
    value: object


_Reader = Callable[[_Entry, Terms], object]

_LATER = frozenset({"retries"})
"""Keys of the design whose work has not come yet."""


def _one_of(*allowed: str) -> _Reader:
    def read(entry: _Entry, _: Terms) -> object:
        if not isinstance(entry.value, str) or entry.value not in allowed:
            raise NotATerm(key=entry.key, value=str(entry.value), allowed=", ".join(allowed))
        return entry.value

    return read


def _whole(value: object, *, fewest: int, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not fewest <= value <= most:
        return None
    return value


def _days(entry: _Entry, _: Terms) -> object:
    days = _whole(entry.value, fewest=0, most=MAX_DAYS)
    if days is None:
        raise NotATerm(key=entry.key, value=str(entry.value), allowed=f"0 … {MAX_DAYS}")
    return days


def _several_days(entry: _Entry, _: Terms) -> object:
    """Days before something, the longest first; each once."""
    written = entry.value
    listed = cast("list[object]", written) if isinstance(written, list) else [None]
    days = [_whole(one, fewest=1, most=MAX_DAYS) for one in listed]
    found = {one for one in days if one is not None}
    if len(found) < len(days) or len(days) > MOST_ANNOUNCED:
        allowed = f"[], [1 … {MAX_DAYS}, …], {MOST_ANNOUNCED}"
        raise NotATerm(key=entry.key, value=str(entry.value), allowed=allowed)
    return tuple(sorted(found, reverse=True))


def _anchor(entry: _Entry, _: Terms) -> Anchor:
    value = entry.value
    if value == "start":
        return "start"
    if value == "calendar":
        return "calendar"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    day = _whole(value, fewest=1, most=_LAST_DAY_OF_MONTH)
    if day is None:
        raise NotATerm(
            key=entry.key, value=str(value), allowed=f"start, calendar, 1 … {_LAST_DAY_OF_MONTH}, YYYY-MM-DD"
        )
    return day


def _map(entry: _Entry, *, allowed: set[str]) -> Mapping[str, object]:
    if not isinstance(entry.value, Mapping):
        raise NotATerm(key=entry.key, value=str(entry.value), allowed="{" + ", ".join(sorted(allowed)) + "}")
    entries = cast("Mapping[object, object]", entry.value)
    for name in entries:
        if name not in allowed:
            raise UnknownTerm(key=f"{entry.key}.{name}")
    return cast("Mapping[str, object]", entries)


def _refund(entry: _Entry, before: Terms) -> object:
    if isinstance(entry.value, str):
        both = _refund_choice(entry)
        return RefundPolicy(both, both)
    entries = _map(entry, allowed={"end", "change"})
    policy = {name: _refund_choice(_Entry(f"{entry.key}.{name}", value)) for name, value in entries.items()}
    return replace(before.refund, **policy)


def _refund_choice(entry: _Entry) -> Refund:
    choices: dict[str, Refund] = {"to_method": "to_method", "credit": "credit", "none": "none"}
    if not isinstance(entry.value, str) or entry.value not in choices:
        raise NotATerm(key=entry.key, value=str(entry.value), allowed="to_method, credit, none")
    return choices[entry.value]


def _limit(entry: _Entry, before: Terms) -> object:
    if entry.value is None or entry.value == "none":
        return None
    entries = _map(entry, allowed={"licences", "counts"})
    base = before.online_cancel_limit or CancelLimit(licences=25, counts="assigned")
    licences = _whole(entries.get("licences", base.licences), fewest=0, most=MAX_LICENCES)
    counts = entries.get("counts", base.counts)
    if licences is None or counts not in ("assigned", "purchased"):
        allowed = f"none, {{licences: 0 … {MAX_LICENCES}, counts: assigned | purchased}}"
        raise NotATerm(key=entry.key, value=str(entry.value), allowed=allowed)
    return CancelLimit(licences, "assigned" if counts == "assigned" else "purchased")


def _bounds(entry: _Entry, before: Terms) -> object:
    entries = _map(entry, allowed={"min", "max"})
    fewest = _whole(entries.get("min", before.licences.fewest), fewest=0, most=MAX_LICENCES)
    most = _whole(entries.get("max", before.licences.most), fewest=1, most=MAX_LICENCES)
    if fewest is None or most is None or fewest > most:
        raise NotATerm(key=entry.key, value=str(entry.value), allowed=f"min ≤ max, 0 … {MAX_LICENCES}")
    return LicenceBounds(fewest, most)


def _trial(entry: _Entry, before: Terms) -> object:
    base = before.trial
    found = _over(entry, {"licences": base.licences, "card": base.card, "converts": base.converts})
    _one_of("with_method", "always")(found["converts"], before)
    return TrialTerms(
        licences=_at_least_one(found["licences"], most=MAX_LICENCES),
        card=_truth(found["card"]),
        converts="always" if found["converts"].value == "always" else "with_method",
    )


def _extension(entry: _Entry, before: Terms) -> object:
    if entry.value is None or entry.value == "none":
        return None
    base = before.extend_trial or TrialExtension(days=30, once=True, within_days=15)
    found = _over(entry, {"days": base.days, "once": base.once, "within_days": base.within_days})
    return TrialExtension(
        days=_at_least_one(found["days"], most=MAX_DAYS),
        once=_truth(found["once"]),
        within_days=_at_least_one(found["within_days"], most=MAX_DAYS),
    )


def _over(entry: _Entry, before: Mapping[str, object]) -> dict[str, _Entry]:
    """The entries of a map, each over what stood there before."""
    entries = _map(entry, allowed=set(before))
    return {name: _Entry(f"{entry.key}.{name}", entries.get(name, value)) for name, value in before.items()}


def _at_least_one(entry: _Entry, *, most: int) -> int:
    found = _whole(entry.value, fewest=1, most=most)
    if found is None:
        raise NotATerm(key=entry.key, value=str(entry.value), allowed=f"1 … {most}")
    return found


def _truth(entry: _Entry) -> bool:
    if not isinstance(entry.value, bool):
        raise NotATerm(key=entry.key, value=str(entry.value), allowed="true, false")
    return entry.value


_READERS: dict[str, _Reader] = {
    "billed": _one_of("advance", "arrears"),
    "anchor": _anchor,
    "proration": _one_of("day", "second", "thirty", "none"),
    "end_day": _one_of("free", "charged"),
    "add_licences": _one_of("now", "renewal"),
    "remove_licences": _one_of("credit", "window", "renewal", "kept"),
    "change_plan": _one_of("now", "renewal", "by_direction"),
    "change_frequency": _one_of("now", "renewal", "by_direction"),
    "change_anchor": _one_of("keep", "restart"),
    "cancel": _one_of("now", "window", "period_end"),
    "window_days": _days,
    "refund": _refund,
    "invoice_changes": _one_of("now", "next"),
    "final_document": _one_of("now", "next_billing_date"),
    "online_cancel_limit": _limit,
    "licences": _bounds,
    "trial": _trial,
    "extend_trial": _extension,
    "payment_terms": _days,
    "grace_days": _days,
    "expired_days": _days,
    "disabled_days": _days,
    "conflict_days": _days,
    "price_change_notice": _days,
    "announce_days": _several_days,
    "backdate_days": _days,
}


def with_terms(terms: Terms, entries: Mapping[str, object]) -> Terms:
    """Lay single keys over terms. Raises `UnknownTerm`, `TermNotYet` or `NotATerm`, naming the key."""
    changes: dict[str, object] = {}
    for key, value in entries.items():
        if key in _LATER:
            raise TermNotYet(key=key)
        if key not in _READERS:
            raise UnknownTerm(key=key)
        changes[key] = _READERS[key](_Entry(key, value), terms)
    return replace(terms, **changes)  # type: ignore[arg-type]


def agreement(entries: Mapping[str, object], *, over: Agreement | None = None) -> Agreement:
    """Read a whole agreement: `preset` and any keys over it, with `by_country` and `by_kind`.

    Without `preset` the keys are laid over the given agreement, or over classic.
    """
    plain = {k: v for k, v in entries.items() if k not in {"preset", "by_country", "by_kind"}}
    start = _preset(entries["preset"]) if "preset" in entries else over or Agreement(CLASSIC)
    base = with_terms(start.base, plain)
    by_country = {name: laid_over(base, special, base=start.base) for name, special in start.by_country}
    by_kind = {name: laid_over(base, special, base=start.base) for name, special in start.by_kind}
    for name, special in _groups("by_country", entries):
        by_country[name] = with_terms(by_country.get(name, base), special)
    for name, special in _groups("by_kind", entries):
        if name not in {"consumer", "business"}:
            raise UnknownTerm(key=f"by_kind.{name}")
        by_kind[name] = with_terms(by_kind.get(name, base), special)
    return Agreement(base, tuple(by_country.items()), tuple(by_kind.items()))


def _preset(name: object) -> Agreement:
    if name == "classic":
        return Agreement(CLASSIC)
    if name == "commit":
        return Agreement(COMMIT, tuple((c, replace(COMMIT, window_days=days)) for c, days in COMMIT_WINDOWS))
    raise NotATerm(key="preset", value=str(name), allowed="classic, commit")


def _groups(key: str, entries: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    groups = _mapping(key, entries.get(key) or {})
    return [(name, _mapping(f"{key}.{name}", special)) for name, special in groups.items()]


def _mapping(key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise NotATerm(key=key, value=str(value), allowed="{…}")
    return cast("Mapping[str, object]", value)
