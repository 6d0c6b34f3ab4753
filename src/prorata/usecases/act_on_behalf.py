"""One of the vendor's people looks at an account as its own people see it, and acts there: with a reason, and noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import accounts, sessions
from prorata.store.engine import Connection
from prorata.usecases.act import Services, now
from prorata.usecases.command import Ground
from prorata.usecases.note import note, note_of_vendor
from prorata.usecases.permissions import Actor

LONGEST_REASON: Final = 300


class ReasonNeeded(DomainError):
    """Nobody acts for a customer without saying why."""

    code = "reason_needed"


class ReasonTooLong(DomainError):
    """The reason is longer than is kept, or has something in it that cannot be seen."""

    code = "reason_too_long"


def begin_on_behalf(services: Services, actor: Actor, *, account: int, reason: str, session: int | None) -> str:
    """Let one of the vendor's people act in an account, which its audit says with their reason; returns the reason as
    it is kept. What they may do there is what their own role allows.

    `session`: theirs, which is about that account from now on; None where nobody has one. Raises `NotAllowed`,
    `NoSuchAccount`, `ReasonNeeded`, `ReasonTooLong`.
    """
    actor.must("act_on_behalf")
    why = _reason_of(reason)
    _turn(services, replace(actor, behalf=why), account=account, session=session, begins=True)
    return why


def end_on_behalf(services: Services, actor: Actor, *, account: int, session: int | None) -> None:
    """Let them be themselves again. Raises `NotAllowed`, `NoSuchAccount`."""
    actor.must("act_on_behalf")
    _turn(services, actor, account=account, session=session, begins=False)


def _turn(services: Services, actor: Actor, *, account: int, session: int | None, begins: bool) -> None:
    # As the door: it sees sessions. Whoever ends one does it in the same order.
    with services.database.door(account) as conn:
        if session is not None:
            sessions.look_at(
                conn, session, account=account if begins else None, behalf=actor.behalf if begins else None
            )
        note_in_account(services, conn, actor=actor, account=account, begins=begins)
        note_with_vendor(services, conn, actor=actor, account=account, begins=begins)


def note_in_account(services: Services, conn: Connection, *, actor: Actor, account: int, begins: bool = False) -> None:
    """Note in an account that one of the vendor's people begins or ends to act there."""
    # Who acts there while it is closed still stops.
    row = accounts.locked(conn, account, closed=not begins)
    ground = Ground(conn, row, actor, now(services, row))
    note(ground, action="behalf.begin" if begins else "behalf.end", subject="account", issued=())


def note_with_vendor(services: Services, conn: Connection, *, actor: Actor, account: int, begins: bool = False) -> None:
    """Note the same with the vendor, the last thing in a transaction. An account is named by its number: that stays."""
    note_of_vendor(
        conn,
        actor,
        at=services.clock.now(),
        action="behalf.begin" if begins else "behalf.end",
        subject=f"account {account}",
        detail={"account": account},
    )


def _reason_of(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise ReasonNeeded
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonTooLong(most=LONGEST_REASON)
    return reason
