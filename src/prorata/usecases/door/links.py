"""Links that let somebody in once: for the vendor's people at their first start, and when all else is lost.

Looking at such a link spends nothing, for programs that check mails look at each link in them: it is used by a button.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import links
from prorata.store.engine import Connection
from prorata.store.links import LinkRow
from prorata.usecases.act import Services
from prorata.usecases.door.sessions import Seen
from prorata.usecases.door.sign_in import NowhereToGo, let_in
from prorata.usecases.keys import hash_of, new_token

HOURS: Final = 24
PATH: Final = "/sign-in/link/"


class LinkUnknown(DomainError):
    """There is no such link."""

    code = "link_unknown"


class LinkUsed(DomainError):
    """The link was used; it lets in once."""

    code = "link_used"


class LinkExpired(DomainError):
    """The link is too old."""

    code = "link_expired"


def make_link(services: Services, conn: Connection, *, person: int, made_by: str) -> str:
    """Make a link for somebody; returns its whole address. Those that they had and have not used are good no more."""
    token, at = new_token(), services.clock.now()
    until = at + timedelta(hours=HOURS)
    links.put(conn, token_hash=hash_of(token), person=person, made_by=made_by, at=at, expires_at=until)
    return f"{services.address}{PATH}{token}"


def look_at_link(services: Services, token: str) -> str:
    """Whom a link lets in, by name. Raises `LinkUnknown`, `LinkUsed` and `LinkExpired`."""
    with services.database.door() as conn:
        return _good(conn, token, at=services.clock.now()).name


def use_link(services: Services, token: str, *, seen: Seen) -> str:
    """Let in whom a link is for; returns the token for their browser. Raises the same, and `NowhereToGo`."""
    at = services.clock.now()
    with services.database.door() as conn:
        found = _good(conn, token, at=at)
        links.used(conn, hash_of(token), at=at)
        session = let_in(services, conn, person=found.person, method="link", seen=seen)
    if not session:
        raise NowhereToGo
    return session


def _good(conn: Connection, token: str, *, at: datetime) -> LinkRow:
    found = links.find(conn, hash_of(token))
    if found is None:
        raise LinkUnknown
    if found.used_at:
        raise LinkUsed
    if found.expires_at <= at:
        raise LinkExpired
    return found
