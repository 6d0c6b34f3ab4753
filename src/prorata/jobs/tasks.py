"""The tasks by name, how often each is tried again, and when it comes by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from typing import Final

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from prorata.usecases.act import Services
from prorata.usecases.announce_due import ANNOUNCE, NotAllAnnounced, announce_due
from prorata.usecases.check_batch import BatchUnsound, UnknownBatch, check_batch
from prorata.usecases.close_account import close_due
from prorata.usecases.export.ask import MAKE_EXPORT
from prorata.usecases.export.content import Exporting
from prorata.usecases.export.make import make_export, tidy_exports
from prorata.usecases.mail import SEND_MAILS
from prorata.usecases.ports import Post
from prorata.usecases.run_batch import CHECK_BATCH
from prorata.usecases.run_billing import run_due
from prorata.usecases.run_summary import RunSummary
from prorata.usecases.send_mails import send_mail, tend_mails
from prorata.usecases.start_run import DAILY_RUN
from prorata.usecases.tend_queue import forget_jobs
from prorata.usecases.verify import Unsound, verify

NIGHTLY_VERIFY: Final = "nightly_verify"
TEND_MAILS: Final = "tend_mails"
TIDY_QUEUE: Final = "tidy_queue"
TIDY_EXPORTS: Final = "tidy_exports"
CLOSE_DUE: Final = "close_due"


@dataclass(frozen=True, slots=True)
class Patience(BaseRetryStrategy):
    """A job that fails is tried again after each of these times, in seconds; then it has failed for good.

    What was found to be wrong stays wrong: a job that says so has failed at once.
    """

    waits: tuple[int, ...] = (5, 60, 300)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None to give up."""
        if isinstance(exception, (BatchUnsound, UnknownBatch, Unsound)) or job.attempts >= len(self.waits):
            return None
        return RetryDecision(retry_in={"seconds": self.waits[job.attempts]})


class _MailWaits(Exception):
    """A mail did not go out and is tried again after a while."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"tried again in {wait}")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _PostPatience(BaseRetryStrategy):
    """A mail says itself when it is tried again, and when not; any other failure is one of the work, as everywhere."""

    otherwise: Patience

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, _MailWaits):
            return RetryDecision(retry_in={"seconds": int(exception.wait.total_seconds())})
        return self.otherwise.get_retry_decision(exception=exception, job=job)


_ANNOUNCE: Final = "15 5 * * *"
_TIDY: Final = "45 * * * *"
_TIDY_EXPORTS: Final = "50 * * * *"
_TEND_MAILS: Final = "*/10 * * * *"
_CLOSE_DUE: Final = "25 * * * *"
"""Every hour: the day of an account begins in its own zone."""
_MISSED_SECONDS: Final = 24 * 3600
"""What should have come while nothing was running is made up for at the next start: once, and within a day."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When work comes by itself.

    `run_every`: minutes from one look for runs to the next, a divisor of 60; `verify_at`: of the day, in UTC.
    """

    run_every: int = 10
    verify_at: time = time(3, 30)

    def __str__(self) -> str:
        """In a sentence, for who starts it."""
        every = {1: "every minute", 60: "every hour"}.get(self.run_every, f"every {self.run_every} minutes")
        return f"Runs that are due begin {every}, everything is verified at {self.verify_at:%H:%M} UTC."

    @property
    def runs(self) -> str:
        """The run as a cron line, in UTC."""
        return "0 * * * *" if self.run_every == 60 else f"*/{self.run_every} * * * *"

    @property
    def verification(self) -> str:
        """The verification as a cron line, in UTC."""
        return f"{self.verify_at.minute} {self.verify_at.hour} * * *"


def tasks_of(
    services: Services,
    connector: PsycopgConnector,
    *,
    schedule: Schedule | None,
    patience: Patience | None = None,
    post: Post | None = None,
    exporting: Exporting | None = None,
) -> App:
    """All tasks on these services. Without a schedule only jobs that somebody puts into the queue are done.

    Without a `post` mails stay where they are, and without `exporting` back ups wait.
    """
    app = App(connector=connector, periodic_defaults={"max_delay": _MISSED_SECONDS})
    retry = patience or Patience()
    _daily_run(app, services, cron=schedule.runs if schedule else None)
    _nightly_verify(app, services, cron=schedule.verification if schedule else None, retry=retry)
    _announce(app, services, cron=_ANNOUNCE if schedule else None, retry=retry)
    _check_batch(app, services, retry=retry)
    _tidy_queue(app, services, cron=_TIDY if schedule else None)
    _send_mails(app, services, post=post, retry=retry)
    _tend_mails(app, services, post=post, cron=_TEND_MAILS if schedule else None)
    _close_due(app, services, retry=retry, cron=_CLOSE_DUE if schedule else None)
    _make_export(app, services, exporting=exporting, retry=retry)
    _tidy_exports(app, services, cron=_TIDY_EXPORTS if schedule else None)
    return app


def _daily_run(app: App, services: Services, *, cron: str | None) -> None:
    # Not tried again by itself: the next look comes within the hour, and goes on where this one ended. One at a time,
    # and never two that wait.
    @app.task(name=DAILY_RUN, lock=DAILY_RUN, queueing_lock=DAILY_RUN, pass_context=True)
    def daily_run(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - when it was due: told to every task
        for summary in run_due(services, progress=_ending(context)):
            _tell(summary)

    if cron:
        app.periodic(cron=cron)(daily_run)


def _tell(summary: RunSummary) -> None:
    level = logging.ERROR if summary.unexpected else logging.INFO if summary.well else logging.WARNING
    _log.log(
        level,
        "run %s of seller %s for %s is %s: %s accounts, %s billed, %s batches waiting, %s parked, %s unexpectedly",
        *(summary.run, summary.seller.id, summary.as_of, summary.state, summary.accounts, summary.billed),
        *(summary.waiting, summary.parked_count, summary.unexpected),
    )


def _nightly_verify(app: App, services: Services, *, cron: str | None, retry: Patience) -> None:
    @app.task(name=NIGHTLY_VERIFY, lock=NIGHTLY_VERIFY, retry=retry, pass_context=True)
    def nightly_verify(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
        verified = verify(services, progress=_ending(context), record=True)
        for account, finding in verified.findings:
            _log.error("account %s: %s: %s: %s", account, finding.where, finding.code, finding.detail)
        if verified.count:
            raise Unsound(f"{verified.count} findings in {verified.documents} documents")

    if cron:
        app.periodic(cron=cron)(nightly_verify)


def _announce(app: App, services: Services, *, cron: str | None, retry: Patience) -> None:
    # In the morning of Europe: the runs of the day are done, and nobody is woken.
    @app.task(name=ANNOUNCE, lock=ANNOUNCE, queueing_lock=ANNOUNCE, retry=retry, pass_context=True)
    def announce(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
        done = announce_due(services, progress=_ending(context))
        _log.info(
            "looked at %s accounts: %s announcements in %s mails, %s accounts failed",
            *(done.accounts, done.announcements, done.mails, done.failed),
        )
        if done.failed:
            raise NotAllAnnounced(f"{done.failed} of {done.accounts} accounts")

    if cron:
        app.periodic(cron=cron)(announce)


def _check_batch(app: App, services: Services, *, retry: Patience) -> None:
    app.task(name=CHECK_BATCH, retry=retry)(partial(check_batch, services))


def _tidy_queue(app: App, services: Services, *, cron: str | None) -> None:
    @app.task(name=TIDY_QUEUE, queueing_lock=TIDY_QUEUE)
    def tidy_queue(timestamp: int) -> None:  # noqa: ARG001 - as above
        forget_jobs(services)

    if cron:
        app.periodic(cron=cron)(tidy_queue)


def _send_mails(app: App, services: Services, *, post: Post | None, retry: Patience) -> None:
    @app.task(name=SEND_MAILS, retry=_PostPatience(retry))
    def send(mail: int) -> None:
        wait = send_mail(services, post, mail=mail) if post else None
        if wait is not None:
            raise _MailWaits(wait)


def _tend_mails(app: App, services: Services, *, post: Post | None, cron: str | None) -> None:
    @app.task(name=TEND_MAILS, lock=TEND_MAILS, queueing_lock=TEND_MAILS)
    def tend(timestamp: int) -> None:  # noqa: ARG001 - as above
        if post:
            tend_mails(services, post)

    if cron:
        app.periodic(cron=cron)(tend)


def _close_due(app: App, services: Services, *, retry: Patience, cron: str | None) -> None:
    @app.task(name=CLOSE_DUE, lock=CLOSE_DUE, queueing_lock=CLOSE_DUE, retry=retry)
    def due(timestamp: int) -> None:  # noqa: ARG001 - as above
        closed = close_due(services)
        if closed:
            _log.info("the day had come to close %s accounts", closed)

    if cron:
        app.periodic(cron=cron)(due)


def _make_export(app: App, services: Services, *, exporting: Exporting | None, retry: Patience) -> None:
    # Not ended when its worker is to stop: what it has not finished the next worker does anew.
    @app.task(name=MAKE_EXPORT, retry=retry, pass_context=True)
    def make(context: JobContext, account: int, export: int) -> None:  # noqa: PLR0917 - as the job calls it
        if exporting:
            last = context.job.attempts >= len(retry.waits)
            make_export(services, exporting, account=account, export=export, last=last)


def _tidy_exports(app: App, services: Services, *, cron: str | None) -> None:
    @app.task(name=TIDY_EXPORTS, lock=TIDY_EXPORTS, queueing_lock=TIDY_EXPORTS)
    def tidy(timestamp: int) -> None:  # noqa: ARG001 - as above
        tidy_exports(services)

    if cron:
        app.periodic(cron=cron)(tidy)


def _ending(context: JobContext) -> Callable[..., None]:
    """To be called again and again in a long job: ends it when its worker is to stop."""

    def look(*_: object) -> None:
        if context.should_abort():
            raise JobAborted

    return look
