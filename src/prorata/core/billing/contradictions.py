"""What cannot be billed: facts about a subscription that contradict each other.

Billing it all the same would write a wrong amount without a word. So it stops, and says what would have to be mended.
"""

from __future__ import annotations

from prorata.core.calendar import FIRST_DAY, LAST_DAY, Period
from prorata.core.errors import DomainError
from prorata.core.history import Account
from prorata.core.subscriptions.model import Subscription


class LedgerIncomplete(DomainError):
    """The licence ledger does not say how many licences there were on the first day to be billed."""

    code = "ledger_incomplete"


class OtherCurrency(DomainError):
    """The price is in another currency than the account."""

    code = "other_currency"


class OutsideTheCalendar(DomainError):
    """Days to be billed lie outside those that the product can bill."""

    code = "outside_the_calendar"


def check(subscription: Subscription, account: Account, *, days: Period) -> None:
    """Raise what contradicts itself in the facts that the days are billed by; nothing where all is well."""
    if days.start >= days.end:
        return
    name, changes = subscription.name, subscription.changes
    if not changes or changes[0].effective > max(days.start, subscription.start):
        raise LedgerIncomplete(subscription=name, day=days.start.isoformat())
    for place, entry in enumerate(subscription.plans, start=1):
        of = entry.plan.price.amount.currency
        if of is account.currency or of == account.currency:
            continue
        if not any(later.effective <= max(entry.effective, days.start) for later in subscription.plans[place:]):
            raise OtherCurrency(subscription=name, price=of.code, currency=account.currency.code)
    if days.start < FIRST_DAY or days.end > LAST_DAY:
        outside = days.start if days.start < FIRST_DAY else days.end
        raise OutsideTheCalendar(subscription=name, day=outside.isoformat())
