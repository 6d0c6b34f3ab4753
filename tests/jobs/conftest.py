"""The queue of a database of the module's own."""

from collections.abc import Iterator

import pytest

from jobs.workplace import Workplace
from support import databases
from support.shop import opened_shop


@pytest.fixture(scope="module")
def workplace(database: databases.Database) -> Iterator[Workplace]:
    with opened_shop(database) as shop:
        yield Workplace(shop, database.owner_url)
