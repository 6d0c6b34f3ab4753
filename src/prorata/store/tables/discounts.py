"""What is taken off charges: of a subscription, or of all that an account has."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table

from prorata.store.tables.columns import (
    METADATA,
    SIDES,
    account_key,
    amount,
    belongs_to,
    check,
    day,
    exact,
    moment,
    one_of,
    words,
)

DISCOUNTS: Final = Table(
    "discounts",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("subscription_id", Integer),
    exact("percent", null=True),
    amount("amount", null=True),
    day("starts_on"),
    day("until", null=True),
    moment("at"),
    words("by_side"),
    belongs_to("accounts", key=()),
    belongs_to("subscriptions", "subscription_id"),
    one_of("by_side", *SIDES),
    check("worth", "num_nonnulls(percent, amount) = 1 AND percent > 0 AND amount > 0"),
    check("until", "until > starts_on"),
)
"""`percent` of each charge, or `amount` for each period, in the account's currency; `until`: the first day without."""
