"""Telling the owners of an account that it is to be closed on a day: when that is planned, before the day, and where it
is taken back or does not come about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from prorata.core.calendar import business_date
from prorata.core.catalog.presets import CLASSIC
from prorata.core.closing import closing_steps, running_on
from prorata.core.errors import DomainError
from prorata.core.history import History
from prorata.store import audit, closures, members
from prorata.store.closures import ClosureRow, NewClosure
from prorata.store.members import MemberRow
from prorata.store.outbox import Fact
from prorata.usecases.act import Services
from prorata.usecases.closing_facts import all_facts
from prorata.usecases.command import Ground
from prorata.usecases.mail import Mail, MailKind, post
from prorata.usecases.note import note

PAGE: Final = "/close-account"


def tell_planned(services: Services, ground: Ground, *, asked: NewClosure) -> None:
    """Say on which day it is to be closed, and by whom that was planned."""
    facts = {"by": ground.actor.name, "on": asked.on.isoformat(), "backed_up": _backed_up(ground), "link": PAGE}
    _tell(services, ground, asked=asked, kind="closing_planned", facts=facts)


def tell_taken_back(services: Services, ground: Ground, *, planned: ClosureRow) -> None:
    """Say that it stays open, and who wants it so."""
    facts = {"by": ground.actor.name, "on": planned.on.isoformat()}
    _tell(services, ground, asked=planned, kind="closing_taken_back", facts=facts)


def tell_blocked(services: Services, ground: Ground, *, planned: ClosureRow, why: DomainError) -> None:
    """Say that it was not closed on its day."""
    facts = {"on": planned.on.isoformat(), "why": why.code, "link": PAGE}
    _tell(services, ground, asked=planned, kind="account_not_closed", facts=facts)


def announce_closing(services: Services, ground: Ground, *, planned: ClosureRow) -> None:
    """Say that the day comes near and what is still to be done, where that is due: once for each of the days before it
    on which losses are announced. Days that were missed are made up for by the last of them.
    """
    today = business_date(ground.at, ground.account.zone)
    facts, tail = all_facts(ground.conn, ground.account, closer=planned.by, at=ground.at)
    before = _due(planned, tail, today=today, zone_day=business_date(planned.at, ground.account.zone))
    if before is None or _was_told(ground, planned, before=before):
        return
    then = replace(facts, running=running_on(tail, planned.on), backup=planned.backup)
    left = [one.blocked.code for one in closing_steps(then) if one.blocked]
    said = {"on": planned.on.isoformat(), "left": json.dumps(left), "backed_up": _backed_up(ground), "link": PAGE}
    mails = _tell(services, ground, asked=planned, kind="closing_soon", facts=said)
    detail = {"closure": planned.id, "days_before": before, "mails": mails}
    note(ground, action="account.close_announced", subject=planned.on.isoformat(), issued=(), detail=detail)


def announcing_days(planned: ClosureRow, tail: History) -> tuple[date, ...]:
    """The days on which it is announced."""
    return tuple(planned.on - timedelta(days=days) for days in _days(tail))


def readers_of(ground: Ground, *, asked_by: int | None) -> tuple[MemberRow, ...]:
    """Every owner who is there, and who asked for it: they first."""
    there = [one for one in members.all_of(ground.conn, ground.account.account_id) if one.left_at is None]
    found = [one for one in there if one.email and (one.role == "owner" or one.id == asked_by)]
    return tuple(sorted(found, key=lambda one: (one.id != asked_by, one.id)))


def _due(planned: ClosureRow, tail: History, *, today: date, zone_day: date) -> int | None:
    """How many days before it the announcement is that is due, None where none is: the plan itself told the rest."""
    left = (planned.on - today).days
    room = (planned.on - zone_day).days
    return min((days for days in _days(tail) if left <= days < room and left > 0), default=None)


def _days(tail: History) -> frozenset[int]:
    """As the terms of what was bought have it; where nothing was, as they are shipped."""
    found = frozenset(days for one in tail.subscriptions for days in one.terms.announce_days)
    return found or frozenset(CLASSIC.announce_days)


def _was_told(ground: Ground, planned: ClosureRow, *, before: int) -> bool:
    said = audit.details(ground.conn, ground.account.account_id, action="account.close_announced", since=planned.at)
    return any(one.get("closure") == planned.id and _number(one, "days_before") <= before for one in said)


def _number(said: Mapping[str, object], name: str) -> int:
    found = said.get(name)
    return found if isinstance(found, int) else 0


def _backed_up(ground: Ground) -> str:
    """On which day the data were last taken out; the file may be deleted by now."""
    made = closures.last_backup_at(ground.conn, ground.account.account_id)
    return business_date(made, ground.account.zone).isoformat() if made else ""


def _tell(services: Services, ground: Ground, *, asked: NewClosure, kind: MailKind, facts: Mapping[str, Fact]) -> int:
    account, found = ground.account, readers_of(ground, asked_by=asked.by)
    for reader in found:
        data = {"account": account.name, **facts}
        mail = Mail(kind=kind, to=reader.email, language=reader.language, data=data, account=account.account_id)
        post(ground.conn, mail, at=services.clock.now())
    return len(found)
