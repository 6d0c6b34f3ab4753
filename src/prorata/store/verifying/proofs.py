"""Proofs as they are stored, made into amounts: each text once, since the same months and prices come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from prorata.core.money import Money
from prorata.core.proof import ChargeProof, Proof, prove
from prorata.store import codec
from prorata.store.codec import Unreadable
from prorata.store.codec_older import first_proof
from prorata.store.codec_writing import write_text

_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Proved:
    """A proof, the amount that follows from it in minor units, and its one spelling.

    `first`: its spelling in a document of the first form; None where it could not stand there. `about`: the price as it
    is written, licences, days and days of the period; None where it is no charge.
    """

    proof: Proof
    minor: int
    currency: str
    text: str
    first: str | None
    about: tuple[str, int, int, int] | None


@lru_cache(_KEPT)
def line_proof(stored: str) -> Proved:
    """What a line's proof comes to; raises `Unreadable`."""
    proof = codec.PROOF.read(json.loads(stored))
    amount = _prove(proof)
    about = None
    if isinstance(proof, ChargeProof):
        about = (f"{proof.price.amount:f}", proof.licences, proof.days, proof.of_days)
    return Proved(proof, amount.minor, amount.currency.code, write_text(proof), _first(proof), about)


def _first(proof: Proof) -> str | None:
    try:
        return write_text(first_proof(proof))
    except TypeError:
        return None


@dataclass(frozen=True, slots=True)
class ProvedTax:
    """A tax proof, the tax that follows from it in minor units, and its one spelling.

    `rate` as JSON writes it; `base` in minor units; `is_plain`: nothing is closed, and there is no bound.
    """

    minor: int
    currency: str
    text: str
    rate: str
    base: int
    is_plain: bool


@lru_cache(_KEPT)
def tax_proof(stored: str) -> ProvedTax:
    """What a tax group's proof comes to; raises `Unreadable`."""
    proof = codec.TAX_PROOF.read(json.loads(stored))
    tax = _prove(proof)
    return ProvedTax(
        tax.minor,
        tax.currency.code,
        write_text(proof),
        rate=write_text(proof.rate),
        base=proof.base.minor,
        is_plain=not proof.closing and proof.at_most is None,
    )


@lru_cache(_KEPT)
def rate_text(stored: str | None) -> str:
    """The JSON of a rate that the database writes as a decimal, in percent."""
    return write_text(None if stored is None else Fraction(stored))


def _prove(proof: Proof) -> Money:
    try:
        return prove(proof)
    except (ZeroDivisionError, TypeError):
        raise Unreadable("proof: nothing can be computed from it.") from None
