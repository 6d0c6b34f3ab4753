"""An entrance on a database of each test's own: tries are counted for all who come."""

from collections.abc import Iterator

import pytest

from prorata.store.embedded import EmbeddedServer
from support import databases
from support.entrance import Entrance, opened_entrance


@pytest.fixture
def entrance(server: EmbeddedServer, template: str) -> Iterator[Entrance]:
    made = databases.new_database(server, template=template)
    with opened_entrance(made) as found:
        yield found
    server.drop_database(made.name)
