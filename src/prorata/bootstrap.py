"""The only place where things meet their implementation: settings become a database, a clock, an application."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from prorata import cli
from prorata.cli.one_line import call
from prorata.cli.wiring import Address, Begin, Demo, Standing, Whose, Wiring
from prorata.clock import SystemClock
from prorata.core.stories.model import Story
from prorata.core.stories.player import Stage
from prorata.jobs.tasks import Schedule, tasks_of
from prorata.jobs.worker import leave_behind, work_off, working
from prorata.settings import SettingError, Settings
from prorata.store import schema
from prorata.store.embedded import APP, OWNER, EmbeddedServer, EmbeddedServerError, start
from prorata.store.engine import Database
from prorata.store.errors import StoreError
from prorata.store.jobs import connector
from prorata.usecases.act import Services
from prorata.usecases.live_stage import LiveStage
from prorata.usecases.load_demo import load_demo
from prorata.usecases.pages.people import demo_people
from prorata.usecases.tend_queue import rescue_jobs
from prorata.usecases.verify import verify
from prorata.web.health import standing
from prorata.web.site import site

LIVE_DATABASE = "prorata"
DEMO_DATABASE = "prorata_demo"
STORY_DATABASE = "prorata_stories"


def main() -> None:
    """The program `prorata`: the command line with everything it works on. What cannot work says so in one line."""
    try:
        sys.exit(call(cli.main, name="prorata", obj=_wiring()))
    except (SettingError, EmbeddedServerError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _wiring() -> Wiring:
    return Wiring(
        live_stage=_live_stage,
        services=_services,
        demo=_demo,
        standing=_standing,
        work_off=_work_off,
        migrate=_migrate,
        version=_version,
        address=_address,
        server=_server,
    )


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


def _address() -> Address:
    settings = _settings()
    return Address(settings.host, settings.port, chosen=bool(os.environ.get("PRORATA_PORT")))


def _server() -> EmbeddedServer:
    return start(_settings().data_dir / "postgres")


@contextmanager
def _embedded(settings: Settings, name: str, *, reset: bool = False) -> Generator[tuple[EmbeddedServer, str]]:
    """The embedded server with a database of that name, up to date; and the URL of the database's owner."""
    with start(settings.data_dir / "postgres") as server:
        if reset:
            server.drop_database(name)
        server.ensure_database(name)
        owner = server.url(name, user=OWNER)
        schema.migrate(owner)
        yield server, owner


@contextmanager
def _opened(owner_url: str, app_url: str | None) -> Generator[Services]:
    database = Database(owner_url, app_url=app_url)
    try:
        yield Services(database, SystemClock(), _settings().batch_size)
    finally:
        database.dispose()


@contextmanager
def _embedded_services(name: str, *, reset: bool = False) -> Generator[Services]:
    with (
        _embedded(_settings(), name, reset=reset) as (server, owner_url),
        _opened(owner_url, server.url(name, user=APP)) as services,
    ):
        yield services


@contextmanager
def _own_database(settings: Settings, name: str) -> Generator[tuple[str, str | None]]:
    """The database of the settings, which must be up to date; else the embedded one, which is brought up to date.

    The URLs of its owner and of the application.
    """
    if settings.database_url is None:
        with _embedded(settings, name) as (server, owner_url):
            yield owner_url, server.url(name, user=APP)
        return
    schema.check_current(settings.database_url)
    yield settings.database_url, settings.app_database_url


@contextmanager
def _own_services(name: str) -> Generator[Services]:
    with _own_database(_settings(), name) as urls, _opened(*urls) as services:
        yield services


@contextmanager
def _standing() -> Generator[Standing]:
    settings = _settings()
    schedule = Schedule(settings.run_every, settings.verify_at) if settings.scheduled else None
    with leave_behind(), _own_database(settings, LIVE_DATABASE) as urls, _opened(*urls) as services:
        tasks = tasks_of(services, connector(urls[0]), schedule=schedule)
        with working(tasks, at_once=settings.workers, rescue=partial(rescue_jobs, services)):
            yield Standing(standing(services), str(schedule) if schedule else "The schedule is off.")


def _work_off() -> tuple[int, int]:
    with _own_database(_settings(), LIVE_DATABASE) as urls, _opened(*urls) as services:
        rescue_jobs(services)
        return work_off(tasks_of(services, connector(urls[0]), schedule=None))


def _services(whose: Whose) -> AbstractContextManager[Services]:
    return _embedded_services(DEMO_DATABASE) if whose == "demo" else _own_services(LIVE_DATABASE)


@contextmanager
def _live_stage(story: Story) -> Generator[Stage]:
    with _own_services(STORY_DATABASE) as services:
        yield LiveStage(services, story)


@contextmanager
def _demo(begin: Begin) -> Generator[Demo]:
    with _embedded_services(DEMO_DATABASE, reset=begin == "anew") as services:
        fresh = load_demo(services)
        application = site(services, secret=secrets.token_urlsafe())
        yield Demo(application, demo_people(services), fresh, verify=partial(verify, services))


def _migrate() -> None:
    settings = _settings()
    if settings.database_url:
        schema.migrate(settings.database_url)
        return
    with _embedded(settings, LIVE_DATABASE):
        pass


def _version() -> str | None:
    settings = _settings()
    if settings.database_url:
        return schema.current(settings.database_url)
    with _embedded(settings, LIVE_DATABASE) as (_, owner_url):
        return schema.current(owner_url)
