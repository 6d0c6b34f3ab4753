"""Which people something is done with: those that were ticked, or all that a filter finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from prorata.store import members
from prorata.store.engine import Connection
from prorata.store.errors import ChangedMeanwhile
from prorata.store.members import MemberRow, UnknownMember
from prorata.store.screens import people
from prorata.store.screens.people import PersonRow


@dataclass(frozen=True, slots=True)
class Filter:
    """Who is looked for. `text` stands in the name or the address, wherever; `role` as a member has it, or `left` for
    who has left; `holds` is the name of a subscription of which they hold a licence, or with `without` hold none.
    Empty means everybody; without `role` everybody who belongs to the account.
    """

    text: str = ""
    role: str = ""
    holds: str = ""
    without: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it lets everybody through."""
        return not (self.text.strip() or self.role or self.holds)


@dataclass(frozen=True, slots=True)
class Pick:
    """People who were ticked; or with a `filter` all that it finds, who must be those that were shown: so many
    (`count`), and the very same (`seen`, as `seen_of` says it).
    """

    members: frozenset[int] = field(default_factory=frozenset[int])
    filter: Filter | None = None
    count: int = 0
    seen: str = ""


EVERYBODY: Final = Filter()
LEFT: Final = "left"
"""In a filter, the role of whoever has left."""


def found(everybody: Sequence[PersonRow], of: Filter) -> tuple[PersonRow, ...]:
    """Those whom a filter finds, in their order."""
    words = of.text.casefold().split()
    return tuple(one for one in everybody if _fits(one, of, words=words))


def seen_of(ids: Iterable[int]) -> str:
    """Members in a word that stands for no others: what a page was shown with, to be compared when it comes back."""
    return sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()[:32]


def picked(conn: Connection, account: int, *, pick: Pick) -> tuple[MemberRow, ...]:
    """The members that are meant, in the order of their ids. Raises `UnknownMember`, and `ChangedMeanwhile` where a
    filter finds others than were shown.
    """
    if pick.filter is not None:
        rows = tuple(one.member for one in found(people.people(conn, account), pick.filter))
        if len(rows) != pick.count or seen_of(row.id for row in rows) != pick.seen:
            raise ChangedMeanwhile
        return rows
    if len(pick.members) == 1:
        return (members.find(conn, account, member=next(iter(pick.members))),)
    by_id: Mapping[int, MemberRow] = {row.id: row for row in members.all_of(conn, account)}
    for member in sorted(pick.members):
        if member not in by_id:
            raise UnknownMember(member=member)
    return tuple(by_id[member] for member in sorted(pick.members))


def _fits(one: PersonRow, of: Filter, *, words: Sequence[str]) -> bool:
    member = one.member
    if (member.left_at is not None) != (of.role == LEFT):
        return False
    if of.role not in {"", LEFT, member.role}:
        return False
    if of.holds and (of.holds in one.holds) == of.without:
        return False
    said = f"{member.name} {member.email}".casefold()
    return all(word in said for word in words)
