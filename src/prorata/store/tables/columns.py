"""What the tables have in common: their metadata, the names of constraints, and columns that many of them have."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    Numeric,
    Text,
)
from sqlalchemy.dialects.postgresql import CHAR, JSONB

METADATA: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

SIDES: Final = ("admin", "vendor", "system")
LANGUAGES: Final = ("en", "nl", "it")


def account_key() -> Column[int]:
    """The first column of every table that an account owns: it distributes the rows and is what they are seen by."""
    return Column("account_id", BigInteger, primary_key=True, autoincrement=False)


def amount(name: str, *, null: bool = False) -> Column[int]:
    """Money in minor units; the currency stands in the row or in the one that it belongs to."""
    return Column(name, BigInteger, nullable=null)


def exact(name: str, *, null: bool = False) -> Column[object]:
    """A decimal of any precision, kept as it was written."""
    return Column(name, Numeric, nullable=null)


def day(name: str, *, null: bool = False) -> Column[object]:
    """A business day."""
    return Column(name, Date, nullable=null)


def moment(name: str, *, null: bool = False) -> Column[object]:
    """An instant."""
    return Column(name, DateTime(timezone=True), nullable=null)


def words(name: str, *, null: bool = False) -> Column[str]:
    """Text without a limit of the database's own."""
    return Column(name, Text, nullable=null)


def currency_code() -> Column[str]:
    """An ISO 4217 code."""
    return Column("currency", CHAR(3), nullable=False)


def data(name: str, *, null: bool = False) -> Column[object]:
    """What `codec` writes."""
    return Column(name, JSONB(none_as_null=True), nullable=null)


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column has one of these values, or none where it may."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def check(name: str, condition: str) -> CheckConstraint:
    """A rule for one row."""
    return CheckConstraint(condition, name=name)


def belongs_to(
    table: str, *columns: str, key: tuple[str, ...] = ("id",), deferred: bool = False
) -> ForeignKeyConstraint:
    """A reference inside one account.

    `deferred`: looked at when the transaction ends, since documents are inserted after what hangs on them.
    """
    return ForeignKeyConstraint(
        ["account_id", *columns],
        [f"{table}.account_id", *(f"{table}.{name}" for name in key)],
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )
