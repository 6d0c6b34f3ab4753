"""Whose key it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from prorata.usecases.pages.listed import whose
from prorata.web.api.v1.amounts import Answer
from prorata.web.api.v1.asking import NoQuery, Reader, refusals

ROUTER = APIRouter(tags=["me"])


class AccountRead(Answer):
    """An account."""

    id: int
    name: str
    seller: str = Field(description="Who sells to it and bills it.")
    currency: str = Field(description="The currency of its bills (ISO 4217).")
    time_zone: str = Field(description="The zone of its days.", examples=["Europe/Amsterdam"])
    today: date = Field(description="Which day it is there; a test account has a clock of its own.")
    test: bool = Field(description="Whether it is for trying things out: nothing it is billed is real.")


class KeyRead(Answer):
    """The key that is used."""

    name: str
    scopes: tuple[str, ...] = Field(examples=[["read", "entitlements"]])
    made_by: str = Field(description="The member whom it stands for.")
    expires_at: datetime


class Me(Answer):
    """Whose key it is and what it may be used for."""

    account: AccountRead
    key: KeyRead


@ROUTER.get("/me", summary="Whose key this is", responses=refusals())
def read_me(caller: Reader, _: Annotated[NoQuery, Query()]) -> Me:
    """The account that the key belongs to, and what the key may be used for."""
    here = whose(caller.services, caller.request)
    account, key = here.account, caller.use.key
    return Me(
        account=AccountRead(
            id=account.account_id,
            name=account.name,
            seller=here.seller,
            currency=account.currency.code,
            time_zone=account.zone.key,
            today=here.today,
            test=account.test,
        ),
        key=KeyRead(name=key.name, scopes=key.scopes, made_by=key.made_by_name, expires_at=key.expires_at),
    )
