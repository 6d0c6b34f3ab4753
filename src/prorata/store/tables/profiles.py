"""Whose name and address a bill carries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table

from prorata.store.tables.columns import LANGUAGES, METADATA, account_key, belongs_to, one_of, words

BILLING_PROFILES: Final = Table(
    "billing_profiles",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    words("name"),
    words("address"),
    words("email"),
    words("purchase_order", null=True),
    words("language"),
    belongs_to("accounts", key=()),
    one_of("language", *LANGUAGES),
)
