"""An account with people, bills and everything that says who they are, on a clock of its own, to be closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction

from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.money import currency, money
from prorata.store import members, outbox, people
from prorata.store.outbox import StoredMail
from prorata.usecases.act import Request, Services, act
from prorata.usecases.act_on_behalf import begin_on_behalf, end_on_behalf
from prorata.usecases.api_keys import KeyWish, make_key, revoke_key
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.close_account import Closed, Planned, Wish, close_account
from prorata.usecases.door.codes import Ask, ask_code
from prorata.usecases.door.directories import Wish as DirectoryWish
from prorata.usecases.door.directories import set_directory
from prorata.usecases.door.sessions import Seen
from prorata.usecases.give_back import GiveBack
from prorata.usecases.give_credit import GiveCredit
from prorata.usecases.give_discount import GiveDiscount
from prorata.usecases.late import Late
from prorata.usecases.people.accept_invitation import accept
from prorata.usecases.people.change_role import change_role
from prorata.usecases.people.end_access import end_access
from prorata.usecases.people.invite import Invitee, invite
from prorata.usecases.people.own_roles import change_own_role, make_role
from prorata.usecases.permissions import Origin, member_actor, staff_actor
from prorata.usecases.vouching import NoDirectories
from support.clocks import TestClock
from support.shop import Shop

SEEN = Seen("Firefox/Linux on Hendrikje", "198.51.100.77")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
NAME = "De Korenbloem"
EUR = currency("EUR")


@dataclass(frozen=True)
class Leaving:
    """An account in real time whose member 1, Femke, is its owner and wants to close it."""

    services: Services
    account: int
    clock: TestClock

    def request(self, *, proved: bool = True) -> Request:
        actor = member_actor("Femke Wierda", "owner", member=1, proved=proved, origin=Origin("203.0.113.99", "web"))
        return Request(self.account, actor)

    def close(self, **wish: object) -> Closed | Planned:
        said: dict[str, object] = {"name": NAME, "language": "nl", "waive_backup": True, **wish}
        return close_account(self.services, self.request(), wish=Wish(**said))  # pyright: ignore[reportArgumentType]

    def on(self, day: str) -> None:
        self.clock.at = datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=UTC).replace(hour=12)

    def buy(self, plan: int, licences: int = 10) -> None:
        act(self.services, self.request(), BuySubscription(plan, licences, "team"))

    def cancel(self) -> None:
        act(self.services, self.request(), CancelSubscription("team"))

    def sql(self, statement: str, **values: object) -> None:
        with self.services.database.owner() as conn:
            conn.execute(text(statement), values)

    def rows(self, statement: str) -> Sequence[Mapping[str, object]]:
        with self.services.database.owner() as conn:
            return [dict(row) for row in conn.execute(text(statement), {"account": self.account}).mappings()]

    def mails(self) -> list[StoredMail]:
        with self.services.database.owner() as conn:
            return [one for one in outbox.latest(conn, most=1000) if one.account == self.account]

    def invite(self, name: str, email: str, role: str = "reader") -> None:
        invite(self.services, self.request(), invitee=Invitee(name=name, email=email, role=role, language="nl"))

    def link(self, email: str) -> str:
        (mail, *_) = [one for one in self.mails() if one.recipient == email and one.kind == "invitation"]
        return str(mail.data["link"]).rpartition("/")[2]


def leaving(shop: Shop) -> Leaving:
    """A new account of the shop with one member, who is in."""
    clock = TestClock(NOON)
    services = replace(shop.services, clock=clock, address="https://billing.example.com")
    account = shop.account(clock=None, members_too=0)
    with services.database.account(account) as conn:
        members.create(conn, account, name="Femke Wierda", email="femke@wierda.example", role="owner", language="nl")
    return Leaving(services, account, clock)


def full(shop: Shop) -> Leaving:
    """The same with something of everything that says who people are; all of it has ended."""
    here = leaving(shop)
    _let_owner_in(here)
    for name, email in (("Sjoerd Bakker-Onrust", "sjoerd@onrust.example"), ("Ottavia Brambilla", "ottavia@b.example")):
        here.invite(name, email)
        accept(here.services, here.link(email), seen=SEEN)
    here.invite("Gudrun Ysbrandsz", "gudrun@ysbrandsz.example")
    # She has never come in, so nobody is known at the door by the address that she tries.
    ask_code(here.services, Ask("gudrun@ysbrandsz.example", SEEN))
    here.buy(shop.plan)
    act(here.services, here.request(), AssignLicences("team", add=frozenset({1, 2, 3})))
    typed_everywhere(here)
    _more(here)
    here.on("2026-01-30")
    act(here.services, here.request(), CancelSubscription("team", reason="other", words="Sjoerd gaat met pensioen"))
    for member in (2, 3):
        end_access(here.services, here.request(), member=member)
    return here


def _let_owner_in(here: Leaving) -> None:
    with here.services.database.door(here.account) as conn:
        femke = people.ensure(conn, email="femke@wierda.example", name="Femke Wierda", language="nl", at=NOON)
        members.come_in(conn, here.account, member=1, person=femke.id, role="owner")
        people.join(conn, femke.id, account=here.account, member=1)
    here.sql(
        """
        INSERT INTO sessions (token_hash, person_id, method, account_id, began_at, seen_at, ends_at, proved_at, agent,
                              address)
        VALUES (sha256('s'::bytea || :salt), :person, 'code', :account, :at, :at, :at, :at, 'Femkes telefoon',
                '203.0.113.99')
        """,
        person=femke.id, account=here.account, at=NOON, salt=str(here.account).encode(),
    )  # fmt: skip
    here.sql(
        """
        INSERT INTO passkeys (credential_id, person_id, public_key, sign_count, name, synced, at)
        VALUES (sha256('p'::bytea || :salt), :person, '', 0, 'Femkes telefoon', false, :at)
        """,
        person=femke.id, at=NOON, salt=str(here.account).encode(),
    )  # fmt: skip


def typed_everywhere(here: Leaving) -> None:
    """Somebody's name in everything that is named here, and in every reason that is given."""
    services, mine = replace(here.services, directories=Reachable()), here.request()
    made = make_role(services, mine, name="Boekhouding Femke", permissions=("see",))
    change_own_role(services, mine, role=made.id, name="Boekhouding Sjoerd", permissions=("see",))
    change_role(services, mine, member=3, role=made.key)
    here.invite("Gudrun Ysbrandsz", "g2@ysbrandsz.example", made.key)
    key = make_key(services, mine, wish=KeyWish("Script van Ottavia", frozenset({"read"}), 30))
    revoke_key(services, mine, key=key.row.id)
    make_key(services, mine, wish=KeyWish("Magazijn Gudrun", frozenset({"read"}), 30))
    _directory(services, mine, name="Wierda ID", client="brambilla")
    _directory(services, mine, name="Wierda", client="onrust")
    sanne = staff_actor("Sanne", "owner", person=1, proved=True)
    why = begin_on_behalf(services, sanne, account=here.account, reason="Sjoerd Onrust called", session=None)
    hers = Request(here.account, replace(sanne, behalf=why))
    euro = money("1.00", EUR)
    act(services, hers, GiveCredit(euro, reason="Femke waited on the telephone"))
    act(services, hers, GiveDiscount(percent=Fraction(1), long=every("1 month"), reason="for Gudrun"))
    act(services, hers, GiveBack(1, euro, adjust=True, reason="Ottavia was promised it"))
    act(services, hers, Late(ChangeLicences("team", 9), date(2026, 1, 15), reason="Brambilla was first"))
    end_on_behalf(services, hers.actor, account=here.account, session=None)


def _directory(services: Services, asked: Request, *, name: str, client: str) -> None:
    wish = DirectoryWish(name=name, issuer="https://id.wierda.example", client_id=client, client_secret="s")
    set_directory(services, asked, wish=wish)


class Reachable(NoDirectories):
    """Directories that are there and let nobody in."""

    def reach(self, client: object) -> None:
        """It can be reached."""


def _more(here: Leaving) -> None:
    """What other screens leave behind: a directory, a reason in words, a backup, a person on the bills."""
    here.sql("INSERT INTO directory_subjects VALUES (:account, 1, 'sjoerd-at-wierda', 2)", account=here.account)
    here.sql(
        """
        INSERT INTO exports (account_id, id, asked_by, at, language, state, ready_at, expires_at)
        VALUES (:account, 1, 1, :at, 'nl', 'ready', :at, :at)
        """,
        account=here.account, at=NOON,
    )  # fmt: skip
    here.sql(
        "INSERT INTO export_pieces VALUES (:account, 1, 1, convert_to('Femke Wierda, sjoerd@onrust.example', 'UTF8'))",
        account=here.account,
    )
    here.sql("UPDATE billing_profiles SET email = 'femke@wierda.example' WHERE account_id = :a", a=here.account)
