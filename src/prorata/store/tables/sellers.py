"""Who issues documents."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Identity, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, CHAR

from prorata.store.tables.columns import METADATA, words

SELLERS: Final = Table(
    "sellers",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    words("name"),
    words("address"),
    Column("country", CHAR(2), nullable=False),
    Column("tax_ids", ARRAY(Text), nullable=False),
    words("zone"),
    Column("test", Boolean, nullable=False),
)
"""`address` in lines; `zone` where its business days are counted; `test`: nothing of it is real."""
