"""Workers: processes of their own that do a run, and can be killed.

They are forked from a process that has everything imported already, so that a test can afford many.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from prorata import bootstrap
from prorata.store import engine
from prorata.store.engine import Database
from prorata.store.errors import StoreError
from prorata.store.runs import Progress, Run
from prorata.usecases import run_billing
from prorata.usecases.act import Services
from support.clocks import TestClock

_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload(["prorata.bootstrap", "prorata.usecases.run_billing", "pytest"])


@dataclass(frozen=True)
class Work:
    """A run to do. `patience`: seconds before each try; `wait`: for a row that somebody holds."""

    owner_url: str
    app_url: str
    seller: int
    at: datetime
    batch_size: int
    patience: tuple[float, ...] | None = None
    wait: int | None = None


@dataclass(frozen=True)
class Program:
    """The program `prorata` with these arguments, and settings in its environment."""

    arguments: tuple[str, ...]
    settings: Mapping[str, str]


class Worker:
    """A process at work; `said` is what it wrote on standard error."""

    def __init__(self, process: ForkServerProcess, said: Path) -> None:
        self._process, self._said = process, said

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._process.kill()
        self._process.join()

    def ended(self, *, seconds: float = 90) -> int:
        """Wait for its end; the exit code."""
        self._process.join(seconds)
        code = self._process.exitcode
        if code is None:
            self.kill()
            raise AssertionError("the worker did not end in time")
        return code

    def close(self) -> None:
        if self.is_alive:
            self.kill()
        self._said.unlink(missing_ok=True)


@contextmanager
def working(*works: Work | Program) -> Generator[tuple[Worker, ...]]:
    """Workers while the block runs: each does a run, or is the program."""
    workers = [_started(work) for work in works]
    try:
        yield tuple(workers)
    finally:
        for worker in workers:
            worker.close()


def _started(work: Work | Program) -> Worker:
    handle, name = tempfile.mkstemp(prefix="prorata-test-", suffix=".txt")
    os.close(handle)
    process = _FORKED.Process(target=_main, args=(work, name), daemon=True)
    process.start()
    return Worker(process, Path(name))


def _main(work: Work | Program, said: str) -> None:
    handle = os.open(said, os.O_WRONLY | os.O_APPEND)
    os.dup2(handle, 2)
    os.dup2(handle, 1)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    if isinstance(work, Work):
        _work(work)
    else:
        os.environ.update(work.settings)
        sys.argv = ["prorata", *work.arguments]
        bootstrap.main()


def _work(work: Work) -> None:
    run_billing.WAITS = work.patience or run_billing.WAITS
    engine.WAIT_SECONDS = work.wait or engine.WAIT_SECONDS
    database = Database(work.owner_url, app_url=work.app_url)
    services = Services(database, TestClock(work.at), work.batch_size)
    try:
        run_billing.run_billing(services, seller=work.seller, progress=_look)
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    finally:
        database.dispose()


def _look(_run: Run, _progress: Progress) -> None:
    """As the program does on a screen: how far the run is, is asked of the database too."""


def until_all_have_ended(workers: Sequence[Worker], *, seconds: float = 90) -> list[int]:
    """The exit codes of workers."""
    deadline = time.monotonic() + seconds
    return [worker.ended(seconds=max(1, deadline - time.monotonic())) for worker in workers]
