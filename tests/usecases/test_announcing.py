"""Announcements of an account: each once, to whom it concerns, in each one's language."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.money import money, unit_price
from prorata.store import accounts, announcements, members, outbox
from prorata.store.announcements import Made
from prorata.store.outbox import StoredMail
from prorata.store.screens import bills
from prorata.store.snapshots import Language
from prorata.usecases.act import act
from prorata.usecases.announce import Announcing, announce
from prorata.usecases.announce_due import AnnouncedAll, announce_due
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.move_anchor import MoveAnchor
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.pay_document import PayDocument, SetPaymentMode
from prorata.usecases.permissions import Role
from prorata.usecases.run_account import ClockBackwards, advance_clock, noon
from prorata.usecases.set_renewal import SetRenewal
from support.shop import EUR, ZONE, Shop, admin, another_plan

Told = tuple[str, str, int, list[str]]
"""What is told, of which day, how many days before, and to whom in which letter."""


def people(shop: Shop, account: int) -> None:
    """The first of three members owns the account; Bianca looks after its bills, Linus after its licences."""
    with shop.services.database.account(account) as conn:
        members.set_role(conn, account, member=1, role="owner")
        people_too: tuple[tuple[str, Role, Language], ...] = (
            ("bianca", "billing_admin", "it"),
            ("linus", "licence_admin", "en"),
            ("iris", "invoice_manager", "en"),
        )
        for name, role, language in people_too:
            members.create(conn, account, name=name, email=f"{name}@x.example", role=role, language=language)


def ready(shop: Shop, *, clock: date | None = date(2026, 1, 15)) -> int:
    """An account with ten licences, of which members 2 and 3 hold one."""
    account = shop.account(clock=clock)
    people(shop, account)
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    act(shop.services, admin(account), AssignLicences("a", add=frozenset({2, 3})))
    return account


def mails(shop: Shop, account: int) -> Sequence[StoredMail]:
    """Every mail of the account, in the order in which it was put aside."""
    with shop.services.database.owner() as conn:
        found = outbox.latest(conn, most=10_000)
    return [mail for mail in reversed(found) if mail.account == account]


def letters(shop: Shop, account: int) -> list[tuple[str, str, str, str]]:
    """Of each mail the kind, the reader, their language and the day that it is about."""
    found = mails(shop, account)
    return [(m.kind, m.recipient.removesuffix("@x.example"), m.language, str(m.data["on"])) for m in found]


def made(shop: Shop, account: int) -> list[tuple[str, str, int]]:
    with shop.services.database.account(account) as conn:
        return [(one.what, one.on.isoformat(), one.days_before) for one in announcements.of_account(conn, account)]


def on(day: str) -> datetime:
    return noon(date.fromisoformat(day), ZONE)


def test_owners_and_billing_admins_are_told_of_a_renewal_each_in_their_language(shop: Shop):
    account = ready(shop)
    assert announce(shop.services, account, at=on("2026-02-07")).mails == 0
    done = announce(shop.services, account, at=on("2026-02-08"))
    assert done.made == (Made(account, 1, "renews", date(2026, 2, 15), 7),)
    assert letters(shop, account) == [
        ("renews", "m1", "nl", "2026-02-15"),
        ("renews", "bianca", "it", "2026-02-15"),
    ]
    # 10 licences × 12.50 = 125.00; the shop charges no tax.
    assert mails(shop, account)[0].data == {
        "account": "De Korenbloem",
        "product": "Team",
        "on": "2026-02-15",
        "licences": 10,
        "last": "2026-02-14",
        "price": "12.50",
        "cost": 12500,
        "until": "2026-03-15",
        "total": 12500,
        "currency": "EUR",
        "link": "/products/a",
    }


def test_a_renewal_that_is_billed_afterwards_names_the_price_of_the_period_that_begins(shop: Shop):
    account = shop.account()
    people(shop, account)
    plan = Plan("later", every("month"), Price(1, unit_price("12.50", EUR)))
    later = another_plan(shop, plan, terms=replace(CLASSIC, billed="arrears"))
    act(shop.services, admin(account), BuySubscription(later, 10, "a"), BuySubscription(shop.plan, 1, "b"))
    act(shop.services, admin(account), ChangeLicences("a", 8, when="renewal"))
    announce(shop.services, account, at=on("2026-02-08"))
    # From the renewal on 8 licences × 12.50 = 100.00, billed when their period is over. The bill of the day itself is
    # for the period before, with ten, and for the other subscription: nothing of it is said.
    assert json.loads(str(mails(shop, account)[0].data["each"]))[0] == {
        "product": "Another",
        "on": "2026-02-15",
        "licences": 8,
        "price": "12.50",
        "cost": 10000,
        "until": "2026-03-15",
        "billed": "2026-03-15",
        "currency": "EUR",
    }


def test_what_was_announced_is_not_announced_again(shop: Shop):
    account = ready(shop)
    announce(shop.services, account, at=on("2026-02-08"))
    again = announce(shop.services, account, at=on("2026-02-10"))
    assert (again.made, again.mails) == ((), 0)
    assert len(mails(shop, account)) == 2


def test_of_two_that_announce_at_once_one_tells_and_the_other_has_nothing_to_say(shop: Shop):
    account = ready(shop)

    def announce_it(_: int) -> Announcing:
        return announce(shop.services, account, at=on("2026-02-08"))

    with ThreadPoolExecutor(4) as pool:
        several = list(pool.map(announce_it, range(4)))
    assert sorted(one.mails for one in several) == [0, 0, 0, 2]
    assert len(mails(shop, account)) == 2


def test_members_who_lose_access_are_told_once_a_week_before(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), CancelSubscription("a", "period_end"))
    for day in ("2026-02-07", "2026-02-08", "2026-02-09", "2026-02-14"):
        announce(shop.services, account, at=on(day))
    told = letters(shop, account)
    assert [letter[:2] for letter in told if letter[0] == "members_out"] == [
        ("members_out", "m2"),
        ("members_out", "m3"),
    ]
    # 30 days before is 16 January: nobody looked until 7 February, and then it was still true.
    assert made(shop, account) == [("disabled", "2026-02-15", before) for before in (30, 7, 1)]
    both = [("disabled", "m1"), ("disabled", "bianca")]
    assert [letter[:2] for letter in told if letter[0] == "disabled"] == both * 3
    # 15 February and 90 days: 13 + 31 + 30 + 16.
    first = mails(shop, account)[0].data
    assert (first["deleted"], first["link"], first["why"]) == ("2026-05-16", "/products/a/undo", "cancelled")


def test_of_what_is_paused_the_letters_know_it_and_members_are_told_nothing(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), PauseSubscription("a"), SetRenewal("a", renews=False))
    announce(shop.services, account, at=on("2026-02-08"))
    advance_clock(shop.services, admin(account), to=date(2026, 3, 12))
    assert {letter[0] for letter in letters(shop, account)} == {"expires", "disabled"}
    assert {mail.data["paused"] for mail in mails(shop, account)} == {1}


def test_members_are_told_the_day_before_where_the_week_before_was_missed(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), CancelSubscription("a", "period_end"))
    announce(shop.services, account, at=on("2026-02-14"))
    assert made(shop, account) == [("disabled", "2026-02-15", 1)]
    assert [letter[0] for letter in letters(shop, account)] == ["disabled", "disabled", "members_out", "members_out"]


def test_who_has_left_is_told_nothing(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), CancelSubscription("a", "period_end"))
    with shop.services.database.account(account) as conn:
        for member in (2, 4):
            members.leave(conn, account, member=member, at=on("2026-01-16"))
    announce(shop.services, account, at=on("2026-02-08"))
    assert [letter[:2] for letter in letters(shop, account)] == [("disabled", "m1"), ("members_out", "m3")]


def test_a_year_of_the_clock_announces_exactly_this(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), SetRenewal("a", renews=False))
    advance_clock(shop.services, admin(account), to=date(2027, 1, 15))
    # Ends on 15 February; disabled 30 days later, on 17 March; deleted 90 after that, on 15 June.
    assert made(shop, account) == [
        ("expires", "2026-02-15", 30),
        ("expires", "2026-02-15", 7),
        ("expires", "2026-02-15", 1),
        ("disabled", "2026-03-17", 30),
        ("disabled", "2026-03-17", 7),
        ("disabled", "2026-03-17", 1),
        ("deleted", "2026-06-15", 30),
        ("deleted", "2026-06-15", 7),
        ("deleted", "2026-06-15", 1),
    ]


def test_a_clock_that_goes_on_after_a_stop_announces_what_is_left_and_nothing_twice(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), SetRenewal("a", renews=False))
    for day in (date(2026, 2, 8), date(2026, 2, 8), date(2026, 2, 13), date(2026, 2, 15)):
        advance_clock(shop.services, admin(account), to=day)
    assert made(shop, account) == [
        ("expires", "2026-02-15", 30),
        ("expires", "2026-02-15", 7),
        ("expires", "2026-02-15", 1),
        ("disabled", "2026-03-17", 30),
    ]
    with pytest.raises(ClockBackwards):
        advance_clock(shop.services, admin(account), to=date(2026, 2, 14))
    assert len(made(shop, account)) == 4


def test_a_bill_that_is_not_paid_is_told_with_its_number_and_what_is_left_of_it(shop: Shop):
    account = shop.account()
    people(shop, account)
    act(shop.services, admin(account), SetPaymentMode("none"), BuySubscription(shop.plan, 10, "a"))
    act(shop.services, admin(account), PayDocument(1, money("25.00", EUR)))
    # Issued on 15 January, due in 30 days, on 14 February; disabled 30 days after that, on 16 March.
    advance_clock(shop.services, admin(account), to=date(2026, 2, 15))
    first = next(mail for mail in mails(shop, account) if mail.kind == "unpaid")
    with shop.services.database.account(account) as conn:
        (bill, *_) = bills.open_bills(conn, account)
    assert first.data == {
        "account": "De Korenbloem",
        "product": "Team",
        "on": "2026-03-16",
        "bill": bill.number,
        "due": "2026-02-14",
        "left": 10000,
        "currency": "EUR",
        # 16 March and 90 days: 15 + 30 + 31 + 14.
        "deleted": "2026-06-14",
        "link": "/bills/pay",
    }


def test_renewals_of_one_day_come_in_one_letter_each_by_its_own_name(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), BuySubscription(shop.plan, 1, "b"))
    done = announce(shop.services, account, at=on("2026-02-08"))
    assert (made(shop, account), done.mails) == ([("renews", "2026-02-15", 7)] * 2, 2)
    assert [letter[:2] for letter in letters(shop, account)] == [("renew_together", "m1"), ("renew_together", "bianca")]
    data = dict(mails(shop, account)[0].data)
    same = {"on": "2026-02-15", "price": "12.50", "until": "2026-03-15", "currency": "EUR"}
    # 10 × 12.50 = 125.00 and 1 × 12.50; one bill for both: 137.50.
    assert json.loads(str(data.pop("each"))) == [
        {**same, "product": "Team (a)", "licences": 10, "cost": 12500, "total": 13750},
        {**same, "product": "Team (b)", "licences": 1, "cost": 1250, "total": 13750},
    ]
    assert data == {"account": "De Korenbloem", "on": "2026-02-15", "last": "2026-02-14", "link": "/products"}
    assert announce(shop.services, account, at=on("2026-02-09")).mails == 0


def test_renewals_of_two_days_come_in_two_letters(shop: Shop):
    account = ready(shop)
    act(shop.services, admin(account), BuySubscription(shop.plan, 1, "b"))
    act(shop.services, admin(account), MoveAnchor("b", 16))
    announce(shop.services, account, at=on("2026-02-08"))
    announce(shop.services, account, at=on("2026-02-09"))
    assert [letter[0] for letter in letters(shop, account)] == ["renews"] * 4
    assert {str(mail.data["on"]) for mail in mails(shop, account)} == {"2026-02-15", "2026-02-16"}


def test_all_accounts_are_told_each_by_its_own_clock_and_one_that_fails_stops_nobody(shop: Shop):
    told, other_day, broken, gone = ready(shop), ready(shop), ready(shop), ready(shop)
    real = ready(shop, clock=None)
    act(shop.services, admin(gone), CancelSubscription("a", "now"))
    advance_clock(shop.services, admin(gone), to=date(2026, 4, 15))
    before = len(mails(shop, gone))
    with shop.services.database.owner() as conn:
        for account in (told, broken, gone):
            if account != gone:
                accounts.set_clock(conn, account, at=on("2026-02-08"))
        conn.execute(text("UPDATE members SET sealed_email = '\\x00' WHERE account_id = :a"), {"a": broken})
    done = announce_due(shop.services, at_once=2)
    assert done.failed == 1
    assert done.accounts >= 4
    assert [len(mails(shop, account)) for account in (told, other_day, broken, real)] == [2, 0, 0, 0]
    assert len(mails(shop, gone)) == before
    # Doing it again says nothing twice, and goes on with the one that failed.
    again = announce_due(shop.services, at_once=1000)
    assert (again.announcements, again.failed) == (0, 1)
    with shop.services.database.owner() as conn:
        conn.execute(text("UPDATE accounts SET closed_at = clock_at WHERE account_id = :a"), {"a": broken})
    # Of what is closed nobody is told.
    assert announce_due(shop.services).failed == 0


def test_a_pass_that_is_stopped_goes_on_where_it_was(shop: Shop):
    one, other = ready(shop), ready(shop)
    with shop.services.database.owner() as conn:
        for account in (one, other):
            accounts.set_clock(conn, account, at=on("2026-02-08"))

    class Stopped(Exception):
        pass

    def stop(_: AnnouncedAll) -> None:
        if mails(shop, one):
            raise Stopped

    with pytest.raises(Stopped):
        announce_due(shop.services, at_once=1, progress=stop)
    assert (len(mails(shop, one)), len(mails(shop, other))) == (2, 0)
    announce_due(shop.services)
    assert (len(mails(shop, one)), len(mails(shop, other))) == (2, 2)


def test_an_account_in_real_time_is_told_by_the_real_clock(shop: Shop):
    account = ready(shop, clock=None)
    act(shop.services, admin(account), CancelSubscription("a", date(2026, 1, 22)))
    # The real clock stands at 15 January: 7 days before.
    announce_due(shop.services)
    assert made(shop, account) == [("disabled", "2026-01-22", 7)]
    assert {mail.at for mail in mails(shop, account)} == {datetime(2026, 1, 15, 12, tzinfo=UTC)}
