"""A shop whose people sign in: its door, the mails that it puts aside, and a clock that a test moves."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie

import httpx

from prorata.adapters.oidc.client import OpenIdConnect
from prorata.store import members, outbox, people
from prorata.store.engine import Database
from prorata.store.outbox import StoredMail
from prorata.store.people import Person, StaffRole
from prorata.store.sessions import Method
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.door.sessions import Known, Seen, begin, who
from prorata.usecases.keys import Keys
from prorata.usecases.permissions import Role
from prorata.web.auth.cookies import SESSION_COOKIE
from prorata.web.auth.door import SessionDoor
from prorata.web.site import site
from support import databases
from support.clocks import TestClock
from support.serving import NO_TLS, serving
from support.shop import Shop, opened_shop

LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
HERE = Seen("Chrome/Linux", "192.0.2.1")


@dataclass(slots=True)
class Cookies:
    """What a browser keeps. As browsers do on the machine itself, it sends secure cookies without TLS."""

    kept: dict[str, str]

    def bring(self, request: httpx.Request) -> None:
        request.headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.kept.items())

    def keep(self, response: httpx.Response) -> None:
        for line in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.kept[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.kept[name]


@dataclass(frozen=True, slots=True)
class Entrance:
    """A shop with its door; it is noon of 15 January 2026, in UTC, until a test says otherwise."""

    services: Services
    clock: TestClock
    shop: Shop
    address: str
    closing: ExitStack
    jars: dict[int, Cookies] = field(default_factory=dict[int, Cookies])

    def person(self, email: str, *, name: str = "Daan Visser", language: Language = "en") -> Person:
        """Somebody who belongs to nothing yet."""
        with self.services.database.door() as conn:
            return people.ensure(conn, email=email, name=name, language=language, at=self.clock.now())

    def member(self, email: str, *, account: int, role: Role = "owner", language: Language = "en") -> Person:
        """A member of an account who has come in by an invitation some time ago."""
        found = self.person(email, language=language)
        with self.services.database.account(account) as conn:
            member = members.create(conn, account, name=found.name, email=found.email, role=role, language=language)
        with self.services.database.door() as conn:
            people.join(conn, found.id, account=account, member=member)
        return found

    def owner(self, email: str = "daan@korenbloem.example", *, language: Language = "en") -> Person:
        """The owner of an account of their own."""
        account = self.shop.account(clock=date(2026, 1, 15), members_too=0)
        return self.member(email, account=account, language=language)

    def staff(self, email: str = "eva@kadans.example", *, role: StaffRole = "owner") -> Person:
        """One of the vendor's people."""
        found = self.person(email, name="Eva Lindhout")
        with self.services.database.door() as conn:
            people.employ(conn, found.id, role=role, at=self.clock.now())
        return found

    def accounts(self, person: Person) -> list[int]:
        """Those of a person."""
        with self.services.database.door() as conn:
            return [account for account, _ in people.accounts_of(conn, person.id)]

    def session(
        self, person: Person, *, seen: Seen = HERE, method: Method = "code", only_account: int | None = None
    ) -> str:
        """The token of a new session."""
        with self.services.database.door() as conn:
            return begin(self.services, conn, person=person.id, method=method, seen=seen, only_account=only_account)

    def known(self, token: str) -> Known:
        """Who keeps a token."""
        found = who(self.services, token, seen=HERE)
        assert found
        return found

    def mails(self, *, to: str | None = None) -> list[StoredMail]:
        """The mails that were put aside, newest first."""
        with self.services.database.owner() as conn:
            found = outbox.latest(conn, most=200)
        return [mail for mail in found if to in (None, mail.recipient)]

    def code(self, email: str) -> str:
        """The code that was mailed last."""
        return str(next(mail for mail in self.mails(to=email) if mail.kind == "code").data["code"])

    def browser(self, *, token: str = "", agent: str = LINUX, language: str = "en") -> httpx.Client:
        """A browser that follows no redirects by itself; `token`: of a session that it keeps."""
        headers = {"user-agent": agent, "sec-fetch-site": "same-origin", "accept-language": language}
        kept = Cookies({SESSION_COOKIE: token} if token else {})
        hooks = {"request": [kept.bring], "response": [kept.keep]}
        made = httpx.Client(base_url=self.address, headers=headers, event_hooks=hooks, timeout=100, verify=NO_TLS)
        self.closing.enter_context(made)
        self.jars[id(made)] = kept
        return made

    def cookies(self, browser: httpx.Client) -> dict[str, str]:
        """What a browser keeps; a test may change it."""
        return self.jars[id(browser)].kept

    def signed_in(self, email: str, *, agent: str = LINUX, language: str = "en") -> httpx.Client:
        """A browser of somebody who has signed in with a mailed code."""
        browser = self.browser(agent=agent, language=language)
        browser.post("/sign-in", data={"email": email})
        answer = browser.post("/sign-in/code", data={"code": self.code(email)})
        assert answer.status_code == 303
        return browser


@contextmanager
def opened_entrance(database: databases.Database, *, served: bool = True) -> Generator[Entrance]:
    """An entrance on a migrated database of its own; where it is not `served` nobody comes with a browser."""
    clock = TestClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    with opened_shop(database) as shop:
        opened = Database(database.owner_url, app_url=database.app_url)
        services = Services(opened, clock, keys=Keys("for tests alone"), directories=OpenIdConnect(loopback=True))
        with ExitStack() as closing:
            address = "http://127.0.0.1:1"
            if served:
                app = site(services, secret="for tests alone", door=SessionDoor(services))
                address = closing.enter_context(serving(app))
            yield Entrance(replace(services, address=address), clock, shop, address, closing)
        opened.dispose()
