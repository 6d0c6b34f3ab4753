"""Fixtures for every test: databases on a real PostgreSQL.

`database`         a migrated database of this module's own, as `Database` (`owner_url`, `app_url`)
`own_database`     the same of each test's own, for rows and not for other tables
`empty_database`   one of the module's own without tables
`server`           the server itself, for tests that make databases of their own
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from prorata.store import schema
from prorata.store.embedded import OWNER, EmbeddedServer
from prorata.store.file_lock import FileLock
from support import databases
from support.databases import Database
from support.lending import lent

_TEMPLATE = "prorata_template"


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that pytest was started as keeps the house; the others are its workers."""
    if not hasattr(config, "workerinput"):
        databases.open_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.close_folder()


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    with databases.start_server() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: EmbeddedServer) -> str:
    """The name of a database with every migration, made by the first process that needs it."""
    folder = Path(os.environ[databases.VARIABLE])
    lock = FileLock(folder / "template.lock")
    lock.wait_alone(seconds=100)
    try:
        if server.ensure_database(_TEMPLATE):
            schema.migrate(server.url(_TEMPLATE, user=OWNER))
    finally:
        lock.release()
    return _TEMPLATE


@pytest.fixture(scope="module")
def database(server: EmbeddedServer, template: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    made = databases.new_database(server, template=template)
    yield made
    # Whatever a module has done, everything stored proves itself at its end. `DAMAGES = "why"` says that it does not.
    unsound = hasattr(request.module, "DAMAGES")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    findings = () if unsound else databases.findings_in(made)
    server.drop_database(made.name)
    assert findings == ()


@pytest.fixture
def own_database(server: EmbeddedServer, template: str) -> Iterator[Database]:
    with lent(server, template=template) as made:
        yield made


@pytest.fixture(scope="module")
def empty_database(server: EmbeddedServer) -> Iterator[Database]:
    made = databases.new_database(server)
    yield made
    server.drop_database(made.name)
