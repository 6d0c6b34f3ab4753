"""The timetables of an account: of each subscription its state on a day, and every day of its life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prorata.core.insights.life import Life, life_of
from prorata.core.subscriptions.model import Subscription
from prorata.store import history, subscriptions
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here


@dataclass(frozen=True, slots=True)
class TimetablePage:
    """The subscriptions of an account, in order of purchase, each with its life as it is `on` a day."""

    here: Here
    on: date
    lives: tuple[tuple[Subscription, Life], ...]


def timetable_page(services: Services, request: Request, *, on: date | None = None) -> TimetablePage:
    """Read the timetables as of a day, today where none is said; raises `NoSuchAccount`, `NotAllowed`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        day = on or place.today
        tail = history.load(conn, request.account, on=min(day, place.today))
        found = subscriptions.all_of(conn, request.account)
        return TimetablePage(place, day, tuple((s, life_of(s, day, history=tail)) for s in found))
