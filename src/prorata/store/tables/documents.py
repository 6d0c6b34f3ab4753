"""Documents with their lines and taxes, which never change once issued, and what has become of them, which does."""

from __future__ import annotations

from typing import Final, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)

from prorata.core.documents.model import LineKind, Why
from prorata.store.tables.columns import (
    LANGUAGES,
    METADATA,
    SIDES,
    account_key,
    amount,
    belongs_to,
    check,
    currency_code,
    data,
    day,
    exact,
    moment,
    one_of,
    words,
)

DOCUMENTS: Final = Table(
    "documents",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seller_id", BigInteger, ForeignKey("sellers.id"), nullable=False),
    words("series"),
    Column("year", SmallInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    words("number"),
    words("kind"),
    day("issued_on"),
    day("due_on", null=True),
    Column("profile_id", Integer, nullable=False),
    currency_code(),
    data("seller"),
    data("customer"),
    words("language"),
    amount("net"),
    amount("tax"),
    amount("total"),
    Column("final", Boolean, nullable=False),
    data("statement", null=True),
    Column("form", SmallInteger, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    belongs_to("accounts", key=()),
    belongs_to("billing_profiles", "profile_id"),
    UniqueConstraint("account_id", "seller_id", "series", "year", "place"),
    one_of("kind", "invoice", "credit_note"),
    one_of("language", *LANGUAGES),
    check("place", "place >= 1"),
    check("total", "total = net + tax"),
    check("sign", "(total >= 0) = (kind = 'invoice')"),
    check("due", "(due_on IS NULL) = (kind = 'credit_note')"),
    check("statement", "final = (statement IS NOT NULL)"),
    check("form", "form >= 1"),
    check("content_hash", "octet_length(content_hash) = 32"),
)
"""`form`: the version of `codec.DOCUMENT` in which `content_hash` says it. `seller` and `customer`: names and addresses
as on the day. That no number is given twice across accounts is held by `numbers_taken`: a unique key here must contain
the account."""

DOCUMENT_LINES: Final = Table(
    "document_lines",
    METADATA,
    account_key(),
    Column("document_id", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("subscription_id", Integer, nullable=False),
    words("kind"),
    day("from_date"),
    day("to_date"),
    Column("licences", Integer),
    exact("price", null=True),
    words("plan"),
    Column("price_version", Integer, nullable=False),
    Column("phase", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("flat", Boolean, nullable=False),
    Column("days", BigInteger),
    Column("of_days", BigInteger),
    moment("exact_from", null=True),
    moment("exact_to", null=True),
    amount("amount"),
    exact("tax_rate", null=True),
    amount("tax", null=True),
    data("proof"),
    words("cause"),
    day("cause_on"),
    words("cause_by"),
    Column("corrects_document", Integer),
    Column("corrects_line", Integer),
    words("refund", null=True),
    Column("reduces", Integer),
    Column("discount_id", Integer),
    belongs_to("documents", "document_id", deferred=True),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to(
        "document_lines",
        "corrects_document",
        "corrects_line",
        key=("document_id", "line"),
        deferred=True,
    ),
    belongs_to("document_lines", "document_id", "reduces", key=("document_id", "line"), deferred=True),
    belongs_to("discounts", "discount_id"),
    one_of("kind", *get_args(LineKind)),
    one_of("cause", *get_args(Why)),
    one_of("cause_by", *SIDES),
    one_of("refund", "to_method", "credit", "none"),
    check("line", "line >= 1"),
    check("licences", "licences >= 1"),
    check("price", "price >= 0"),
    check("item", "price_version >= 1 AND phase >= 0 AND step >= 0"),
    check("dates", "to_date >= from_date"),
    check(
        "days",
        "num_nulls(days, of_days) IN (0, 2) AND days >= 0 AND days <= of_days",
    ),
    check("exact", "num_nulls(exact_from, exact_to) IN (0, 2) AND exact_to >= exact_from"),
    check("recurring", "kind <> 'recurring' OR num_nulls(licences, price, days, of_days) = 0"),
    check(
        "sign",
        "CASE kind WHEN 'credit' THEN amount <= 0"
        " WHEN 'discount' THEN amount = 0 OR (amount > 0) = (corrects_document IS NOT NULL)"
        " ELSE amount >= 0 END",
    ),
    check(
        "corrects",
        "num_nulls(corrects_document, corrects_line) IN (0, 2)"
        " AND (kind = 'discount' OR (kind = 'credit') = (corrects_document IS NOT NULL))",
    ),
    check("reduces", "kind = 'discount' OR num_nonnulls(reduces, discount_id) = 0"),
    Index(
        "document_lines_charges_idx",
        "account_id",
        "subscription_id",
        "to_date",
        postgresql_where=text("corrects_document IS NULL"),
    ),
    Index(
        "document_lines_corrects_idx",
        "account_id",
        "corrects_document",
        "corrects_line",
        postgresql_where=text("corrects_document IS NOT NULL"),
    ),
)
"""`amount` is net; `tax` the line's part of the document's tax; `tax_rate` in percent. `plan`, `price_version`,
`phase`, `step` and `flat` are the core's `Item`. `days` are seconds where the terms count these. What corrects no line
is a charge, or a discount on one: it can be taken back."""

DOCUMENT_TAXES: Final = Table(
    "document_taxes",
    METADATA,
    account_key(),
    Column("document_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    exact("rate"),
    amount("base"),
    amount("tax"),
    data("proof"),
    belongs_to("documents", "document_id", deferred=True),
    check("rate", "rate >= 0"),
)

STANDINGS: Final = Table(
    "standings",
    METADATA,
    account_key(),
    Column("document_id", Integer, primary_key=True, autoincrement=False),
    amount("total"),
    amount("credit_used"),
    amount("paid"),
    amount("left"),
    belongs_to("documents", "document_id", deferred=True),
    check("adds_up", 'credit_used + paid + "left" = total'),
    Index(
        "standings_open_idx",
        "account_id",
        "document_id",
        postgresql_where=text('"left" <> 0'),
    ),
)
"""What has become of each document; follows from the transfers."""
