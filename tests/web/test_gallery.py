"""The page of all components: complete, well formed, and in each language."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from prorata.web.app import create_app
from prorata.web.rendering import TEMPLATE_FOLDER
from support.serving import NO_TLS, serving

VOID = {"meta", "link", "input", "br", "img", "path", "rect", "circle", "hr"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(create_app()) as found:
        yield found


@pytest.fixture(params=["en", "nl", "it"])
def page(address: str, request: pytest.FixtureRequest) -> str:
    answer = httpx.get(f"{address}/gallery", headers={"accept-language": request.param}, verify=NO_TLS)
    assert answer.status_code == 200
    return answer.text


class Reader(HTMLParser):
    """Reads a page and notes ids, references to ids, and elements that are not closed where they should be."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.inline: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        for name in ("aria-labelledby", "aria-describedby", "for", "popovertarget", "data-filter", "data-preview"):
            self.references |= set(values.get(name, "").split())
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in values:
            self.inline.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_elements_close_ids_are_unique_and_every_reference_leads_somewhere(page: str) -> None:
    reader = read(page)
    assert reader.unbalanced == []
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.references <= set(reader.ids)


def test_nothing_is_styled_or_scripted_inside_the_page(page: str) -> None:
    assert read(page).inline == []
    assert "<style" not in page


def test_the_page_has_one_title_and_one_place_of_work(page: str) -> None:
    assert len(re.findall(r"<h1", page)) == 1
    assert len(re.findall(r"<main", page)) == 1
    assert '<a class="skip" href="#work">' in page


def component_files() -> list[Path]:
    return sorted((TEMPLATE_FOLDER / "components").glob("*.html"))


def public_macros(file: Path) -> list[str]:
    return re.findall(r"{% macro ([a-z]\w*)\(", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", component_files(), ids=lambda file: file.stem)
def test_a_component_is_documented_at_the_head_of_its_file(file: Path) -> None:
    head = file.read_text(encoding="utf-8").split("#}")[0]
    assert [name for name in public_macros(file) if f"{name}(" not in head and name != "shape"] == []


def test_every_component_is_known_by_one_name_and_shown_on_the_page() -> None:
    gallery = (TEMPLATE_FOLDER / "gallery.html").read_text(encoding="utf-8")
    collection = (TEMPLATE_FOLDER / "ui.html").read_text(encoding="utf-8")
    names = [name for file in component_files() for name in public_macros(file)]
    assert [name for name in names if f"{{% set {name} = " not in collection] == []
    inside_others = {"icon", "shape", "mark", "hidden", "link"}
    assert [name for name in names if f"ui.{name}(" not in gallery and name not in inside_others] == []


def test_money_and_dates_read_as_the_language_writes_them(address: str) -> None:
    found = {
        language: httpx.get(f"{address}/gallery", headers={"accept-language": language}, verify=NO_TLS).text
        for language in ("en", "nl", "it")
    }
    assert "€98.31" in found["en"]
    assert "€\u00a098,31" in found["nl"]
    assert "98,31\u00a0€" in found["it"]
    assert "10 licences × €12.50, 3 March to 14 March 2026 (12 of 28 days)" in found["en"]
    assert "10 licenties × €\u00a012,50, 3 maart tot en met 14 maart 2026 (12 van 28 dagen)" in found["nl"]
    assert "10 licenze × 12,50\u00a0€, dal 3 marzo al 14 marzo 2026" in found["it"]


def test_a_preview_answers_with_the_values_of_the_form(address: str) -> None:
    # 15 × 12.50 = 187.50
    assert "Buy for €187.50 per month" in httpx.get(f"{address}/gallery?licences=15", verify=NO_TLS).text
    assert "Enter a number from 1 to 10,000." in httpx.get(f"{address}/gallery?licences=0", verify=NO_TLS).text
