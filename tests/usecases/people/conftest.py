"""An account of each test's own."""

from collections.abc import Iterator

import pytest

from support import databases
from support.shop import Shop, opened_shop
from usecases.people.ground import House, house


@pytest.fixture(scope="module")
def shop(database: databases.Database) -> Iterator[Shop]:
    with opened_shop(database) as opened:
        yield opened


@pytest.fixture
def ours(shop: Shop) -> House:
    return house(shop)


@pytest.fixture
def theirs(shop: Shop) -> House:
    """Another account."""
    return house(shop)
