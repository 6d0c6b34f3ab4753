"""The people of an account."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint, text

from prorata.store.tables.columns import LANGUAGES, METADATA, account_key, belongs_to, check, moment, one_of, words

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
    Column("person_id", BigInteger),
    moment("left_at", null=True),
    belongs_to("accounts", key=()),
    UniqueConstraint("account_id", "email"),
    Index("members_lower_email_idx", "account_id", text("lower(email)")),
    check("role", f"role IN {ROLES} OR role ~ '^custom:[0-9]+$'"),
    one_of("language", *LANGUAGES),
)
"""`person_id`: who it is at the door, NULL for who has never come in; `left_at`: who has left may do nothing.
`role`: one of those that every account has, or `custom:ID`, one of its own."""
