"""The API on a database of the module's own."""

from collections.abc import Iterator

import pytest

from support.databases import Database
from web.api.ground import Ground, open_ground


@pytest.fixture(scope="module")
def ground(database: Database) -> Iterator[Ground]:
    with open_ground(database) as opened:
        yield opened
