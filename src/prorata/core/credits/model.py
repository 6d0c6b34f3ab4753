"""Account credit as data."""

from __future__ import annotations

from datetime import date
from typing import Literal

from prorata.core.money import Money
from prorata.core.records import record

Origin = Literal["paid", "goodwill"]
"""`paid` was money and can be paid back; `goodwill` was a gift and cannot."""


@record
class CreditLot:
    """Account credit of one origin, made by one document; `left` is what is still unused."""

    id: int
    origin: Origin
    document: int | None
    on: date
    amount: Money
    left: Money

    def with_left(self, left: Money) -> CreditLot:
        """The same lot when so much of it is left."""
        return CreditLot(self.id, self.origin, self.document, self.on, self.amount, left)
