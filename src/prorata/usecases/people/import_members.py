"""Adding many people at once, from a list: every row that is good, and a report of each that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prorata.core.errors import DomainError
from prorata.core.subscriptions.change import check_running
from prorata.core.subscriptions.model import Subscription
from prorata.store import accounts, members, subscriptions
from prorata.store.engine import Connection
from prorata.store.members import EmailTaken, MemberRow, NewMember
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.door.codes import checked_email
from prorata.usecases.note import note
from prorata.usecases.people.add_member import check_count
from prorata.usecases.people.member_file import FileRow, MemberFile, read
from prorata.usecases.people.rules import name_of
from prorata.usecases.people.seats import give_seats


class TwiceInFile(DomainError):
    """Another row above has the same address."""

    code = "twice_in_file"


class UnknownLanguage(DomainError):
    """No language of ours is called so."""

    code = "unknown_language"


class NoSuchLicence(DomainError):
    """The account has no subscription of this name that runs."""

    code = "no_such_licence"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken: where it stands, what stands there, and why."""

    line: int
    whole: str
    why: DomainError


@dataclass(frozen=True, slots=True)
class Shortage:
    """Of a subscription `missing` licences are wanted beyond those that are free; `total`: what would be enough."""

    subscription: str
    missing: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an import does, or has done: `added` people, of whom `back` had left before; how many get a licence of which
    subscription; where licences run out; the rows that are refused; the columns that are not looked at.
    """

    added: int
    back: int
    assigned: Mapping[str, int]
    short: tuple[Shortage, ...]
    refused: tuple[RefusedRow, ...]
    unused: tuple[str, ...]


def check_import(services: Services, request: Request, *, text: str, language: Language) -> Report:
    """What an import would do, without doing it. Raises what `import_members` raises."""
    request.actor.must("add_people")
    file = read(text)
    with services.database.account(request.account, read_only=True) as conn:
        return _planned(conn, request, file=file, language=language).report()


def import_members(services: Services, request: Request, *, text: str, language: Language) -> Report:
    """Add everybody of a list whose row is good, with the licences that the row names as long as there are any; who has
    no language gets `language`. Nobody is told.

    Raises `NotAllowed`, and where the list as a whole cannot be taken `NotATable`, `FileEmpty`, `ColumnMissing`,
    `ColumnTwice`, `TooManyRows`, `TooManyMembers`; then nothing has happened.
    """
    request.actor.must("add_people")
    file = read(text)
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        plan = _planned(conn, request, file=file, language=language)
        report = plan.report()
        if report.added:
            ids = _taken_in(ground, plan.good)
            give_seats(ground, {name: [ids[email] for email in emails] for name, emails in plan.seats.items()})
            detail = {"members": sorted(ids.values()), "licences": dict(report.assigned)}
            note(ground, action="people.import", subject=f"{report.added} members", issued=(), detail=detail)
        return report


@dataclass(frozen=True, slots=True)
class _Good:
    """A row that is taken; `there`: the member who comes back, None for somebody new."""

    new: NewMember
    there: int | None


@dataclass(slots=True)
class _Plan:
    """What comes of the rows. `seats`: the addresses of those who get a licence, by the subscription's name."""

    unused: tuple[str, ...]
    good: list[_Good] = field(default_factory=list[_Good])
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])
    seats: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    missing: dict[str, int] = field(default_factory=dict[str, int])
    totals: dict[str, int] = field(default_factory=dict[str, int])

    def report(self) -> Report:
        """What is told of it."""
        return Report(
            added=len(self.good),
            back=sum(1 for one in self.good if one.there is not None),
            assigned={name: len(emails) for name, emails in self.seats.items() if emails},
            short=tuple(Shortage(name, count, self.totals[name] + count) for name, count in self.missing.items()),
            refused=tuple(self.refused),
            unused=self.unused,
        )


@dataclass(frozen=True, slots=True)
class _Account:
    """What rows are laid beside: who is there by address, and what can be assigned by each of its names."""

    people: Mapping[str, MemberRow]
    sold: Mapping[str, Subscription]
    may_assign: bool
    language: Language


def _planned(conn: Connection, request: Request, *, file: MemberFile, language: Language) -> _Plan:
    account = _Account(
        people={row.email.lower(): row for row in members.all_of(conn, request.account)},
        sold=_sold(conn, request.account),
        may_assign=request.actor.may("assign"),
        language=language,
    )
    if any(row.licences for row in file.rows):
        request.actor.must("assign")
    plan, lines = _Plan(file.unused), dict[str, int]()
    left: dict[str, int] = {one.name: one.licences - one.assigned for one in account.sold.values()}
    plan.totals = {one.name: max(one.licences, one.assigned) for one in account.sold.values()}
    for row in file.rows:
        try:
            good, wanted = _checked(row, account, lines=lines)
        except DomainError as why:
            plan.refused.append(RefusedRow(row.line, row.whole, why))
            continue
        plan.good.append(good)
        for name in wanted:
            _give(plan, name, email=good.new.email, left=left)
    return plan


def _checked(row: FileRow, account: _Account, *, lines: dict[str, int]) -> tuple[_Good, Sequence[str]]:
    """The row as somebody new, and the subscriptions of which they want a licence. Raises why it is refused."""
    name, email = name_of(row.name), checked_email(row.email)
    if email in lines:
        raise TwiceInFile(email=email, line=lines[email])
    lines[email] = row.line
    there = account.people.get(email)
    if there and not there.left_at:
        raise EmailTaken(email=email)
    language = _language(row.language) if row.language else account.language
    wanted = dict.fromkeys(_subscription(one, account.sold).name for one in row.licences)
    return _Good(NewMember(name, email, language), there.id if there else None), tuple(wanted)


def _give(plan: _Plan, name: str, *, email: str, left: dict[str, int]) -> None:
    if left[name] > 0:
        left[name] -= 1
        plan.seats.setdefault(name, []).append(email)
    else:
        plan.missing[name] = plan.missing.get(name, 0) + 1


def _language(said: str) -> Language:
    found = _LANGUAGES.get(said.casefold().replace("_", "-").partition("-")[0].strip())
    if found is None:
        raise UnknownLanguage(language=said)
    return found


def _subscription(said: str, sold: Mapping[str, Subscription]) -> Subscription:
    found = sold.get(said.casefold())
    if found is None:
        raise NoSuchLicence(licence=said)
    check_running(found)
    return found


def _sold(conn: Connection, account: int) -> Mapping[str, Subscription]:
    """The subscriptions by their own names; and by those of their products, where only one that runs has it."""
    every = subscriptions.all_of(conn, account)
    found: dict[str, Subscription] = {}
    twice: set[str] = set()
    products = subscriptions.product_names(conn, account)
    for one in every:
        for said in {name.casefold() for name in products.get(one.id, {}).values()}:
            if one.is_running:
                twice |= {said} if said in found else set()
                found[said] = one
    kept = {said: one for said, one in found.items() if said not in twice}
    return {**kept, **{one.name.casefold(): one for one in every}}


def _taken_in(ground: Ground, good: Sequence[_Good]) -> Mapping[str, int]:
    """Write them; the ids by address."""
    conn, account = ground.conn, ground.account.account_id
    back = {one.new.email: one.there for one in good if one.there is not None}
    new = [one.new for one in good if one.there is None]
    members.come_back(conn, account, members=tuple(back.values()))
    ids = members.create_many(conn, account, new=new)
    if ids:
        check_count(ids[-1])
    return {**back, **{one.email: member for one, member in zip(new, ids, strict=True)}}


_LANGUAGES: Mapping[str, Language] = {
    "en": "en", "english": "en", "engels": "en", "inglese": "en",
    "nl": "nl", "dutch": "nl", "nederlands": "nl", "olandese": "nl",
    "it": "it", "italian": "it", "italiaans": "it", "italiano": "it",
}  # fmt: skip
