"""What belongs to the life of an account: what was announced and taken out, how it is closed, what the law keeps."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, text
from sqlalchemy.dialects.postgresql import CHAR

from prorata.store.tables.columns import (
    LANGUAGES,
    METADATA,
    account_key,
    belongs_to,
    check,
    data,
    day,
    moment,
    one_of,
    words,
)


def _id(name: str = "id") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _count(name: str, kind: type[Integer] = Integer) -> Column[int]:
    return Column(name, kind, nullable=False, server_default=text("0"))


ANNOUNCEMENTS: Final = Table(
    "announcements",
    METADATA,
    account_key(),
    _id("subscription_id"),
    Column("what", words("what").type, primary_key=True),
    Column("on_day", day("on_day").type, primary_key=True),
    _id("days_before"),
    moment("at"),
    Column("mails", Integer, nullable=False),
    belongs_to("subscriptions", "subscription_id"),
)
"""That somebody was told of a day to come: `what` happens `on_day`, told `days_before`, in so many `mails`: once."""

EXPORTS: Final = Table(
    "exports",
    METADATA,
    account_key(),
    _id(),
    Column("asked_by", Integer),
    moment("at"),
    words("language"),
    words("state"),
    _count("done"),
    _count("total"),
    _count("tries"),
    _count("bytes", BigInteger),
    Column("sha256", LargeBinary),
    moment("ready_at", null=True),
    moment("expires_at", null=True),
    words("problem", null=True),
    belongs_to("accounts", key=()),
    one_of("language", *LANGUAGES),
    one_of("state", "waiting", "making", "ready", "failed", "gone"),
)
"""A back up of what the account owns. `done` of `total` pieces of work; `tries`: how often it was begun, so
that who is at it sees that somebody else has begun anew; `gone`: it has expired and its bytes are deleted."""

EXPORT_PIECES: Final = Table(
    "export_pieces",
    METADATA,
    account_key(),
    _id("export_id"),
    _id("place"),
    Column("data", LargeBinary, nullable=False),
    belongs_to("exports", "export_id"),
)
"""The file of an export in its order: in the database, since who makes it and who hands it out may be two machines."""

CLOSURES: Final = Table(
    "closures",
    METADATA,
    account_key(),
    _id(),
    Column("asked_by", Integer),
    moment("at"),
    day("on_day"),
    words("language"),
    words("backup"),
    moment("taken_back_at", null=True),
    moment("done_at", null=True),
    data("certificate", null=True),
    belongs_to("accounts", key=()),
    one_of("language", *LANGUAGES),
    one_of("backup", "made", "waived"),
    check("done", "num_nulls(done_at, certificate) IN (0, 2)"),
)
"""That the account is to be closed on a day. `backup`: whether the data were taken out before; `certificate`: what was
erased, and what is kept until when and why."""

CANCELLATION_REASONS: Final = Table(
    "cancellation_reasons",
    METADATA,
    account_key(),
    _id("subscription_id"),
    Column("at", moment("at").type, primary_key=True),
    words("reason"),
    words("words"),
    belongs_to("subscriptions", "subscription_id"),
)
"""Why somebody cancelled, and what they said in their own words; both may be empty. Deleted with the account."""

RETENTION: Final = Table(
    "retention",
    METADATA,
    Column("country", CHAR(2), primary_key=True),
    Column("what", words("what").type, primary_key=True),
    Column("from_day", day("from_day").type, primary_key=True),
    Column("years", Integer, nullable=False),
    words("law"),
    one_of("what", "documents"),
    check("years", "years BETWEEN 1 AND 100"),
)
"""For how many years, counted from the end of the year, the law of a country keeps what was issued from a day on; `ZZ`:
that of every country that is not named."""
