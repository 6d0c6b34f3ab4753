"""A mail server on this machine, with a certificate that somebody made themselves."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "prorata", "correct horse battery"
_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Certificate:
    """A certificate that vouches for itself, for `host`; `path` holds it and its key."""

    path: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))


def make_certificate(folder: Path, *, host: str = HOST, days: int = 36_500) -> Certificate:
    """One for an address of the network or for a name; `days` after 2020 began it has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    subject = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGINS)
        .not_valid_after(_BEGINS + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{host}-{days}.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return Certificate(path)


@dataclass
class Received:
    """A mail as the server got it: from and to whom the envelope says, and what lies in it."""

    sender: str
    recipients: list[str]
    mail: EmailMessage
    encrypted: bool


@dataclass
class MailServer:
    """What it has received, and what it says next to a recipient and to a mail: `250` when nothing is left to say."""

    port: int = 0
    received: list[Received] = field(default_factory=list[Received])
    to_recipient: list[str] = field(default_factory=list[str])
    to_mail: list[str] = field(default_factory=list[str])
    asked: int = 0

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked += 1
        answer = self.to_recipient.pop(0) if self.to_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - likewise
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.to_mail.pop(0) if self.to_mail else "250 OK"
        if answer.startswith("250"):
            mail = message_from_bytes(cast("bytes", envelope.content), policy=default)
            encrypted = server.transport is not None and server.transport.get_extra_info("ssl_object") is not None
            self.received.append(Received(str(envelope.mail_from), list(envelope.rcpt_tos), mail, encrypted))
        return answer


class _On(Controller):
    """A server on a socket that is there already, so that its port is a free one."""

    listener: socket.socket

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.listener, ssl=self.ssl_context)


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, login: bool = False
) -> Generator[MailServer]:
    """A server while the block runs: TLS from the first byte, once it is asked for, or none; `login`: it wants one."""
    handler = MailServer()
    listener = socket.create_server((HOST, 0))
    handler.port = listener.getsockname()[1]
    controller = _On(
        handler,
        hostname=HOST,
        port=handler.port,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        auth_required=login,
        authenticator=_authenticate,
    )
    controller.listener = listener
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    if isinstance(data, LoginPassword):
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)
    return AuthResult(success=False, handled=False)
