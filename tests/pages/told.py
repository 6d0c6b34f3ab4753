"""What the stories of `stories/` say of themselves: their title, their rule, and which terms they show.

The lines before `story:` are the rule and its arithmetic. One of them may say `# Shows: cancel: now; refund.end: none`:
this story would come out otherwise if these terms said something else.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.tree import ROOT

STORIES = ROOT / "stories"
_SHOWS = "# Shows: "


@dataclass(frozen=True, slots=True)
class Told:
    """A story as its file tells it. `shows` are keys of terms with a value as written, `""` for any value."""

    path: Path
    title: str
    rule: str
    shows: tuple[tuple[str, str], ...]

    @property
    def group(self) -> str:
        """The folder that it stands in."""
        return self.path.parent.name

    @property
    def refusal(self) -> str:
        """How it ends, where it is refused; empty where it is told to its end."""
        beside = self.path.with_suffix(".refused")
        return beside.read_text("utf-8").strip() if beside.exists() else ""


@cache
def told() -> tuple[Told, ...]:
    """Every story, in the order of folders and names."""
    return tuple(_told(path) for path in sorted(STORIES.rglob("*.yaml")))


def _told(path: Path) -> Told:
    head, _, rest = path.read_text("utf-8").partition("story: ")
    lines = [line for line in head.splitlines() if line.startswith("#")]
    rule = " ".join(line.removeprefix("#").strip() for line in lines if not line.startswith(_SHOWS))
    shows = [shown for line in lines if line.startswith(_SHOWS) for shown in _shown(line.removeprefix(_SHOWS))]
    return Told(path, rest.partition("\n")[0].strip().strip('"'), _sentence(rule), tuple(shows))


def _sentence(rule: str) -> str:
    parts = [part for part in re.split(r"(?:^| )Rule: ", rule) if part]
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def _shown(text: str) -> list[tuple[str, str]]:
    parts = [part.partition(": ") for part in text.split("; ")]
    return [(key.strip(), value.strip()) for key, _, value in parts]


def named(title: str) -> str:
    """The file name that belongs to a title: its words in small letters."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[’']", "", title.lower())).strip("-")
