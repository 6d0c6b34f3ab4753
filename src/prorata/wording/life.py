"""The days of a subscription's life in words: what happens on each, in the tense of the day."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.core.insights.life import Entry, What
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

_COUNTED: Final[Mapping[What, tuple[str, str]]] = MappingProxyType(
    {
        "bought": mark_plural("Bought, {count} licence", "Bought, {count} licences"),
        "trial": mark_plural("Free trial, {count} licence", "Free trial, {count} licences"),
        "renews": mark_plural("Renews, {count} licence", "Renews, {count} licences"),
        "licences": mark_plural("There is {count} licence", "There are {count} licences"),
        "conflict": mark_plural("{count} member loses a licence", "{count} members lose a licence"),
    }
)
_TO_COME: Final[Mapping[What, str]] = MappingProxyType(
    {
        "converts": mark("The trial is over, and the paid subscription begins"),
        "lapses": mark("The trial ends"),
        "reactivated": mark("Reactivated"),
        "paused": mark("Paused"),
        "resumed": mark("Resumed"),
        "plan": mark("The plan changes"),
        "expires": mark("It expires"),
        "disabled": mark("Members lose access"),
        "deleted": mark("The data is deleted"),
    }
)
_OVER: Final[Mapping[What, str]] = MappingProxyType(
    {
        "lapses": mark("The trial ended"),
        "expires": mark("It expired"),
        "disabled": mark("Members lost access"),
        "deleted": mark("The data was deleted"),
    }
)


def happens(w: Wording, entry: Entry, *, paused: bool = False) -> str:
    """What happens on the day of an entry: "Renews, 10 licences"; of what is `paused` nobody loses access."""
    if paused and entry.what == "disabled":
        return w.t("The subscription ended") if entry.how == "past" else w.t("The subscription ends")
    counted = _COUNTED.get(entry.what)
    if counted:
        return w.n(*counted, entry.licences or 0)
    over = _OVER.get(entry.what) if entry.how == "past" else None
    return w.t(over or _TO_COME[entry.what])


def unless(w: Wording, entry: Entry) -> str | None:
    """What an entry depends on; None for what has been or is certain."""
    return w.t("Unless what is past due is paid before.") if entry.how == "conditional" else None
