"""What is announced on a day: each loss to come on each of the terms' `announce_days` before it, each renewal once.

Whether an announcement was made already is not known here: the same day gives the same answer, and whoever makes them
makes each once. Of several days that have come for one loss only the nearest is due, so that days on which nobody
looked are made up for by one announcement and not by all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from prorata.core.history import History
from prorata.core.insights.life import Entry, Life, owing
from prorata.core.records import record
from prorata.core.subscriptions.model import Subscription

Announced = Literal["lapses", "converts", "expires", "disabled", "deleted", "unpaid", "conflict", "renews"]
"""`disabled`: members lose access; `unpaid`: they do unless something is paid."""

_LOSSES: Final[dict[str, Announced]] = {
    "lapses": "lapses",
    "converts": "converts",
    "expires": "expires",
    "disabled": "disabled",
    "deleted": "deleted",
    "conflict": "conflict",
}
_DAY: Final = timedelta(days=1)

MEMBERS_DAYS: Final = 7
"""Members who lose access are told once: so many days before it, or on the next day of the terms after that."""


@record
class Announcement:
    """That `what` comes with `entry`, as it is told `days_before` its day."""

    what: Announced
    days_before: int
    entry: Entry


@record
class _Notice:
    """An announcement and the first day on which it can be made."""

    announcement: Announcement
    first: date


def announcements_due(life: Life, days: Sequence[int]) -> tuple[Announcement, ...]:
    """What is to be announced by the day of a life, in the order of what it is about; `days`: those of the terms."""
    found: list[Announcement] = []
    for entry in life.entries:
        come = [notice for notice in _notices(entry, days) if notice.first <= life.on < entry.day]
        if come:
            found.append(min((notice.announcement for notice in come), key=lambda one: one.days_before))
    return tuple(found)


def next_announcement(life: Life, subscription: Subscription, *, history: History) -> date | None:
    """The first day after that of a life on which there may be something to announce, if nothing else happens."""
    notices = (notice for entry in life.entries for notice in _notices(entry, subscription.terms.announce_days))
    stops = [notice.first for notice in notices if life.on < notice.first < notice.announcement.entry.day]
    # From the day after its due date on a document is past due.
    stops += [due + _DAY for _, due, _ in owing(subscription, history.standings) if due >= life.on]
    return min(stops, default=None)


def tells_members(announcement: Announcement, days: Sequence[int]) -> bool:
    """Whether the members who hold a licence are told too, unless they were before."""
    if announcement.what not in {"disabled", "unpaid"}:
        return False
    near = [one for one in days if one <= MEMBERS_DAYS]
    return announcement.days_before <= max(near, default=min(days))


def _notices(entry: Entry, days: Sequence[int]) -> Iterator[_Notice]:
    """Every announcement of an entry; none for a day that was over when it was decided."""
    what = _announced(entry)
    if what is None:
        return
    for before in _days_of(entry, days):
        on = entry.day - timedelta(days=before)
        if on >= entry.since:
            first = max(on, entry.since + _DAY) if what == "unpaid" else on
            yield _Notice(Announcement(what, before, entry), first)


def _announced(entry: Entry) -> Announced | None:
    if entry.how == "past":
        return None
    if entry.how == "conditional":
        return "unpaid" if entry.what == "disabled" else None
    return "renews" if entry.what == "renews" else _LOSSES.get(entry.what)


def _days_of(entry: Entry, days: Sequence[int]) -> Sequence[int]:
    """A renewal is told once, on the largest of the days that is at most half of the period before it."""
    if entry.period is None:
        return days
    fitting = [one for one in days if 2 * one <= entry.period.days]
    return (max(fitting),) if fitting else ()
