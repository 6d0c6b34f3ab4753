"""Mails are put aside within the act that they are about, and sent afterwards.

So a mail exists if and only if what it tells has happened. What is put aside are facts, in no language yet: the letter
is worded when it is sent (`prorata.wording.mails`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from prorata.store import jobs, outbox
from prorata.store.engine import Connection
from prorata.store.outbox import Fact
from prorata.store.snapshots import Language

MailKind = Literal[
    "code",
    "invitation",
    "staff_link",
    "new_sign_in",
    "role_changed",
    "access_ended",
    "passkey_added",
    "passkey_removed",
    "key_made",
    "trial_lapses",
    "trial_converts",
    "expires",
    "disabled",
    "members_out",
    "deleted",
    "unpaid",
    "conflict",
    "renews",
    "renew_together",
    "export_ready",
    "account_closed",
    "account_not_closed",
    "closing_planned",
    "closing_soon",
    "closing_taken_back",
]
FACTS: Final[Mapping[MailKind, frozenset[str]]] = MappingProxyType(
    {
        "code": frozenset({"code", "minutes", "browser"}),
        "invitation": frozenset({"account", "by", "role", "link", "days"}),
        "staff_link": frozenset({"link"}),
        "new_sign_in": frozenset({"when", "agent", "address"}),
        "role_changed": frozenset({"account", "by", "role"}),
        "access_ended": frozenset({"account", "by"}),
        "passkey_added": frozenset({"name", "when"}),
        "passkey_removed": frozenset({"name", "when"}),
        "key_made": frozenset({"account", "by", "name"}),
        "trial_lapses": frozenset({"account", "product", "on", "disabled", "link"}),
        "trial_converts": frozenset({"account", "product", "on", "licences", "last", "link"}),
        "expires": frozenset({"account", "product", "on", "why", "disabled", "link"}),
        "disabled": frozenset({"account", "product", "on", "why", "deleted", "link"}),
        "members_out": frozenset({"account", "product", "on"}),
        "deleted": frozenset({"account", "product", "on", "link", "back_up"}),
        "unpaid": frozenset({"account", "product", "on", "bill", "due", "left", "currency", "deleted", "link"}),
        "conflict": frozenset({"account", "product", "on", "licences", "link"}),
        "renews": frozenset({"account", "product", "on", "licences", "last", "link"}),
        "renew_together": frozenset({"account", "on", "last", "each", "link"}),
        "export_ready": frozenset({"account", "link", "days"}),
        "account_closed": frozenset(
            {"account", "number", "when", "paid_back", "lapsed", "currency", "erased", "kept", "sha256"}
        ),
        "account_not_closed": frozenset({"account", "on", "why", "link"}),
        "closing_planned": frozenset({"account", "by", "on", "backed_up", "link"}),
        "closing_soon": frozenset({"account", "on", "backed_up", "left", "link"}),
        "closing_taken_back": frozenset({"account", "by", "on"}),
    }
)
"""What a mail of each kind tells. `when` is an instant in ISO form; `link` an address of the site, or its path; `role`
the code of a role, or the name of one of the account's own; `minutes` and `days` are numbers; the rest is text.

Besides, a `staff_link` may say its `days`, and a `key_made` the `link` to the page of the keys."""
SEND_MAILS: Final = "send_mails"
"""The task that sends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter to one person. `data`: what the letter of this kind says, by name.

    `account`: whom it is about. `secret`: it lets somebody in, so its facts are not kept longer than it takes to send
    it. Where the facts say how long something can be used (`minutes` or `days`), a later mail is not sent at all.
    """

    kind: MailKind
    to: str = field(repr=False)
    language: Language
    data: Mapping[str, Fact] = field(repr=False)
    account: int | None = None
    secret: bool = False


def post(conn: Connection, mail: Mail, *, at: datetime) -> int:
    """Put a mail aside, and have it sent once this transaction is committed; its id. As the application or the door.

    Raises `ValueError` where a fact is missing: the letter could not be written.
    """
    missing = FACTS[mail.kind] - mail.data.keys()
    if missing:
        raise ValueError(f"a mail of kind {mail.kind} wants {', '.join(sorted(missing))}")
    waiting = outbox.NewMail(
        kind=mail.kind,
        recipient=mail.to,
        language=mail.language,
        data=mail.data,
        account=mail.account,
        secret=mail.secret,
        at=at,
        expires_at=_expires_at(mail.data, at),
    )
    made = outbox.put(conn, waiting)
    jobs.defer(conn, SEND_MAILS, args={"mail": made})
    return made


def _expires_at(data: Mapping[str, Fact], at: datetime) -> datetime | None:
    for name, unit in (("minutes", timedelta(minutes=1)), ("days", timedelta(days=1))):
        count = data.get(name)
        if isinstance(count, int):
            return at + count * unit
    return None
