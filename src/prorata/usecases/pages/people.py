"""Whom one can be in the demo, and who one is."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.store import accounts, members, sellers
from prorata.store.accounts import AccountRow
from prorata.store.members import MemberRow, UnknownMember
from prorata.usecases.act import Services
from prorata.usecases.demo_data import STAFF, DemoStaff
from prorata.usecases.permissions import Actor, member_actor, staff_actor


@dataclass(frozen=True, slots=True)
class DemoAccountFacts:
    """A test account and those of its people who can do something."""

    account: AccountRow
    people: tuple[MemberRow, ...]


def demo_people(services: Services) -> tuple[DemoAccountFacts, ...]:
    """The test accounts with a clock of their own, and their people with a role above member."""
    with services.database.owner(read_only=True) as conn:
        rows = [row for row in accounts.listed(conn) if row.test and row.clock_at and not row.closed_at]
        return tuple(
            DemoAccountFacts(
                row, tuple(m for m in members.all_of(conn, row.account_id) if m.role != "member" and not m.left_at)
            )
            for row in rows
        )


@dataclass(frozen=True, slots=True)
class DemoStaffFacts:
    """The vendor's people whom one can be, and what the vendor is called."""

    vendor: str
    people: tuple[DemoStaff, ...]


def demo_staff(services: Services) -> DemoStaffFacts | None:
    """The vendor's people in a demo; None where any seller is a real one: there nobody is let in by choosing."""
    with services.database.owner(read_only=True) as conn:
        found = sellers.listed(conn)
    if not found or not all(seller.test for seller in found):
        return None
    return DemoStaffFacts(found[0].name, STAFF)


def staff_person(services: Services, place: int) -> tuple[Actor, DemoStaff, str] | None:
    """Who one of the vendor's people is, as an actor, by their place from 0, and the vendor's name; None for nobody."""
    facts = demo_staff(services)
    if facts is None or not 0 <= place < len(facts.people):
        return None
    found = facts.people[place]
    return staff_actor(found.name, found.role, proved=True), found, facts.vendor


def person(services: Services, *, account: int, member: int) -> tuple[Actor, MemberRow] | None:
    """Who a member of an account is, as an actor; None where there is no such member, or they have left."""
    try:
        with services.database.account(account, read_only=True) as conn:
            found = members.find(conn, account, member=member)
    except UnknownMember:
        return None
    if found.left_at:
        return None
    actor = member_actor(found.name, found.role, member=found.id, own=found.own, own_role=found.own_role, proved=True)
    return actor, found
