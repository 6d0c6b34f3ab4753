"""A worker in a thread of its own: does jobs until it is stopped, and survives a database that goes away.

It has an event loop of its own; the jobs themselves run in further threads, a few at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import Thread
from threading import enumerate as all_threads
from typing import Final

from procrastinate import App, JobContext
from procrastinate.exceptions import JobAborted

STOP_SECONDS: Final = 20
"""How long a job may go on when the worker is stopped. One that is longer is done anew by the next worker."""
_AGAIN_SECONDS: Final = 2
"""From a failure of the worker itself, such as a database that restarts, to its next attempt."""
_LOOK_SECONDS: Final = 1
"""A new job announces itself; one whose time to be tried again has come does not, and is looked for."""
_RESCUE_SECONDS: Final = 30
_NAME: Final = "prorata-worker"

_log = logging.getLogger(__name__)


class Worker:
    """One worker, which is started once and stopped once.

    `at_once`: jobs at the same time. `rescue` puts jobs of dead workers back; it is called from time to time, for a
    worker that was killed cannot do so itself.
    """

    def __init__(self, app: App, *, at_once: int, rescue: Callable[[], object]) -> None:
        self._app = app
        self._at_once = at_once
        self._rescue = rescue
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = Thread(target=self._run, name=_NAME, daemon=True)

    def start(self) -> None:
        """Begin to work, in a thread of its own."""
        self._thread.start()

    def stop(self, *, seconds: float = STOP_SECONDS) -> bool:
        """Take no more jobs, and let those at hand end; whether they did in time."""
        with suppress(RuntimeError):  # its loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._work_on())

    async def _work_on(self) -> None:
        rescuing = asyncio.create_task(self._rescue_on())
        while not self._stopping.is_set():
            try:
                async with self._app.open_async():
                    await self._work()
            except Exception as error:  # noqa: BLE001 - whatever it is, jobs are done again once it is over
                _log.warning("the worker was interrupted: %s", error)
            await self._wait(_AGAIN_SECONDS)
        rescuing.cancel()

    async def _work(self) -> None:
        """Do jobs until the worker is stopped, or fails."""
        working = asyncio.create_task(
            self._app.run_worker_async(
                concurrency=self._at_once,
                fetch_job_polling_interval=_LOOK_SECONDS,
                install_signal_handlers=False,
                # A job in a thread cannot be cut off. It is told at once, and ends where it can.
                shutdown_graceful_timeout=0,
                task_middleware=[_tell_failure],
            )
        )
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    async def _rescue_on(self) -> None:
        while not self._stopping.is_set():
            try:
                await asyncio.to_thread(self._rescue)
            except Exception as error:  # noqa: BLE001 - the next time will do
                _log.warning("jobs of dead workers could not be put back: %s", error)
            await self._wait(_RESCUE_SECONDS)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _tell_failure(go_on: Callable[[], object], context: JobContext, _: object) -> object:
    """Do a job, and say so when it fails and will be tried again; the last failure is told with its trace, besides."""
    try:
        return go_on()
    except JobAborted:
        raise
    except Exception as error:
        _log.warning("job %s failed: %s: %s", context.job.call_string, type(error).__name__, error)
        raise


def work_off(app: App) -> tuple[int, int]:
    """Do what is in the queue now, one job after the other, and come back when nothing is left.

    How many tries went well, and how many failed.
    """
    well: list[bool] = []

    def count(go_on: Callable[[], object], context: JobContext, _: object) -> object:
        well.append(False)
        result = _tell_failure(go_on, context, _)
        well[-1] = True
        return result

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, task_middleware=[count])

    asyncio.run(work())
    return sum(well), len(well) - sum(well)


@contextmanager
def working(app: App, *, at_once: int, rescue: Callable[[], object]) -> Generator[Worker]:
    """A worker while the block runs."""
    worker = Worker(app, at_once=at_once, rescue=rescue)
    worker.start()
    try:
        yield worker
    finally:
        if not worker.stop():
            _log.warning("a job has not ended in %s seconds; it is done anew at the next start", STOP_SECONDS)


@contextmanager
def leave_behind() -> Generator[None]:
    """Let the program end when the block does, even while a job is at work in a thread.

    Python would wait for that thread. Nothing is lost by not waiting: what a job has not committed has not happened.
    """
    try:
        yield
    finally:
        if any(thread.name == _NAME for thread in all_threads()):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
