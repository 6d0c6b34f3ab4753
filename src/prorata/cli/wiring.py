"""What the command line is given from above: the pieces that it may not reach for by itself.

The floor above joins the edges to what they are played on. It calls `main(obj=Wiring(...))`; without it, only what
needs nothing from there works.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

from prorata.core.stories.model import Story
from prorata.core.stories.player import Stage
from prorata.store.embedded import EmbeddedServer
from prorata.usecases.act import Services
from prorata.usecases.export.content import Exporting
from prorata.usecases.pages.people import DemoAccountFacts
from prorata.usecases.verify import Verified

Whose = Literal["own", "demo"]
Begin = Literal["go on", "anew"]


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that is ready: an ASGI application, whom one can be there, and whether its data are new.

    `verify`: makes everything that it has stored again.
    """

    app: Any
    accounts: tuple[DemoAccountFacts, ...]
    fresh: bool
    verify: Callable[[], Verified]


@dataclass(frozen=True, slots=True)
class Standing:
    """One's own data at work: the site as an ASGI application, where people reach it, and what comes by itself, in a
    sentence.
    """

    app: Any
    address: str
    schedule: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. `chosen`: somebody asked for this very port."""

    host: str
    port: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Wiring:
    """What commands work with; each is opened when it is needed and closed by its context.

    `live_stage`: a stage in PostgreSQL for a story. `services`: the use cases, on one's own data or the demo's.
    `demo`: the demo, with the data that it has or from the beginning. `standing`: the schedule and a worker on one's
    own data, as long as it is open. `work_off`: does what is in the queue; how many jobs were done, how many failed.
    `migrate`: brings the database up to date.
    `version`: that of its tables, None where there are none. `address`: where the settings say to listen;
    `outside_address`: the same for the site, which must be fit to be reached from outside.
    `check_address`: refuses settings that do not say where people reach the site, for links would lead nowhere.
    `server`: the embedded server, for databases that are made and thrown away. `exporting`: what makes back ups.
    """

    live_stage: Callable[[Story], AbstractContextManager[Stage]]
    services: Callable[[Whose], AbstractContextManager[Services]]
    demo: Callable[[Begin], AbstractContextManager[Demo]]
    standing: Callable[[], AbstractContextManager[Standing]]
    work_off: Callable[[], tuple[int, int]]
    migrate: Callable[[], None]
    version: Callable[[], str | None]
    address: Callable[[], Address]
    outside_address: Callable[[], Address]
    check_address: Callable[[], None]
    server: Callable[[], AbstractContextManager[EmbeddedServer]]
    exporting: Callable[[], Exporting]


def wiring_of(found: Wiring | None) -> Wiring:
    """The wiring; without it a command cannot do its work, which is a mistake of the floor above."""
    if found is None:
        raise RuntimeError("start the program as `prorata`")
    return found
