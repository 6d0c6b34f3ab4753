"""Mails leave with the worker: each once, and what did not go out goes when its time has come."""

from email.headerregistry import Address

import pytest
from sqlalchemy import text

from jobs.workplace import Workplace, eventually
from prorata.adapters.mail.smtp import Relay, SmtpPost
from prorata.jobs.tasks import TEND_MAILS
from prorata.jobs.worker import work_off
from prorata.store import outbox
from prorata.usecases.mail import Mail, post
from support.mail_server import HOST, MailServer, mail_server

CODE = Mail(
    kind="code",
    to="anna@example.test",
    language="it",
    data={"code": "402815", "minutes": 10, "browser": "Firefox on Linux"},
    secret=True,
)


def post_to(server: MailServer) -> SmtpPost:
    relay = Relay(host=HOST, port=server.port, security="none")
    return SmtpPost(relay=relay, sender=Address("Kadans", "billing", "kadans.test"), site="https://billing.kadans.test")


def put(workplace: Workplace) -> int:
    services = workplace.shop.services
    with services.database.door() as conn:
        return post(conn, CODE, at=services.clock.now())


def job_of(workplace: Workplace, mail: int) -> tuple[str, int, float]:
    """The state of a mail's job, how often it was tried, and in how many seconds it is tried again."""
    query = """
        SELECT CAST(status AS text), attempts, coalesce(extract(epoch FROM scheduled_at - now()), 0) AS seconds
        FROM procrastinate.procrastinate_jobs WHERE task_name = 'send_mails' AND CAST(args->>'mail' AS bigint) = :mail
    """
    with workplace.shop.services.database.owner() as conn:
        row = conn.execute(text(query), {"mail": mail}).one()
    return row.status, row.attempts, float(row.seconds)


def test_a_worker_sends_what_was_put_aside(workplace: Workplace):
    with mail_server() as server, workplace.worker(workplace.tasks(post=post_to(server))):
        mails = [put(workplace) for _ in range(3)]
        eventually(lambda: all(job_of(workplace, mail)[0] == "succeeded" for mail in mails))
    assert len(server.received) == 3
    assert {str(got.mail["Subject"]) for got in server.received} == {"Codice per billing.kadans.test"}


def test_a_mail_that_was_put_off_has_a_job_that_waits_a_minute(workplace: Workplace, caplog: pytest.LogCaptureFixture):
    mail = put(workplace)
    with mail_server() as server:
        server.to_recipient.append("450 4.2.1 anna@example.test is busy")
        assert work_off(workplace.tasks(post=post_to(server))) == (0, 1)
        status, attempts, seconds = job_of(workplace, mail)
        assert (status, attempts) == ("todo", 1)
        assert 0 < seconds <= 60
        assert server.received == []
        with workplace.shop.services.database.owner() as conn:
            conn.execute(text("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        assert work_off(workplace.tasks(post=post_to(server))) == (1, 0)
    assert job_of(workplace, mail)[0] == "succeeded"
    assert len(server.received) == 1
    assert "anna" not in caplog.text
    assert "402815" not in caplog.text


def test_a_mail_that_is_given_up_is_no_failure_of_its_job(workplace: Workplace):
    mail = put(workplace)
    with mail_server() as server:
        server.to_recipient.append("550 5.1.1 nobody of that name")
        assert work_off(workplace.tasks(post=post_to(server))) == (1, 0)
    with workplace.shop.services.database.owner() as conn:
        found = outbox.find(conn, mail)
    assert found
    assert (found.problem, found.next_try_at, found.data) == ("the recipient is refused (550)", None, {})


def test_without_settings_mails_stay_where_they_are_and_go_out_once_there_are_some(workplace: Workplace):
    mail = put(workplace)
    assert work_off(workplace.tasks()) == (1, 0)
    with workplace.shop.services.database.owner() as conn:
        found = outbox.find(conn, mail)
    assert found
    assert (found.tries, found.next_try_at) == (0, found.at)
    workplace.defer(TEND_MAILS, timestamp=0)
    with mail_server() as server:
        assert work_off(workplace.tasks(post=post_to(server))) == (1, 0)
    assert len(server.received) == 1


def test_the_job_holds_no_address_and_no_code(workplace: Workplace):
    mail = put(workplace)
    with workplace.shop.services.database.owner() as conn:
        query = "SELECT CAST(j AS text) FROM procrastinate.procrastinate_jobs AS j WHERE task_name = 'send_mails'"
        told = "".join(conn.scalars(text(query)))
    assert str(mail) in told
    assert "anna" not in told
    assert "402815" not in told
