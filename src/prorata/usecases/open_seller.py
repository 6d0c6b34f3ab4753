"""Setting up who sells: the legal entity that documents come from, with its address and its time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from prorata.core.countries import COUNTRIES
from prorata.core.errors import DomainError
from prorata.store import sellers
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services
from prorata.usecases.note import note_of_vendor
from prorata.usecases.people.rules import name_of
from prorata.usecases.permissions import Actor

MOST_LINES: Final = 6
"""As many as an address has on a bill."""
_LONGEST_LINE: Final = 100
_MOST_TAX_IDS: Final = 10


class UnknownCountry(DomainError):
    """A country is two letters of ISO 3166."""

    code = "unknown_country"


class UnknownZone(DomainError):
    """A time zone that this machine does not know."""

    code = "unknown_zone"


class AddressNeeded(DomainError):
    """A document says where its seller and its customer are, in a few lines."""

    code = "address_needed"


class TaxIdNeeded(DomainError):
    """A tax number that is empty or too long to be one, or too many of them."""

    code = "tax_id_needed"


class SellerAlready(DomainError):
    """There is a seller of this name."""

    code = "seller_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeller:
    """A seller. `address` in lines; `zone`: where its business days are counted."""

    name: str
    address: Sequence[str]
    country: str
    zone: str
    tax_ids: Sequence[str] = ()


def open_seller(services: Services, actor: Actor, *, new: NewSeller) -> int:
    """Set up a seller; returns its id.

    Raises `NotAllowed`, `ProofNeeded`, `NameNeeded`, `AddressNeeded`, `UnknownCountry`, `UnknownZone`, `TaxIdNeeded`
    and `SellerAlready`.
    """
    actor.must("open_accounts")
    actor.must_prove()
    name, country, zone = name_of(new.name), country_of(new.country), zone_of(new.zone)
    address, tax_ids = address_of(new.address), _tax_ids_of(new.tax_ids)
    with services.database.owner() as conn:
        if any(one.name == name for one in sellers.listed(conn)):
            raise SellerAlready(name=name)
        made = sellers.create(conn, name=name, address=address, country=country, zone=zone, tax_ids=tax_ids)
        note_of_vendor(conn, actor, at=services.clock.now(), action="seller.open", subject=name)
        return made


def sellers_page(services: Services, actor: Actor) -> tuple[SellerRow, ...]:
    """Who sells; raises `NotAllowed`."""
    actor.must("see_accounts")
    with services.database.owner(read_only=True) as conn:
        return sellers.listed(conn)


def country_of(text: str) -> str:
    """A country as it is kept; raises `UnknownCountry`."""
    country = text.strip().upper()
    if country not in COUNTRIES:
        raise UnknownCountry(country=text)
    return country


def zone_of(text: str) -> ZoneInfo:
    """A time zone; raises `UnknownZone`."""
    # `localtime` would be another zone on each machine.
    if text not in available_timezones() or text == "localtime":
        raise UnknownZone(zone=text)
    return ZoneInfo(text)


def address_of(lines: Sequence[str]) -> str:
    """An address as it stands on a document; raises `AddressNeeded`."""
    plain = [line for line in (" ".join(each.split()) for each in lines) if line]
    fits = all(len(line) <= _LONGEST_LINE and line.isprintable() for line in plain)
    if not (0 < len(plain) <= MOST_LINES and fits):
        raise AddressNeeded(most=MOST_LINES)
    return "\n".join(plain)


def _tax_ids_of(texts: Sequence[str]) -> list[str]:
    plain = [" ".join(text.split()) for text in texts]
    fits = all(0 < len(text) <= _LONGEST_LINE and text.isprintable() for text in plain)
    if not (len(plain) <= _MOST_TAX_IDS and fits):
        raise TaxIdNeeded
    return plain
