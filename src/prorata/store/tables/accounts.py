"""The customer organisation, which owns everything below it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Identity, Index, Integer, LargeBinary, Table, text
from sqlalchemy.dialects.postgresql import CHAR

from prorata.store.tables.columns import METADATA, check, currency_code, day, exact, moment, one_of, words

COUNTERS: Final = (
    "next_subscription",
    "next_document",
    "next_payment",
    "next_lot",
    "next_transfer",
    "next_discount",
    "next_member",
    "next_profile",
    "next_audit",
    "next_invitation",
    "next_role",
    "next_directory",
    "next_key",
    "next_export",
    "next_closure",
)
"""The next free id of each kind of row, counted within the account."""


def _counters() -> list[Column[int]]:
    return [Column(name, Integer, nullable=False, server_default=text("1")) for name in COUNTERS]


ACCOUNTS: Final = Table(
    "accounts",
    METADATA,
    Column("account_id", BigInteger, Identity(), primary_key=True),
    Column("seller_id", BigInteger, ForeignKey("sellers.id"), nullable=False),
    words("name"),
    Column("country", CHAR(2), nullable=False),
    words("kind"),
    currency_code(),
    words("zone"),
    exact("tax_rate", null=True),
    words("billing"),
    words("payment_mode"),
    Column("test", Boolean, nullable=False),
    moment("clock_at", null=True),
    *_counters(),
    day("due_on", null=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("audit_hash", LargeBinary),
    moment("closed_at", null=True),
    Column("pepper", LargeBinary, nullable=False, server_default=text("uuid_send(gen_random_uuid())")),
    one_of("kind", "business", "consumer"),
    one_of("billing", "daily", "manual"),
    one_of("payment_mode", "automatic", "declining", "none"),
    check("tax_rate", "tax_rate >= 0"),
    check("clock_at", "clock_at IS NULL OR test"),
    *(check(name, f"{name} >= 1") for name in COUNTERS),
    Index(None, "due_on", postgresql_where=text("due_on IS NOT NULL")),
)
"""`clock_at`: the account's own clock, for test accounts; `due_on`: the next day on which a run has something to do;
`tax_rate` in percent; `version` counts what was decided for the account; `audit_hash`: that of the last entry of its
audit; `closed_at`: since when nobody belongs to it; `pepper`: what is hashed
with the addresses of its members, so that nobody finds them by trying addresses on the hashes."""
