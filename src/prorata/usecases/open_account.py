"""Opening an account for a customer, and inviting whoever is to own it there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from prorata.core.errors import DomainError
from prorata.core.money import currency
from prorata.store import accounts, profiles, sellers
from prorata.store.engine import Connection
from prorata.store.sellers import SellerRow
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.command import Ground
from prorata.usecases.door.codes import checked_email
from prorata.usecases.note import note
from prorata.usecases.open_seller import address_of, country_of, zone_of
from prorata.usecases.people.invite import Invitee, invite_here
from prorata.usecases.people.rules import check_role, name_of
from prorata.usecases.permissions import Actor
from prorata.usecases.run_billing import UnknownSeller

_RATE: Final = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?")


class NoSeller(DomainError):
    """There is nobody yet whose customer an account could be."""

    code = "no_seller"


class SellerNeeded(DomainError):
    """There are several sellers, and it was not said whose customer the account is."""

    code = "seller_needed"


class NotATaxRate(DomainError):
    """A tax rate is a number of percent, below a hundred."""

    code = "not_a_tax_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """A customer's account, in real time. `address` in lines; `owner`: their mail address.

    `country` and `zone` are the seller's where none is given; `seller` is the only one that there is; without
    `tax_rate`, in percent, no tax is charged. `language`: of the owner's mail and screens, and of the documents.
    """

    name: str
    address: Sequence[str]
    currency: str
    owner: str
    owner_name: str
    country: str | None = None
    zone: str | None = None
    tax_rate: str | None = None
    seller: int | None = None
    language: Language = "en"


def open_account(services: Services, actor: Actor, *, new: NewAccount) -> int:
    """Open an account and mail its owner an invitation; returns the account's id. All of it happens, or nothing.

    Bills are paid by transfer until a method is saved. Raises `NotAllowed`, `ProofNeeded`, `BeyondYourRole`,
    `NameNeeded`, `NotAnEmail`, `AddressNeeded`, `UnknownCountry`, `UnknownZone`, `UnknownCurrency`, `NotATaxRate`,
    `NoSeller`, `SellerNeeded`, `UnknownSeller`.
    """
    actor.must("open_accounts")
    actor.must_prove()
    checked_email(new.owner)
    name_of(new.owner_name)
    with services.database.app() as conn:
        seller = _seller(conn, new.seller)
        account = _open(conn, new, seller=seller)
        check_role(conn, account, role="owner", actor=actor)
        at = services.clock.now()
        ground = Ground(conn, accounts.locked(conn, account), actor, at)
        note(ground, action="account.open", subject="account", issued=())
        owner = Invitee(name=new.owner_name, email=new.owner, role="owner", language=new.language)
        # Who is invited knows the seller, and not who sat at the machine; the audit says who did.
        invite_here(services, ground, invitee=owner, by=seller.name)
    return account


def _open(conn: Connection, new: NewAccount, *, seller: SellerRow) -> int:
    name, address = name_of(new.name), address_of(new.address)
    account = accounts.create(
        conn,
        seller_id=seller.id,
        name=name,
        country=country_of(new.country) if new.country else seller.country,
        currency=currency(new.currency.strip().upper()),
        zone=zone_of(new.zone) if new.zone else seller.zone,
        tax_rate=_tax_rate_of(new.tax_rate),
        payment_mode="none",
    )
    profiles.create(conn, account, name=name, address=address, email=checked_email(new.owner), language=new.language)
    return account


def _seller(conn: Connection, wanted: int | None) -> SellerRow:
    found = sellers.listed(conn)
    if wanted is not None:
        for one in found:
            if one.id == wanted:
                return one
        raise UnknownSeller(seller=wanted)
    if not found:
        raise NoSeller
    only, *others = found
    if others:
        raise SellerNeeded
    return only


def _tax_rate_of(text: str | None) -> Fraction | None:
    if text is None:
        return None
    if not _RATE.fullmatch(text):
        raise NotATaxRate(text=text)
    return Fraction(text)
