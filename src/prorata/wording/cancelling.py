"""Why somebody cancels, as they choose it and as the vendor reads it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.wording.marking import mark
from prorata.wording.words import Wording

_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "too_expensive": mark("It costs too much"),
        "not_needed": mark("It is needed no longer"),
        "not_used": mark("It is used too little"),
        "missing": mark("Something is missing in it"),
        "not_working": mark("It did not work well enough"),
        "other_product": mark("Another product takes its place"),
        "other": mark("Another reason"),
    }
)


def reason_word(w: Wording, reason: str) -> str:
    """What a reason is called; the empty one says that none was given."""
    return w.t(_REASONS[reason]) if reason in _REASONS else w.t("No reason given")
