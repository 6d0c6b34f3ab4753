"""An entrance on a database of each test's own: tries are counted for all who come."""

from collections.abc import Iterator

import pytest

from support.databases import Database
from support.entrance import Entrance, opened_entrance


@pytest.fixture
def entrance(own_database: Database) -> Iterator[Entrance]:
    with opened_entrance(own_database) as found:
        yield found
