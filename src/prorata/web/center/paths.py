"""The addresses of the screens, so that no template puts one together from a name by itself."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode

from prorata.usecases import api_keys, closing_told
from prorata.web import addresses

HOME = addresses.HOME
with_query = addresses.with_query

PRODUCTS = "/products"
BUY = "/buy"
LICENCES = "/licences"
CANCEL = "/cancel"
CANCELLED = "/cancelled"
"""Where several subscriptions are cancelled together, and where it is said which were."""
BILLS = "/bills"
CLOCK = "/clock"
BACK_UP = "/back-up"
CLOSE_ACCOUNT = closing_told.PAGE
AUDIT = "/audit"
DIRECTORY = "/directory"
KEYS = api_keys.PAGE
NEW_KEY = f"{KEYS}/new"
MEMBERS = "/members"
INVITE = f"{MEMBERS}/invite"
ADD_MEMBER = f"{MEMBERS}/add"
IMPORT_MEMBERS = f"{MEMBERS}/import"
PICK_MEMBERS = f"{MEMBERS}/pick"
REMOVE_MEMBERS = f"{MEMBERS}/remove"
ROLES = f"{MEMBERS}/roles"
NEW_ROLE = f"{ROLES}/new"


def product(name: str, part: str = "", **query: str | int) -> str:
    """A subscription's page, or one of its parts: licences, members, cancel, undo."""
    address = f"{PRODUCTS}/{quote(name, safe='')}"
    return with_query(f"{address}/{part}" if part else address, **query)


def cancelled_together(names: Iterable[str]) -> str:
    """The page that says which subscriptions were cancelled together."""
    return f"{CANCELLED}?{urlencode([('name', name) for name in names])}"


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


def member(member_id: int, part: str = "", **query: str) -> str:
    """A member's page, or the one on which their access is ended."""
    address = f"{MEMBERS}/{member_id}"
    return with_query(f"{address}/{part}" if part else address, **query)


def invitation(invitation_id: int, part: str) -> str:
    """Where an invitation is sent again or taken back."""
    return f"{MEMBERS}/invitations/{invitation_id}/{part}"


def own_role(role_id: int, part: str = "") -> str:
    """The page of a role of the account's own, or where it is removed."""
    address = f"{ROLES}/{role_id}"
    return f"{address}/{part}" if part else address


def without_news(address: str) -> str:
    """An address without the key that tells what was just done: coming back later, it is news no more."""
    path, _, query = address.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "news"]
    return f"{path}?{urlencode(kept)}" if kept else path


def key(key_id: int, part: str) -> str:
    """A part of what can be done with an API key: revoke."""
    return f"{KEYS}/{key_id}/{part}"


def back_up(export: int) -> str:
    """Where the file of a back up is downloaded."""
    return f"{BACK_UP}/{export}/download"
