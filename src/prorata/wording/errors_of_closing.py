"""What is said where an account cannot be closed, or cannot be yet: what stands in the way, and how it is moved."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.wording.marking import mark, mark_plural

CLOSING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account_closed": mark("The account is closed: nothing can be done in it any more."),
        "backup_missing": mark(
            "The data have not been backed up. Back them up first, or say that nobody needs them any more."
        ),
        "balance_open": mark("{amount} is still to be paid. Pay it first."),
        "last_bill_to_come": mark(
            "What was used last, {amount}, is not billed yet. Wait for that bill and pay it; then the account can be "
            "closed."
        ),
        "bill_held_back": mark(
            "The last bill of {subscriptions} is held back, because something in it does not fit. It is looked after; "
            "the account can be closed once it is written."
        ),
        "not_the_name": mark("This is not the name of the account. Write it as it stands here, with capital letters."),
        "closing_in_the_past": mark("{day} is over: an account is closed today, {today}, or later."),
        "closing_planned": mark("The account is to be closed on {day} already. Take that back to choose another day."),
        "no_closing_planned": mark(
            "No day is planned on which the account is closed, so there is nothing to take back."
        ),
        "no_retention": mark(
            "How long documents issued in {country} on {day} must be kept is not known, so nothing was closed."
        ),
    }
)

CLOSING_COUNTED: Final[Mapping[str, tuple[str, tuple[str, str]]]] = MappingProxyType(
    {
        "members_left": (
            "others",
            mark_plural(
                "{count} other person still belongs to the account. Remove them first.",
                "{count} other people still belong to the account. Remove them first.",
            ),
        ),
        "subscriptions_running": (
            "count",
            mark_plural(
                "{count} subscription still runs: {subscriptions}. Cancel it first.",
                "{count} subscriptions still run: {subscriptions}. Cancel them first.",
            ),
        ),
        "closing_too_far": (
            "days",
            mark_plural(
                "An account can be closed at most {count} day ahead. Choose an earlier day.",
                "An account can be closed at most {count} days ahead. Choose an earlier day.",
            ),
        ),
    }
)
