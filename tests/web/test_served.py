"""The site of `prorata serve`: everything that there is behind its sign-in, and nothing of the demo."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from prorata.clock import SystemClock
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.web.auth.door import SessionDoor
from prorata.web.demo.door import DemoDoor
from prorata.web.outside import Outside
from prorata.web.served import NotForOutside, served
from prorata.web.site import site
from support import databases
from support.asking import Asker

ADDRESS = "http://localhost:8000"
NEAR = ("127.0.0.1", 5)
RIBBON = {
    "en": "Demo: made-up data, everybody may be anybody",
    "nl": "Demo: verzonnen gegevens, iedereen kan iedereen zijn",
    "it": "Demo: dati inventati, chiunque può essere chiunque",
}


@pytest.fixture(scope="module")
def services(database: databases.Database) -> Iterator[Services]:
    opened = Database(database.owner_url, app_url=database.app_url)
    yield Services(opened, SystemClock(), address=ADDRESS)
    opened.dispose()


@pytest.fixture(scope="module")
def outside(services: Services) -> Asker:
    return Asker(served(services, door=SessionDoor(services), outside=Outside(ADDRESS)), ADDRESS, NEAR)


@pytest.fixture(scope="module")
def demo(services: Services) -> Asker:
    return Asker(site(services, secret="for tests alone", door=DemoDoor(services)), ADDRESS, NEAR)


def routes(found: list[BaseRoute]) -> Iterator[BaseRoute]:
    for route in found:
        yield route
        if isinstance(route, Mount) and isinstance(route.app, Starlette):
            yield from routes(route.app.routes)


def made_in(route: BaseRoute) -> str:
    """The module of the handler; that of a form is inside the function that reads the form."""
    endpoint = getattr(route, "endpoint", None)
    inside = [cell.cell_contents for cell in getattr(endpoint, "__closure__", None) or ()]
    handlers = [each for each in (*inside, endpoint) if callable(each)]
    return handlers[0].__module__ if handlers else ""


def test_no_route_of_the_demo_leads_anywhere(services: Services):
    def modules(app: Starlette) -> set[str]:
        return {made_in(route) for route in routes(app.routes)}

    in_demo = modules(site(services, secret="for tests alone", door=DemoDoor(services)))
    in_production = modules(site(services, secret="", door=SessionDoor(services), outside=Outside(ADDRESS)))
    assert "prorata.web.demo.people" in in_demo
    assert {module for module in in_production if module.startswith("prorata.web.demo")} == set()
    assert "prorata.web.center.home" in in_production


def test_the_door_of_the_demo_does_not_lead_outside(services: Services):
    with pytest.raises(NotForOutside):
        served(services, door=DemoDoor(services), outside=Outside(ADDRESS))


@pytest.mark.parametrize("path", ["/", "/bills", "/products", "/console", "/console/runs"])
def test_who_has_not_signed_in_is_led_to_the_sign_in(outside: Asker, path: str):
    answer = outside.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/people", "/mailbox", "/gallery"])
def test_what_the_demo_shows_is_not_there(outside: Asker, path: str):
    assert outside.get(path).status_code == 404


def test_choosing_whom_to_be_is_not_there_either(outside: Asker):
    answer = outside.post("/people", data={"person": "1-1"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("language", ["en", "nl", "it"])
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/people", {}, 200),
        ("/nowhere", {}, 404),
        ("/people", {"host": "evil.example"}, 421),
        ("/people?" + "a" * 9000, {}, 414),
    ],
)
def test_every_page_of_the_demo_says_that_it_is_one(
    demo: Asker, path: str, headers: dict[str, str], status: int, language: str
):
    page = demo.get(path, headers={"accept-language": language, **headers})
    assert page.status_code == status
    assert RIBBON[language] in page.text


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_no_page_of_the_real_site_says_so(outside: Asker, path: str):
    assert RIBBON["en"] not in outside.get(path).text


def test_each_answer_has_an_id_of_its_own(outside: Asker):
    first, second = (outside.get("/sign-in").headers["x-request-id"] for _ in range(2))
    assert len(first) == len(second) == 16
    assert first != second
