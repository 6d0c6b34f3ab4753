"""Parked subscriptions as the vendor's staff see them, and what comes of one that was mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prorata.core.calendar import business_date
from prorata.core.documents.model import Document
from prorata.store import accounts, parked, sellers
from prorata.store.accounts import AccountRow
from prorata.store.parked import ParkedRow
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services
from prorata.usecases.permissions import Actor
from prorata.usecases.run_batch import plan_accounts
from prorata.usecases.run_billing import UnknownSeller

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ParkedFacts:
    """A parked subscription with its account's seller."""

    row: ParkedRow
    seller: SellerRow


@dataclass(frozen=True, slots=True)
class ParkedList:
    """The first thousand of what is parked, of `count` in all."""

    rows: tuple[ParkedRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class ParkedPage:
    """A page of what is parked, of `count` in all; after `reachable` of them the pages end."""

    rows: tuple[ParkedFacts, ...]
    page: int
    count: int
    reachable: int


@dataclass(frozen=True, slots=True)
class MendedPage:
    """An account of which a subscription was mended, and what its next run writes. `still`: it is parked after all.

    `names`: those of the account's subscriptions, by their ids.
    """

    account: AccountRow
    subscription: str
    names: Mapping[int, str]
    documents: tuple[Document, ...]
    still: bool


def parked_page(services: Services, actor: Actor, *, page: int = 1) -> ParkedPage:
    """What is parked, of all sellers, in the order of accounts; raises `NotAllowed`."""
    actor.must("see_runs")
    with services.database.owner(read_only=True) as conn:
        found = parked.listed(conn)
        last = max((len(found) - 1) // PER_PAGE + 1, 1)
        page = min(max(page, 1), last)
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        by_id = {one.id: one for one in sellers.listed(conn)}
        rows = tuple(ParkedFacts(row, by_id[row.seller_id]) for row in shown)
        return ParkedPage(rows, page, parked.count(conn), len(found))


def parked_list(services: Services, *, seller: int | None = None) -> ParkedList:
    """What is parked of one seller or of all, in the order of accounts; raises `UnknownSeller`."""
    with services.database.owner(read_only=True) as conn:
        if seller is not None and all(one.id != seller for one in sellers.listed(conn)):
            raise UnknownSeller(seller=seller)
        return ParkedList(parked.listed(conn, seller_id=seller), parked.count(conn, seller_id=seller))


def parked_count(services: Services, actor: Actor) -> int:
    """How many subscriptions are parked; raises `NotAllowed`."""
    actor.must("see_runs")
    with services.database.owner(read_only=True) as conn:
        return parked.count(conn)


def mended_page(services: Services, actor: Actor, *, account: int, subscription: str) -> MendedPage:
    """What the next run writes for an account, planned as it would be now; raises `NotAllowed`, `NoSuchAccount`."""
    actor.must("see_runs")
    at = services.clock.now()
    with services.database.owner(read_only=True) as conn:
        row = accounts.find(conn, account)
        rows = parked.of_account(conn, account)
        (planned,) = plan_accounts(conn, accounts.some(conn, [account]), run_day=business_date(at, row.zone), at=at)
        still = any(one.subscription == subscription for one in rows)
        names = {one.id: one.name for one in planned.loaded.history.subscriptions}
        return MendedPage(row, subscription, names, planned.documents, still)
