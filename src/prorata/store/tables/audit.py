"""Who did what, when: in an account, and among the vendor's people."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, text

from prorata.store.tables.columns import METADATA, SIDES, account_key, belongs_to, check, data, moment, one_of, words


def _said() -> tuple[Column[Any], ...]:
    """What an entry says after its id and its instant."""
    return (
        words("actor_name"),
        words("on_behalf", null=True),
        words("action"),
        words("subject"),
        data("detail"),
        words("address"),
        words("way"),
        Column("hash", LargeBinary, nullable=False),
    )


AUDIT: Final = Table(
    "audit",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    words("actor_kind"),
    Column("actor_id", Integer),
    *_said(),
    belongs_to("accounts", key=()),
    one_of("actor_kind", *SIDES),
)
"""`actor_id`: the member, where it was one; `actor_name` as it was that day; `on_behalf`: why one of the vendor's
people acted there. `address` and `way`: from where and how it was asked for, empty where that is not known; `hash`: see
`audit_chain`."""

VENDOR_AUDIT: Final = Table(
    "vendor_audit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    words("actor_kind"),
    Column("actor_id", BigInteger),
    *_said(),
    one_of("actor_kind", "vendor", "system"),
)
"""The same of what belongs to no account. `actor_id`: the person at the door, where one had signed in."""

VENDOR_AUDIT_HEAD: Final = Table(
    "vendor_audit_head",
    METADATA,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("next", Integer, nullable=False),
    Column("hash", LargeBinary),
    check("one", "one"),
    check("next", "next >= 1"),
)
"""Where the vendor's next entry goes, and the hash of the last one: one row, which every writer holds."""
