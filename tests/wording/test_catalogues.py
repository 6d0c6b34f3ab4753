"""That each language says everything, says it with the same facts, and says it in the house's tone."""

import re
from pathlib import Path
from string import Formatter
from typing import Any, cast

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # pyright: ignore[reportUnknownVariableType]

import prorata
from prorata.wording import Language
from prorata.wording.catalogues import read_catalogue

PACKAGE = Path(prorata.__file__).parent
TRANSLATED = [Language.NL, Language.IT]
# How to read which files, and with what options: Babel names no types for it.
_Mapping = tuple[list[tuple[str, str]], dict[str, dict[str, Any]]]
HOW = "run `make messages` and fill in what is empty"


def written_messages() -> set[str]:
    """Every message of the source: what `make messages` would collect now."""
    with (PACKAGE / "wording" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = cast("_Mapping", parse_mapping_cfg(file))
    found = extract_from_dir(PACKAGE, methods, options, keywords={})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each form of the message with its translation."""
    originals = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    translations = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return list(zip(originals, translations, strict=True))


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", Language)
def test_a_catalogue_holds_exactly_the_messages_of_the_source(language: Language) -> None:
    assert {msgid(message) for message in messages(read_catalogue(language))} == written_messages(), HOW


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: Language) -> None:
    empty = [msgid(m) for m in messages(read_catalogue(language)) if not all(text for _, text in pairs(m))]
    assert empty == [], HOW


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_parameters_of_its_message(language: Language) -> None:
    other = [
        (original, text)
        for message in messages(read_catalogue(language))
        for original, text in pairs(message)
        if names(original) != names(text)
    ]
    assert other == []


@pytest.mark.parametrize("language", Language)
def test_nobody_is_shouted_at_and_apostrophes_are_typographic(language: Language) -> None:
    rough = [
        text
        for message in messages(read_catalogue(language))
        for pair in pairs(message)
        for text in pair
        if re.search(r"[!']|\.\.\.", text)
    ]
    assert rough == [], "no exclamation mark; ’ for an apostrophe; … for an ellipsis"


def test_dutch_says_u() -> None:
    informal = re.compile(r"\b(je|jij|jouw|jullie)\b", re.IGNORECASE)
    assert [text for m in messages(read_catalogue(Language.NL)) for _, text in pairs(m) if informal.search(text)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_message_and_its_translation_end_alike(language: Language) -> None:
    # A sentence ends with a full stop, a label without: the kind of text is the same in each language.
    unlike = [
        (original, text)
        for message in messages(read_catalogue(language))
        for original, text in pairs(message)
        if original.endswith(".") != text.endswith(".")
    ]
    assert unlike == []
