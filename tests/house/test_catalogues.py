"""Every sentence that users read is there in Dutch and Italian, with the same places to fill in."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, TextIO, cast

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # pyright: ignore[reportUnknownVariableType]
from babel.messages.pofile import read_po

from support.tree import PACKAGE

# Babel gives this one no types: methods by pattern, options by pattern.
_parse_mapping = cast(
    "Callable[[TextIO], tuple[list[tuple[str, str]], dict[str, dict[str, Any]]]]",
    parse_mapping_cfg,  # pyright: ignore[reportUnknownArgumentType]
)
_WORDING = PACKAGE / "wording"
_LANGUAGES = ("nl", "it")
_PLACE = re.compile(r"\{(\w*)[^{}]*\}")


def _catalogue(language: str) -> Catalog:
    path = _WORDING / "locale" / language / "LC_MESSAGES" / "prorata.po"
    return read_po(BytesIO(path.read_bytes()), locale=language, abort_invalid=True)


def _used() -> Iterator[tuple[str, str | None]]:
    """Every message in the sources: its English (of two forms the first), and its context."""
    with (_WORDING / "babel.cfg").open(encoding="utf-8") as mapping:
        read = _parse_mapping(mapping)
    for _, _, message, _, context in extract_from_dir(PACKAGE, *read):
        yield message if isinstance(message, str) else message[0], context


def _forms(text: object) -> list[str]:
    if isinstance(text, str):
        return [text]
    return [str(form) for form in cast("list[object]", text)] if isinstance(text, list | tuple) else []


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def _missing(catalogue: Catalog, used: Iterator[tuple[str, str | None]]) -> list[str]:
    return sorted({msgid for msgid, context in used if catalogue.get(msgid, context) is None})


def _faults(message: Message) -> list[str]:
    name = _forms(message.id)[0]
    said = _forms(message.string)
    if message.fuzzy:
        return [f"{name!r} is fuzzy"]
    if not said or not all(form.strip() for form in said):
        return [f"{name!r} has no translation"]
    # One form of a plural may leave out the number: "één licentie".
    first, last = _places(name), _places(_forms(message.id)[-1])
    offered, needed = first | last, (first & last) - {"count"}
    return [
        f"{name!r} and {form!r} have other places to fill in" for form in said if not needed <= _places(form) <= offered
    ]


def _all_faults(catalogue: Catalog) -> list[str]:
    return [fault for message in catalogue if message.id for fault in _faults(message)]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_sentence_has_a_translation(language: str) -> None:
    assert _missing(_catalogue(language), _used()) == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_translation_is_whole(language: str) -> None:
    assert _all_faults(_catalogue(language)) == []


def test_there_are_sentences_to_check() -> None:
    assert len(set(_used())) > 50


def _made_up(text: str) -> Catalog:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return read_po(BytesIO((header + text).encode()), locale="nl", abort_invalid=True)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('msgid "Bills"\nmsgstr ""\n', "'Bills' has no translation"),
        ('#, fuzzy\nmsgid "Bills"\nmsgstr "Facturen"\n', "'Bills' is fuzzy"),
        (
            'msgid "Ends on {day}"\nmsgstr "Eindigt op {dag}"\n',
            "'Ends on {day}' and 'Eindigt op {dag}' have other places to fill in",
        ),
        (
            'msgid "{count} licence"\nmsgid_plural "{count} licences"\nmsgstr[0] "{count} licentie"\nmsgstr[1] ""\n',
            "'{count} licence' has no translation",
        ),
    ],
)
def test_a_faulty_translation_is_found(text: str, fault: str) -> None:
    assert _all_faults(_made_up(text)) == [fault]


def test_a_form_of_a_plural_may_leave_its_number_out() -> None:
    text = 'msgid "one licence"\nmsgid_plural "{count} licences"\nmsgstr[0] "één"\nmsgstr[1] "{count} licenties"\n'
    assert _all_faults(_made_up(text)) == []


def test_a_missing_sentence_is_found_also_by_its_context() -> None:
    catalogue = _made_up('msgctxt "filter"\nmsgid "All"\nmsgstr "Alle"\n')
    used = [("All", "filter"), ("All", None), ("Bills", None)]
    assert _missing(catalogue, iter(used)) == ["All", "Bills"]
