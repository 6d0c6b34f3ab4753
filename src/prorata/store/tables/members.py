"""The people of an account."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, UniqueConstraint

from prorata.store.tables.columns import LANGUAGES, METADATA, account_key, belongs_to, check, moment, one_of, words

ROLES: Final = ("owner", "billing_admin", "licence_admin", "invoice_manager", "reader", "member")

MEMBERS: Final = Table(
    "members",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    words("role"),
    words("language"),
    Column("person_id", BigInteger),
    moment("left_at", null=True),
    Column("sealed_name", LargeBinary),
    Column("sealed_email", LargeBinary),
    Column("email_key", LargeBinary),
    moment("erased_at", null=True),
    belongs_to("accounts", key=()),
    # The address first: led by the account, it would be taken for looking members up by their ids.
    UniqueConstraint("email_key", "account_id", postgresql_include=["id", "left_at"]),
    check("role", f"role IN {ROLES} OR role ~ '^custom:[0-9]+$'"),
    one_of("language", *LANGUAGES),
    check("sealed", "num_nulls(sealed_name, sealed_email, email_key) IN (0, 3)"),
    check("erased", "(email_key IS NULL) = (erased_at IS NOT NULL)"),
)
"""`person_id`: who it is at the door, NULL for who has never come in; `left_at`: who has left may do nothing.
`role`: one of those that every account has, or `custom:ID`, one of its own. `email_key`: what the address is found by,
a hash of the account's `pepper` and the address in small letters, with all that is asked by it in one
index; `erased_at`: nothing of them is kept that says who it
was."""

MEMBER_KEYS: Final = Table(
    "member_keys",
    METADATA,
    account_key(),
    Column("member_id", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    belongs_to("members", "member_id"),
)
"""What opens the sealed columns of a member. In a table of their own, so that copies of the data can be kept longer
than copies of the keys: of who was erased, the data in an old copy stay closed."""
