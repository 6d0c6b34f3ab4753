"""Announcing what is to come: each loss some days before it, each renewal once, to those who can do something about it.

That something was announced is noted in the transaction that puts its mails aside: each announcement is made once,
however often this runs and however many run it at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from prorata.core.calendar import business_date
from prorata.core.history import History
from prorata.core.insights.announcements import Announcement, announcements_due, next_announcement
from prorata.core.insights.life import life_of
from prorata.core.subscriptions.model import Subscription
from prorata.store import accounts, history
from prorata.store.announcements import Made
from prorata.usecases.act import Services, now
from prorata.usecases.announced import About
from prorata.usecases.telling import Telling


@dataclass(frozen=True, slots=True)
class Announcing:
    """What was announced to one account; `following`: the next day on which there may be something, if all stays so."""

    made: tuple[Made, ...] = ()
    mails: int = 0
    following: date | None = None


def announce(services: Services, account: int, *, at: datetime | None = None) -> Announcing:
    """Announce to one account what is due by its day; `at` is given where time is simulated. Doing it again tells
    nobody anything twice.
    """
    with services.database.account(account) as conn:
        counted = accounts.counted(conn, account, lock=False)
        if counted.row.closed_at:
            return Announcing()
        instant = at or now(services, counted.row)
        on = business_date(instant, counted.row.zone)
        tail = history.load_all(conn, [(counted, on)], parking=True)[0].history
        telling = Telling(conn, counted.row, tail=tail, at=instant, posted_at=services.clock.now())
        stops: list[date] = []
        for subscription in tail.subscriptions:
            life = life_of(subscription, on, history=tail)
            following = next_announcement(life, subscription, history=tail)
            stops += [following] if following else []
            for announcement in due_of(subscription, tail, on=on):
                telling.tell(About(conn, account, tail, subscription, life), announcement)
        telling.finish()
        return Announcing(tuple(telling.made), telling.mails, min(stops, default=None))


def due_of(subscription: Subscription, tail: History, *, on: date) -> tuple[Announcement, ...]:
    """What is due of a subscription. While its billing rests nobody can say what it will cost."""
    if subscription.state == "deleted":
        return ()
    found = announcements_due(life_of(subscription, on, history=tail), subscription.terms.announce_days)
    rests = subscription.id in tail.parked
    return tuple(one for one in found if not (rests and one.what in {"renews", "converts"}))
