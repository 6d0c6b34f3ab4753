"""Mails go out: each in a transaction of its own that holds it, so that of several workers one sends it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from prorata.store import invitations, outbox
from prorata.store.engine import Connection
from prorata.store.outbox import StoredMail
from prorata.usecases.act import Services
from prorata.usecases.ports import Message, NotSent, Post

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
"""From a try that failed to the next one. After the last of them a mail is given up."""
KEPT_DAYS: Final = 30
"""How long what became of a mail, or of an invitation, can be looked up; after that nobody needs the address."""
MOST_AT_ONCE: Final = 500

_TOO_LATE: Final = "too late"
_log = logging.getLogger(__name__)


def send_mail(services: Services, post: Post, *, mail: int) -> timedelta | None:
    """Send a mail that waits; how long to wait before it is tried again, None where it is settled.

    A mail that waits no more, or that somebody else has in hand, is left as it is.
    """
    with services.database.owner() as conn:
        found = outbox.claim(conn, mail)
        return _send(conn, post, mail=found, at=services.clock.now()) if found else None


def tend_mails(services: Services, post: Post) -> int:
    """Send what is overdue because its own job was lost; how many were tried. Forget what is long settled, and who was
    invited and never answered.
    """
    tried = 0
    at = services.clock.now()
    while tried < MOST_AT_ONCE and _send_next(services, post, at=at):
        tried += 1
    with services.database.owner() as conn:
        outbox.forget(conn, before=at - timedelta(days=KEPT_DAYS))
        invitations.forget_unanswered(conn, at=at)
    return tried


def _send_next(services: Services, post: Post, *, at: datetime) -> bool:
    with services.database.owner() as conn:
        found = outbox.claim_due(conn, at)
        if found:
            _send(conn, post, mail=found, at=at)
        return found is not None


def _send(conn: Connection, post: Post, *, mail: StoredMail, at: datetime) -> timedelta | None:
    if mail.expires_at and mail.expires_at <= at:
        outbox.given_up(conn, mail, tries=mail.tries, problem=mail.problem or _TOO_LATE)
        _log.warning("mail %s (%s) is given up: %s", mail.id, mail.kind, _TOO_LATE)
        return None
    try:
        post.send(_message_of(mail))
    except NotSent as failure:
        return _failed(conn, mail, failure=failure, at=at)
    except Exception as error:  # noqa: BLE001 - one letter that cannot be made must not keep the others waiting
        return _failed(conn, mail, failure=NotSent(f"unexpected: {type(error).__name__}", again=True), at=at)
    outbox.sent(conn, mail, at=at)
    _log.info("mail %s (%s) is sent", mail.id, mail.kind)
    return None


def _failed(conn: Connection, mail: StoredMail, *, failure: NotSent, at: datetime) -> timedelta | None:
    if not failure.again or mail.tries >= len(WAITS):
        outbox.given_up(conn, mail, tries=mail.tries + 1, problem=failure.problem)
        _log.error("mail %s (%s) is given up: %s", mail.id, mail.kind, failure.problem)
        return None
    wait = WAITS[mail.tries]
    outbox.failed(conn, mail, again_at=at + wait, problem=failure.problem)
    _log.warning("mail %s (%s) is not sent: %s; again in %s", mail.id, mail.kind, failure.problem, wait)
    return wait


def _message_of(mail: StoredMail) -> Message:
    return Message(id=mail.id, kind=mail.kind, to=mail.recipient, language=mail.language, data=mail.data, at=mail.at)
