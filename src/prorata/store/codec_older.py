"""What earlier versions of the program have stored, as this one understands it.

The first version had no phases, steps, discounts, trials or pauses: all of these are as if there were none, and the
choices that its terms did not have are those that it acted by. The second ended nothing that was not paid and announced
nothing: what was sold under its terms does so as the presets say. A document's hash is over what the document said on
its day; so its text can still be written in the first form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, cast

from prorata.core.calendar import Period
from prorata.core.catalog.terms import Refund
from prorata.core.documents.model import Cause, Document, Line, LineRef
from prorata.core.money import Money, UnitPrice
from prorata.core.proof import ChargeProof, CreditProof, Proof
from prorata.store.codec_reading import Unreadable

_TERMS: Final[Mapping[str, object]] = {
    "proration": "day",
    "change_plan": "now",
    "change_frequency": "now",
    "change_anchor": "keep",
    "trial": {"licences": 25, "card": False, "converts": "with_method"},
    "extend_trial": {"days": 30, "once": True, "within_days": 15},
    "expired_days": 30,
    "price_change_notice": 30,
    "backdate_days": 366,
}
"""What terms of the first version did not say yet."""

_LOSSES: Final[Mapping[str, object]] = {"grace_days": 30, "conflict_days": 90, "announce_days": [30, 7, 1]}
"""Nor those of the second."""


def terms(stored: object) -> object:
    """Terms of version 1 as those of version 3."""
    return second_terms(_with(stored, **_TERMS))


def second_terms(stored: object) -> object:
    """Terms of version 2 as those of version 3."""
    return _with(stored, **_LOSSES)


def agreement(stored: object) -> object:
    """An agreement of version 1 as one of version 3."""
    return _renewed(stored, terms)


def second_agreement(stored: object) -> object:
    """An agreement of version 2 as one of version 3."""
    return _renewed(stored, second_terms)


def _renewed(agreement: object, terms: Callable[[object], object]) -> object:
    found = _entries(agreement)
    special = {
        key: [[name, terms(of_it)] for name, of_it in _pairs(found.get(key))] for key in ("by_country", "by_kind")
    }
    return {**found, "base": terms(found.get("base")), **special}


def plan(stored: object) -> object:
    """A plan of version 1 as one of version 2."""
    found = _with(stored, setup=None, trial=None, phases=[], term=None)
    return {**found, "price": _with(found.get("price"), flat=None, tiers=None)}


def forfeits(stored: object) -> object:
    """Forfeits of version 1 as those of version 2."""
    return [_with(forfeit, item=None) for forfeit in _items(stored)]


def proof(stored: object) -> object:
    """A line's proof of version 1 as one of version 2."""
    found = _entries(stored)
    return _with(found, at_most=None) if "charged_seat_days" in found else found


def _with(stored: object, **more: object) -> dict[str, object]:
    found = _entries(stored)
    if found.keys() & more.keys():
        raise Unreadable(f"{str(stored)[:100]!r} has what its version had not.")
    return {**found, **more}


def _entries(stored: object) -> dict[str, object]:
    if not isinstance(stored, dict):
        raise Unreadable(f"{str(stored)[:100]!r} is not what belongs here.")
    return cast("dict[str, object]", stored)


def _items(stored: object) -> list[object]:
    if not isinstance(stored, list):
        raise Unreadable(f"{str(stored)[:100]!r} is not what belongs here.")
    return cast("list[object]", stored)


def _pairs(stored: object) -> list[tuple[object, object]]:
    pairs = [_items(pair) for pair in _items(stored)]
    if any(len(pair) != 2 for pair in pairs):
        raise Unreadable(f"{str(stored)[:100]!r} is not what belongs here.")
    return [(name, of_it) for name, of_it in pairs]


@dataclass(frozen=True, slots=True)
class FirstLine:
    """A line as a document of version 1 says it."""

    subscription: int
    kind: str
    period: Period
    licences: int
    price: UnitPrice
    price_version: int
    days: int
    of_days: int
    amount: Money
    tax_rate: Fraction | None
    proof: ChargeProof | FirstCreditProof
    cause: Cause
    corrects: LineRef | None
    refund: Refund | None
    tax: Money | None


@dataclass(frozen=True, slots=True)
class FirstCreditProof:
    """A credit's proof as a document of version 1 says it."""

    charged: Money
    charged_seat_days: int
    kept_seat_days: int
    credited_before: Money


def first_document(document: Document) -> Document:
    """A document that the first version made, with its lines as it said them. Raises TypeError for any other."""
    lines = tuple(map(_first_line, document.lines))
    return replace(document, lines=cast("tuple[Line, ...]", lines))


def _first_line(line: Line) -> FirstLine:
    if line.licences is None or line.price is None or line.days is None or line.of_days is None:
        raise TypeError(line)
    return FirstLine(
        line.subscription,
        line.kind,
        line.period,
        line.licences,
        line.price,
        line.item.version,
        line.days,
        line.of_days,
        line.amount,
        line.tax_rate,
        first_proof(line.proof),
        line.cause,
        line.corrects,
        line.refund,
        line.tax,
    )


def first_proof(proof: Proof) -> ChargeProof | FirstCreditProof:
    """A proof that the first version made, as it said it. Raises TypeError for any other."""
    match proof:
        case ChargeProof():
            return proof
        case CreditProof(charged, charged_seat_days, kept_seat_days, credited_before, None):
            return FirstCreditProof(charged, charged_seat_days, kept_seat_days, credited_before)
        case _:
            raise TypeError(proof)
