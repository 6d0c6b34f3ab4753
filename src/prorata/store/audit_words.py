"""What people have typed that stands in the audit: names of keys, roles and directories, and reasons.

It may say who somebody is, so it is written sealed under a key of the account's own, made of its `pepper`: once the
account is closed and that is gone, nobody can read it, and the chain of the audit still stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, select

from prorata.store.sealing import is_sealed, seal_text, unseal_text
from prorata.store.tables.accounts import ACCOUNTS

_ACTIONS: Final = frozenset(
    {
        "change_directory", "credit.give", "discount.give", "document.refund", "key.make", "key.revoke", "late.enter",
        "remove_directory", "roles.change", "roles.make", "roles.remove", "set_directory",
    }
)  # fmt: skip
"""Those whose subject has words that somebody typed."""
_DETAILS: Final = frozenset({"client_id", "directory", "issuer", "own_before", "own_role", "reason"})
_DETAILS_OF: Final[Mapping[str, frozenset[str]]] = {"roles.change": frozenset({"before"})}


def key_of(pepper: bytes) -> bytes | None:
    """The key of an account's words; None where the account is closed."""
    return sha256(b"prorata: words in the audit\0" + pepper).digest() if pepper else None


def keys_of(conn: Connection, accounts: Collection[int]) -> dict[int, bytes]:
    """The keys of several accounts, by their ids; for the owner, and for others of the account they see."""
    if not accounts:
        return {}
    rows = conn.execute(
        select(ACCOUNTS.c.account_id, ACCOUNTS.c.pepper).where(ACCOUNTS.c.account_id.in_(accounts))
    ).all()
    found = {row.account_id: key_of(bytes(row.pepper)) for row in rows}
    return {account: key for account, key in found.items() if key}


def has_words(action: str, detail: Mapping[str, object]) -> bool:
    """Whether an act has any. Most have none, and need no key."""
    return action in _ACTIONS or not _typed(action).isdisjoint(detail)


def sealed_subject(key: bytes | None, subject: str, *, action: str, about: str) -> str:
    """What an act was about, sealed where somebody typed it; nothing where that can be read no more."""
    return sealed_text(key, subject, about=f"{about}, subject") if action in _ACTIONS else subject


def sealed_detail(key: bytes | None, detail: Mapping[str, object], *, action: str, about: str) -> Mapping[str, object]:
    """The same of what else is told of it."""
    typed = _typed(action)
    found = {name: text for name, text in detail.items() if name in typed and isinstance(text, str)}
    if not found:
        return detail
    return {**detail, **{name: sealed_text(key, text, about=f"{about}, {name}") for name, text in found.items()}}


def _typed(action: str) -> frozenset[str]:
    return _DETAILS | _DETAILS_OF.get(action, frozenset())


def sealed_text(key: bytes | None, text: str, *, about: str) -> str:
    """Some words, sealed; nothing where there is no key."""
    return seal_text(key, text, about=about) if key else ""


def unsealed_detail(key: bytes | None, detail: Mapping[str, object], *, about: str) -> Mapping[str, object]:
    """What was told of an act, readable where there is the key."""
    found = {name: text for name, text in detail.items() if isinstance(text, str) and is_sealed(text)}
    if not found:
        return detail
    return {**detail, **{name: unseal_text(key, text, about=f"{about}, {name}") for name, text in found.items()}}
