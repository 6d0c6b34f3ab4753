"""What can be bought."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.store import catalogue
from prorata.store.catalogue import Offer
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Every plan that is on sale, with its product and the terms that it is sold on."""

    here: Here
    offers: tuple[Offer, ...]


def catalogue_page(services: Services, request: Request) -> CataloguePage:
    """Read what the account's seller sells in the account's currency."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        return CataloguePage(place, catalogue.offers(conn, place.account, on=place.today))
