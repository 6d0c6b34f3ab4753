"""What came of verifying everything: one row for each time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, Table

from prorata.store.tables.columns import METADATA, check, data, moment


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


VERIFICATIONS: Final = Table(
    "verifications",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    moment("began_at"),
    moment("ended_at"),
    _count("accounts"),
    _count("documents"),
    _count("lines"),
    Column("parked", Integer, nullable=False),
    _count("findings"),
    data("first_findings"),
    check("ended", "ended_at >= began_at"),
    Index("verifications_ended_idx", "ended_at"),
)
"""How much was looked at, how many subscriptions are parked, how many findings there were, and the first of them:
a list of `{"account", "code", "where", "detail"}`, `account` null for what belongs to no single one."""
