"""Mails that are to be sent, and what became of them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Integer, Table, text

from prorata.store.tables.columns import LANGUAGES, METADATA, data, moment, one_of, words

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account_id", BigInteger),
    words("kind"),
    words("recipient"),
    words("language"),
    data("data"),
    Column("secret", Boolean, nullable=False),
    moment("at"),
    moment("expires_at", null=True),
    moment("next_try_at", null=True),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    moment("sent_at", null=True),
    words("problem", null=True),
    one_of("language", *LANGUAGES),
    Index(None, "next_try_at", postgresql_where=text("next_try_at IS NOT NULL")),
)
"""`expires_at`: when it is of no use any more. `next_try_at`: NULL once it was sent or given up; `problem`: why the
last try failed. `data`: what the letter of this kind says, in no language yet. `secret`: it lets somebody in, so it is
not kept longer than it takes to send it."""
