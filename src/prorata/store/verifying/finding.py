"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prorata.core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stored is not as it should be. `code` names the check, `where` the row, `detail` what was found."""

    code: str
    where: str
    detail: str


def unverifiable(where: str, failure: Exception) -> Finding:
    """Something that cannot even be looked at; `where`: whose it is."""
    said = next(iter(str(failure).splitlines()), "")
    return Finding("unverifiable", where, f"{type(failure).__name__}: {said}")


def surviving(where: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """What is found, and where looking fails, that it does: whatever it was, everything else is still looked at."""
    try:
        yield from found
    except Exception as failure:  # noqa: BLE001 - rows that somebody has changed by hand can say anything
        yield unverifiable(where, failure)


def unlike(stored: int, *, should: int, of: Currency) -> str:
    """Two amounts in minor units that ought to be one."""
    return f"{Money(stored, of)} {of.code} is stored, {Money(should, of)} is what it should be"
