"""Whom one can be in the demo, and who one is."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.store import accounts, members
from prorata.store.accounts import AccountRow
from prorata.store.members import MemberRow, UnknownMember
from prorata.usecases.act import Services
from prorata.usecases.permissions import Actor


@dataclass(frozen=True, slots=True)
class DemoAccountFacts:
    """A test account and those of its people who can do something."""

    account: AccountRow
    people: tuple[MemberRow, ...]


def demo_people(services: Services) -> tuple[DemoAccountFacts, ...]:
    """The test accounts with a clock of their own, and their people with a role above member."""
    with services.database.owner(read_only=True) as conn:
        rows = [row for row in accounts.listed(conn) if row.test and row.clock_at]
        return tuple(
            DemoAccountFacts(row, tuple(m for m in members.all_of(conn, row.account_id) if m.role != "member"))
            for row in rows
        )


def person(services: Services, *, account: int, member: int) -> tuple[Actor, MemberRow] | None:
    """Who a member of an account is, as an actor; None where there is no such member."""
    try:
        with services.database.account(account, read_only=True) as conn:
            found = members.find(conn, account, member=member)
    except UnknownMember:
        return None
    return Actor("admin", found.name, found.role, found.id), found
