"""A browser as its owner calls it."""

from __future__ import annotations

from typing import Final

from prorata.wording.words import Wording

UNKNOWN: Final = "?"


def agent_said(w: Wording, agent: str) -> str:
    """Say what is kept as `Chrome/Linux`: "Chrome on Linux"; `?` stands for what is not known."""
    browser, _, system = agent.partition("/")
    match browser in ("", UNKNOWN), system in ("", UNKNOWN):
        case False, False:
            return w.t("{browser} on {system}", browser=browser, system=system)
        case False, True:
            return browser
        case True, False:
            return w.t("an unknown browser on {system}", system=system)
        case _:
            return w.t("an unknown browser")
