"""A mail as other programs read it (RFC 5322): plain text and HTML of one letter, and who it is from.

Nothing is put into a header but by `email`, which refuses line breaks there: no name can add a header.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from prorata.usecases.ports import Message, NotSent
from prorata.wording.languages import Language
from prorata.wording.letters.layout import as_html, as_text
from prorata.wording.mails import letter_of
from prorata.wording.words import wording_for

_BAD_ADDRESS: Final = "not an address"
_FROM: Final = re.compile("^From ", re.MULTILINE)
"""Before a line that begins so, mailers set a >, and so does `smtplib`; of `=46rom` they take no notice."""
_NO_LETTER: Final = "the letter cannot be written"


def envelope_of(message: Message, *, sender: Address, site: str) -> EmailMessage:
    """The mail, ready to be handed over. Raises `NotSent` where it never can be."""
    language = Language(message.language)
    try:
        letter = letter_of(message.kind, message.data, wording=wording_for(language), address=site)
    except ValueError as error:
        raise NotSent(_NO_LETTER, again=False) from error
    mail = EmailMessage(SMTP)
    mail["From"] = sender
    mail["To"] = recipient_of(message)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{_id_of(message)}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(letter), cte="quoted-printable")
    mail.add_alternative(as_html(letter, language), subtype="html", cte="quoted-printable")
    for part in mail.iter_parts():
        part.set_payload(_FROM.sub("=46rom ", str(part.get_payload())))
    mail["Content-Language"] = language.value  # last: what stands before goes with the first part
    return mail


def recipient_of(message: Message) -> Address:
    """Whom it goes to: one address, and no more than that; its domain in the letters of old. Raises `NotSent`."""
    try:
        address = Address(addr_spec=message.to)
        domain = address.domain.encode("idna").decode("ascii")
    except (ValueError, IndexError, HeaderParseError) as error:
        raise NotSent(_BAD_ADDRESS, again=False) from error
    if not (address.username and domain):
        raise NotSent(_BAD_ADDRESS, again=False)
    return Address(username=address.username, domain=domain)


def _id_of(message: Message) -> str:
    """The same at each try, so that a second copy is known as one; and another one in every installation."""
    told = f"{message.id} {message.at.isoformat()} {message.kind} {message.to}"
    return f"{message.id}.{sha256(told.encode()).hexdigest()[:24]}"
