"""Cancelling several subscriptions together: which of them can be, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from prorata.core.errors import DomainError
from prorata.core.events import Cancel
from prorata.core.history import History
from prorata.core.retention import Retention, rule_of
from prorata.core.step import step
from prorata.store import history, retention, sellers
from prorata.store.screens import bills, references
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Request, Services, now
from prorata.usecases.pages.cancel import FARTHEST
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here

When = Literal["now", "period_end"] | date


@dataclass(frozen=True, slots=True)
class SeveralPage:
    """The subscriptions of an account, and which of those asked for can be cancelled together.

    `chosen` are those asked for that the account has, in order of purchase; `refused` says of some of them what stands
    in the way, by their name. `numbers`: of the documents that can still be credited, by place.
    """

    here: Here
    everything: tuple[SubscriptionFacts, ...]
    chosen: tuple[SubscriptionFacts, ...]
    refused: Mapping[str, DomainError]
    latest: date
    open_bills: tuple[BillRow, ...]
    numbers: Mapping[int, str]
    kept: Retention

    @property
    def possible(self) -> tuple[SubscriptionFacts, ...]:
        """Those that can be cancelled."""
        return tuple(facts for facts in self.chosen if facts.subscription.name not in self.refused)


def several_page(services: Services, request: Request, *, names: Collection[str], when: When | None) -> SeveralPage:
    """Read the page; names that the account has not are left out. `when` is None where no day is chosen yet."""
    account = request.account
    with services.database.account(account, read_only=True) as conn:
        place = here(conn, request, services=services)
        everything = all_facts(conn, place)
        wanted = frozenset(names)
        chosen = tuple(facts for facts in everything if facts.subscription.name in wanted)
        tail = history.load(conn, account, on=place.today, lock=False)
        seller = sellers.find(conn, place.account.seller_id)
        at = request.at or now(services, place.account)
        found = {
            facts.subscription.name: problem
            for facts in chosen
            if (problem := _problem(tail, Cancel(facts.subscription.name, when, None, request.actor.side), at=at))
        }
        return SeveralPage(
            here=place,
            everything=everything,
            chosen=chosen,
            refused=found,
            latest=place.today + FARTHEST,
            open_bills=bills.open_bills(conn, account),
            numbers=references.numbers(conn, account, documents=[s.document for s in tail.standings]),
            kept=rule_of(retention.of_documents(conn), seller.country, issued=place.today),
        )


def _problem(tail: History, event: Cancel, *, at: datetime) -> DomainError | None:
    """What the rules have against one of them, asked of the rules themselves."""
    try:
        step(tail, event, at)
    except DomainError as refusal:
        return refusal
    return None
