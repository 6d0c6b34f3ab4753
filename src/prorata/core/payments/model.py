"""A payment as data."""

from __future__ import annotations

from datetime import date

from prorata.core.money import Money
from prorata.core.records import record


@record
class Payment:
    """Money received for one document by a method; `left` is what of it has not been given back."""

    id: int
    document: int
    on: date
    method: str
    amount: Money
    left: Money

    def with_left(self, left: Money) -> Payment:
        """The same payment when so much of it is left."""
        return Payment(self.id, self.document, self.on, self.method, self.amount, left)
