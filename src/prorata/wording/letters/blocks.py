"""A letter as its parts, before it is laid out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 80
"""Names are typed by people whom the reader may not know: long enough for any name, too short for a letter."""

_LIKE_A_LINK: Final = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2,})|(?<=:)(?=//)|(?<=\w)(?=@\w)")
_WORD_JOINER: Final = "\u2060"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """What the reader types, by itself and easily read off."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """The one way on; `href` is an address of the site."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A few facts, each under its name."""

    rows: tuple[tuple[str, str], ...]


Block = Paragraph | Code | Button | Facts


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `site` stands at its head, `foot` below everything."""

    subject: str
    site: str
    blocks: tuple[Block, ...]
    foot: str


def harmless(text: str) -> str:
    """What somebody else typed, fit to stand in our letter: one line, not long, and nothing that becomes a link.

    A mail program makes links of what looks like an address; a stranger's name must not lead anywhere. Between the
    parts of such an address comes a character that is not seen.
    """
    seen = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    line = " ".join(seen.split())
    short = line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}…"
    return _LIKE_A_LINK.sub(lambda found: f"{_WORD_JOINER}{found.group()}", short)
