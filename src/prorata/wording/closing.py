"""The closing of an account in words: its steps, what was erased, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from prorata.core.closing import What
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

_STEPS: Final[Mapping[What, str]] = MappingProxyType(
    {
        "backup": mark("Back up the data, or do without"),
        "members": mark("Remove the members"),
        "subscriptions": mark("Cancel the subscriptions"),
        "balance": mark("Pay what is open"),
        "credit": mark("Account credit is settled"),
    }
)
_ERASED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "members": mark_plural("{count} member", "{count} members"),
        "people": mark_plural("{count} person who could sign in", "{count} people who could sign in"),
        "invitations": mark_plural("{count} invitation", "{count} invitations"),
        "sessions": mark_plural("{count} session", "{count} sessions"),
        "passkeys": mark_plural("{count} passkey", "{count} passkeys"),
        "keys": mark_plural("{count} API key", "{count} API keys"),
        "directories": mark_plural("{count} directory", "{count} directories"),
        "directory_people": mark_plural("{count} person of a directory", "{count} people of a directory"),
        "roles": mark_plural("{count} role of its own", "{count} roles of its own"),
        "exports": mark_plural("{count} backup", "{count} backups"),
        "reasons": mark_plural("{count} reason for a cancellation", "{count} reasons for cancellations"),
        "profiles": mark_plural("{count} billing profile", "{count} billing profiles"),
        "mails": mark_plural("{count} mail", "{count} mails"),
    }
)
_OTHERS: Final = mark_plural("{count} entry of another kind", "{count} entries of other kinds")
_KEPT: Final = mark_plural("{count} document, until {day}", "{count} documents, until {day}")


def step_word(w: Wording, what: What) -> str:
    """A step as something to do."""
    return w.t(_STEPS[what])


def erased_words(w: Wording, erased: Mapping[str, int]) -> tuple[str, ...]:
    """What was erased, the people first; what has no word of its own is counted together."""
    known = [w.n(*_ERASED[kind], erased[kind]) for kind in _ERASED if erased.get(kind)]
    others = sum(count for kind, count in erased.items() if kind not in _ERASED)
    return (*known, *((w.n(*_OTHERS, others),) if others else ()))


def kept_word(w: Wording, *, count: int, until: str, law: str) -> str:
    """Documents that the law keeps, with the law where it is known by a name."""
    said = w.n(*_KEPT, count, day=date.fromisoformat(until))
    return w.t("{documents} ({law})", documents=said, law=law) if law else said
