"""What a check found."""

from __future__ import annotations

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


def unlike(stored: int, *, should: int, of: Currency) -> str:
    """Two amounts in minor units that ought to be one."""
    return f"{Money(stored, of)} {of.code} is stored, {Money(should, of)} is what it should be"
