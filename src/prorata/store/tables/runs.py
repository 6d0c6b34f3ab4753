"""Billing runs: one for each seller and day, its work in batches, and what came of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, CHAR
from sqlalchemy.schema import UniqueConstraint

from prorata.store.tables.columns import METADATA, amount, check, day, moment, one_of, words

RUN_STATES: Final = ("open", "finished", "superseded")

RUNS: Final = Table(
    "runs",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("seller_id", BigInteger, ForeignKey("sellers.id"), nullable=False),
    day("as_of"),
    words("state"),
    Column("batch_size", Integer, nullable=False),
    moment("opened_at"),
    words("opened_by"),
    moment("finished_at", null=True),
    UniqueConstraint("seller_id", "as_of"),
    one_of("state", *RUN_STATES),
    check("batch_size", "batch_size >= 1"),
    check("finished", "(state = 'finished') = (finished_at IS NOT NULL)"),
)
"""`opened_by`: the name of who did, as it was then. `superseded`: a run of a later day took over what it had left."""


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


RUN_BATCHES: Final = Table(
    "run_batches",
    METADATA,
    Column("run_id", BigInteger, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("account_ids", ARRAY(BigInteger), nullable=False),
    moment("done_at", null=True),
    _count("billed"),
    _count("parked"),
    _count("unexpected"),
    check("place", "place >= 1"),
    check("account_ids", "cardinality(account_ids) >= 1"),
    Index("run_batches_waiting_idx", "run_id", "place", postgresql_where=text("done_at IS NULL")),
)
"""Work for one transaction each: who takes a batch holds its row until that transaction ends, and marks it done in the
same one. So it is done once or not at all, and nobody has to be asked whether a worker is still alive.

`billed`: accounts of which something was written; `parked`: subscriptions that were parked, `unexpected` of them by a
failure that no rule foresaw."""

RUN_TOTALS: Final = Table(
    "run_totals",
    METADATA,
    Column("run_id", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("test", Boolean, primary_key=True),
    Column("currency", CHAR(3), primary_key=True),
    _count("invoices"),
    amount("invoiced"),
    _count("credit_notes"),
    amount("credited"),
    ForeignKeyConstraint(["run_id", "place"], ["run_batches.run_id", "run_batches.place"]),
)
"""What a batch issued in each currency, with tax, for real accounts and for test accounts apart."""
