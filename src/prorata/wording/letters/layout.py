"""A letter as plain text and as HTML.

The HTML brings everything with it: nothing is fetched when it is read, so nobody learns that it was. Its style is one
element that is always the same, so that a page which shows letters can allow it by its hash and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from prorata.wording.languages import Language
from prorata.wording.letters.blocks import Block, Button, Code, Facts, Letter, Paragraph

_FOLDER: Final = Path(__file__).parent


def as_text(letter: Letter) -> str:
    """The letter for who reads plain text; the line of two dashes is where mail programs know a foot begins."""
    parts = [_text_of(block) for block in letter.blocks]
    return "\n\n".join(parts) + f"\n\n-- \n{letter.foot}\n"


def as_html(letter: Letter, language: Language) -> str:
    """The same letter laid out."""
    blocks = [(type(block).__name__, block) for block in letter.blocks]
    return _template().render(letter=letter, blocks=blocks, language=language.value, style=_style())


@cache
def style_hash() -> str:
    """The style of every letter, as a content security policy names it."""
    return f"sha256-{b64encode(sha256(_style().encode()).digest()).decode()}"


def _text_of(block: Block) -> str:
    match block:
        case Paragraph(text):
            return text
        case Code(text):
            return f"    {text}"
        case Button(label, href):
            return f"{label}:\n{href}"
        case Facts(rows):
            return "\n".join(f"{name}: {value}" for name, value in rows)


@cache
def _style() -> str:
    return (_FOLDER / "letter.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")
