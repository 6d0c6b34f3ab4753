"""The demo's mailbox: nothing is sent, and everybody's mails lie here, as their readers would see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from prorata.store.outbox import Fact, StoredMail
from prorata.usecases.pages.mailbox import MOST_SHOWN, mail_in_box, mailbox
from prorata.web.addresses import PEOPLE
from prorata.web.forms import get, whole_number
from prorata.web.headers import CONTENT_POLICY, policy_with
from prorata.web.rendering import render, wording_of
from prorata.web.views import Link
from prorata.web.visits import services_of
from prorata.wording import Language, Wording, wording_for
from prorata.wording.letters.blocks import Letter
from prorata.wording.letters.layout import as_html, as_text, style_hash
from prorata.wording.mails import letter_of

MAILBOX: Final = "/mailbox"
# Nothing but the letter's own style, whatever stands in it; its links open beside it.
_LETTER_POLICY: Final = (
    f"default-src 'none'; style-src '{style_hash()}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail in the list, with its way in; `subject` in the reader's own language of the mail."""

    subject: str
    lang: str
    href: str
    to: str
    when: str


def routes() -> Sequence[BaseRoute]:
    """The list, a mail, and its letter as a mail program would show it."""
    one = f"{MAILBOX}/{{mail}}"
    return get(MAILBOX, show, name="mailbox"), get(one, show_mail, name="mail"), get(f"{one}/letter", show_letter)


def show(request: Request) -> Response:
    """Show what would have been sent, newest first."""
    w = wording_of(request)
    found = mailbox(services_of(request))
    return render(
        request,
        "demo/mailbox.html",
        rows=tuple(_row(request, w, mail=mail) for mail in found),
        most=MOST_SHOWN if len(found) == MOST_SHOWN else None,
        back=Link(label=w.t("Who do you want to be?"), href=PEOPLE),
    )


def show_mail(request: Request) -> Response:
    """Show one mail: who gets it, its text, and beside it what a mail program makes of it."""
    w = wording_of(request)
    mail = _mail(request)
    letter = _letter(request, mail)
    answer = render(
        request,
        "demo/mail.html",
        mail=_row(request, w, mail=mail),
        text=as_text(letter) if letter else None,
        frame=f"{MAILBOX}/{mail.id}/letter",
        back=Link(label=w.t("Mailbox"), href=MAILBOX),
    )
    answer.headers[CONTENT_POLICY] = policy_with("frame-src 'self'")
    return answer


def show_letter(request: Request) -> Response:
    """The letter by itself, with nothing of ours around it and nothing allowed to it."""
    mail = _mail(request)
    letter = _letter(request, mail)
    if letter is None:
        raise HTTPException(404)
    return HTMLResponse(as_html(letter, Language(mail.language)), headers={CONTENT_POLICY: _LETTER_POLICY})


def _mail(request: Request) -> StoredMail:
    number = whole_number(request.path_params["mail"])
    found = mail_in_box(services_of(request), number) if number is not None else None
    if found is None:
        raise HTTPException(404)
    return found


def _letter(request: Request, mail: StoredMail) -> Letter | None:
    """What would be read; None where it could not be written, as with facts that were kept no longer."""
    # The demo takes the next free port: its links lead to where it is read, not to where it would usually be.
    usual, here = services_of(request).address, str(request.base_url).rstrip("/")
    data = {name: _here(fact, usual=usual, here=here) for name, fact in mail.data.items()}
    try:
        return letter_of(mail.kind, data, wording=wording_for(Language(mail.language)), address=here)
    except ValueError:
        return None


def _here(fact: Fact, *, usual: str, here: str) -> Fact:
    return f"{here}{fact.removeprefix(usual)}" if isinstance(fact, str) and fact.startswith(f"{usual}/") else fact


def _row(request: Request, w: Wording, *, mail: StoredMail) -> MailRow:
    letter = _letter(request, mail)
    return MailRow(
        subject=letter.subject if letter else w.t("A mail that cannot be read any more"),
        lang=mail.language if letter else w.language.value,
        href=f"{MAILBOX}/{mail.id}",
        to=mail.recipient,
        when=f"{w.moment(mail.at)} {mail.at.tzname() or ''}".strip(),
    )
