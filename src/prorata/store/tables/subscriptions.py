"""Subscriptions, the ledger of their licences, and who holds one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from prorata.store.tables.columns import (
    METADATA,
    SIDES,
    account_key,
    belongs_to,
    check,
    data,
    day,
    moment,
    one_of,
    words,
)

_REFUNDS: Final = ("to_method", "credit", "none")


def _count(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


SUBSCRIPTIONS: Final = Table(
    "subscriptions",
    METADATA,
    account_key(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    words("name"),
    _count("profile_id"),
    Column("plan_id", BigInteger, ForeignKey("plans.id")),
    Column("product_id", BigInteger, ForeignKey("products.id")),
    data("plan"),
    data("terms"),
    data("grid"),
    day("start_on"),
    moment("started_at"),
    day("covered_to"),
    day("billed_to", null=True),
    words("state"),
    _count("licences"),
    _count("assigned"),
    data("forfeits"),
    day("pending_effective", null=True),
    _count("pending_licences", null=True),
    moment("pending_at", null=True),
    words("pending_by", null=True),
    _count("pending_asked", null=True),
    day("ending_on", null=True),
    day("ending_charged_to", null=True),
    moment("ending_at", null=True),
    words("ending_by", null=True),
    words("ending_refund", null=True),
    _count("ending_asked", null=True),
    day("unwritten_start", null=True),
    day("unwritten_due", null=True),
    _count("version"),
    belongs_to("accounts", key=()),
    belongs_to("billing_profiles", "profile_id"),
    UniqueConstraint("account_id", "name"),
    one_of("state", "active", "disabled", "deleted"),
    one_of("pending_by", *SIDES),
    one_of("ending_by", *SIDES),
    one_of("ending_refund", *_REFUNDS),
    check("assigned", "assigned BETWEEN 0 AND licences"),
    check("ended", "state = 'active' OR ending_on IS NOT NULL"),
    check(
        "pending",
        "num_nulls(pending_effective, pending_licences, pending_at, pending_by, pending_asked) IN (0, 5)"
        " AND pending_licences >= 0",
    ),
    check(
        "ending",
        "num_nulls(ending_on, ending_charged_to, ending_at, ending_by, ending_refund, ending_asked) IN (0, 6)"
        " AND ending_on >= start_on AND ending_charged_to >= ending_on",
    ),
    check("unwritten", "num_nulls(unwritten_start, unwritten_due) IN (0, 2)"),
)
"""All of a core `Subscription`; `licences` repeats the last change, so that no more can be assigned. `assigned` equals
the number of its rows in `licence_assignments` wherever holders are named: whoever names them sets both in one
transaction, and `verify` looks. `plan_id` and `product_id` serve display; what was sold stands in `plan`."""

LICENCE_CHANGES: Final = Table(
    "licence_changes",
    METADATA,
    account_key(),
    Column("subscription_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    day("effective"),
    _count("licences"),
    words("by_side"),
    belongs_to("subscriptions", "subscription_id"),
    one_of("by_side", *SIDES),
    check("licences", "licences >= 0"),
    Index("licence_changes_effective_idx", "account_id", "subscription_id", "effective"),
)
"""From `effective` on there are `licences` in total; in the order of `place`, from 1."""

LICENCE_ASSIGNMENTS: Final = Table(
    "licence_assignments",
    METADATA,
    account_key(),
    Column("subscription_id", Integer, primary_key=True, autoincrement=False),
    Column("member_id", Integer, primary_key=True, autoincrement=False),
    moment("since"),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("members", "member_id"),
)
