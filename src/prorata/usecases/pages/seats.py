"""Who got a licence of a subscription or lost it, and how its licences stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from prorata.core.insights.standing import Standing, standing_of
from prorata.core.licences.seats import SeatChange
from prorata.store import assignments, members, subscriptions
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """`changes`: those of this page, newest first, of `count`; `names`: of the members they name."""

    here: Here
    subscription_id: int
    standing: Standing
    changes: tuple[SeatChange, ...]
    page: int
    count: int
    names: Mapping[int, str]


def seats_page(services: Services, request: Request, *, name: str, page: int = 1) -> SeatsPage:
    """Read it; of a page that is not there the nearest one. Raises `NotAllowed`, `UnknownSubscription`."""
    request.actor.must("see_people")
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        subscription = subscriptions.by_name(conn, request.account, name=name)
        changes = assignments.changes_of(conn, request.account, subscription_id=subscription.id)
        page = min(max(page, 1), max(-(-len(changes) // PER_PAGE), 1))
        shown = changes[::-1][(page - 1) * PER_PAGE : page * PER_PAGE]
        return SeatsPage(
            here=place,
            subscription_id=subscription.id,
            standing=standing_of(subscription, changes, today=place.today),
            changes=shown,
            page=page,
            count=len(changes),
            names=members.names(conn, request.account, ids={change.member for change in shown}),
        )
