"""The end of an account, in one transaction: the rules end it, everything personal is erased, and it is certified.

Some of what is erased is the door's, so it is done as the owner. Whoever asks for it has been asked who they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from prorata.core import events
from prorata.core.calendar import business_date
from prorata.core.closing import Backup, check_steps, closing_steps
from prorata.store import closures, erasing, members, retention
from prorata.store.accounts import AccountRow
from prorata.store.closures import NewClosure
from prorata.store.engine import Connection
from prorata.store.members import MemberRow
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services, act_within
from prorata.usecases.certificate import Certificate, Closing, certificate
from prorata.usecases.closing_facts import around
from prorata.usecases.command import Command, Ground
from prorata.usecases.mail import Mail, post
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class EndAccount(Command):
    """The part of a closing that the rules decide; `closer`: the member who closes, None for the vendor's people."""

    permission: ClassVar[Permission] = "close_account"
    action: ClassVar[str] = "account.close"

    backup: Backup | None = None
    closer: int | None = None

    def event(self, ground: Ground) -> events.CloseAccount:
        """The end. Raises `BackupMissing`, `MembersLeft`."""
        facts = around(ground.conn, ground.account, closer=self.closer)
        check_steps(closing_steps(replace(facts, backup=self.backup or facts.backup)))
        return events.CloseAccount(by=ground.actor.side)

    def subject(self) -> str:
        """The account itself: what it was called is erased."""
        return "account"

    def detail(self) -> Mapping[str, object]:
        """Whether the data were taken out before."""
        return {"backup": self.backup or "made"}


@dataclass(frozen=True, slots=True)
class End:
    """An account that is to end now; the transaction is the owner's, and holds the account."""

    services: Services
    conn: Connection
    account: AccountRow
    asked: NewClosure


def end(place: End, request: Request, *, at: datetime, closure: int | None = None) -> Certificate:
    """End it; `closure`: the plan that this is, None where it is asked for only now. Raises what blocks a step."""
    conn, account, asked = place.conn, place.account, place.asked
    reader = reader_of(place)
    kept = closures.create(conn, account.account_id, new=asked) if closure is None else closure
    ended = act_within(place.services, replace(request, at=at), EndAccount(asked.backup, asked.by), conn=conn)
    closing = Closing(
        account=account.account_id,
        at=at,
        on=business_date(at, account.zone),
        backup=asked.backup,
        decision=ended.decision,
        issued=ended.issued,
        erased=erasing.erase(conn, account.account_id, at=at),
    )
    issued = retention.issued(conn, account.account_id)
    told = certificate(closing, documents=issued, rules=retention.of_documents(conn))
    closures.certify(conn, account.account_id, closure=kept, at=at, certificate=told)
    if reader:
        _tell(place, reader, told=told, at=at)
    return told


def reader_of(place: End) -> MemberRow | None:
    """Who is told: the one who closes; where it is the vendor, an owner who is left."""
    there = [one for one in members.all_of(place.conn, place.account.account_id) if one.left_at is None]
    mine = [one for one in there if one.id == place.asked.by]
    return next(iter((*mine, *(one for one in there if one.role == "owner"))), None)


def _tell(place: End, reader: MemberRow, *, told: Certificate, at: datetime) -> None:
    facts = {
        "account": place.account.name,
        "number": place.account.account_id,
        "when": at.astimezone(place.account.zone).isoformat(),
        "paid_back": told["money"]["paid_back"],
        "lapsed": told["money"]["lapsed"],
        "currency": told["money"]["currency"],
        "erased": json.dumps(told["erased"]),
        "kept": json.dumps([[one["until"], one["count"], one["law"]] for one in told["kept"]]),
        "sha256": told["sha256"],
    }
    # Where the vendor closes, nobody has said in which language.
    language = place.asked.language if place.asked.by else reader.language
    _mail(place, reader, language=language, data=facts)


def _mail(place: End, reader: MemberRow, *, language: Language, data: Mapping[str, str | int]) -> None:
    mail = Mail(
        kind="account_closed",
        to=reader.email,
        language=language,
        data=data,
        account=place.account.account_id,
        secret=True,
    )
    post(place.conn, mail, at=place.services.clock.now())
