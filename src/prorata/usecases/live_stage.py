"""A story played for real: an account of its own at a fresh test seller, driven through the use cases.

It keeps the promises of a `Stage`, so that the same player tells the same story as in memory, to the byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import count

from prorata.core.actors import Side
from prorata.core.calendar import FIRST_DAY, start_of_day
from prorata.core.catalog.terms import Agreement
from prorata.core.decision import Decision
from prorata.core.documents.numbers import Issued, document_number, series
from prorata.core.events import Assign, Event, Late, SetPrice, singles_of
from prorata.core.insights.forecast import next_run, shown
from prorata.core.stories.model import Story, StoryPlan
from prorata.core.stories.told import Told
from prorata.store import accounts, catalogue, history, members, numbers, profiles, sellers, told
from prorata.store.engine import Connection
from prorata.usecases.act import Request, Services, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.command import Command
from prorata.usecases.permissions import ROLES, SYSTEM, Actor, operator
from prorata.usecases.run_account import run_account
from prorata.usecases.set_price import set_price
from prorata.usecases.story_commands import InTheNameOf, Stock, command_of

_PEOPLE: dict[Side, Actor] = {
    "admin": Actor("admin", "Admin", "owner", ROLES["owner"], proved=True),
    "vendor": operator("Vendor", "story"),
    "system": SYSTEM,
}


class LiveStage:
    """One account in the database, on a clock that moves only with the story."""

    def __init__(self, services: Services, story: Story) -> None:
        """Open the seller, its catalogue and the account of a story; nothing has happened yet."""
        self._services = services
        self._zone = story.zone
        self._members: dict[str, int] = {}
        with services.database.owner() as conn:
            seller = sellers.create(
                conn, name=story.title, address="", country=story.seller_country, zone=story.zone, test=True
            )
            product = catalogue.create_product(conn, seller_id=seller, code="story", names={}, descriptions={})
            plans = {p.plan.name: _offer(conn, p, seller=seller, product=product) for p in story.plans}
            self._stock = Stock(plans, self._assign)
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
        request, commands = self._asked(event, at)
        act(self._services, request, *commands)
        for price, since in _prices(event, None):
            then = start_of_day(since, self._zone) if since else at
            plan = self._stock.plans[price.plan.name]
            set_price(self._services, _PEOPLE["vendor"], plan=plan, amount=price.amount, at=then)
        with self._services.database.account(self._account) as conn:
            accounts.set_clock(conn, self._account, at=at)

    def preview(self, event: Event, at: datetime) -> tuple[Issued, ...]:
        """Ask the use cases what would happen; the numbers are those that come next."""
        request, commands = self._asked(event, at)
        decision = preview(self._services, request, *commands).decision
        with self._services.database.account(self._account, read_only=True) as conn:
            return _numbered(conn, decision, seller=self._seller)

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

    def _asked(self, event: Event, at: datetime) -> tuple[Request, tuple[Command, ...]]:
        """Who asks for what. A story does not ask who may enter what it tells: the vendor's people do what its own
        people may not, and what several do at one moment, each thing in the name of its own person.
        """
        told_of = [(_PEOPLE[one.by], command_of(one, self._stock)) for one in singles_of(event)]
        person, command = told_of[0]
        if len(told_of) == 1 and person.may(command.permission):
            return Request(self._account, person, at), (command,)
        return Request(self._account, _PEOPLE["vendor"], at), tuple(InTheNameOf(*one) for one in told_of)

    def _assign(self, event: Assign) -> AssignLicences:
        """Those of the names hold a licence, or the first so many of members that no name was needed for.

        There are as many members as a story ever asks for.
        """
        names = event.names or tuple(f"Member {place}" for place in range(1, event.assigned + 1))
        with self._services.database.account(self._account) as conn:
            for name in names:
                if name not in self._members:
                    place = len(self._members) + 1
                    email = f"member-{place}@example.test"
                    self._members[name] = members.create(
                        conn, self._account, name=name, email=email, role="member", language="en"
                    )
        add = frozenset(self._members[name] for name in names)
        return AssignLicences(event.subscription, add=add, remove=frozenset(self._members.values()) - add)


def _prices(event: Event, since: date | None) -> Iterator[tuple[SetPrice, date | None]]:
    """New prices, and since when each is valid: None for the day of the event."""
    for one in singles_of(event):
        if isinstance(one, Late):
            yield from _prices(one.event, one.effective)
        elif isinstance(one, SetPrice):
            yield one, since


def _offer(conn: Connection, sold: StoryPlan, *, seller: int, product: int) -> int:
    """Put a plan on sale, always: what is entered late may have been bought before the story's first day."""
    agreement = catalogue.create_agreement(conn, seller_id=seller, name=sold.plan.name, agreement=Agreement(sold.terms))
    return catalogue.create_plan(
        conn,
        seller_id=seller,
        product_id=product,
        agreement_id=agreement,
        plans=(sold.plan,),
        valid_from=FIRST_DAY,
    )


def _numbered(conn: Connection, decision: Decision, *, seller: int) -> tuple[Issued, ...]:
    documents, after_them = shown(decision)
    standings = {s.document: s for s in after_them.standings}
    after: dict[tuple[str, int], count[int]] = {}
    found: list[Issued] = []
    for document in documents:
        key = (series(document.kind), document.date.year)
        if key not in after:
            after[key] = count(numbers.next_place(conn, seller, series=key[0], year=key[1]))
        number = document_number(key[0], year=key[1], place=next(after[key]))
        found.append(Issued(number, document, standings[document.id]))
    return tuple(found)
