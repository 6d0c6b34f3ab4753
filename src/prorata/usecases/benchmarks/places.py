"""Databases of a benchmark: made, used for one measurement, and thrown away; with a clock that stands still."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from prorata.store import schema
from prorata.store.embedded import APP, OWNER, EmbeddedServer
from prorata.store.engine import Database
from prorata.usecases.act import Services

PREFIX: Final = "prorata_bench_"
_NOON: Final = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StandingClock:
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        """The instant at which it stands."""
        return self.at


def noon(on: date) -> datetime:
    """The middle of a day in UTC."""
    return datetime.combine(on, _NOON)


@dataclass(frozen=True, slots=True)
class Place:
    """A database with the use cases on it; `owner_url` for processes that come to help."""

    owner_url: str
    services: Services

    def rest(self) -> None:
        """Close all connections, so that it can be copied; they are made again when they are needed."""
        self.services.database.dispose()


@dataclass(frozen=True, slots=True)
class Places:
    """A server with databases of one's own; `on`: the day on which the clock stands; `keep`: leave them there."""

    server: EmbeddedServer
    on: date
    batch_size: int
    keep: bool = False

    @contextmanager
    def new(self, name: str) -> Generator[Place]:
        """A database with all tables and no rows."""
        name = PREFIX + name
        self.server.drop_database(name)
        self.server.ensure_database(name)
        schema.migrate(self.server.url(name, user=OWNER))
        with self._used(name) as place:
            yield place

    @contextmanager
    def like(self, template: str, name: str) -> Generator[Place]:
        """A copy of another one, which nobody uses at that moment."""
        name = PREFIX + name
        self.server.drop_database(name)
        self.server.copy_database(PREFIX + template, name)
        with self._used(name) as place:
            yield place

    @contextmanager
    def _used(self, name: str) -> Generator[Place]:
        url = self.server.url(name, user=OWNER)
        services = services_of(url, self.server.url(name, user=APP), on=self.on, batch_size=self.batch_size)
        try:
            yield Place(url, services)
        finally:
            services.database.dispose()
            if not self.keep:
                self.server.drop_database(name)


def services_of(owner_url: str, app_url: str | None = None, *, on: date, batch_size: int) -> Services:
    """The use cases on a database, at noon of a day."""
    return Services(Database(owner_url, app_url), StandingClock(noon(on)), batch_size)
