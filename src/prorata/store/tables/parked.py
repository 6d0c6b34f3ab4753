"""Subscriptions that cannot be billed until somebody has mended what is wrong there."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, Table

from prorata.store.tables.columns import METADATA, account_key, belongs_to, data, day, moment, words

PARKED: Final = Table(
    "parked",
    METADATA,
    account_key(),
    Column("subscription_id", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    day("as_of"),
    Column("run_id", BigInteger),
    words("code"),
    data("parameters"),
    words("trace"),
    belongs_to("subscriptions", "subscription_id"),
)
"""`as_of`: the day that could not be billed; `run_id`: the run that found out. `code` and `parameters` are those of the
refusal, `trace` the program's own account of a failure that no rule foresaw, else empty."""
