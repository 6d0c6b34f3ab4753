"""Reading one value: what every kind of setting is made of, and how a wrong one is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
SHORTEST_SECRET = 32
"""Characters: what `secrets.token_urlsafe` makes of 24 random bytes has as many."""
_FEWEST_DIFFERENT = 12
# What stands in instructions and on keyboards is the first that is tried.
_KNOWN = (
    "0123456789", "123456789", "abcdefgh", "changeit", "changeme", "default", "example", "insecure", "password",
    "prorata", "qwerty", "replace", "secret", "your",
)  # fmt: skip


class SettingError(Exception):
    """A setting from the environment cannot be used; `variable` is its name, the text says what to write."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}")
        self.variable = variable


def whole(environment: Mapping[str, str], variable: str, *, default: int, most: int) -> int:
    """A whole number from 1; raises SettingError."""
    text = environment.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= most):
        raise SettingError(variable, f"must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)


def secret(environment: Mapping[str, str], variable: str) -> str | None:
    """A secret that nobody guesses; it is never repeated in an error."""
    text = environment.get(variable, "")
    if not text:
        return None
    make = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
    if len(text) < SHORTEST_SECRET or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingError(variable, f"must have {SHORTEST_SECRET} or more characters without blanks. {make}")
    if len(set(text)) < _FEWEST_DIFFERENT or _repeats(text):
        raise SettingError(variable, f"must not repeat itself. {make}")
    if any(word in text.lower() for word in _KNOWN):
        raise SettingError(variable, f"must be random, with no word of an example in it. {make}")
    return text


def _repeats(text: str) -> bool:
    """Whether the first third of a text comes again further on."""
    third = len(text) // 3
    return text[:third] in text[third:]
