"""Refusals of closings, each with the sentence that says it."""

from prorata.core.closing import (
    AccountClosed,
    BackupMissing,
    BalanceOpen,
    BillHeldBack,
    LastBillToCome,
    MembersLeft,
    SubscriptionsRunning,
)
from prorata.core.errors import DomainError
from prorata.core.retention import NoRetention
from prorata.usecases.close_account import (
    ClosingInThePast,
    ClosingPlanned,
    ClosingTooFar,
    NoClosingPlanned,
    NotTheName,
)

OF_CLOSINGS: tuple[tuple[DomainError, str], ...] = (
    (AccountClosed(), "The account is closed: nothing can be done in it any more."),
    (
        BackupMissing(),
        "The data have not been backed up. Back them up first, or say that nobody needs them any more.",
    ),
    (MembersLeft(others=1), "1 other person still belongs to the account. Remove them first."),
    (MembersLeft(others=12), "12 other people still belong to the account. Remove them first."),
    (
        SubscriptionsRunning(count=1, subscriptions="team"),
        "1 subscription still runs: team. Cancel it first.",
    ),
    (
        SubscriptionsRunning(count=2, subscriptions="team, mail"),
        "2 subscriptions still run: team, mail. Cancel them first.",
    ),
    (BalanceOpen(amount="60.48", currency="EUR"), "€60.48 is still to be paid. Pay it first."),
    (
        LastBillToCome(amount="60.48", currency="EUR"),
        (
            "What was used last, €60.48, is not billed yet. Wait for that bill and pay it; then the account can be "
            "closed."
        ),
    ),
    (
        BillHeldBack(subscriptions="team"),
        (
            "The last bill of team is held back, because something in it does not fit. It is looked after; the account "
            "can be closed once it is written."
        ),
    ),
    (
        NoRetention(country="NL", day="1899-12-31"),
        "How long documents issued in NL on 31 December 1899 must be kept is not known, so nothing was closed.",
    ),
    (NotTheName(), "This is not the name of the account. Write it as it stands here, with capital letters."),
    (
        ClosingInThePast(day="2026-02-09", today="2026-02-10"),
        "9 February 2026 is over: an account is closed today, 10 February 2026, or later.",
    ),
    (
        ClosingTooFar(day="2028-02-10", days=366),
        "An account can be closed at most 366 days ahead. Choose an earlier day.",
    ),
    (
        ClosingPlanned(day="2026-03-01"),
        "The account is to be closed on 1 March 2026 already. Take that back to choose another day.",
    ),
    (NoClosingPlanned(), "No day is planned on which the account is closed, so there is nothing to take back."),
)
