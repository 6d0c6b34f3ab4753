"""A shop on a database of the module's own."""

from collections.abc import Iterator

import pytest

from support import databases
from support.shop import Shop, opened_shop


@pytest.fixture(scope="module")
def shop(database: databases.Database) -> Iterator[Shop]:
    with opened_shop(database) as opened:
        yield opened


@pytest.fixture
def own_shop(database: databases.Database) -> Iterator[Shop]:
    """A seller of the test's own."""
    with opened_shop(database) as opened:
        yield opened
