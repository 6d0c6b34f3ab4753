"""Somebody who is in, at noon of 15 January 2026, and a device of theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.door.sessions import Known
from support import databases
from support.authenticator import Device
from support.clocks import TestClock
from usecases.door.passkeys.ground import NOON, new_device, signed_in


@pytest.fixture(scope="module")
def db(database: databases.Database) -> Iterator[Database]:
    opened = Database(database.owner_url, app_url=database.app_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> TestClock:
    return TestClock(NOON)


@pytest.fixture
def services(db: Database, clock: TestClock) -> Services:
    # With a secret of its own: what another test has tried is not counted here.
    return Services(db, clock, address="https://billing.example")


@pytest.fixture
def device() -> Device:
    return new_device()


@pytest.fixture
def anna(services: Services) -> Known:
    return signed_in(services, "Anna")
