"""The addresses of the screens, so that no template puts one together from a name by itself."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode

HOME = "/"
PRODUCTS = "/products"
BUY = "/buy"
BILLS = "/bills"
PEOPLE = "/people"
CLOCK = "/clock"
CONSOLE = "/console"


def product(name: str, part: str = "", **query: str | int) -> str:
    """A subscription's page, or one of its parts: licences, members, cancel, undo."""
    address = f"{PRODUCTS}/{quote(name, safe='')}"
    return with_query(f"{address}/{part}" if part else address, **query)


def plan(plan_id: int, **query: str | int) -> str:
    """The page on which a plan is bought."""
    return with_query(f"{BUY}/{plan_id}", **query)


def bill(number: str) -> str:
    """A document's page."""
    return f"{BILLS}/{quote(number, safe='')}"


def pay(number: str | None = None) -> str:
    """The page on which one document is paid, or the whole balance."""
    return f"{bill(number)}/pay" if number else f"{BILLS}/pay"


def paid(payments: Iterable[int]) -> str:
    """The page that says what payments did."""
    return f"{BILLS}/paid?{urlencode([('payment', payment) for payment in payments])}"


def without_news(address: str) -> str:
    """An address without the key that tells what was just done: coming back later, it is news no more."""
    path, _, query = address.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "news"]
    return f"{path}?{urlencode(kept)}" if kept else path


def with_query(address: str, **query: str | int) -> str:
    """An address with values behind it; empty ones are left out."""
    kept = {name: value for name, value in query.items() if value != ""}
    return f"{address}?{urlencode(kept)}" if kept else address
