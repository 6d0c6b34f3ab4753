"""The addresses of the console's screens."""

from __future__ import annotations

from prorata.web.addresses import CONSOLE, with_query

RUNS = f"{CONSOLE}/runs"
TODAY = f"{RUNS}/today"
PARKED = f"{CONSOLE}/parked"
MENDED = f"{PARKED}/mended"
ACCOUNTS = f"{CONSOLE}/accounts"
REASONS = f"{CONSOLE}/reasons"
AUDIT = f"{CONSOLE}/audit"
STAFF = f"{CONSOLE}/staff"
NEW_STAFF = f"{STAFF}/new"


def run(run_id: int, **query: str) -> str:
    """The page of a run."""
    return with_query(f"{RUNS}/{run_id}", **query)


def parked(page: int) -> str:
    """A page of what is parked."""
    return with_query(PARKED, page=page)


def mended(account: int, subscription: str) -> str:
    """The page that says what comes of a subscription that was mended."""
    return with_query(MENDED, account=account, subscription=subscription)


def account(account_id: int, **query: str) -> str:
    """The page on which one begins to act for an account."""
    return with_query(f"{ACCOUNTS}/{account_id}", **query)


def one_of_staff(staff_id: int, part: str = "", **query: str) -> str:
    """The page of one of the vendor's people, or what is done there."""
    address = f"{STAFF}/{staff_id}"
    return with_query(f"{address}/{part}" if part else address, **query)
