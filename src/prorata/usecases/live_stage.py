"""A story played for real: an account of its own at a fresh test seller, driven through the use cases.

It keeps the promises of a `Stage`, so that the same player tells the same story as in memory, to the byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import ClassVar

from prorata.core.actors import Side
from prorata.core.catalog.terms import Agreement
from prorata.core.documents.numbers import Issued, document_number, series
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    Event,
    Pay,
    SetPayment,
    Subscribe,
    Together,
    Undo,
)
from prorata.core.insights.forecast import next_run
from prorata.core.stories.model import Story, StoryPlan
from prorata.core.stories.told import Told
from prorata.store import accounts, catalogue, history, members, numbers, profiles, sellers, told
from prorata.store.engine import Connection
from prorata.usecases.act import Preview, Request, Services, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.bill_account import BillAccount
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences as ChangeLicencesCommand
from prorata.usecases.command import Command, Ground
from prorata.usecases.pay_document import PayDocument, SetPaymentMode
from prorata.usecases.permissions import Actor, Permission
from prorata.usecases.run_account import run_account
from prorata.usecases.undo_change import UndoChange

_PEOPLE: dict[Side, Actor] = {
    "admin": Actor("admin", "Admin", "owner"),
    "vendor": Actor("vendor", "Vendor"),
    "system": Actor("system", "Prorata"),
}


class LiveStage:
    """One account in the database, on a clock that moves only with the story."""

    def __init__(self, services: Services, story: Story) -> None:
        """Open the seller, its catalogue and the account of a story; nothing has happened yet."""
        self._services = services
        self._story = story
        self._members = 0
        with services.database.owner() as conn:
            seller = sellers.create(
                conn, name=story.title, address="", country=story.seller_country, zone=story.zone, test=True
            )
            product = catalogue.create_product(conn, seller_id=seller, code="story", names={}, descriptions={})
            self._plans = {
                p.plan.name: _offer(conn, p, story=story, seller=seller, product=product) for p in story.plans
            }
            self._seller = seller
        with services.database.app() as conn:
            self._account = accounts.create(
                conn,
                seller_id=seller,
                name=story.title,
                country=story.country,
                currency=story.currency,
                zone=story.zone,
                kind=story.kind,
                tax_rate=story.tax_rate,
                billing=story.billing,
                payment_mode=story.payment,
                test=True,
                clock_at=story.events[0].at,
            )
            profiles.create(conn, self._account, name=story.title, address="")

    @property
    def account(self) -> int:
        """The account that the story lives in."""
        return self._account

    def act(self, event: Event, at: datetime) -> None:
        """Let it happen through the use cases."""
        act(self._services, self._request(event, at), *self._commands(event))
        with self._services.database.account(self._account) as conn:
            accounts.set_clock(conn, self._account, at=at)

    def preview(self, event: Event, at: datetime) -> tuple[Issued, ...]:
        """Ask the use cases what would happen; the numbers are those that come next."""
        shown = preview(self._services, self._request(event, at), *self._commands(event))
        with self._services.database.account(self._account, read_only=True) as conn:
            return _numbered(conn, shown, seller=self._seller)

    def run(self, day: date) -> None:
        """The account's run of a day."""
        run_account(self._services, self._account, as_of=day)

    def next_day(self, after: date) -> date | None:
        """The first day that may bring something."""
        with self._services.database.account(self._account, read_only=True) as conn:
            return next_run(history.load(conn, self._account, on=after, lock=False), after)

    def told(self, on: date) -> Told:
        """All that there is to tell."""
        with self._services.database.account(self._account, read_only=True) as conn:
            return told.told(conn, self._account, on=on)

    def _request(self, event: Event, at: datetime) -> Request:
        return Request(self._account, _PEOPLE[_side(event)], at)

    def _commands(self, event: Event) -> tuple[Command, ...]:
        """The commands of an event; in a moment with several people each is done by its own."""
        if isinstance(event, Together):
            return tuple(_By(_PEOPLE[_side(e)], c) for e in event.events for c in self._commands(e))
        return (self._command(event),)

    def _command(self, event: Event) -> Command:  # noqa: C901, PLR0911 - one case for each verb of a story
        match event:
            case Subscribe():
                return BuySubscription(self._plans[event.plan.name], event.licences, event.name, event.anchor)
            case ChangeLicences():
                return ChangeLicencesCommand(event.subscription, event.licences, event.when)
            case Assign():
                return self._assign(event)
            case Cancel():
                return CancelSubscription(event.subscription, event.when, event.refund)
            case Undo():
                return UndoChange(event.subscription)
            case Pay():
                return PayDocument(event.document, event.amount, event.method)
            case SetPayment():
                return SetPaymentMode(event.mode)
            case Bill():
                return BillAccount()
            case _:
                raise TypeError(event)

    def _assign(self, event: Assign) -> AssignLicences:
        """The first so many members hold a licence; there are as many members as a story ever asks for."""
        with self._services.database.account(self._account) as conn:
            for place in range(self._members + 1, event.assigned + 1):
                members.create(
                    conn, self._account, name=f"Member {place}", email=f"member-{place}@example.test", role="member",
                    language="en",
                )  # fmt: skip
        self._members = max(self._members, event.assigned)
        everybody = range(1, self._members + 1)
        return AssignLicences(
            event.subscription,
            add=frozenset(everybody[: event.assigned]),
            remove=frozenset(everybody[event.assigned :]),
        )


@dataclass(frozen=True, slots=True)
class _By(Command):
    """A command of a moment, done by a person of its own."""

    permission: ClassVar[Permission] = "see"
    action: ClassVar[str] = "story"

    actor: Actor
    command: Command

    def event(self, ground: Ground) -> Event:
        """The command's own event."""
        return self.command.event(replace(ground, actor=self.actor))

    def subject(self) -> str:
        """What the command is done to."""
        return f"{self.command.action} {self.command.subject()}"

    def record(self, ground: Ground) -> None:
        """What the command records."""
        self.command.record(ground)


def _side(event: Event) -> Side:
    return "admin" if isinstance(event, Together) else event.by


def _offer(conn: Connection, sold: StoryPlan, *, story: Story, seller: int, product: int) -> int:
    agreement = catalogue.create_agreement(conn, seller_id=seller, name=sold.plan.name, agreement=Agreement(sold.terms))
    return catalogue.create_plan(
        conn,
        seller_id=seller,
        product_id=product,
        agreement_id=agreement,
        code=sold.plan.name,
        every=sold.plan.every,
        prices=(sold.plan.price.amount,),
        valid_from=story.first_day,
    )


def _numbered(conn: Connection, shown: Preview, *, seller: int) -> tuple[Issued, ...]:
    decision = shown.decision
    standings = {s.document: s for s in decision.after.standings}
    after: dict[tuple[str, int], count[int]] = {}
    found: list[Issued] = []
    for document in decision.documents:
        key = (series(document.kind), document.date.year)
        if key not in after:
            after[key] = count(numbers.next_place(conn, seller, series=key[0], year=key[1]))
        number = document_number(key[0], year=key[1], place=next(after[key]))
        found.append(Issued(number, document, standings[document.id]))
    return tuple(found)
