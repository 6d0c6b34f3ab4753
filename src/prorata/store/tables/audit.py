"""Who did what, when."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table

from prorata.store.tables.columns import METADATA, SIDES, account_key, belongs_to, data, moment, one_of, words

AUDIT: Final = Table(
    "audit",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    words("actor_kind"),
    Column("actor_id", Integer),
    words("actor_name"),
    words("on_behalf", null=True),
    words("action"),
    words("subject"),
    data("detail"),
    belongs_to("accounts", key=()),
    one_of("actor_kind", *SIDES),
)
"""`actor_id`: the member, where it was one; `actor_name` as it was that day; `on_behalf`: for whom the vendor's people
acted."""
