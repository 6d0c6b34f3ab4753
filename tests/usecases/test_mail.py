"""Mails exist if and only if what they tell has happened, and go out once."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import text

from prorata.store import outbox
from prorata.store.engine import Database
from prorata.store.errors import RoleRefused
from prorata.store.outbox import MailCounts, StoredMail
from prorata.usecases.act import Services
from prorata.usecases.mail import Mail, post
from prorata.usecases.ports import Message, NotSent
from prorata.usecases.send_mails import send_mail, tend_mails
from support import databases
from support.clocks import TestClock

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
CODE = Mail(
    kind="code",
    to="anna@example.test",
    language="nl",
    data={"code": "402815", "minutes": 10, "browser": "Firefox on Linux"},
    secret=True,
)
CHANGED = Mail(
    kind="role_changed",
    to="bas@example.test",
    language="en",
    data={"account": "De Korenbloem", "by": "Anna", "role": "reader"},
    account=1,
)


@dataclass
class Bag:
    """Takes mails, or says first why not; `meanwhile` is done while one is on its way."""

    problems: list[NotSent | Exception] = field(default_factory=list[NotSent | Exception])
    got: list[Message] = field(default_factory=list[Message])
    meanwhile: Callable[[], None] = lambda: None

    def send(self, message: Message) -> None:
        self.meanwhile()
        if self.problems:
            raise self.problems.pop(0)
        self.got.append(message)


@pytest.fixture
def clock() -> TestClock:
    return TestClock(NOON)


@pytest.fixture
def services(database: databases.Database, clock: TestClock) -> Iterator[Services]:
    opened = Database(database.owner_url, app_url=database.app_url)
    with opened.owner() as conn:
        conn.execute(text("DELETE FROM outbox"))
        conn.execute(text("SET LOCAL search_path TO procrastinate"))
        conn.execute(text("DELETE FROM procrastinate_jobs"))
    yield Services(opened, clock)
    opened.dispose()


def put(services: Services, mail: Mail = CHANGED) -> int:
    with services.database.door() as conn:
        return post(conn, mail, at=services.clock.now())


def stored(services: Services, mail: int) -> StoredMail:
    with services.database.owner() as conn:
        found = outbox.find(conn, mail)
    assert found
    return found


def jobs(services: Services) -> list[object]:
    query = "SELECT args FROM procrastinate.procrastinate_jobs WHERE task_name = 'send_mails' ORDER BY id"
    with services.database.owner() as conn:
        return list(conn.scalars(text(query)))


def counted(services: Services) -> MailCounts:
    with services.database.owner() as conn:
        return outbox.counts(conn)


def test_a_mail_is_put_aside_with_its_job_by_the_door_and_by_the_application(services: Services):
    with services.database.door() as conn:
        first = post(conn, CODE, at=NOON)
    with services.database.account(1) as conn:
        second = post(conn, CHANGED, at=NOON)
    assert jobs(services) == [{"mail": first}, {"mail": second}]
    mail = stored(services, first)
    assert (mail.kind, mail.recipient, mail.language, mail.secret) == ("code", "anna@example.test", "nl", True)
    assert (mail.at, mail.next_try_at, mail.expires_at) == (NOON, NOON, NOON + timedelta(minutes=10))
    assert stored(services, second).account == 1
    assert stored(services, second).expires_at is None


def test_what_did_not_happen_is_not_mailed(services: Services):
    def refused() -> None:
        with services.database.door() as conn:
            post(conn, CODE, at=NOON)
            raise KeyError

    with pytest.raises(KeyError):
        refused()
    assert jobs(services) == []
    assert counted(services) == MailCounts(waiting=0, sent=0, given_up=0)


@pytest.mark.parametrize("role", ["door", "app"])
@pytest.mark.parametrize(
    "statement",
    ["SELECT recipient FROM outbox", "SELECT data FROM outbox", "UPDATE outbox SET tries = 0", "DELETE FROM outbox"],
)
def test_who_puts_mails_aside_cannot_read_or_change_them(services: Services, role: str, statement: str):
    put(services)
    opened = services.database.door() if role == "door" else services.database.app()
    with pytest.raises(RoleRefused), opened as conn:
        conn.execute(text(statement))


def test_a_mail_that_could_not_be_worded_is_refused_where_it_is_put_aside(services: Services):
    with (
        services.database.door() as conn,
        pytest.raises(ValueError, match="a mail of kind code wants browser, minutes"),
    ):
        post(conn, replace(CODE, data={"code": "402815"}), at=NOON)


def test_a_mail_goes_out_once(services: Services, clock: TestClock):
    mail, bag = put(services), Bag()
    clock.set("2026-03-14 12:05")
    assert send_mail(services, bag, mail=mail) is None
    assert send_mail(services, bag, mail=mail) is None
    assert tend_mails(services, bag) == 0
    assert len(bag.got) == 1
    assert (bag.got[0].id, bag.got[0].to, bag.got[0].at) == (mail, "bas@example.test", NOON)
    kept = stored(services, mail)
    assert (kept.sent_at, kept.tries, kept.next_try_at, kept.problem) == (clock.at, 1, None, None)
    assert kept.data == CHANGED.data
    assert counted(services) == MailCounts(waiting=0, sent=1, given_up=0)


def test_a_mail_that_is_not_there_is_nobodys_trouble(services: Services):
    assert send_mail(services, Bag(), mail=4_000_000) is None


def test_a_secret_is_forgotten_once_it_is_sent_or_given_up(services: Services):
    sent, refused = put(services, CODE), put(services, CODE)
    send_mail(services, Bag(), mail=sent)
    assert stored(services, refused).data == CODE.data
    send_mail(services, Bag(problems=[NotSent("the recipient is refused (550)", again=False)]), mail=refused)
    assert stored(services, sent).data == {}
    assert stored(services, refused).data == {}
    assert stored(services, refused).problem == "the recipient is refused (550)"


def test_it_is_tried_again_after_1_5_30_minutes_2_and_6_hours_and_then_given_up(services: Services, clock: TestClock):
    mail = put(services)
    bag = Bag(problems=[NotSent(f"no answer {number}", again=True) for number in range(1, 8)])
    waits: list[timedelta | None] = []
    for at in ("12:00", "12:01", "12:06", "12:36", "14:36", "20:36"):
        clock.set(f"2026-03-14 {at}")
        waits.append(send_mail(services, bag, mail=mail))
        kept = stored(services, mail)
        assert kept.next_try_at == (clock.at + waits[-1] if waits[-1] else None)
    minutes = [wait and wait.total_seconds() / 60 for wait in waits]
    assert minutes == [1, 5, 30, 120, 360, None]
    assert (kept.tries, kept.problem, kept.sent_at) == (6, "no answer 6", None)
    assert counted(services) == MailCounts(waiting=0, sent=0, given_up=1)


def test_what_is_refused_for_good_is_given_up_at_once(services: Services):
    mail = put(services)
    assert (
        send_mail(services, Bag(problems=[NotSent("the recipient is refused (550)", again=False)]), mail=mail) is None
    )
    assert (stored(services, mail).tries, stored(services, mail).next_try_at) == (1, None)


def test_a_letter_that_breaks_the_program_is_tried_again_and_keeps_nobody_waiting(services: Services):
    broken, whole = put(services), put(services)
    bag = Bag(problems=[ZeroDivisionError("anna@example.test")])
    assert tend_mails(services, bag) == 2
    assert stored(services, broken).problem == "unexpected: ZeroDivisionError"
    assert stored(services, broken).next_try_at == NOON + timedelta(minutes=1)
    assert stored(services, whole).sent_at == NOON


def test_a_code_is_not_sent_when_it_is_of_no_use_any_more(services: Services, clock: TestClock):
    mail, bag = put(services, CODE), Bag(problems=[NotSent("the server does not answer", again=True)])
    send_mail(services, bag, mail=mail)
    clock.at = NOON + timedelta(minutes=10)
    assert send_mail(services, bag, mail=mail) is None
    assert bag.got == []
    kept = stored(services, mail)
    assert (kept.next_try_at, kept.sent_at, kept.data) == (None, None, {})
    assert kept.problem == "the server does not answer"


def test_what_is_overdue_goes_out_the_oldest_first_and_what_is_not_due_waits(services: Services, clock: TestClock):
    first, second = put(services), put(services)
    send_mail(services, Bag(problems=[NotSent("busy", again=True)]), mail=second)
    bag = Bag()
    clock.at = NOON + timedelta(seconds=59)
    assert tend_mails(services, bag) == 1
    clock.at = NOON + timedelta(seconds=60)
    assert tend_mails(services, bag) == 1
    assert [message.id for message in bag.got] == [first, second]


def test_what_is_settled_is_forgotten_after_a_month_and_what_waits_is_not(services: Services, clock: TestClock):
    settled, waiting = put(services), put(services)
    send_mail(services, Bag(), mail=settled)
    send_mail(services, Bag(problems=[NotSent("busy", again=True)]), mail=waiting)
    clock.at = NOON + timedelta(days=30)
    tend_mails(services, Bag(problems=[NotSent("busy", again=True)]))
    assert counted(services) == MailCounts(waiting=1, sent=1, given_up=0)
    clock.at = NOON + timedelta(days=30, seconds=1)
    tend_mails(services, Bag())
    assert counted(services) == MailCounts(waiting=1, sent=0, given_up=0)


def test_of_two_workers_that_want_one_mail_one_sends_it(services: Services):
    mail = put(services)
    on_its_way, go_on = Event(), Event()

    def wait() -> None:
        on_its_way.set()
        assert go_on.wait(20)

    slow, other = Bag(meanwhile=wait), Bag()
    thread = Thread(target=send_mail, args=(services, slow), kwargs={"mail": mail})
    thread.start()
    assert on_its_way.wait(20)
    assert send_mail(services, other, mail=mail) is None
    assert tend_mails(services, other) == 0
    go_on.set()
    thread.join(20)
    assert (len(slow.got), len(other.got)) == (1, 0)
    assert stored(services, mail).tries == 1


def test_four_workers_send_each_of_forty_mails_once(services: Services):
    mails = [put(services) for _ in range(40)]
    bags = [Bag() for _ in range(4)]
    together = Barrier(4)

    def work(bag: Bag) -> None:
        together.wait(20)
        tend_mails(services, bag)

    threads = [Thread(target=work, args=(bag,)) for bag in bags]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(message.id for bag in bags for message in bag.got) == mails
    assert counted(services) == MailCounts(waiting=0, sent=40, given_up=0)


def test_no_log_holds_an_address_or_a_code(services: Services, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    sent, refused, broken = (put(services, CODE) for _ in range(3))
    send_mail(services, Bag(), mail=sent)
    send_mail(services, Bag(problems=[NotSent("the recipient is refused (550)", again=False)]), mail=refused)
    send_mail(services, Bag(problems=[RuntimeError("402815 for anna@example.test")]), mail=broken)
    said = caplog.text
    assert f"mail {sent} (code) is sent" in said
    assert f"mail {refused} (code) is given up: the recipient is refused (550)" in said
    assert "anna" not in said
    assert "402815" not in said
    assert "anna" not in repr(CODE) + repr(stored(services, broken)) + repr(Bag().got)
