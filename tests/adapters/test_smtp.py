"""Mails are handed over by SMTP: encrypted, to a server that proves its name, or not at all."""

import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from threading import Thread

import pytest

from prorata.adapters.mail.smtp import Relay, Security, SmtpPost
from prorata.usecases.ports import Message, NotSent
from support.mail_server import HOST, PASSWORD, USER, Certificate, mail_server, make_certificate

SITE = "https://billing.example.test"
SENDER = Address("Kadans", "billing", "kadans.test")
CODE = Message(
    id=7,
    kind="code",
    to="anna@example.test",
    language="nl",
    data={"code": "402815", "minutes": 10, "browser": "Firefox on Linux"},
    at=datetime(2026, 3, 14, 9, 30, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificates"))


def post_to(
    port: int,
    security: Security = "none",
    *,
    trust: ssl.SSLContext | None = None,
    user: str = "",
    password: str = "",
) -> SmtpPost:
    relay = Relay(host=HOST, port=port, security=security, user=user, password=password)
    return SmtpPost(relay=relay, sender=SENDER, site=SITE, trust=trust or ssl.create_default_context())


def refusal_of(post: SmtpPost, message: Message = CODE) -> tuple[str, bool]:
    with pytest.raises(NotSent) as caught:
        post.send(message)
    return caught.value.problem, caught.value.again


@contextmanager
def answering(*said: bytes) -> Generator[int]:
    """A port where somebody says something to who comes, then something to each line, and hangs up."""
    with socket.create_server((HOST, 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                for one in said:
                    connection.sendall(one)
                    end = b".\r\n" if one.startswith(b"354") else b""
                    while one is not said[-1] and not lines.readline().endswith(end or b"\n"):
                        pass

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_is_handed_over_encrypted(security: Security, certificate: Certificate):
    encrypted = certificate.server()
    with mail_server(
        tls=encrypted if security == "tls" else None,
        starttls=encrypted if security == "starttls" else None,
        login=security == "starttls",
    ) as server:
        login = {"user": USER, "password": PASSWORD} if security == "starttls" else {}
        post_to(server.port, security, trust=certificate.trusted(), **login).send(CODE)
    assert len(server.received) == 1
    got = server.received[0]
    assert (got.sender, got.recipients, got.encrypted) == ("billing@kadans.test", ["anna@example.test"], True)


def test_it_says_who_it_is_from_and_that_a_machine_wrote_it():
    with mail_server() as server:
        post_to(server.port).send(CODE)
    mail = server.received[0].mail
    assert mail["From"] == "Kadans <billing@kadans.test>"
    assert mail["To"] == "anna@example.test"
    assert mail["Subject"] == "Uw code voor billing.example.test"
    assert mail["Date"] == "Sat, 14 Mar 2026 09:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nl"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body
        assert "402815" in body.get_content()


def test_a_line_that_begins_with_from_arrives_as_it_was_written():
    added = replace(
        CODE, kind="passkey_added", language="en", data={"name": "Laptop", "when": "2026-03-14T09:30:00+00:00"}
    )
    with mail_server() as server:
        post_to(server.port).send(added)
    plain = server.received[0].mail.get_body(("plain",))
    assert plain
    assert plain.get_content().startswith("From now on you can sign in at billing.example.test")


def test_two_copies_of_one_mail_are_known_as_one_and_two_mails_are_not():
    with mail_server() as server:
        post = post_to(server.port)
        for message in (CODE, CODE, replace(CODE, id=8)):
            post.send(message)
    first, second, other = (got.mail["Message-ID"] for got in server.received)
    assert first == second != other
    assert first.startswith("<7.")
    assert first.endswith("@kadans.test>")


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said(certificate: Certificate):
    with mail_server(tls=certificate.server()) as server:
        assert refusal_of(post_to(server.port, "tls")) == ("the server’s certificate is not trusted", True)
    with mail_server(starttls=certificate.server(), login=True) as server:
        post = post_to(server.port, "starttls", user=USER, password=PASSWORD)
        assert refusal_of(post) == ("the server’s certificate is not trusted", True)
    assert server.received == []


@pytest.mark.parametrize(("host", "days"), [("mail.example.test", 36_500), (HOST, 30)], ids=["name", "expired"])
def test_a_certificate_of_another_name_or_time_is_refused(host: str, days: int, tmp_path: Path):
    other = make_certificate(tmp_path, host=host, days=days)
    with mail_server(tls=other.server()) as server:
        problem, again = refusal_of(post_to(server.port, "tls", trust=other.trusted()))
    assert (problem, again) == ("the server’s certificate is not trusted", True)
    assert server.received == []


def test_a_server_without_tls_gets_neither_password_nor_mail():
    with mail_server() as server:
        post = post_to(server.port, "starttls", user=USER, password=PASSWORD)
        problem, again = refusal_of(post)
    assert (problem, again) == ("the server lacks something: SMTPNotSupportedError", True)
    assert (server.received, server.asked) == ([], 0)


def test_a_server_that_speaks_in_plain_where_tls_is_wanted_is_left():
    with answering(b"220 mail.example.test ESMTP\r\n") as port:
        assert refusal_of(post_to(port, "tls")) == ("no TLS with the server", True)


def test_a_refused_password_is_told_without_the_password(certificate: Certificate):
    with mail_server(starttls=certificate.server(), login=True) as server:
        post = post_to(server.port, "starttls", trust=certificate.trusted(), user=USER, password="wrong")
        problem, again = refusal_of(post)
    assert (problem, again) == ("the server refuses user and password (535)", True)
    assert server.received == []
    assert PASSWORD not in repr(post_to(1, user=USER, password=PASSWORD))


@pytest.mark.parametrize(
    ("answer", "problem", "again"),
    [
        ("450 4.2.1 anna@example.test is busy", "the recipient is refused (450)", True),
        ("550 5.1.1 no anna@example.test here", "the recipient is refused (550)", False),
    ],
)
def test_what_passes_is_tried_again_and_what_stays_is_not(answer: str, problem: str, again: bool):  # noqa: FBT001
    with mail_server() as server:
        server.to_recipient.append(answer)
        assert refusal_of(post_to(server.port)) == (problem, again)


def test_a_mail_that_is_refused_as_a_whole_is_told_by_its_code_alone():
    with mail_server() as server:
        server.to_mail.extend(["451 4.7.1 greylisted, anna@example.test", "554 5.7.1 spam for anna@example.test"])
        assert refusal_of(post_to(server.port)) == ("the server refuses (451)", True)
        assert refusal_of(post_to(server.port)) == ("the server refuses (554)", False)
        post_to(server.port).send(CODE)
    assert len(server.received) == 1


def test_a_dead_server_is_tried_again():
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    assert refusal_of(post_to(port)) == ("the server does not answer: ConnectionRefusedError", True)


@pytest.mark.parametrize("said", [b"", b"220 mail.example.test ESMTP\r\n"], ids=["at once", "after its greeting"])
def test_a_server_that_hangs_up_is_tried_again(said: bytes):
    with answering(said) as port:
        problem, again = refusal_of(post_to(port))
    assert again
    assert problem in {"the server hung up", "the server does not answer: ConnectionResetError"}


def test_a_server_that_refuses_everybody_is_tried_again_when_it_says_that_it_passes():
    with answering(b"421 4.3.2 closing\r\n") as port:
        assert refusal_of(post_to(port)) == ("the server refuses (421)", True)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "anna",
        "@example.test",
        "anna@example.test, bob@example.test",
        "Anna <anna@example.test>",
        "anna@example.test\r\nBcc: bob@example.test",
        "anna@example.test\nDATA",
        "anna@example..test",
        "anna@" + "a" * 64 + ".test",
    ],
)
def test_nothing_is_sent_to_what_is_no_address(to: str):
    with mail_server() as server:
        assert refusal_of(post_to(server.port), replace(CODE, to=to)) == ("not an address", False)
    assert (server.received, server.asked) == ([], 0)


def test_a_domain_with_other_letters_is_written_as_servers_know_it():
    with mail_server() as server:
        post_to(server.port).send(replace(CODE, to="anna@bücher.test"))
    assert server.received[0].recipients == ["anna@xn--bcher-kva.test"]


def test_a_name_cannot_add_a_header_nor_a_recipient():
    by = "Eve\r\nBcc: victim@example.test\r\n\r\nHello"
    data = {"account": "De Korenbloem", "by": by, "role": "reader", "link": "/invitation/1-2-x", "days": 7}
    with mail_server() as server:
        post_to(server.port).send(replace(CODE, kind="invitation", language="en", data=data))
    got = server.received[0]
    assert got.recipients == ["anna@example.test"]
    assert got.mail["Bcc"] is None
    assert got.mail["Subject"].startswith("Eve Bcc: victim")
    assert got.mail["Subject"].endswith("Hello invites you to De Korenbloem")


@pytest.mark.parametrize(
    ("kind", "data"),
    [("poem", {}), ("code", {"code": "402815"}), ("staff_link", {"link": "https://elsewhere.test/x"})],
)
def test_a_letter_that_cannot_be_written_is_given_up(kind: str, data: dict[str, str | int]):
    with mail_server() as server:
        problem, again = refusal_of(post_to(server.port), replace(CODE, kind=kind, data=data))
    assert (problem, again) == ("the letter cannot be written", False)
    assert server.received == []


def test_a_mail_that_was_accepted_is_sent_even_if_the_server_hangs_up_then():
    said = (b"220 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n", b"250 taken\r\n")
    with answering(*said) as port:
        post_to(port).send(CODE)
    with answering(*said[:-1]) as port:
        assert refusal_of(post_to(port)) == ("the server hung up", True)
