"""`docs/reference/terms.md`: every key of the terms, its values, what the presets say, and a story for each value."""

from itertools import groupby
from os.path import relpath

from pages.keys import KEYS, Key
from pages.told import Told, told
from pages.values import PRESETS, value
from support.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "terms.md"

_HEAD = """# Terms

Terms are the choices of an agreement: when is billed, what a change or an end gives back, how long things wait. A story
writes them as `terms: {preset: classic, change_plan: renewal}`, a plan may have others than its story, and a
subscription keeps the terms that it was sold under. Whatever is not written is the preset's.

"At the renewal" and "with its period" mean the next boundary between two periods, in arrears too. The stories show what
each value does, with all amounts and how they come about: with another value they would come out otherwise.

`retries` is kept for what comes later: it is refused by name.

This page is written by `make docs`, from the code and the stories.
"""
_OF_AGREEMENTS = ("preset", "by_country", "by_kind")
"""Keys that a file may have beside those of terms themselves."""


def written() -> str:
    """The page as it should be."""
    sections = ["\n".join(_section(list(keys))) for _, keys in groupby(KEYS, key=lambda key: key.path.split(".")[0])]
    return "\n".join([_HEAD, *_at_a_glance(), "", *sections]).rstrip("\n") + "\n"


def _at_a_glance() -> list[str]:
    listed = [key.path for key in KEYS if "." not in key.path and key.path not in _OF_AGREEMENTS]
    rows = [
        " | ".join((f"| [`{path}`](#{path})", *(f"`{value(t, path)}`" for t in PRESETS.values()))) for path in listed
    ]
    return [
        "## At a glance",
        "",
        "| key | " + " | ".join(PRESETS) + " |",
        "|---|---|---|",
        *(f"{row} |" for row in rows),
    ]


def _section(keys: list[Key]) -> list[str]:
    """A key, and the keys inside of it."""
    first, *inner = keys
    lines = [f"## {first.path}", "", f"{first.means} {first.form}".strip(), "", *_table(first)]
    for key in inner:
        lines += [f"**`{key.path}`** {key.means} {key.form}".strip(), "", *_table(key)]
    return lines


def _table(key: Key) -> list[str]:
    rows = [_row(key, text) for text in _values(key)]
    columns = {"value": True, "means": bool(key.values), "preset": key.path not in _OF_AGREEMENTS, "shown by": True}
    kept = [place for place, is_there in enumerate(columns.values()) if is_there]
    table = [list(columns), ["---"] * len(columns), *rows]
    return ["| " + " | ".join(row[place] for place in kept) + " |" for row in table if rows] + ([""] if rows else [])


def _values(key: Key) -> list[str]:
    """The words of a key; where it may be something else, what the presets say and what the stories show of that."""
    free: list[str] = []
    if key.form:
        shown = (text for each in told() for path, text in each.shows if path == key.path)
        of_presets = [] if key.path in _OF_AGREEMENTS else [value(terms, key.path) for terms in PRESETS.values()]
        free = [*(text for text in of_presets if text), *sorted(shown, key=_by_number)]
    return list(dict.fromkeys([*key.values, *free]))


def _by_number(text: str) -> tuple[int, str]:
    return (0, text.zfill(9)) if text.isdecimal() else (1, text)


def _row(key: Key, text: str) -> list[str]:
    of = [] if key.path in _OF_AGREEMENTS else [name for name, t in PRESETS.items() if value(t, key.path) == text]
    stories = [_link(each) for each in told() if (key.path, text) in each.shows]
    return [f"`{text}`" if text else "any", key.values.get(text, ""), ", ".join(of), ", ".join(stories)]


def _link(story: Told) -> str:
    return f"[{story.title}]({relpath(story.path, PAGE.parent)})"
