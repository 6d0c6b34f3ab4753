"""Making everything that is stored again, and saying where it is not as it should be.

It may be done while billing runs: each batch of accounts is looked at as of one moment, and nothing is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from prorata.store import verifications
from prorata.store.collector import without_collector
from prorata.store.verifications import Verification
from prorata.store.verify import (
    Checked,
    Finding,
    Read,
    beside,
    check_account,
    check_read,
    count_accounts,
    next_batch,
    read_accounts,
    short_turns,
    verify_numbers,
)
from prorata.usecases.act import Services

__all__ = ["Finding", "Found", "Progress", "Unsound", "Verification", "Verified", "last_verified", "verify"]

MOST_FINDINGS: Final = 1000
"""So many findings and parked subscriptions are named; the rest is counted. A bound on memory."""

_FIRST: Final = 100
"""So many accounts are read at first: nothing can be checked meanwhile."""

Found = tuple[int | None, Finding]
"""The account's id, None for what belongs to no single one, and what was found there."""


class Unsound(Exception):
    """Something that is stored is not as it should be; what was found is recorded, and the log says what and where."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: accounts done, of how many, and what was looked at of them. `since`: when it began."""

    accounts: int
    of_accounts: int
    documents: int
    lines: int
    findings: int
    since: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and what was found: the first thousand `findings` of `count`.

    `parked`: the first thousand subscriptions that are, by account and name, of `parked_count`; days that they lack are
    no finding.
    """

    accounts: int
    documents: int
    lines: int
    findings: tuple[Found, ...]
    count: int
    parked: tuple[tuple[int, str], ...]
    parked_count: int
    began_at: datetime
    ended_at: datetime


def verify(
    services: Services,
    *,
    account: int | None = None,
    record: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Verified:
    """Verify one account, or all of them and the numbers of their documents. Raises `NoSuchAccount`.

    `record`: keep what came of it; only where everything is verified. `progress` is called after each batch of
    accounts, and may raise to end it.
    """
    tally = _Tally(services.clock.now())
    with services.database.owner(read_only=True) as conn:
        of_accounts = count_accounts(conn) if account is None else 1
        if account is not None:
            check_account(conn, account)
    with _numbers(services, account) as numbers:
        for batch in _batches(services, account, at=tally.began_at):
            tally.add(batch)
            if progress:
                progress(tally.progress(of_accounts, now=services.clock.now()))
        tally.add_findings((None, found) for found in numbers())
    verified = tally.verified(ended_at=services.clock.now())
    if record and account is None:
        with services.database.owner() as conn:
            verifications.add(conn, _kept(verified))
    return verified


def last_verified(services: Services) -> Verification | None:
    """What came of verifying everything the last time that it was recorded; None if it never was."""
    with services.database.owner(read_only=True) as conn:
        return verifications.last(conn)


def _numbers(services: Services, account: int | None) -> AbstractContextManager[Callable[[], Sequence[Finding]]]:
    """What waits for what is wrong with all numbers; they are looked at meanwhile. Of one account nothing is."""
    return nullcontext(lambda: ()) if account is not None else beside(services.database, verify_numbers)


def _batches(services: Services, account: int | None, *, at: datetime) -> Iterator[_Batch]:
    """Batch after batch of accounts, each as of one moment. While one is checked, the next is read."""
    if account is not None:
        yield _checked(read_accounts(services.database, [account]), at=at)
        return
    with without_collector(), short_turns(), ThreadPoolExecutor(max_workers=1) as ahead:
        following = ahead.submit(_read, services, after=0)
        while read := following.result():
            following = ahead.submit(_read, services, after=read.ids[-1])
            yield _checked(read, at=at)


def _read(services: Services, *, after: int) -> Read | None:
    """The next accounts from an id on; None where there are no more."""
    with services.database.owner(read_only=True) as conn:
        ids = next_batch(conn, after=after)
    if not after:
        ids = ids[:_FIRST]
    return read_accounts(services.database, ids) if ids else None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What was looked at together; `found`: what the database itself has found."""

    checked: Sequence[Checked]
    found: Sequence[Found]


def _checked(read: Read, *, at: datetime) -> _Batch:
    return _Batch(list(check_read(read, at=at)), read.found)


@dataclass(slots=True)
class _Tally:
    """What was done by now."""

    began_at: datetime
    accounts: int = 0
    documents: int = 0
    lines: int = 0
    findings: list[Found] = field(default_factory=list[Found])
    count: int = 0
    parked: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    parked_count: int = 0

    def add(self, batch: _Batch) -> None:
        """Count a batch."""
        for one in batch.checked:
            self.accounts += 1
            self.documents += one.documents
            self.lines += one.lines
            if one.findings:
                self.add_findings((one.account_id, found) for found in one.findings)
            self.parked_count += len(one.parked)
            if one.parked and len(self.parked) < MOST_FINDINGS:
                self.parked += ((one.account_id, name) for name in one.parked)
        self.add_findings(batch.found)

    def add_findings(self, found: Iterable[Found]) -> None:
        """Count what was found, and keep what is among the first."""
        for one in found:
            self.count += 1
            if len(self.findings) < MOST_FINDINGS:
                self.findings.append(one)

    def progress(self, of_accounts: int, *, now: datetime) -> Progress:
        """How far it is."""
        return Progress(
            accounts=self.accounts,
            of_accounts=of_accounts,
            documents=self.documents,
            lines=self.lines,
            findings=self.count,
            since=self.began_at,
            now=now,
        )

    def verified(self, *, ended_at: datetime) -> Verified:
        """What came of it."""
        return Verified(
            accounts=self.accounts,
            documents=self.documents,
            lines=self.lines,
            findings=tuple(self.findings),
            count=self.count,
            parked=tuple(self.parked),
            parked_count=self.parked_count,
            began_at=self.began_at,
            ended_at=ended_at,
        )


def _kept(verified: Verified) -> Verification:
    return Verification(
        began_at=verified.began_at,
        ended_at=verified.ended_at,
        accounts=verified.accounts,
        documents=verified.documents,
        lines=verified.lines,
        parked=verified.parked_count,
        findings=verified.count,
        first=verified.findings,
    )
