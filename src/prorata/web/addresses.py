"""Addresses that every part of the site knows, and how one with values is put together."""

from __future__ import annotations

from urllib.parse import urlencode

HOME = "/"
CONSOLE = "/console"
PEOPLE = "/people"
SIGN_IN = "/sign-in"
PROOF = "/proof"
END_BEHALF = f"{CONSOLE}/accounts/end"


def with_query(address: str, **query: str | int) -> str:
    """An address with values behind it; empty ones are left out."""
    kept = {name: value for name, value in query.items() if value != ""}
    return f"{address}?{urlencode(kept)}" if kept else address
