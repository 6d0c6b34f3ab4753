"""A shop on a database of each test's own: the console shows the runs of all sellers."""

from collections.abc import Iterator

import pytest

from prorata.store.embedded import EmbeddedServer
from support import databases
from web.center.bills_ground import Shop, open_shop


@pytest.fixture
def shop(server: EmbeddedServer, template: str) -> Iterator[Shop]:
    made = databases.new_database(server, template=template)
    with open_shop(made) as found:
        yield found
    server.drop_database(made.name)
