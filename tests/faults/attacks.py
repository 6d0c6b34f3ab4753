"""What the tests of this folder have in common: the work of a worker, and what must hold after every attack."""

from __future__ import annotations

from datetime import datetime

from faults.records import differences
from faults.site import BATCH, EVENING, Ground, Site
from faults.workers import Work

IMPATIENT = (0.0, 0.1, 0.2)
"""For a database that stays away: three tries within a moment."""


def work_on(
    site: Site, *, at: datetime = EVENING, patience: tuple[float, ...] | None = None, wait: int | None = None
) -> Work:
    """The run of the day on a site."""
    return Work(site.owner_url, site.app_url, site.seller, at, BATCH, patience, wait)


def must_be_whole(site: Site, ground: Ground, *, numbers: bool) -> None:
    """What is stored is what an undisturbed run stores; `numbers`: and each document has the very number.

    For that one worker must do the batches in their order. After a lost connection it need not: the server may hold the
    batch for a moment longer, and the worker goes on with the next.
    """
    expected = ground.expected if numbers else ground.expected_without_numbers
    wrong = [*site.faults(), *differences(site.records(numbers=numbers), expected)]
    assert not wrong, "\n".join(wrong)
