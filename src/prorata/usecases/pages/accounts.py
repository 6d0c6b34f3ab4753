"""Accounts as the vendor's staff find them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prorata.store import accounts, sellers
from prorata.store.screens import accounts as screen
from prorata.store.screens.accounts import FoundAccount
from prorata.usecases.act import Services
from prorata.usecases.permissions import Actor

MOST_FOUND: Final = 50
_MOST_WORDS: Final = 100


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """What was found. `more`: there are others with these words."""

    words: str
    rows: tuple[FoundAccount, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class OneAccount:
    """An account that somebody may act for."""

    id: int
    name: str
    seller: str


def accounts_page(services: Services, actor: Actor, *, words: str) -> AccountsPage:
    """The accounts with these words in their name, or with this number; raises `NotAllowed`."""
    actor.must("see_accounts")
    words = " ".join(words.split())[:_MOST_WORDS]
    with services.database.owner(read_only=True) as conn:
        found = screen.search(conn, words=words, most=MOST_FOUND + 1)
    return AccountsPage(words, found[:MOST_FOUND], len(found) > MOST_FOUND)


def one_account(services: Services, actor: Actor, *, account: int) -> OneAccount:
    """Whose an account is; raises `NotAllowed`, `NoSuchAccount`."""
    actor.must("see_accounts")
    with services.database.owner(read_only=True) as conn:
        row = accounts.find(conn, account)
        return OneAccount(account, row.name, sellers.find(conn, row.seller_id).name)
