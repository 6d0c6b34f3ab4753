"""All that there is to tell about an account when a story is over, wherever it was played."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from prorata.core.documents.numbers import Issued
from prorata.core.ledger.transfers import LEDGER, LedgerName, Transfer
from prorata.core.money import Currency, Money, zero
from prorata.core.records import record
from prorata.core.subscriptions.model import Subscription


@record
class Previewed:
    """A document that was shown and not written; `names` has those of the subscriptions on its lines, by id.

    They stand here because a subscription that is only bought in the preview has no other place to have a name.
    """

    issued: Issued
    names: Mapping[int, str]


@record
class Told:
    """An account as of a day: its documents in order, its subscriptions, its money, and what previews showed.

    `paid` is all money received, `refunded` all given back; `balances` are debit positive.
    """

    on: date
    currency: Currency
    documents: tuple[Issued, ...]
    subscriptions: tuple[Subscription, ...]
    paid: Money
    refunded: Money
    credit: Money
    balances: Mapping[LedgerName, Money]
    previews: tuple[Previewed, ...] = ()

    @property
    def owed(self) -> Money:
        """What all open documents leave to pay."""
        left = zero(self.currency)
        for issued in self.documents:
            left += issued.standing.left
        return left


def balances(transfers: Iterable[Transfer], of: Currency) -> dict[LedgerName, Money]:
    """The balance of each ledger account, debit positive; they add up to zero."""
    found: dict[LedgerName, Money] = {name: zero(of) for name in LEDGER}
    for transfer in transfers:
        found[transfer.debit.name] += transfer.amount
        found[transfer.credit.name] -= transfer.amount
    return found
