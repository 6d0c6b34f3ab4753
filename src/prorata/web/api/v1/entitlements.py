"""May this member use this product now: asked by the product when somebody opens it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from prorata.core.subscriptions.use import Allowed, Refused, Use
from prorata.usecases.check_entitlement import MOST_QUESTIONS, Question, check_entitlement, check_entitlements
from prorata.web.api.v1.amounts import Answer
from prorata.web.api.v1.asking import Asker, Text, refusals
from prorata.web.api.v1.problems import wording_of
from prorata.wording import Wording
from prorata.wording.entitlements import use_sentence

ROUTER = APIRouter(tags=["entitlements"])


class Entitlement(BaseModel):
    """Who, and what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    member: Text = Field(
        max_length=320,
        description="The mail address by which the account knows somebody; capital letters count for nothing.",
        examples=["anna@example.com"],
    )
    product: Text = Field(max_length=100, description="The code of a product in the catalogue.", examples=["team"])

    @property
    def question(self) -> Question:
        """The same for a use case."""
        return Question(self.member, self.product)


class EntitlementList(BaseModel):
    """Questions that are answered at once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: tuple[Entitlement, ...] = Field(max_length=MOST_QUESTIONS)


class UseRead(Answer):
    """The answer to one question. Who is not in the account, and what it has not bought, is an answer too."""

    member: str
    product: str
    allowed: bool = Field(description="Whether they may use it now.")
    why: Allowed | Refused = Field(description="The state that lets them, or what stands in the way.")
    detail: str = Field(description="The same as a sentence, in the language of Accept-Language.")
    subscription: str | None = Field(description="The subscription that counts, by its name.", examples=["team"])
    until: date | None = Field(
        description="The first day on which they may not any more, as things stand; null where there is none."
    )


class UseList(Answer):
    """The answers, in the order of the questions."""

    items: tuple[UseRead, ...]


def only_json(request: Request) -> Literal[True]:
    """Refuse a body of another kind (415)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415)
    return True


@ROUTER.get("/entitlements", summary="May this member use this product now", responses=refusals())
def read_entitlement(request: Request, caller: Asker, *, query: Annotated[Entitlement, Query()]) -> UseRead:
    """Whether one member may use one product now, and if not, why not."""
    use = check_entitlement(caller.services, caller.request, question=query.question)
    return _read(use, query, w=wording_of(request.scope))


@ROUTER.post(
    "/entitlements",
    summary="The same for up to a thousand at once",
    responses=refusals(400, 408, 413, 415),
    dependencies=[Depends(only_json)],
)
def read_entitlements(request: Request, caller: Asker, *, body: EntitlementList) -> UseList:
    """Answers up to a thousand questions at once, in their order. It changes nothing."""
    uses = check_entitlements(caller.services, caller.request, questions=[one.question for one in body.asked])
    w = wording_of(request.scope)
    return UseList(items=tuple(_read(use, of, w=w) for use, of in zip(uses, body.asked, strict=True)))


def _read(use: Use, of: Entitlement, *, w: Wording) -> UseRead:
    return UseRead(
        member=of.member,
        product=of.product,
        allowed=use.allowed,
        why=use.why,
        detail=use_sentence(w, use),
        subscription=use.subscription,
        until=use.until,
    )
