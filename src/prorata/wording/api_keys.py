"""What is said of keys that programs sign in with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.usecases.api_keys import KeyState, Scope
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

REFUSALS: Final = {
    "key_needs_member": mark(
        "A key stands for one of the account’s own people, so only they can make one. Ask one of its owners."
    ),
    "key_name_missing": mark("Give the key a name of at most {most} characters, such as that of the program."),
    "key_name_taken": mark("There is a key {name} already. Choose another name, or revoke that key first."),
    "key_without_scope": mark("Choose what the key may be used for: at least one thing."),
    "too_many_keys": mark("An account has at most {most} keys at once. Revoke one that is not needed."),
    "unknown_key": mark("There is no such key, or it was revoked already. Choose one from the list."),
    "too_many_questions": mark("{count} questions are too many at once: ask at most {most}."),
}
COUNTED: Final = {
    "key_days_out_of_bounds": (
        "days",
        mark_plural(
            "A key cannot be good for {count} day. Choose from 1 to {most} days.",
            "A key cannot be good for {count} days. Choose from 1 to {most} days.",
        ),
    ),
}
_SCOPES: Final[Mapping[Scope, tuple[str, str]]] = MappingProxyType(
    {
        "read": (mark("Read"), mark("Subscriptions and documents, with every amount.")),
        "entitlements": (
            mark("Entitlements"),
            mark("Ask whether somebody may use a product now. It tells who holds which licence, by their address."),
        ),
    }
)
_STATES: Final[Mapping[KeyState, str]] = MappingProxyType(
    {
        "good": mark("accepted"),
        "expired": mark("has expired"),
        "revoked": mark("revoked"),
        "maker_gone": mark("not accepted"),
    }
)


def scope_word(w: Wording, scope: Scope) -> str:
    """What a scope is called."""
    return w.t(_SCOPES[scope][0])


def scope_does(w: Wording, scope: Scope) -> str:
    """What a scope lets a program do."""
    return w.t(_SCOPES[scope][1])


def key_state_word(w: Wording, state: KeyState) -> str:
    """Whether a key is good for something, in a word."""
    return w.t(_STATES[state])
