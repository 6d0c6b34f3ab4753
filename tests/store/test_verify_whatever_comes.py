"""Verifying goes on beside what nobody can make sense of, and says what that is."""

import zoneinfo
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from prorata.store.engine import Database
from prorata.store.errors import DatabaseUnreachable
from prorata.usecases.act import Services
from prorata.usecases.verify import Verified, verify
from store.ground import Ground, new_seller, purchase
from support.clocks import TestClock


@pytest.fixture(scope="module")
def services(db: Database) -> Services:
    """Three accounts of one document each; the first has a clock of its own."""
    ground = Ground(db, new_seller(db))
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    for clock in (noon, None, None):
        ground.act(ground.open_account(test=clock is not None, clock_at=clock), purchase(), on="2026-01-15")
    return Services(db, TestClock(datetime(2026, 1, 16, 3, 30, tzinfo=UTC)))


@contextmanager
def changed(services: Services, *statements: str) -> Generator[None]:
    def execute(each: tuple[str, ...]) -> None:
        with services.database.owner() as conn:
            for statement in each:
                assert conn.execute(text(statement)).rowcount == 1

    execute(statements[::2])
    try:
        yield
    finally:
        execute(statements[1::2])


def _zone(name: str, account: int = 1) -> str:
    return f"UPDATE accounts SET zone = '{name}' WHERE account_id = {account}"


def _found(verified: Verified) -> set[tuple[int | None, str, str, str]]:
    return {(account, one.code, one.where, one.detail.split(":")[0]) for account, one in verified.findings}


STRANGE_ZONE = (1, "unverifiable", "account", "ZoneInfoNotFoundError")


@pytest.mark.parametrize(
    ("there", "back", "strange"),
    [
        (_zone("Nowhere/Atlantis"), _zone("UTC"), STRANGE_ZONE),
        (
            "UPDATE accounts SET currency = 'XQX' WHERE account_id = 1",
            "UPDATE accounts SET currency = 'EUR' WHERE account_id = 1",
            (1, "unverifiable", "account", "UnknownCurrency"),
        ),
    ],
)
def test_an_account_that_nobody_can_read_is_a_finding_and_the_others_are_verified(
    services: Services, *, there: str, back: str, strange: tuple[int, str, str, str]
):
    dated = "UPDATE documents SET due_on = due_on {} 1 WHERE account_id = 3"
    with changed(services, there, back, dated.format("+"), dated.format("-")):
        verified = verify(services)
        assert {one[:2] for one in _found(verified)} == {strange[:2], (3, "content_changed")}
        assert strange in _found(verified)
        assert (verified.accounts, verified.documents) == (3, 2)
        assert _found(verify(services, account=1)) == {strange}
    assert verify(services).findings == ()


@pytest.fixture
def zone_of_python(tmp_path: Path) -> Iterator[str]:
    """A zone that the database does not know; it is an hour before UTC all year."""
    begin = b"TZif2" + bytes(15)
    none = begin + b"\0\0\0\0" * 3 + b"\0\0\0\0" + b"\0\0\0\1" + b"\0\0\0\4" + b"\0\0\x0e\x10\0\0ABC\0"
    (tmp_path / "Prorata").mkdir()
    (tmp_path / "Prorata" / "Test").write_bytes(none + none + b"\nABC-1\n")
    kept = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path), *kept])
    yield "Prorata/Test"
    zoneinfo.reset_tzpath(kept)
    zoneinfo.ZoneInfo.clear_cache()


def test_days_are_counted_in_a_zone_that_only_python_knows(services: Services, zone_of_python: str):
    for account in (1, 2):
        with changed(services, _zone(zone_of_python, account), _zone("UTC", account)):
            assert verify(services).findings == ()
            late = "UPDATE numbers_taken SET at = at {} interval '11 hours' WHERE account_id = " + str(account)
            with changed(services, late.format("+"), late.format("-")):
                # 23:00 UTC is midnight there.
                (found,) = verify(services).findings
                assert (found[0], found[1].code) == (account, "date_differs")
                assert found[1].detail == "it is of 2026-01-15, its number of 2026-01-16"


def test_only_failures_of_the_database_end_it(services: Services, monkeypatch: pytest.MonkeyPatch):
    def gone(*_: object) -> None:
        raise DatabaseUnreachable("gone")

    monkeypatch.setattr("prorata.store.verifying.batches.load", gone)
    with pytest.raises(DatabaseUnreachable):
        verify(services)
