"""Telling the people of an account what is announced: whom, in which letter, and nobody twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from prorata.core.calendar import business_date
from prorata.core.history import History
from prorata.core.insights.announcements import Announcement, tells_members
from prorata.core.subscriptions.model import Subscription
from prorata.store import announcements, assignments, members, subscriptions
from prorata.store.accounts import AccountRow
from prorata.store.announcements import Made
from prorata.store.engine import Connection
from prorata.store.exporting.papers import SubscriptionName
from prorata.store.members import MemberRow
from prorata.store.outbox import Fact
from prorata.store.snapshots import Language
from prorata.usecases.announced import KINDS, About, facts_of
from prorata.usecases.mail import Mail, MailKind, post
from prorata.usecases.titles import titles_of

ADMINS: Final = frozenset({"owner", "billing_admin"})
"""Who is told of everything."""
_PRODUCTS: Final = "/products"
_Renewal = tuple[Subscription, Mapping[str, Fact]]

LICENCE_ADMINS: Final = frozenset({"licence_admin"})
"""Who is told of licences that there are not, besides."""


def made_of(announcement: Announcement, subscription: Subscription, *, account: int) -> Made:
    """What is noted of an announcement."""
    return Made(account, subscription.id, announcement.what, announcement.entry.day, announcement.days_before)


class Telling:
    """An account that is told things; `made` and `mails` are what came of it.

    `at`: the account's time; `posted_at`: the real one, by which mails are sent. Wants `finish` at its end: renewals of
    one day are told in one letter.
    """

    def __init__(
        self, conn: Connection, account: AccountRow, *, tail: History, at: datetime, posted_at: datetime
    ) -> None:
        self._conn, self._account, self._tail, self._at, self._posted_at = conn, account, tail, at, posted_at
        self._people: tuple[MemberRow, ...] | None = None
        self._products: Mapping[int, Mapping[str, str]] | None = None
        yesterday = business_date(at, account.zone) - timedelta(days=1)
        self._before = announcements.of_days_to_come(conn, [account.account_id], after=yesterday)
        self._renewals: dict[date, list[_Renewal]] = {}
        self.made: list[Made] = []
        self.mails = 0

    def tell(self, about: About, announcement: Announcement) -> None:
        """Note the announcement and put its mails aside, unless it was made before."""
        one = made_of(announcement, about.subscription, account=self._account.account_id)
        if one in self._before:
            return
        admins = self._admins(announcement)
        others = self._members_out(about.subscription, announcement, told=admins)
        count = len(admins) + len(others)
        if not announcements.create(self._conn, one, at=self._at, mails=count):
            return
        self.made.append(one)
        facts = facts_of(about, announcement) if admins else {}
        if announcement.what == "renews":
            self._renewals.setdefault(one.on, []).append((about.subscription, facts))
            return
        self._post(about.subscription, admins, kind=KINDS[announcement.what], facts=facts)
        self._post(about.subscription, others, kind="members_out", facts={"on": announcement.entry.day.isoformat()})

    def finish(self) -> None:
        """Tell the renewals."""
        readers = [member for member in self._everybody() if member.role in ADMINS] if self._renewals else []
        for day, renewals in sorted(self._renewals.items()):
            if len(renewals) == 1:
                self._post(renewals[0][0], readers, kind=KINDS["renews"], facts=renewals[0][1])
                continue
            last = (day - timedelta(days=1)).isoformat()
            for reader in readers:
                each = json.dumps([self._told_of(one, reader.language) for one in renewals])
                facts: dict[str, Fact] = {"on": day.isoformat(), "last": last, "each": each, "link": _PRODUCTS}
                self._put(reader, kind="renew_together", facts=facts)
        self._renewals = {}

    def _told_of(self, renewal: _Renewal, language: Language) -> Mapping[str, Fact]:
        """What one letter says of one of several renewals."""
        subscription, facts = renewal
        said = {name: fact for name, fact in facts.items() if name not in {"last", "link"}}
        return {**said, "product": self._title(subscription, language)}

    def _admins(self, announcement: Announcement) -> tuple[MemberRow, ...]:
        roles = ADMINS | LICENCE_ADMINS if announcement.what == "conflict" else ADMINS
        return tuple(member for member in self._everybody() if member.role in roles)

    def _members_out(
        self, subscription: Subscription, announcement: Announcement, *, told: Iterable[MemberRow]
    ) -> tuple[MemberRow, ...]:
        """Those who hold a licence and are not told as admins, unless they were told of this end before."""
        days = subscription.terms.announce_days
        if subscription.paused or not tells_members(announcement, days):
            return ()
        entry, what = announcement.entry, announcement.what
        same = (m for m in self._before if (m.subscription, m.what, m.on) == (subscription.id, what, entry.day))
        if any(tells_members(Announcement(what, m.days_before, entry), days) for m in same):
            return ()
        held = assignments.holders(self._conn, self._account.account_id, subscription=subscription.name)
        known = {member.id for member in told}
        return tuple(member for member in self._everybody() if member.id in held - known)

    def _everybody(self) -> tuple[MemberRow, ...]:
        """Everybody who has not left and can be written to."""
        if self._people is None:
            found = members.all_of(self._conn, self._account.account_id)
            self._people = tuple(member for member in found if not member.left_at and member.email)
        return self._people

    def _post(
        self,
        subscription: Subscription,
        readers: Iterable[MemberRow],
        *,
        kind: MailKind,
        facts: Mapping[str, Fact],
    ) -> None:
        for reader in readers:
            self._put(reader, kind=kind, facts={**facts, "product": self._title(subscription, reader.language)})

    def _put(self, reader: MemberRow, *, kind: MailKind, facts: Mapping[str, Fact]) -> None:
        account = self._account
        data = {**facts, "account": account.name}
        mail = Mail(kind=kind, to=reader.email, language=reader.language, data=data, account=account.account_id)
        post(self._conn, mail, at=self._posted_at)
        self.mails += 1

    def _title(self, subscription: Subscription, language: Language) -> str:
        """What the pages call the subscription in a language."""
        if self._products is None:
            self._products = subscriptions.product_names(self._conn, self._account.account_id)
        products = self._products
        found = [
            SubscriptionName(s.id, s.name, s.plan.name, products.get(s.id) or {}) for s in self._tail.subscriptions
        ]
        return titles_of([(one, _in_language(one, language)) for one in found])[subscription.id]


def _in_language(one: SubscriptionName, language: Language) -> str:
    """The name of its product in the language, else in English, else in any."""
    names = one.product
    return names.get(language) or names.get("en") or next(iter(names.values()), one.plan)
