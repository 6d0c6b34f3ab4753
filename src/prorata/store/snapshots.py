"""What stands on a document besides its lines: who issued it and for whom, as on its day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "nl", "it"]


@dataclass(frozen=True, slots=True)
class SellerSnapshot:
    """Who issues the document; `address` in lines, `tax_ids` as the seller writes them."""

    name: str
    address: str
    country: str
    tax_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    """Whom the document is for: the billing profile; `country` is the account's."""

    name: str
    address: str
    country: str
    purchase_order: str | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that a document carries and no rule needs."""

    seller: SellerSnapshot
    customer: CustomerSnapshot
    language: Language
