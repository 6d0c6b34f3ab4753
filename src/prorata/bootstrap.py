"""The only place where things meet their implementation: settings become a database, a clock, an application."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from prorata.clock import SystemClock
from prorata.settings import Settings
from prorata.store import schema
from prorata.store.embedded import APP, OWNER, EmbeddedServer, start
from prorata.store.engine import Database
from prorata.usecases.act import Services

LIVE_DATABASE = "prorata"
DEMO_DATABASE = "prorata_demo"
STORY_DATABASE = "prorata_stories"


@contextmanager
def embedded(settings: Settings) -> Generator[EmbeddedServer]:
    """The PostgreSQL that comes along, for as long as it is needed."""
    with start(settings.data_dir / "postgres") as server:
        yield server


@contextmanager
def services(settings: Settings, *, name: str = LIVE_DATABASE, migrate: bool = False) -> Generator[Services]:
    """Use cases on the database of the settings, or on the embedded one, which is always migrated.

    A database that is set is migrated only if asked for; raises `StoreError` where it is of another version.
    """
    if settings.database_url and settings.app_database_url and name != DEMO_DATABASE:
        if migrate:
            schema.migrate(settings.database_url)
        schema.check_current(settings.database_url)
        with _on(settings.database_url, settings.app_database_url) as found:
            yield found
        return
    with embedded(settings) as server:
        server.ensure_database(name)
        owner = server.url(name, user=OWNER)
        schema.migrate(owner)
        with _on(owner, server.url(name, user=APP)) as found:
            yield found


@contextmanager
def _on(owner_url: str, app_url: str) -> Generator[Services]:
    database = Database(owner_url, app_url=app_url)
    try:
        yield Services(database, SystemClock())
    finally:
        database.dispose()
