"""The only place where things meet their implementation: settings become a database, a clock, an application.

The site and its doors are imported where it is served: they are a third of what a command waits for before it begins.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial

from procrastinate import App

from prorata import cli
from prorata.adapters.mail.smtp import Relay, SmtpPost
from prorata.adapters.oidc.client import OpenIdConnect
from prorata.adapters.product_files.http import HttpProduct
from prorata.cli.one_line import call
from prorata.cli.wiring import Address, Begin, Demo, Standing, Whose, Wiring
from prorata.clock import SystemClock
from prorata.core.stories.model import Story
from prorata.core.stories.player import Stage
from prorata.jobs.tasks import Schedule, tasks_of
from prorata.jobs.worker import leave_behind, work_off, working
from prorata.settings import SettingError, Settings, site_of
from prorata.store import schema
from prorata.store.embedded import APP, OWNER, EmbeddedServer, EmbeddedServerError, start
from prorata.store.engine import Database
from prorata.store.errors import StoreError
from prorata.store.jobs import connector
from prorata.usecases.act import Services
from prorata.usecases.export.content import Exporting
from prorata.usecases.installation import use_for_demo, use_for_own
from prorata.usecases.keys import Keys
from prorata.usecases.live_stage import LiveStage
from prorata.usecases.load_demo import load_demo
from prorata.usecases.pages.people import demo_people
from prorata.usecases.tend_queue import rescue_jobs
from prorata.usecases.verify import verify
from prorata.usecases.vouching import Client
from prorata.web.center.printing import PagePrinter
from prorata.web.logs import log_as_json
from prorata.web.outside import Outside

LIVE_DATABASE = "prorata"
DEMO_DATABASE = "prorata_demo"
STORY_DATABASE = "prorata_stories"
LOCAL_ADDRESS = "http://localhost:8000"
"""What links begin with where nobody has said how the site is reached."""


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
        outside_address=_outside_address,
        check_address=_check_address,
        server=_server,
        exporting=lambda: _exporting(_settings()),
    )


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


def _address() -> Address:
    settings = _settings()
    return Address(settings.host, settings.port, chosen=bool(os.environ.get("PRORATA_PORT")))


def _outside_address() -> Address:
    settings = _settings()
    port = site_of(settings).port
    if port and not os.environ.get("PRORATA_PORT"):
        return Address(settings.host, port, chosen=True)
    return _address()


def _check_address() -> None:
    if not _settings().base_url:
        raise SettingError("PRORATA_BASE_URL", "is missing: links that let somebody in begin with it.")


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
        settings = _settings()
        keys = Keys(settings.secret) if settings.secret else Keys()
        yield Services(database, SystemClock(), settings.batch_size, keys, settings.base_url or LOCAL_ADDRESS)
    finally:
        database.dispose()


@contextmanager
def _embedded_services(name: str) -> Generator[Services]:
    with (
        _embedded(_settings(), name) as (server, owner_url),
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
    if settings.app_database_url:
        schema.check_application(settings.app_database_url)
    yield settings.database_url, settings.app_database_url


@contextmanager
def _own_services(name: str) -> Generator[Services]:
    with _own_database(_settings(), name) as urls, _opened(*urls) as services:
        yield services


@contextmanager
def _standing() -> Generator[Standing]:
    from prorata.web.auth.door import SessionDoor
    from prorata.web.served import served

    settings = _settings()
    address = site_of(settings).base_url
    outside = Outside(address, settings.trusted_proxies, settings.metrics_token)
    schedule = Schedule(settings.run_every, settings.verify_at) if settings.scheduled else None
    log_as_json()
    with leave_behind(), _own_database(settings, LIVE_DATABASE) as urls, _opened(*urls) as services:
        use_for_own(services)
        asking = _with_directories(services, settings, inside=address.startswith("http://"))
        app = served(asking, door=SessionDoor(asking), outside=outside)
        tasks = _tasks(services, urls[0], settings=settings, schedule=schedule)
        with working(tasks, at_once=settings.workers, rescue=partial(rescue_jobs, services)):
            yield Standing(app, address, str(schedule) if schedule else "The schedule is off.")


def _with_directories(services: Services, settings: Settings, *, inside: bool) -> Services:
    """Services that ask directories; `inside`: a site on this machine alone asks those on this machine too."""
    own = settings.directory
    client = Client(own.issuer, own.client_id, own.client_secret, inside=True) if own else None
    return replace(services, directories=OpenIdConnect(loopback=inside), vendor_directory=client)


def _work_off() -> tuple[int, int]:
    settings = _settings()
    with _own_database(settings, LIVE_DATABASE) as urls, _opened(*urls) as services:
        rescue_jobs(services)
        return work_off(_tasks(services, urls[0], settings=settings, schedule=None))


def _tasks(services: Services, owner_url: str, *, settings: Settings, schedule: Schedule | None) -> App:
    post, exporting = _post(settings), _exporting(settings)
    return tasks_of(services, connector(owner_url), schedule=schedule, post=post, exporting=exporting)


def _exporting(settings: Settings) -> Exporting:
    hook = settings.export_hook
    return Exporting(PagePrinter(), HttpProduct(url=hook.url, secret=hook.secret) if hook else None)


def _post(settings: Settings) -> SmtpPost | None:
    """What takes mails away; None where the settings do not say how, and mails stay where they are."""
    server, sender, site_address = settings.mail_url, settings.mail_from, settings.base_url
    if server is None or sender is None or site_address is None:
        return None
    relay = Relay(
        host=server.host, port=server.port, security=server.security, user=server.user, password=server.password
    )
    return SmtpPost(relay=relay, sender=sender, site=site_address)


def _services(whose: Whose) -> AbstractContextManager[Services]:
    return _embedded_services(DEMO_DATABASE) if whose == "demo" else _own_services(LIVE_DATABASE)


@contextmanager
def _live_stage(story: Story) -> Generator[Stage]:
    with _own_services(STORY_DATABASE) as services:
        yield LiveStage(services, story)


@contextmanager
def _demo(begin: Begin) -> Generator[Demo]:
    from prorata.web.demo.door import DemoDoor
    from prorata.web.site import site

    with (
        _embedded(_settings(), DEMO_DATABASE, reset=begin == "anew") as (server, owner_url),
        _opened(owner_url, server.url(DEMO_DATABASE, user=APP)) as services,
    ):
        use_for_demo(services)
        fresh = load_demo(services)
        application = site(services, secret=secrets.token_urlsafe(), door=DemoDoor(services))
        # No mail leaves a demo, and nothing comes by itself: the worker makes back ups.
        tasks = tasks_of(services, connector(owner_url), schedule=None, exporting=Exporting(PagePrinter()))
        with working(tasks, at_once=1, rescue=partial(rescue_jobs, services)):
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
