"""What stands between an account and its end, as it is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from prorata.core.calendar import business_date
from prorata.core.closing import Facts
from prorata.core.history import History
from prorata.core.money import zero
from prorata.core.step import closing_facts
from prorata.store import closures, history, members
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.store.screens.payments import returnable


def around(conn: Connection, account: AccountRow, *, closer: int | None) -> Facts:
    """What the history does not say: whether the data were taken out, and who else belongs to the account.

    `closer`: the member who closes; where it is the vendor, one of its people may be left.
    """
    there = [one.id for one in members.all_of(conn, account.account_id) if one.left_at is None]
    others = len([one for one in there if one != closer]) if closer in there else max(len(there) - 1, 0)
    nothing = zero(account.currency)
    backup = "made" if closures.backed_up_at(conn, account.account_id) else None
    return Facts((), nothing, nothing, nothing, nothing, backup=backup, others=others)


def all_facts(conn: Connection, account: AccountRow, *, closer: int | None, at: datetime) -> tuple[Facts, History]:
    """All of it, with the history that the closing would be decided on."""
    tail = history.load(
        conn,
        account.account_id,
        on=business_date(at, account.zone),
        documents=returnable(conn, account.account_id),
    )
    beside = around(conn, account, closer=closer)
    return replace(closing_facts(tail, at), backup=beside.backup, others=beside.others), tail
