"""Subscriptions, the ledgers of their licences and of what is sold, and who holds a licence."""

from __future__ import annotations

from typing import Final, get_args

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from prorata.core.subscriptions.ledgers import PlanWhy
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
_PLAN_WHY: Final = get_args(PlanWhy)


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
    moment("plan_at"),
    day("plan_effective"),
    day("plan_counted_from"),
    words("plan_by"),
    words("plan_why"),
    day("start_on"),
    moment("started_at"),
    day("covered_to"),
    day("billed_to", null=True),
    words("state"),
    _count("licences"),
    _count("assigned"),
    data("forfeits"),
    data("rests"),
    data("setups"),
    data("trial", null=True),
    data("pending_plan", null=True),
    data("turns", null=True),
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
    words("ending_why", null=True),
    Column("ending_renews", Boolean),
    data("foreseen", null=True),
    day("conflict_since", null=True),
    day("conflict_until", null=True),
    day("unwritten_start", null=True),
    day("unwritten_due", null=True),
    _count("version"),
    belongs_to("accounts", key=()),
    belongs_to("billing_profiles", "profile_id"),
    UniqueConstraint("account_id", "name"),
    one_of("state", "trial", "active", "expired", "disabled", "deleted"),
    one_of("plan_by", *SIDES),
    one_of("plan_why", *_PLAN_WHY),
    one_of("pending_by", *SIDES),
    one_of("ending_by", *SIDES),
    one_of("ending_refund", *_REFUNDS),
    one_of("ending_why", "cancelled", "renewal_off", "term", "lapsed", "unpaid"),
    check("assigned", "assigned >= 0 AND (assigned <= licences OR conflict_until IS NOT NULL)"),
    check("conflict", "num_nulls(conflict_since, conflict_until) IN (0, 2)"),
    check("ended", "state IN ('trial', 'active') OR ending_on IS NOT NULL"),
    check("trial", "state <> 'trial' OR trial IS NOT NULL"),
    check(
        "pending",
        "num_nulls(pending_effective, pending_licences, pending_at, pending_by, pending_asked) IN (0, 5)"
        " AND pending_licences >= 0",
    ),
    check(
        "ending",
        "num_nulls(ending_on, ending_charged_to, ending_at, ending_by, ending_refund, ending_asked, ending_why,"
        " ending_renews) IN (0, 8)"
        " AND ending_on >= start_on AND ending_charged_to >= ending_on",
    ),
    check("unwritten", "num_nulls(unwritten_start, unwritten_due) IN (0, 2)"),
)
"""All of a core `Subscription`; `licences` repeats the last change, so that no more can be assigned. `assigned` equals
the number of its rows in `licence_assignments` wherever holders are named: whoever names them sets both in one
transaction, and `verify` looks. `plan_id` and `product_id` serve display; what was sold stands in `plan`.

`foreseen`: the end that was to come when it was ended because nobody had paid.

`plan`, `grid` and the columns that begin with `plan_` repeat the last change of `plan_changes`, so that who needs no
earlier one does not ask for it. `turns` is empty while it has been active since its start and nothing else."""

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
"""From `effective` on there are `licences` in total. `place`, from 1, is the order in which they were entered; what
holds on a day follows from their order by `effective`, then `place`: some are entered late."""

PLAN_CHANGES: Final = Table(
    "plan_changes",
    METADATA,
    account_key(),
    Column("subscription_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    day("effective"),
    data("plan"),
    data("grid"),
    day("counted_from"),
    words("by_side"),
    words("why"),
    belongs_to("subscriptions", "subscription_id"),
    one_of("by_side", *SIDES),
    one_of("why", *_PLAN_WHY),
    Index("plan_changes_effective_idx", "account_id", "subscription_id", "effective"),
)
"""From `effective` on this plan is sold, on this grid; ordered as `licence_changes` are."""

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

SEAT_CHANGES: Final = Table(
    "seat_changes",
    METADATA,
    account_key(),
    Column("subscription_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("member_id", Integer, nullable=False),
    Column("holds", Boolean, nullable=False),
    words("why"),
    words("by_side"),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("members", "member_id"),
    one_of("why", "asked", "left", "conflict", "deleted", "before"),
    one_of("by_side", *SIDES),
)
"""The ledger of who holds a licence since when: `licence_assignments` is what it comes to, and `verify` looks. `place`,
from 1, is its order. `why`: somebody `asked` for it, the member `left`, more were assigned than there are (`conflict`),
the subscription was `deleted`; `before`: it was so when the ledger began."""
