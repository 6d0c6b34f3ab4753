"""What somebody wrote in their own words, on its way through an address: sealed, for addresses are kept by browsers and
by whoever passes them on. Only who wrote it reads it again, in the account in which they wrote it.
"""

from __future__ import annotations

from typing import Final

from prorata.usecases.keys import NotOurSeal
from prorata.web.visits import Visit

LONGEST: Final = 2000
"""Characters; what is longer is refused anyway, and would make an address that nobody takes."""


def sealed(here: Visit, words: str) -> str:
    """The words as an address may hold them; nothing stays nothing."""
    return here.services.keys.seal(_whose(here) + words) if 0 < len(words) <= LONGEST else ""


def unsealed(here: Visit, text: str) -> str:
    """The words again; none where somebody else wrote them, or nobody did."""
    try:
        said = here.services.keys.unseal(text) if text else ""
    except NotOurSeal:
        return ""
    whose = _whose(here)
    return said.removeprefix(whose) if said.startswith(whose) else ""


def _whose(here: Visit) -> str:
    actor = here.actor
    return f"{here.account} {actor.side} {actor.member or 0} {actor.person or 0}\n"
