"""Chromium for journeys: where it is found, what a page may not do, and what axe says about it."""

import os
import shutil
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypedDict, cast

from playwright.sync_api import ConsoleMessage, Page, Request

WIDTHS = {"en": 1440, "nl": 390, "it": 1440}
"""How wide the window of a journey is that is made once in each language; `fits` looks at the other width too."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> Path | None:
    """The browser: what PRORATA_CHROMIUM names, or the first one on the path."""
    named = os.environ.get("PRORATA_CHROMIUM")
    if named:
        return Path(named)
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def is_required() -> bool:
    """Whether a missing browser is a failure: PRORATA_REQUIRE_BROWSER=1."""
    return os.environ.get("PRORATA_REQUIRE_BROWSER") == "1"


@dataclass  # without slots: Playwright puts a mark of its own on what it calls back
class Faults:
    """What goes wrong unseen while a page is used: errors of scripts, refusals, requests to elsewhere."""

    found: list[str] = field(default_factory=list[str])

    def watch(self, page: Page) -> None:
        """Note the faults of a page from now on."""
        page.on("pageerror", lambda error: self._failed(str(error)))
        page.on("console", self._said)
        page.on("request", self._requested)

    def _failed(self, error: str) -> None:
        # Chromium reports a cross-fade that a quick click cut short as an error, and where scripts are off no script
        # can tell it that this is fine.
        if "Transition was aborted" not in error:
            self.found.append(f"script: {error}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 on purpose is no fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.found.append(f"console: {message.text}")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")):
            self.found.append(f"request to elsewhere: {request.url}")


class OpenPage(Protocol):
    """Opens a page as a new visitor, without cookies; `language` is what the browser asks for: en, nl or it."""

    def __call__(self, *, width: int = 1440, language: str = "en", scripts: bool = True) -> Page: ...


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds wrong on the page as it is: the rule, in how many places, what to do, and the first place."""
    # A click waits until the next page begins to come, and not for more.
    page.wait_for_load_state()
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = cast("_Found", page.evaluate("axe.run(document, {resultTypes: ['violations']})"))
    return [
        f"{each['id']} ({len(each['nodes'])}): {each['help']}: {each['nodes'][0]['html']}"
        for each in found["violations"]
    ]


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window, on a phone and on a desk."""
    fitting: list[bool] = []
    before = page.viewport_size
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        fitting.append(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
    if before:
        page.set_viewport_size(before)
    return all(fitting)


class _Place(TypedDict):
    html: str


class _Violation(TypedDict):
    id: str
    help: str
    nodes: list[_Place]


class _Found(TypedDict):
    violations: list[_Violation]
