"""Entries of the audit hang together by their hashes, and say from where; the vendor has one too; rows are changed
column by column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from alembic import op
from sqlalchemy import Connection, text

from prorata.store.audit_chain import Said, hash_of, spelled
from prorata.store.migrations.grants import let_app_change, let_app_keep, let_door, let_door_change
from prorata.store.rows import AnyRow

revision = "0009"
down_revision = "0008"

_ADD = """
ALTER TABLE accounts ADD COLUMN audit_hash BYTEA;
ALTER TABLE audit
    ADD COLUMN address TEXT NOT NULL DEFAULT '',
    ADD COLUMN way TEXT NOT NULL DEFAULT '',
    ADD COLUMN hash BYTEA;
ALTER TABLE audit
    ALTER COLUMN address DROP DEFAULT,
    ALTER COLUMN way DROP DEFAULT;
"""

_VENDOR = """
CREATE TABLE vendor_audit (
    id INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    on_behalf TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail JSONB NOT NULL,
    address TEXT NOT NULL,
    way TEXT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT vendor_audit_pkey PRIMARY KEY (id),
    CONSTRAINT vendor_audit_actor_kind_check CHECK (actor_kind IN ('vendor', 'system'))
);

CREATE TABLE vendor_audit_head (
    one BOOLEAN DEFAULT true NOT NULL,
    next INTEGER NOT NULL,
    hash BYTEA,
    CONSTRAINT vendor_audit_head_pkey PRIMARY KEY (one),
    CONSTRAINT vendor_audit_head_one_check CHECK (one),
    CONSTRAINT vendor_audit_head_next_check CHECK (next >= 1)
);
INSERT INTO vendor_audit_head (next) VALUES (1);
"""

_ACCOUNTS: Final = 500
"""So many accounts are read together: their entries fit into memory."""


def upgrade() -> None:
    op.execute(_ADD)
    _chain(op.get_bind())
    op.execute("ALTER TABLE audit ALTER COLUMN hash SET NOT NULL")
    op.execute(_VENDOR)
    _grant()


def _grant() -> None:
    """What an account is (its name, country, currency, tax) is said when it is opened; what a row is keyed by, too."""
    let_app_change(
        "accounts",
        *("next_subscription", "next_document", "next_payment", "next_lot", "next_transfer", "next_discount"),
        *("next_member", "next_profile", "next_audit", "next_invitation", "next_role", "next_directory", "next_key"),
        *("audit_hash", "version", "due_on", "payment_mode", "clock_at"),
    )
    let_door_change("accounts", "next_audit", "next_member", "audit_hash")
    for let_change in (let_app_change, let_door_change):
        let_change("members", "name", "email", "role", "language", "person_id", "left_at")
    let_app_change("standings", "total", "credit_used", "paid", "left")
    for table in ("payment_balances", "lot_balances"):
        let_app_change(table, "amount", "left")
    let_app_change("number_ranges", "next")
    let_app_keep("subscriptions", "account_id", "id", "name", "start_on", "started_at")
    # The pages of accounts have nothing to do with what the vendor's people do among themselves.
    let_door("vendor_audit", may="INSERT")
    let_door("vendor_audit_head", may="SELECT")
    let_door_change("vendor_audit_head", "next", "hash")


def _chain(conn: Connection) -> None:
    ids = conn.scalars(text("SELECT DISTINCT account_id FROM audit ORDER BY account_id")).all()
    for first in range(0, len(ids), _ACCOUNTS):
        _chain_some(conn, ids[first : first + _ACCOUNTS])


def _chain_some(conn: Connection, ids: Sequence[int]) -> None:
    hashes: list[tuple[int, int, bytes]] = []
    heads: dict[int, bytes] = {}
    for row in conn.execute(_ENTRIES, {"ids": list(ids)}):
        heads[row.account_id] = one = hash_of(_said(row), previous=heads.get(row.account_id))
        hashes.append((row.account_id, row.id, one))
    accounts, numbers, entries = zip(*hashes, strict=True)
    conn.execute(_HASHES, {"accounts": list(accounts), "ids": list(numbers), "hashes": list(entries)})
    conn.execute(_HEADS, {"accounts": list(heads), "hashes": list(heads.values())})


def _said(row: AnyRow) -> Said:
    return Said(
        row.account_id,
        row.id,
        row.at,
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.on_behalf,
        row.action,
        row.subject,
        spelled(row.detail),
        row.address,
        row.way,
    )


_ENTRIES: Final = text("SELECT * FROM audit WHERE account_id = ANY(CAST(:ids AS bigint[])) ORDER BY account_id, id")
_HASHES: Final = text("""
    UPDATE audit SET hash = new.hash
    FROM unnest(CAST(:accounts AS bigint[]), CAST(:ids AS integer[]), CAST(:hashes AS bytea[]))
      AS new (account_id, id, hash)
    WHERE audit.account_id = new.account_id AND audit.id = new.id
""")
_HEADS: Final = text("""
    UPDATE accounts SET audit_hash = new.hash
    FROM unnest(CAST(:accounts AS bigint[]), CAST(:hashes AS bytea[])) AS new (account_id, hash)
    WHERE accounts.account_id = new.account_id
""")
