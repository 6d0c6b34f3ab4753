"""Letting somebody in, and knowing them again by what their browser keeps.

A session ends eight hours after it was last used, a working day away from the desk, and seven days after it began,
however busy it was: a browser that was left open somewhere is not in for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from prorata.store import belonging, people, sellers, sessions
from prorata.store.belonging import Belonging
from prorata.store.engine import Connection, see_account
from prorata.store.sessions import Method, NewSession, SessionRow
from prorata.usecases.act import Services
from prorata.usecases.door.noting import note_ended, note_sign_in
from prorata.usecases.door.places import place_of
from prorata.usecases.keys import hash_of, new_token
from prorata.usecases.mail import Mail, post
from prorata.usecases.permissions import STAFF_ROLES, Actor, Origin, StaffRole, member_actor, staff_actor

IDLE: Final = timedelta(hours=8)
LONGEST: Final = timedelta(days=7)
FRESH: Final = timedelta(minutes=10)
"""How long who has shown who they are needs not do so again: as long as a mailed code is good for."""
KEPT: Final = timedelta(days=90)
"""How long after its end it is still known where somebody was in: their browsers and places are known again by it."""
NOTED_EVERY: Final = timedelta(minutes=1)
"""Not each request writes a row: when somebody was last here is known to the minute."""
MOST_WORDS: Final = 200
"""What a browser says of itself is kept no longer than this."""


_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of who comes: the browser in words, and the network address of the request.

    `session`: the token that the browser has kept, empty where it has none.
    """

    agent: str
    address: str
    session: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Where tries are counted: nobody gets more of them by another address of their own network."""
        return place_of(self.address)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is in.

    `actor` is None for who is let in and is about no account yet, or about none any more: they choose one.
    `here`: what they are in the account that they look at, None for the vendor's people and where none is looked at.
    `vendor`: what the vendor is called; `zone`: where the days of what they look at are counted. `proved`: they have
    just shown who they are, wherever they belong.
    """

    session: SessionRow
    actor: Actor | None
    here: Belonging | None = None
    vendor: str = ""
    zone: ZoneInfo = _UTC
    proved: bool = False

    @property
    def person(self) -> int:
        """Their id at the door."""
        return self.session.person

    @property
    def email(self) -> str:
        """The address that a code is mailed to."""
        return self.session.email

    @property
    def account(self) -> int | None:
        """The account that is looked at; None where there is none, or it may not be looked at any more."""
        return self.session.account if self.actor else None

    @property
    def staff(self) -> bool:
        """Whether they work for the vendor and came in as themselves, not by an account's directory."""
        return _staff_role(self.session) is not None


def begin(
    services: Services,
    conn: Connection,
    *,
    person: int,
    method: Method,
    seen: Seen,
    account: int | None = None,
    only_account: int | None = None,
) -> str:
    """Let a person in, by id; returns the token for their browser. `conn` is the door's.

    Whatever session the browser had ends: no token from before a sign-in is good after it. Without `account` it is
    the only one of the person; where they have several, or work for the vendor, they choose. Where they never came by
    such a browser before, a mail says so.

    Coming in shows who they are, but for an invitation, which names its `account`: such a mail lies about for days, and
    is handed on.
    """
    at, token = services.clock.now(), new_token()
    ended = sessions.end_token(conn, hash_of(seen.session), at=at, why="rotated") if seen.session else ()
    new = NewSession(
        token_hash=hash_of(token),
        person=person,
        method=method,
        at=at,
        proved_at=at if account is None else at - FRESH,
        ends_at=at + LONGEST,
        agent=seen.agent[:MOST_WORDS],
        address=seen.address[:MOST_WORDS],
        account=account or only_account or _only(conn, person),
        only_account=only_account,
    )
    if sessions.is_new(conn, person, agent=new.agent, only_account=only_account, kept_since=at - KEPT):
        _tell(conn, new)
    sessions.begin(conn, new)
    note_ended(services, conn, ended=ended)
    note_sign_in(conn, new)
    return token


def who(services: Services, token: str, *, seen: Seen) -> Known | None:
    """Who keeps a token; None for nobody, and for a session that has ended."""
    at = services.clock.now()
    with services.database.door() as conn:
        found = sessions.find(conn, token_hash=hash_of(token), at=at, idle_since=at - IDLE)
        if found is None:
            return None
        if at - found.seen_at >= NOTED_EVERY:
            sessions.seen(conn, found.id, at=at, address=seen.address[:MOST_WORDS])
        known = _known(conn, found, at=at, origin=Origin(seen.address[:MOST_WORDS], "web"))
        return replace(known, proved=proved(found, at=at))


def _tell(conn: Connection, new: NewSession) -> None:
    found = people.find(conn, new.person)
    if found:
        data = {"when": new.at.isoformat(), "agent": new.agent, "address": new.address}
        post(conn, Mail(kind="new_sign_in", to=found.email, language=found.language, data=data), at=new.at)


def proved(session: SessionRow, *, at: datetime) -> bool:
    """Whether they have just shown who they are, wherever they belong.

    An account's directory vouches for them in that account, which is all that is open to them then; the vendor's own
    vouches for them at the vendor only (`_fresh`), not for the accounts that are theirs besides.
    """
    by_vendor = session.method == "directory" and session.only_account is None
    return _fresh(session, at=at) and not (by_vendor and session.proved_at == session.began_at)


def _fresh(session: SessionRow, *, at: datetime) -> bool:
    return at - session.proved_at < FRESH


def _known(conn: Connection, session: SessionRow, *, at: datetime, origin: Origin) -> Known:
    role = _staff_role(session)
    if session.behalf is not None and not (role and "act_on_behalf" in STAFF_ROLES[role]):
        return Known(session, None)
    if role and (session.account is None or session.behalf is not None):
        fresh = _fresh(session, at=at)
        actor = staff_actor(
            session.name, role, proved=fresh, behalf=session.behalf, origin=origin, person=session.person
        )
        vendor, zone = _vendor(conn)
        return Known(session, actor, vendor=vendor, zone=zone)
    if session.account is None:
        return Known(session, None)
    see_account(conn, session.account)
    here = belonging.of_person(conn, session.person, account=session.account)
    if here is None:
        return Known(session, None)
    actor = member_actor(
        here.name,
        here.role,
        member=here.member,
        own=here.own,
        own_role=here.own_role,
        proved=proved(session, at=at),
        origin=origin,
    )
    return Known(session, actor, here, zone=here.zone)


def _staff_role(session: SessionRow) -> StaffRole | None:
    """What they are at the vendor; nobody whom an account's own directory vouches for."""
    return cast("StaffRole | None", session.staff_role) if session.only_account is None else None


def _only(conn: Connection, person: int) -> int | None:
    """The account of somebody who has one and does not work for the vendor."""
    found = people.accounts_of(conn, person)
    return found[0][0] if len(found) == 1 and people.staff_role(conn, person) is None else None


def _vendor(conn: Connection) -> tuple[str, ZoneInfo]:
    """What the vendor is called and where it is; the product itself before anything is sold."""
    found = sellers.listed(conn)
    return (found[0].name, found[0].zone) if found else ("Prorata", _UTC)
