"""The life of a subscription as a drawn line with its dates, and what comes soon in all of an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from prorata.core.insights.life import Entry, Life, What
from prorata.core.subscriptions.model import State
from prorata.web.views import LifePoint, Moment
from prorata.wording import Wording
from prorata.wording.life import happens, unless

MOST_PAST = 3
"""So many days that have been are drawn: the first, and the last before today."""
SOON_DAYS = 30

_ENTERS: dict[What, State] = {
    "bought": "active",
    "trial": "trial",
    "converts": "active",
    "reactivated": "active",
    "resumed": "active",
    "lapses": "expired",
    "expires": "expired",
    "disabled": "disabled",
    "deleted": "deleted",
}
_NOT_NEWS: frozenset[What] = frozenset({"renews", "bought", "trial", "reactivated", "paused", "resumed"})
"""What stands elsewhere on the first page, or was done by hand."""


def lifeline(w: Wording, life: Life) -> tuple[LifePoint, ...]:
    """The points of the line, one for each day, today among them; of a long past only the first and the last."""
    points = list(_points(w, life))
    past = [point for point in points if point.state == "past"]
    left_out = set(past[1 : len(past) - MOST_PAST + 1])
    return tuple(point for point in points if point not in left_out)


def _points(w: Wording, life: Life) -> Iterator[LifePoint]:
    kind, told_today = "scheduled", False
    for day, group in groupby(life.entries, key=lambda entry: entry.day):
        entries = tuple(group)
        if day >= life.on and not told_today:
            told_today = True
            if day > life.on:
                yield LifePoint(day=life.on, titles=(), kind=kind, state="now")
        conditional = all(entry.how == "conditional" for entry in entries)
        entered = _kind(entries, before=kind)
        yield LifePoint(
            day=day,
            titles=tuple(happens(w, entry, paused=life.is_paused) for entry in entries),
            kind=entered,
            state="past" if day < life.on else "now" if day == life.on else "next",
            note=unless(w, entries[0]) if conditional else None,
            conditional=conditional,
        )
        # What depends on a payment does not colour what comes after it.
        kind = kind if conditional else entered
    if not told_today:
        yield LifePoint(day=life.on, titles=(), kind=kind, state="now")


def _kind(entries: Iterable[Entry], *, before: str) -> str:
    """The colour of the line from a day on: that of the state then, or of a pause."""
    for entry in entries:
        before = "paused" if entry.what == "paused" else _ENTERS.get(entry.what, before)
    return before


def coming_soon(w: Wording, lives: Iterable[tuple[str, Life]]) -> tuple[Moment, ...]:
    """What comes within a month to the subscriptions of an account, by what they are called; renewals stand apart."""
    found = [
        Moment(
            day=entry.day, title=f"{name}: {_lower(happens(w, entry, paused=life.is_paused))}", note=unless(w, entry)
        )
        for name, life in lives
        for entry in life.coming(SOON_DAYS)
        if entry.what not in _NOT_NEWS
    ]
    return tuple(sorted(found, key=lambda moment: moment.day))


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def with_its_life(w: Wording, moments: Iterable[Moment], *, life: Life) -> tuple[Moment, ...]:
    """The moments of a subscription and those of its life that are in none of them: its renewal, and what depends on
    somebody, on a payment or on a choice. So the list says all that the line draws, and who has it read aloud hears it
    once.
    """
    found = [
        Moment(
            day=entry.day,
            title=happens(w, entry, paused=life.is_paused),
            note=unless(w, entry) or (conflict_note(w) if entry.what == "conflict" else None),
        )
        for entry in life.entries
        if entry.how == "conditional" or entry.what in {"conflict", "renews"}
    ]
    return tuple(sorted((*moments, *found), key=lambda moment: moment.day))


def conflict_note(w: Wording) -> str:
    """What can be done about licences that are assigned and not there."""
    return w.t("More licences are assigned than there are. Buy more, or choose who gives one back.")
