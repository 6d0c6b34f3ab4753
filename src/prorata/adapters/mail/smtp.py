"""Mails handed over by SMTP, with TLS and a certificate that is checked."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from time import monotonic
from typing import Final, Literal

from prorata.adapters.mail.envelope import envelope_of, recipient_of
from prorata.usecases.ports import Message, NotSent

Security = Literal["tls", "starttls", "none"]

SECONDS: Final = 40
"""For one mail, from the first knock to the server's receipt. Less than a transaction may be idle, for one waits."""
ANSWER_SECONDS: Final = 15
"""For each answer of the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A server that takes mails. `security`: TLS from the first byte, TLS once it is asked for, or none."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPost:
    """Sends each mail over a connection of its own.

    `site`: where the site is reached, without a slash at its end. `trust`: which certificates count; those that this
    machine trusts, unless something else is said.
    """

    relay: Relay
    sender: Address
    site: str
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def send(self, message: Message) -> None:
        """Hand a mail over. Raises `NotSent`, and says whether it is worth trying again."""
        mail = envelope_of(message, sender=self.sender, site=self.site)
        try:
            self._hand_over(mail, to=recipient_of(message).addr_spec)
        except smtplib.SMTPException as error:
            raise _refused(error) from error
        except ssl.SSLCertVerificationError as error:
            raise NotSent("the server’s certificate is not trusted", again=True) from error
        except ssl.SSLError as error:
            raise NotSent("no TLS with the server", again=True) from error
        except OSError as error:
            raise NotSent(f"the server does not answer: {type(error).__name__}", again=True) from error

    def _hand_over(self, mail: EmailMessage, *, to: str) -> None:
        connection = self._connect()
        try:
            connection.ehlo()
            if self.relay.security == "starttls":
                connection.starttls(context=self.trust)
                connection.ehlo()
            if self.relay.user:
                connection.login(self.relay.user, self.relay.password)
            connection.send_message(mail, from_addr=self.sender.addr_spec, to_addrs=[to])
        except BaseException:
            connection.close()
            raise
        _part(connection)

    def _connect(self) -> smtplib.SMTP:
        # We greet as who we send for: the name of this machine is nobody's business, and finding it may take long.
        deadline, us = monotonic() + SECONDS, self.sender.domain
        if self.relay.security == "tls":
            return _TlsConnection(self.relay, deadline, us=us, trust=self.trust)
        return _Connection(self.relay, deadline, us=us)


class _Connection(smtplib.SMTP):
    """A connection on which the server may not take its time."""

    def __init__(self, relay: Relay, deadline: float, *, us: str) -> None:
        self._deadline = deadline
        super().__init__(relay.host, relay.port, local_hostname=us, timeout=ANSWER_SECONDS)

    def getreply(self) -> tuple[int, bytes]:
        """Wait for an answer no longer than is left."""
        _hurry(self.sock, self._deadline)
        return super().getreply()


class _TlsConnection(smtplib.SMTP_SSL):
    def __init__(self, relay: Relay, deadline: float, *, us: str, trust: ssl.SSLContext) -> None:
        self._deadline = deadline
        super().__init__(relay.host, relay.port, local_hostname=us, timeout=ANSWER_SECONDS, context=trust)

    def getreply(self) -> tuple[int, bytes]:
        _hurry(self.sock, self._deadline)
        return super().getreply()


def _hurry(connection: socket.socket | None, deadline: float) -> None:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    if connection:
        connection.settimeout(min(left, ANSWER_SECONDS))


def _part(connection: smtplib.SMTP) -> None:
    """Take leave. The mail has been accepted: whatever goes wrong now, it must not be sent once more."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _refused(error: smtplib.SMTPException) -> NotSent:
    """What a refusal means. The server's own words are left out: they tend to repeat the address."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return NotSent(f"the server refuses user and password ({error.smtp_code})", again=True)
        case smtplib.SMTPRecipientsRefused():
            code = max(code for code, _ in error.recipients.values())
            return NotSent(f"the recipient is refused ({code})", again=_is_passing(code))
        case smtplib.SMTPSenderRefused():
            # Not this mail is refused but whom we send for, which whoever looks after the server can mend.
            return NotSent(f"the sender is refused ({error.smtp_code})", again=True)
        case smtplib.SMTPResponseException():
            return NotSent(f"the server refuses ({error.smtp_code})", again=_is_passing(error.smtp_code))
        case smtplib.SMTPServerDisconnected():
            return NotSent("the server hung up", again=True)
        case _:
            return NotSent(f"the server lacks something: {type(error).__name__}", again=True)


def _is_passing(code: int) -> bool:
    """Whether a refusal may be over later: 4xx says so (RFC 5321, 4.2.1)."""
    return not 500 <= code <= 599
