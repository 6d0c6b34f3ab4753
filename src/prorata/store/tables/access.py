"""Who may come into an account, as what, and by which ways of the account's own."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from prorata.store.tables.columns import LANGUAGES, METADATA, account_key, belongs_to, moment, one_of, words
from prorata.store.tables.door import secret_hash


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=False)


INVITATIONS: Final = Table(
    "invitations",
    METADATA,
    account_key(),
    _id(),
    secret_hash(),
    words("name"),
    words("email"),
    words("role"),
    words("language"),
    Column("invited_by", Integer),
    words("invited_by_name"),
    moment("at"),
    moment("expires_at"),
    moment("used_at", null=True),
    moment("revoked_at", null=True),
    Column("member_id", Integer),
    belongs_to("accounts", key=()),
    belongs_to("members", "member_id"),
    one_of("language", *LANGUAGES),
)
"""`role`: as a member has it; `member_id`: who has come by it. Then, and when it was taken back, the names and the
address in it are empty."""

ACCOUNT_ROLES: Final = Table(
    "account_roles",
    METADATA,
    account_key(),
    _id(),
    words("name"),
    Column("permissions", ARRAY(TEXT), nullable=False),
    moment("removed_at", null=True),
    belongs_to("accounts", key=()),
)
"""Roles of an account's own; a member who has one says `custom:ID`."""

DIRECTORIES: Final = Table(
    "directories",
    METADATA,
    account_key(),
    _id(),
    words("key"),
    words("name"),
    words("issuer"),
    words("client_id"),
    words("client_secret"),
    words("role_for_new", null=True),
    moment("at"),
    moment("removed_at", null=True),
    belongs_to("accounts", key=()),
)
"""Where an account's people sign in by OpenID Connect. `key`: a random part of its address; `client_secret` is sealed;
`role_for_new`: what somebody becomes whom the directory knows and the account does not, NULL: nobody is taken in."""

DIRECTORY_SUBJECTS: Final = Table(
    "directory_subjects",
    METADATA,
    account_key(),
    Column("directory_id", Integer, primary_key=True, autoincrement=False),
    Column("subject", TEXT, primary_key=True),
    Column("member_id", Integer, nullable=False),
    belongs_to("directories", "directory_id"),
    belongs_to("members", "member_id"),
)
"""Who somebody of a directory is in the account: its `sub` never changes hands, an address may."""

API_KEYS: Final = Table(
    "api_keys",
    METADATA,
    account_key(),
    _id(),
    secret_hash(),
    words("name"),
    Column("scopes", ARRAY(TEXT), nullable=False),
    words("last_four"),
    Column("made_by", Integer),
    words("made_by_name"),
    moment("at"),
    moment("expires_at"),
    moment("used_at", null=True),
    moment("revoked_at", null=True),
    belongs_to("accounts", key=()),
    Index(None, "account_id", "name", unique=True, postgresql_where=text("revoked_at IS NULL")),
)
"""What programs of an account sign in with. The name of a key that was revoked is free again."""
