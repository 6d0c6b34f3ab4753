"""People and how they come in: belonging to no account, since nobody knows whose they are before they are let in.

Only the door's role reads and writes these (`Database.door`): the pages of the accounts cannot.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Identity, Index, Integer, LargeBinary, Table, text
from sqlalchemy.schema import UniqueConstraint

from prorata.store.tables.columns import LANGUAGES, METADATA, check, data, moment, one_of, words

METHODS: Final = ("passkey", "code", "directory", "link")
STAFF_ROLES: Final = ("owner", "finance", "support", "catalogue")


def _person(*, primary_key: bool = False, null: bool = False) -> Column[int]:
    return Column("person_id", BigInteger, ForeignKey("people.id"), primary_key=primary_key, nullable=null)


def secret_hash(name: str = "token_hash", *, primary_key: bool = False, null: bool = False) -> Column[bytes]:
    """What a secret is known by; the secret itself is kept by who was given it."""
    return Column(name, LargeBinary, primary_key=primary_key, nullable=null)


PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    words("email"),
    words("name"),
    words("language"),
    moment("at"),
    Column("handle", LargeBinary, nullable=False, server_default=text("uuid_send(gen_random_uuid())")),
    UniqueConstraint("email"),
    UniqueConstraint("handle"),
    check("email", "email = lower(email)"),
    one_of("language", *LANGUAGES),
)
"""`email` in small letters: who can read its mail is this person. `handle`: what their passkeys know them by."""

PERSON_ACCOUNTS: Final = Table(
    "person_accounts",
    METADATA,
    _person(primary_key=True),
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", Integer, nullable=False),
)
"""The accounts that a person is a member of."""

STAFF: Final = Table(
    "staff",
    METADATA,
    Column("id", Integer, Identity(always=True), primary_key=True),
    _person(),
    words("role"),
    moment("since"),
    moment("until", null=True),
    UniqueConstraint("person_id"),
    one_of("role", *STAFF_ROLES),
)
"""The vendor's people; `until`: who has left may do nothing from then on."""

PASSKEYS: Final = Table(
    "passkeys",
    METADATA,
    Column("credential_id", LargeBinary, primary_key=True),
    _person(),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    words("name"),
    Column("synced", Boolean, nullable=False),
    moment("at"),
    moment("used_at", null=True),
    Index(None, "person_id"),
)
"""`synced`: it is on several devices, as the device says."""

CHALLENGES: Final = Table(
    "challenges",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    secret_hash(),
    words("kind"),
    words("purpose"),
    _person(null=True),
    Column("session_id", BigInteger),
    secret_hash("answer_hash", null=True),
    data("data"),
    moment("at"),
    moment("expires_at"),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    moment("used_at", null=True),
    UniqueConstraint("token_hash"),
    one_of("kind", "code", "passkey", "new_passkey", "directory"),
    one_of("purpose", "sign_in", "proof", "new"),
    Index(None, "expires_at"),
)
"""What somebody was asked at the door. `token_hash`: of what the browser keeps, so that nobody else can answer;
`answer_hash`: of the code that was mailed; `person_id` is NULL where nobody has the address that was given, which is
never told. `data`: what the answer is compared with."""

LINKS: Final = Table(
    "links",
    METADATA,
    secret_hash(primary_key=True),
    _person(),
    words("made_by"),
    moment("at"),
    moment("expires_at"),
    moment("used_at", null=True),
)
"""Links that let somebody in once: for the first of the vendor's people, and for who has lost everything else."""

SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    secret_hash(),
    _person(),
    words("method"),
    Column("only_account", BigInteger),
    Column("account_id", BigInteger),
    words("behalf_reason", null=True),
    moment("began_at"),
    moment("seen_at"),
    moment("ends_at"),
    moment("proved_at"),
    words("agent"),
    words("address"),
    moment("ended_at", null=True),
    words("ended_why", null=True),
    UniqueConstraint("token_hash"),
    one_of("method", *METHODS),
    one_of("ended_why", "signed_out", "revoked", "rotated", "left"),
    check("ended", "(ended_at IS NULL) = (ended_why IS NULL)"),
    check("only_account", "account_id IS NULL OR only_account IS NULL OR account_id = only_account"),
    Index(None, "person_id"),
    Index(None, "ends_at"),
)
"""`account_id`: the account that is looked at; `behalf_reason`: why one of the vendor's people looks at it.
`only_account`: who came by an account's own directory is known to that account and to no other. `proved_at`: when they
last showed who they are; `agent`: the browser in words, `address`: where the request came from."""

THROTTLES: Final = Table(
    "throttles",
    METADATA,
    secret_hash("key_hash", primary_key=True),
    Column("count", Integer, nullable=False),
    moment("since"),
    Index(None, "since"),
)
"""How often something was tried since an instant; the key (an address, a person) is known by its hash only."""
