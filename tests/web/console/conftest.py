"""A shop on a database of each test's own: the console shows the runs of all sellers."""

from collections.abc import Iterator

import pytest

from support.databases import Database
from web.center.bills_ground import Shop, open_shop


@pytest.fixture
def shop(own_database: Database) -> Iterator[Shop]:
    with open_shop(own_database) as found:
        yield found
