"""An account as programs use it: over HTTP, with keys, on a real database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import httpx

from prorata.usecases.act import Request, Services
from prorata.usecases.api_keys import KeyWish, Scope, make_key
from prorata.web.demo.door import DemoDoor
from prorata.web.site import site
from support.clocks import TestClock
from support.databases import Database
from support.serving import NO_TLS, serving
from web.center import bills_ground
from web.center.bills_ground import OWNER, SECRET, Account


@dataclass(frozen=True)
class Ground:
    """A shop whose real clock is the test's; `address` is where the API answers."""

    shop: bills_ground.Shop
    services: Services
    clock: TestClock
    address: str

    def account(self, *, on: str = "2026-01-15", name: str = "Bakkerij De Korenbloem") -> Account:
        return self.shop.account(on=on, name=name, tax=21)

    def key(self, account: Account, *scopes: Scope, name: str = "ERP", days: int = 90) -> str:
        wish = KeyWish(name, frozenset(scopes or ("read", "entitlements")), days)
        return make_key(self.services, Request(account.id, OWNER), wish=wish).secret

    def program(self, key: str | None, *, language: str = "en") -> httpx.Client:
        """A program with a key, or without."""
        headers = {"accept-language": language} | ({"authorization": f"Bearer {key}"} if key else {})
        return httpx.Client(base_url=self.address, headers=headers, timeout=100, verify=NO_TLS)


@contextmanager
def open_ground(database: Database) -> Generator[Ground]:
    clock = TestClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    with bills_ground.open_shop(database) as shop:
        services = replace(shop.services, clock=clock)
        with serving(site(services, secret=SECRET, door=DemoDoor(services))) as address:
            yield Ground(shop, services, clock, f"{address}/api/v1")


def problem(answer: httpx.Response, status: int, *, code: str) -> str:
    """Check that an answer is a problem of that status and code; its sentence."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"], body["type"]) == (status, status, code, "about:blank")
    assert body["title"]
    return str(body["detail"])
