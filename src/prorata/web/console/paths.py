"""The addresses of the console's screens."""

from __future__ import annotations

from prorata.web.center.paths import CONSOLE, with_query

RUNS = f"{CONSOLE}/runs"
TODAY = f"{RUNS}/today"
PARKED = f"{CONSOLE}/parked"
MENDED = f"{PARKED}/mended"


def run(run_id: int, **query: str) -> str:
    """The page of a run."""
    return with_query(f"{RUNS}/{run_id}", **query)


def parked(page: int) -> str:
    """A page of what is parked."""
    return with_query(PARKED, page=page)


def mended(account: int, subscription: str) -> str:
    """The page that says what comes of a subscription that was mended."""
    return with_query(MENDED, account=account, subscription=subscription)
