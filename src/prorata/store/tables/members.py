"""The people of an account."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from prorata.store.tables.columns import LANGUAGES, METADATA, account_key, belongs_to, one_of, words

ROLES: Final = ("owner", "billing_admin", "licence_admin", "invoice_manager", "reader", "member")

MEMBERS: Final = Table(
    "members",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    words("name"),
    words("email"),
    words("role"),
    words("language"),
    belongs_to("accounts", key=()),
    UniqueConstraint("account_id", "email"),
    one_of("role", *ROLES),
    one_of("language", *LANGUAGES),
)
