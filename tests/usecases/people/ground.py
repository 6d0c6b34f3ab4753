"""An account whose people are invited, change and go; its first member is an owner who has just shown who they are."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from prorata.store import audit, members, outbox, people
from prorata.store.audit import AuditEntry
from prorata.store.members import MemberRow
from prorata.store.outbox import StoredMail
from prorata.usecases.act import Request, Services
from prorata.usecases.door.sessions import Known, Seen, who
from prorata.usecases.people.accept_invitation import Joined, accept
from prorata.usecases.people.invite import Invitee, invite
from prorata.usecases.permissions import Actor, Role, member_actor
from support.clocks import TestClock
from support.shop import Shop

SEEN = Seen("Firefox/Linux", "192.0.2.7")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """An account in real time, on a clock of the test's own. Member 1 is Daan, an owner."""

    services: Services
    account: int
    clock: TestClock

    def request(self, role: Role = "owner", *, member: int = 1) -> Request:
        return Request(self.account, member_actor("Daan", role, member=member, proved=True))

    def by(self, actor: Actor) -> Request:
        return Request(self.account, actor)

    def invite(self, email: str = "anna@example.com", *, role: str = "reader", name: str = "Anna Vos") -> int:
        return invite(self.services, self.request(), invitee=Invitee(name=name, email=email, role=role, language="nl"))

    def link(self, email: str = "anna@example.com") -> str:
        """What stands at the end of the link that was mailed last to an address."""
        return str(self.mails(email, "invitation")[0].data["link"]).rpartition("/")[2]

    def accept(self, link: str) -> Joined:
        return accept(self.services, link, seen=SEEN)

    def join(self, email: str = "anna@example.com", *, role: str = "reader") -> Joined:
        self.invite(email, role=role)
        return self.accept(self.link(email))

    def who(self, token: str) -> Known | None:
        return who(self.services, token, seen=replace(SEEN, session=token))

    def mails(self, email: str, kind: str) -> list[StoredMail]:
        """The mails of a kind to an address, newest first."""
        with self.services.database.owner() as conn:
            found = outbox.latest(conn, most=1000)
        return [one for one in found if (one.account, one.recipient, one.kind) == (self.account, email, kind)]

    def member(self, member: int) -> MemberRow:
        with self.services.database.account(self.account) as conn:
            return members.find(conn, self.account, member=member)

    def noted(self) -> AuditEntry:
        """The last entry of the audit."""
        with self.services.database.account(self.account) as conn:
            return audit.page(conn, self.account, limit=1)[0]

    def member_of(self, email: str) -> int | None:
        """Who somebody is in this account, as the door knows it."""
        with self.services.database.door() as conn:
            found = people.by_email(conn, email)
            return dict(people.accounts_of(conn, found.id)).get(self.account) if found else None

    def sql(self, statement: str, **values: object) -> None:
        with self.services.database.owner() as conn:
            conn.execute(text(statement), values)

    def later(self, **span: int) -> None:
        self.clock.at += timedelta(**span)


def house(shop: Shop) -> House:
    """A new account of the shop."""
    clock = TestClock(NOON)
    services = replace(shop.services, clock=clock, address="https://billing.example.com")
    account = shop.account(clock=None, members_too=0)
    with services.database.account(account) as conn:
        members.create(conn, account, name="Daan", email="daan@example.com", role="owner", language="en")
    return House(services, account, clock)
