"""The pages that are written by a program say what the code and the stories say now, and each story shows its terms."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from pages import PAGES
from pages.keys import KEYS
from pages.stories_page import FIRST, GROUPS
from pages.told import STORIES, Told, named, told
from pages.values import keys_of_terms, value, words
from prorata.cli.story_file import read_story
from prorata.cli.yaml_values import WrongFile
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import TermNotYet, with_terms
from prorata.core.stories.model import Story
from prorata.core.stories.player import Refused
from prorata.core.stories.result import Json
from support.stories import result_of

OF_AGREEMENTS = {"preset": {"classic", "commit"}, "by_country": set[str](), "by_kind": set[str]()}
SHOWN = [(story, path, text) for story in told() for path, text in story.shows]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_written_page_is_up_to_date(page: Path):
    assert page.read_text("utf-8") == PAGES[page](), "run: make docs"


def test_every_key_of_the_terms_is_on_the_page():
    assert [key.path for key in KEYS if "." not in key.path] == ["preset", *keys_of_terms(), "by_country", "by_kind"]
    assert {key.path for key in KEYS} == {*words(), *OF_AGREEMENTS}


def test_every_word_that_a_key_may_be_is_on_the_page():
    known = words() | OF_AGREEMENTS
    assert {key.path: set(key.values) for key in KEYS if set(key.values) != set(known[key.path])} == {}


def test_every_value_has_a_story():
    shown = {(path, text) for _, path, text in SHOWN}
    assert [(key.path, text) for key in KEYS for text in key.values if (key.path, text) not in shown] == []
    numbers = [key.path for key in KEYS if key.form]
    assert [path for path in numbers if path not in {shown_path for shown_path, _ in shown}] == []


@pytest.mark.parametrize("key", ["retries"])
def test_the_keys_of_later_are_refused_by_name(key: str):
    with pytest.raises(TermNotYet):
        with_terms(CLASSIC, {key: 30})


@pytest.mark.parametrize(("story", "path", "text"), SHOWN, ids=lambda of: of.path.stem if isinstance(of, Told) else of)
def test_a_story_shows_what_it_says(story: Told, path: str, text: str):
    """It is sold under that value, and under another one it comes out otherwise."""
    raw = cast("dict[str, Any]", yaml.safe_load(story.path.read_bytes()))
    raw.pop("expect", None)
    read = read_story(written(raw)).story
    assert text in said(read, raw, path)
    assert any(outcome(other) != outcome(read) for other in others(raw, path, text))


def said(story: Story, raw: dict[str, Any], path: str) -> set[str]:
    terms: dict[str, Any] = raw.get("terms", {})
    if path == "preset":
        return {terms.get("preset", "classic")}
    if path in OF_AGREEMENTS:
        return {""} if path in terms else set()
    return {value(sold.terms, path) for sold in story.plans}


def others(raw: dict[str, Any], path: str, text: str) -> Iterator[Story]:
    """The story under other values, but for those that cannot be written in it."""
    for changed in changes(raw, path, text):
        try:
            yield read_story(written(changed)).story
        except WrongFile:
            continue


def changes(raw: dict[str, Any], path: str, text: str) -> Iterator[dict[str, Any]]:
    terms: dict[str, Any] = raw.get("terms", {})
    if path == "preset":
        yield {**raw, "terms": {**terms, "preset": "classic" if text == "commit" else "commit"}}
    elif path in OF_AGREEMENTS:
        yield {**raw, "terms": {key: of for key, of in terms.items() if key != path}}
    else:
        for other in sorted(words()[path] - {text}) or ["{}" if text == "none" else "1", "3000"]:
            plans = {name: {**plan, "terms": with_value(plan, path, other)} for name, plan in raw["plans"].items()}
            yield {**raw, "plans": plans}


def with_value(plan: dict[str, Any], path: str, other: str) -> dict[str, Any]:
    terms: dict[str, Any] = plan.get("terms", {})
    first, _, inner = path.partition(".")
    plain = yaml.safe_load(other)
    return {**terms, first: {inner: plain} if inner else plain}


def written(raw: dict[str, Any]) -> bytes:
    """JSON is YAML; days are text there."""
    return json.dumps(raw, default=lambda day: cast("date", day).isoformat()).encode()


def outcome(story: Story) -> Json:
    try:
        return result_of(story)
    except Refused as refused:
        return [refused.place, refused.error.code]


def test_the_file_of_a_story_is_named_by_its_title():
    assert [story.path.stem for story in told() if story.path.stem != named(story.title)] == []


def test_every_story_begins_with_its_rule():
    assert [story.path.stem for story in told() if not story.rule] == []


def test_every_folder_of_stories_has_its_place():
    assert {story.group for story in told()} == set(GROUPS)
    first = [STORIES / group / f"{name}.yaml" for group, names in FIRST.items() for name in names]
    assert [path.stem for path in first if not path.exists()] == []


def test_links_from_the_stories_lead_somewhere():
    targets = [part.partition(")")[0] for part in (STORIES / "README.md").read_text("utf-8").split("](")[1:]]
    assert [target for target in targets if not target.startswith("#") and not (STORIES / target).exists()] == []
