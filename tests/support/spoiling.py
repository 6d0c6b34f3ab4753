"""Stored facts that contradict each other, and their repair: SQL about the subscription `bad` of an account `:a`."""

from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from support.billing import Billing
from support.shop import admin

OTHER_CURRENCY = (
    "UPDATE subscriptions SET plan = jsonb_set(plan, '{plan,price,amount,currency}', '\"USD\"')"
    " WHERE account_id = :a AND name = 'bad'"
)
OWN_CURRENCY = OTHER_CURRENCY.replace("USD", "EUR")
NO_LEDGER = "UPDATE licence_changes SET effective = '2026-03-01' WHERE account_id = :a AND subscription_id = 2"
LEDGER = NO_LEDGER.replace("2026-03-01", "2026-01-15")
OTHER_VERSION = "UPDATE subscriptions SET terms = jsonb_set(terms, '{v}', '99') WHERE account_id = :a AND name = 'bad'"
SAME_VERSION = OTHER_VERSION.replace("99", "3")
TOO_DEAR = (
    "UPDATE subscriptions SET plan = jsonb_set(plan, '{plan,price,amount,amount}', '\"900000000000000\"')"
    " WHERE account_id = :a AND name = 'bad'"
)
NOT_TOO_DEAR = TOO_DEAR.replace("900000000000000", "12.50")
NO_CALENDAR = (
    "UPDATE subscriptions SET grid = jsonb_set(grid, '{grid,every,count}', '900000') WHERE account_id = :a"
    " AND name = 'bad'"
)
A_CALENDAR = NO_CALENDAR.replace("900000", "1")


def two_subscriptions(billing: Billing) -> int:
    """An account with 10 licences in `team` and 4 in `bad`, bought one after the other."""
    account = billing.customer(licences=10)
    act(billing.shop.services, admin(account), BuySubscription(billing.shop.plan, 4, "bad"))
    return account
