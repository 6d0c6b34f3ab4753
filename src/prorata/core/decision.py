"""A decision: what follows from an event, complete and unsaved.

Deciding changes nothing. A preview is a decision that nobody saves; an act is the same decision, saved.
"""

from __future__ import annotations

from datetime import date, datetime

from prorata.core.calendar import business_date
from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.ledger.transfers import Transfer
from prorata.core.payments.model import Payment
from prorata.core.records import record


@record
class Decision:
    """The history afterwards, and what is new: documents, transfers, payments and credit lots, in their order.

    Where nothing follows, `after` is the very object that `before` is.
    """

    before: History
    after: History
    at: datetime
    documents: tuple[Document, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    payments: tuple[Payment, ...] = ()
    lots: tuple[CreditLot, ...] = ()

    @property
    def today(self) -> date:
        """The business day of the event."""
        return business_date(self.at, self.after.account.zone)
