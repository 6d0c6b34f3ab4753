"""Why people cancelled in the last twelve months, as the vendor reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from prorata.store.screens import cancellations
from prorata.store.screens.cancellations import Counted, Said
from prorata.usecases.act import Services
from prorata.usecases.permissions import Actor

BACK: Final = timedelta(days=365)
MOST_SAID: Final = 50


@dataclass(frozen=True, slots=True)
class ReasonsPage:
    """How often each reason was given, and the newest of what was said in words; of all accounts."""

    counted: tuple[Counted, ...]
    said: tuple[Said, ...]

    @property
    def cancellations(self) -> int:
        """How many there were, with a reason and without."""
        return sum(one.count for one in self.counted)


def reasons_page(services: Services, actor: Actor) -> ReasonsPage:
    """Read the page; raises `NotAllowed`."""
    actor.must("see_accounts")
    with services.database.owner(read_only=True) as conn:
        since = services.clock.now() - BACK
        return ReasonsPage(
            counted=cancellations.counts(conn, since=since),
            said=cancellations.latest_words(conn, since=since, most=MOST_SAID),
        )
