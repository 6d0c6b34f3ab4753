"""What a database is for: one row, written once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Table, text

from prorata.store.tables.columns import METADATA, check, moment, one_of, words

INSTALLATION: Final = Table(
    "installation",
    METADATA,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    words("kind"),
    moment("at"),
    check("one", "one"),
    one_of("kind", "demo", "own"),
)
"""`demo`: made-up data, in which everybody may be anybody; `own`: somebody's real ones, behind a sign-in."""
