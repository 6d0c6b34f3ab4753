"""A decision: what follows from an event, complete and unsaved.

Deciding changes nothing. A preview is a decision that nobody saves; an act is the same decision, saved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from prorata.core.calendar import business_date
from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import Document
from prorata.core.history import Charge, History
from prorata.core.ledger.transfers import Transfer
from prorata.core.payments.model import Payment
from prorata.core.subscriptions.model import Subscription


@dataclass(frozen=True, slots=True)
class Decision:
    """The history afterwards, and what is new: documents, transfers, payments and credit lots, in their order.

    `spot` names the subscriptions of which a document is to be written at this instant.
    """

    before: History
    after: History
    at: datetime
    documents: tuple[Document, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    payments: tuple[Payment, ...] = ()
    lots: tuple[CreditLot, ...] = ()
    spot: frozenset[int] = frozenset()

    @property
    def today(self) -> date:
        """The business day of the event."""
        return business_date(self.at, self.after.account.zone)

    def with_subscription(self, subscription: Subscription) -> Decision:
        """Put a subscription's new state in its place, one version further; a new one comes last."""
        known = {s.id for s in self.after.subscriptions}
        if subscription.id in known:
            subscription = replace(subscription, version=subscription.version + 1)
            subscriptions = tuple(subscription if s.id == subscription.id else s for s in self.after.subscriptions)
        else:
            subscriptions = (*self.after.subscriptions, subscription)
        return replace(self, after=replace(self.after, subscriptions=subscriptions))

    def with_charges(self, charges: tuple[Charge, ...]) -> Decision:
        """Put charges' new states in their places; new ones come last."""
        new = {c.ref: c for c in charges}
        kept = tuple(new.pop(c.ref, c) for c in self.after.charges)
        return replace(self, after=replace(self.after, charges=(*kept, *new.values())))
