"""A browser in words, from what it says of itself: enough to know one's own again."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "?"
_MOST: Final = 1000

# The first that is found: most browsers name several others before themselves.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Version/", "Safari"), ("curl/", "curl"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def agent_words(header: str) -> str:
    """The browser and the system, as `Chrome/Linux`; `?` for what is not known. Names only, in no language."""
    text = header[:_MOST]
    return f"{_first(text, _BROWSERS)}/{_first(text, _SYSTEMS)}"


def _first(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in text), UNKNOWN)
