"""Fixtures of the store's tests: a connected database with a seller."""

from collections.abc import Generator

import pytest

from prorata.store.engine import Database
from store.ground import Ground, new_seller
from support.databases import Database as Made


@pytest.fixture(scope="module")
def db(database: Made) -> Generator[Database]:
    connected = Database(database.owner_url, database.app_url)
    yield connected
    connected.dispose()


@pytest.fixture(scope="module")
def ground(db: Database) -> Ground:
    return Ground(db, new_seller(db))
