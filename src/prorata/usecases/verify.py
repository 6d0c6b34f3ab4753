"""Making everything that is stored again, and saying where it is not as it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prorata.store import accounts
from prorata.store.verify import Finding, verify_account, verify_numbers
from prorata.usecases.act import Services


@dataclass(frozen=True, slots=True)
class Verified:
    """How many accounts were looked at, and what was found: the account's id, or None for numbers of all sellers."""

    accounts: int
    findings: tuple[tuple[int | None, Finding], ...]


def verify(
    services: Services, *, account: int | None = None, progress: Callable[[int], None] | None = None
) -> Verified:
    """Verify one account, or all of them and the numbers of their documents; raises `NoSuchAccount`."""
    found: list[tuple[int | None, Finding]] = []
    done = 0
    for one in [account] if account is not None else _all_accounts(services):
        with services.database.account(one, read_only=True) as conn:
            found += ((one, finding) for finding in verify_account(conn, one))
        done += 1
        if progress:
            progress(done)
    if account is None:
        with services.database.owner(read_only=True) as conn:
            found += ((None, finding) for finding in verify_numbers(conn))
    return Verified(done, tuple(found))


def _all_accounts(services: Services) -> list[int]:
    with services.database.owner(read_only=True) as conn:
        return accounts.ids(conn)
