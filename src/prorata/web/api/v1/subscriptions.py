"""The account's subscriptions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from prorata.core.subscriptions.model import State, certain_end
from prorata.usecases.pages.listed import Bought, subscription_list, subscription_read
from prorata.web.api.v1.amounts import Amount, Answer
from prorata.web.api.v1.asking import ListQuery, NoQuery, Reader, Text, cursor_of, refusals

ROUTER = APIRouter(tags=["subscriptions"])

OverlayRead = Literal["past_due", "paused", "cancels", "change"]
_OVERLAYS: dict[str, OverlayRead] = {
    "past due": "past_due",
    "paused": "paused",
    "cancels": "cancels",
    "change": "change",
}


class TurnRead(Answer):
    """A day on which a state begins or has begun."""

    on: date
    state: State


class ProductRead(Answer):
    """What is sold."""

    code: str | None = Field(description="As entitlements are asked for; null where it is sold no more.")
    names: dict[str, str] = Field(description="What it is called, by language.", examples=[{"en": "Kadans Team"}])


class SubscriptionRead(Answer):
    """A subscription as it stands today."""

    name: str = Field(description="Its name in the account: the address of its own.", examples=["team"])
    product: ProductRead
    plan: str = Field(examples=["team-monthly"])
    every: str = Field(description="The length of its periods.", examples=["month", "year", "30 days"])
    state: State
    overlays: tuple[OverlayRead, ...] = Field(description="What lies over the state while it runs.")
    licences: int = Field(description="Bought.")
    assigned: int = Field(description="Held by members.")
    per_period: Amount = Field(description="What so many licences cost for a period, without tax.")
    started_on: date
    next_bill_on: date | None = Field(description="The day on which its next period is billed; null: none will be.")
    ends_on: date | None = Field(description="The day on which it ends as things stand; null: it goes on.")
    timetable: tuple[TurnRead, ...] = Field(description="Every state that it was in, and that is certain to come.")
    billing_rests: bool = Field(description="Whether it cannot be billed until the seller has mended something.")


class SubscriptionPart(Answer):
    """A part of a list."""

    items: tuple[SubscriptionRead, ...]
    next: str | None = Field(description="What the next part is asked for with, as `cursor`; null: this was the last.")


@ROUTER.get("/subscriptions", summary="Every subscription", responses=refusals())
def list_subscriptions(caller: Reader, query: Annotated[ListQuery, Query()]) -> SubscriptionPart:
    """Every subscription that the account ever had, in order of purchase."""
    found = subscription_list(caller.services, caller.request, part=query.part)
    return SubscriptionPart(items=tuple(_read(one) for one in found.items), next=cursor_of(found.after))


@ROUTER.get("/subscriptions/{name}", summary="One subscription", responses=refusals(404))
def read_subscription(
    caller: Reader,
    name: Annotated[Text, Path(max_length=200, examples=["team"])],
    _: Annotated[NoQuery, Query()],
) -> SubscriptionRead:
    """One subscription by its name."""
    return _read(subscription_read(caller.services, caller.request, name=name))


def _read(bought: Bought) -> SubscriptionRead:
    facts, of = bought.facts, bought.facts.subscription
    end = certain_end(of)
    return SubscriptionRead(
        name=of.name,
        product=ProductRead(code=bought.code, names=dict(facts.product)),
        plan=of.plan.name,
        every=str(of.plan.every),
        state=of.state,
        overlays=tuple(_OVERLAYS[one] for one in facts.overlays),
        licences=of.licences,
        assigned=of.assigned,
        per_period=Amount.of(facts.per_period),
        started_on=of.start,
        next_bill_on=facts.next_bill,
        ends_on=end[0] if end else None,
        timetable=tuple(TurnRead(on=turn.on, state=turn.state) for turn in facts.timetable),
        billing_rests=facts.parked,
    )
