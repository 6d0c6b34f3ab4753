"""Verifying all accounts: batch after batch, with progress, and kept for the night's report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from prorata.store import verify as store
from prorata.store.engine import Database
from prorata.store.errors import NoSuchAccount
from prorata.usecases.act import Services
from prorata.usecases.verify import Progress, last_verified, verify
from store.ground import Ground, new_seller, purchase

BEGIN = datetime(2026, 1, 16, 3, 30, tzinfo=UTC)


@dataclass
class TickingClock:
    """A second goes by each time that somebody looks."""

    times: int = field(default=0)

    def now(self) -> datetime:
        self.times += 1
        return BEGIN + timedelta(seconds=self.times - 1)


@pytest.fixture(scope="module")
def services(db: Database) -> Services:
    """A seller with seven accounts of one document each."""
    ground = Ground(db, new_seller(db))
    for _ in range(7):
        ground.act(ground.open_account(), purchase(), on="2026-01-15")
    return Services(db, TickingClock())


@pytest.fixture
def batches_of_three(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "_MOST_ACCOUNTS", 3)


def _spoil(services: Services, statement: str) -> Callable[[], None]:
    """Change rows for good; returns what puts them back."""

    def execute(sql: str) -> None:
        with services.database.owner() as conn:
            assert conn.execute(text(sql)).rowcount > 0

    execute(statement.replace("@", "+"))
    return lambda: execute(statement.replace("@", "-"))


def test_everything_is_looked_at(services: Services):
    verified = verify(services)
    assert (verified.accounts, verified.documents, verified.lines) == (7, 7, 7)
    assert (verified.findings, verified.count, verified.parked_count) == ((), 0, 0)


@pytest.mark.usefixtures("batches_of_three")
def test_in_batches_too(services: Services):
    told: list[Progress] = []
    verified = verify(services, progress=told.append)
    assert (verified.accounts, verified.lines) == (7, 7)
    assert [(one.accounts, one.of_accounts, one.lines) for one in told] == [(3, 7, 3), (6, 7, 6), (7, 7, 7)]
    assert told[0].since == verified.began_at < told[0].now < verified.ended_at


@pytest.mark.usefixtures("batches_of_three")
def test_what_progress_raises_ends_it(services: Services):
    def stop(progress: Progress) -> None:
        if progress.accounts == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(services, record=True, progress=stop)


def test_what_came_of_it_is_kept_when_asked(services: Services):
    assert last_verified(services) is None
    verify(services)
    assert last_verified(services) is None
    verified = verify(services, record=True)
    kept = last_verified(services)
    assert kept is not None
    assert (kept.began_at, kept.ended_at) == (verified.began_at, verified.ended_at)
    assert (kept.accounts, kept.documents, kept.lines, kept.parked, kept.findings) == (7, 7, 7, 0, 0)
    assert kept.first == ()


def test_the_first_findings_are_kept_with_their_accounts(services: Services):
    spoilt = _spoil(services, "UPDATE documents SET place = place @ 100 WHERE place IN (2, 102)")
    try:
        verified = verify(services, record=True)
    finally:
        spoilt()
    kept = last_verified(services)
    assert kept is not None
    assert (kept.findings, kept.first) == (verified.count, verified.findings)
    # Its number is not that of its place, nobody took that, the counter is not so far, and its own is missing.
    assert {found.code for _, found in kept.first} >= {"number_differs", "number_not_taken", "number_missing"}
    assert {account is None for account, _ in kept.first} == {True, False}
    assert verify(services).count == 0


def test_one_account_alone_is_not_kept(services: Services):
    before = last_verified(services)
    assert verify(services, account=1, record=True).accounts == 1
    assert last_verified(services) == before


def test_an_unknown_account_is_refused(services: Services):
    with pytest.raises(NoSuchAccount):
        verify(services, account=999_999)


def test_only_so_many_findings_are_named_and_all_are_counted(services: Services, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("prorata.usecases.verify.MOST_FINDINGS", 2)
    spoilt = _spoil(services, "UPDATE document_lines SET amount = amount @ 1")
    try:
        verified = verify(services)
    finally:
        spoilt()
    assert len(verified.findings) == 2
    # Of each document: its amount, its content, its net and its total, and its transfer.
    assert verified.count == 7 * 5
