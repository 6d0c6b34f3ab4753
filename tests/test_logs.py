"""The log of the site: a line for each request and each error, and no secret and no person in any of them."""

import io
import json
import logging
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from prorata.cli.web_server import config_of
from prorata.store.engine import Database
from prorata.usecases.act import Request, Services
from prorata.usecases.api_keys import KeyWish, make_key
from prorata.usecases.door.staff import NewStaff, create_staff
from prorata.usecases.keys import Keys
from prorata.usecases.people.invite import Invitee, invite
from prorata.usecases.permissions import member_actor, operator
from prorata.web.app import create_app
from prorata.web.auth.door import SessionDoor
from prorata.web.forms import get
from prorata.web.logs import JsonLines, RequestLog, is_worth_telling, without_secrets
from prorata.web.outside import Outside
from prorata.web.served import served
from support import databases
from support.asking import Asker
from support.clocks import TestClock
from support.entrance import Entrance
from support.serving import serving
from support.shop import opened_shop

SECRET = "VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJuUDsmL9GrVPs"
EMAIL = "giulia@rossi.example"
ADDRESS = "http://127.0.0.1:8000"


@dataclass
class Log(logging.Handler):
    """What the site writes, and beside it every record that anything makes."""

    written: io.StringIO = field(default_factory=io.StringIO)
    records: list[logging.LogRecord] = field(default_factory=list[logging.LogRecord])

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.writer = logging.StreamHandler(self.written)
        self.writer.setFormatter(JsonLines())
        self.writer.addFilter(is_worth_telling)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.written.getvalue().splitlines()]

    def of(self, response_id: str) -> list[dict[str, object]]:
        return [line for line in self.lines if line.get("request") == response_id]

    def said(self) -> str:
        """All that was written, and the words of every record but those of the test's own client and of the database's
        driver, which tells rows when it is asked for more; nothing of it is ever written.
        """
        own = [r.getMessage() for r in self.records if not r.name.startswith(("httpx", "httpcore", "sqlalchemy"))]
        return self.written.getvalue() + "\n".join(own)


@contextmanager
def everything_logged() -> Generator[Log]:
    log, root = Log(), logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(log)
    root.addHandler(log.writer)
    try:
        yield log
    finally:
        root.removeHandler(log)
        root.removeHandler(log.writer)
        root.setLevel(before)


@pytest.fixture
def log() -> Iterator[Log]:
    with everything_logged() as found:
        yield found


def _fail(request: WebRequest) -> Response:
    sessions: dict[str, Response] = {}
    try:
        return sessions[request.path_params["token"]]
    except KeyError as error:
        raise RuntimeError(f"no session of {EMAIL} has {request.query_params['code']}") from error


def failing() -> Asker:
    return Asker(RequestLog(create_app(routes=[get("/fail/{token}", _fail)])), ADDRESS, ("192.0.2.1", 5))


def test_a_request_is_told_by_its_route_and_not_by_what_was_in_it(log: Log):
    answer = failing().get(f"/static/{SECRET}/css/tokens.css?code=481516")
    (line,) = log.of(answer.headers["x-request-id"])
    assert (line["logger"], line["level"], line["says"]) == ("prorata.web.logs", "info", "request")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/static/{version}", 200)
    assert isinstance(line["ms"], int)
    assert datetime.fromisoformat(str(line["at"])).tzinfo is not None
    assert set(line) == {"at", "level", "logger", "says", "request", "method", "route", "status", "ms"}


def test_what_is_not_found_has_no_route(log: Log):
    answer = failing().get(f"/nowhere/{SECRET}")
    (line,) = log.of(answer.headers["x-request-id"])
    assert (line["route"], line["status"]) == (None, 404)
    assert SECRET not in log.said()


def test_an_error_is_told_by_its_kind_and_its_place_and_never_by_its_words(log: Log):
    answer = failing().get(f"/fail/{SECRET}?code=481516", headers={"accept-language": "nl"})
    own = answer.headers["x-request-id"]
    assert answer.status_code == 500
    assert f"Wie deze site beheert, vindt het terug onder {own}." in answer.text
    error, request = log.of(own)
    assert (error["level"], error["error"], error["of"]) == ("error", "RuntimeError", ["KeyError"])
    assert error["route"] == request["route"] == "/fail/{token}"
    assert json.dumps(error["where"]).endswith(' _fail"]')
    assert [hidden for hidden in (SECRET, "481516", EMAIL, "no session") if hidden in log.written.getvalue()] == []
    assert [hidden for hidden in (EMAIL, "no session", "RuntimeError") if hidden in answer.text] == []


def test_a_strange_method_is_no_word_of_the_log(log: Log):
    answer = failing().ask(SECRET, "/nowhere")
    (line,) = log.of(answer.headers["x-request-id"])
    assert line["method"] == "other"
    assert SECRET not in log.said()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("550 5.1.1 <giulia@rossi.example>: no such user", "550 5.1.1 <(an address)>: no such user"),
        ("to=giulia@rossi.example, tried twice", "to=(an address), tried twice"),
        (
            "cannot reach postgresql://app:hunter2@db.example:5432/prorata",
            "cannot reach postgresql://…@db.example:5432/prorata",
        ),
        (f"key prorata_12_3_{SECRET} is unknown", "key (a secret) is unknown"),
        (f"GET /invitation/12-3-{SECRET}", "GET /invitation/(a secret)"),
        ("GET /sign-in?next=/bills&email=giulia", "GET /sign-in?…"),
        ("code 481516 is wrong", "code (a number) is wrong"),
        ("batch 12 of run 481 at 2026-03-01", "batch 12 of run 481 at 2026-03-01"),
    ],
)
def test_what_others_say_is_told_without_secrets_and_addresses(said: str, told: str):
    assert without_secrets(said) == told


def test_a_line_is_one_line_whatever_is_said():
    record = logging.makeLogRecord({"name": "prorata.x", "msg": "one\ntwo\u2028\x1b[31m", "levelno": logging.INFO})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["says"] == "one\ntwo\u2028\x1b[31m"


@pytest.mark.parametrize(
    ("name", "level", "told"),
    [
        ("prorata.jobs", logging.INFO, True),
        ("prorata", logging.INFO, True),
        ("prorata.jobs", logging.DEBUG, False),
        ("proratax", logging.INFO, False),
        ("sqlalchemy.engine.Engine", logging.INFO, False),
        ("uvicorn.error", logging.WARNING, True),
    ],
)
def test_others_are_told_from_warnings_on(name: str, level: int, *, told: bool):
    assert is_worth_telling(logging.makeLogRecord({"name": name, "levelno": level})) == told


# ------------------------------------------------------------------------------------------------ the whole site


@contextmanager
def opened_site(database: databases.Database) -> Generator[Entrance]:
    """The site as it is served, by the server that serves it."""
    clock = TestClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    with opened_shop(database) as shop, ExitStack() as disposing, ExitStack() as closing:
        opened = Database(database.owner_url, app_url=database.app_url)
        disposing.callback(opened.dispose)
        services = Services(opened, clock, keys=Keys(SECRET), address=ADDRESS)
        app = served(services, door=SessionDoor(services), outside=Outside(ADDRESS))
        config = config_of(app, own_log=False)
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        with serving(app, config=config) as address:
            yield Entrance(services, clock, shop, address, closing)


def test_no_secret_and_no_person_is_in_the_log_whatever_happens(database: databases.Database):
    with everything_logged() as log, opened_site(database) as entrance:
        hidden = [*_sign_in(entrance), *_come_by_links(entrance), *_use_keys(entrance)]
        assert len(hidden) > 12
        assert [line for line in log.lines if line["says"] == "request"] != []
        said = log.said()
        assert [secret for secret in hidden if secret in said] == []
        people = ("Daan Visser", EMAIL, "peter@rossi", "Peter", "eva@kadans")
        assert [each for each in people if each in said] == []


def _sign_in(entrance: Entrance) -> list[str]:
    """With a code that is right, after one that is not; and with cookies that nobody gave."""
    person = entrance.owner(EMAIL)
    browser = entrance.browser()
    browser.post("/sign-in", data={"email": EMAIL, "next": f"/bills?name={SECRET}"})
    code = entrance.code(EMAIL)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert browser.post("/sign-in/code", data={"code": wrong}).status_code == 422
    door = dict(entrance.cookies(browser))
    assert browser.post("/sign-in/code", data={"code": code}).status_code == 303
    session = dict(entrance.cookies(browser))
    for path in ("/", "/bills", "/security", "/accounts", "/buy", f"/bills/{SECRET}", f"/products?status={SECRET}"):
        assert browser.get(path).status_code < 500
    forged = entrance.browser(token=SECRET[::-1])
    assert forged.get("/").status_code == 303
    assert entrance.accounts(person) != []
    return [code, wrong, SECRET, SECRET[::-1], *door.values(), *session.values()]


def _come_by_links(entrance: Entrance) -> list[str]:
    """By a link for staff and by an invitation, as they are and with a letter changed."""
    link = create_staff(
        entrance.services, operator("root"), new=NewStaff(email="eva@kadans.example", name="Eva", role="owner")
    )
    account = entrance.accounts(entrance.person(EMAIL))[0]
    owner = member_actor("Daan Visser", "owner", member=1, proved=True)
    invitee = Invitee(name="Peter", email="peter@rossi.example", role="reader", language="it")
    invite(entrance.services, Request(account, owner), invitee=invitee)
    mailed = str(entrance.mails(to="peter@rossi.example")[0].data["link"])
    hidden: list[str] = []
    for address in (link, mailed):
        token = address.rpartition("/")[2]
        path = address.removeprefix(ADDRESS)
        browser = entrance.browser()
        changed = path[:-2] + ("a" if path[-2] != "a" else "b") + path[-1]
        for tried in (changed, path, path):
            assert browser.get(tried).status_code < 500
            assert browser.post(tried).status_code < 500
        hidden += [token, changed.rpartition("/")[2], token.rpartition("-")[2], *entrance.cookies(browser).values()]
    return [each for each in hidden if len(each) > 8]


def _use_keys(entrance: Entrance) -> list[str]:
    """With a key that is good, one that is not, and one where it does not belong."""
    account = entrance.accounts(entrance.person(EMAIL))[0]
    owner = member_actor("Daan Visser", "owner", member=1, proved=True)
    made = make_key(entrance.services, Request(account, owner), wish=KeyWish("books", frozenset({"read"}), 30))
    wrong = made.secret[:-3] + "xyz"
    browser = entrance.browser()
    for key in (made.secret, wrong, SECRET):
        for path in ("/api/v1/me", "/api/v1/documents", f"/api/v1/documents/{key}", f"/api/v1/me?key={key}"):
            assert browser.get(path, headers={"authorization": f"Bearer {key}"}).status_code < 500
    return [made.secret, wrong]


def test_who_asked_is_told_by_ids(database: databases.Database):
    with everything_logged() as log, opened_site(database) as entrance:
        person = entrance.owner("sanne@korenbloem.example")
        (account,) = entrance.accounts(person)
        browser = entrance.signed_in("sanne@korenbloem.example")
        page = browser.get("/bills")
        assert page.status_code == 200
        (line,) = log.of(page.headers["x-request-id"])
        assert line["account"] == account
        assert (line["actor"], line["member"], line["person"]) == ("admin", 1, person.id)
        assert "korenbloem" not in log.said()
