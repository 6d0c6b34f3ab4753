"""Sign-in and security: where one is in, ending that, one's language, one's accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.store.sessions import Method
from prorata.usecases.door.own_sessions import (
    OwnSession,
    SessionOver,
    end_other_sessions,
    end_session,
    own_accounts,
    own_sessions,
    speak,
)
from prorata.usecases.door.sessions import Known
from prorata.web.addresses import SIGN_IN, with_query
from prorata.web.auth import ways
from prorata.web.auth.cookies import forget_session
from prorata.web.auth.known import known
from prorata.web.auth.paths import ACCOUNTS, END_OTHERS, END_SESSION, SECURITY, SPEAK
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import LANGUAGE_COOKIE
from prorata.web.rendering import render, wording_of
from prorata.web.views import Option
from prorata.web.visits import services_of
from prorata.wording import Language, Wording, mark
from prorata.wording.agents import agent_said
from prorata.wording.errors import sentence

_METHODS: dict[Method, str] = {
    "passkey": mark("with a passkey"),
    "code": mark("with a mailed code"),
    "directory": mark("by the directory of the account"),
    "link": mark("with a link"),
}
_NEWS = {
    "ended": mark("That browser is signed out."),
    "others": mark("Every other browser is signed out."),
    "language": mark("Your language is changed."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session as its row shows it, in words."""

    id: int
    agent: str
    method: str
    address: str
    began: str
    seen: str
    this: bool


def routes() -> Sequence[BaseRoute]:
    """The page, and what can be done there."""
    return (
        get(SECURITY, show, name="security"),
        post(END_SESSION, end_one),
        post(END_OTHERS, end_others),
        post(SPEAK, change_language),
    )


def show(request: Request) -> Response:
    """Where one is in."""
    return _page(request, known(request))


def end_one(request: Request, form: Form) -> Response:
    """Sign one browser out; this one leaves."""
    here, wanted = known(request), form.whole_number("session")
    try:
        end_session(services_of(request), here, session=wanted or 0)
    except SessionOver as error:
        return _page(request, here, refused=sentence(error, wording_of(request)))
    if wanted == here.session.id:
        response = RedirectResponse(with_query(SIGN_IN, out=1), status_code=303)
        forget_session(response)
        return response
    return RedirectResponse(with_query(SECURITY, news="ended"), status_code=303)


def end_others(request: Request, _: Form) -> Response:
    """Sign all other browsers out."""
    end_other_sessions(services_of(request), known(request))
    return RedirectResponse(with_query(SECURITY, news="others"), status_code=303)


def change_language(request: Request, form: Form) -> Response:
    """Change one's language; what was chosen on this browser alone counts no more."""
    here, language = known(request), Language.of_tag(form.text("language"))
    if language is None:
        w = wording_of(request)
        return _page(request, here, refused=w.t("Choose one of the languages of the list."))
    speak(services_of(request), here, language=language.value)
    response = RedirectResponse(with_query(SECURITY, news="language"), status_code=303)
    response.delete_cookie(LANGUAGE_COOKIE)
    return response


def _page(request: Request, here: Known, *, refused: str = "") -> Response:
    w = wording_of(request)
    rows = tuple(_row(w, here, one=one) for one in own_sessions(services_of(request), here))
    accounts = own_accounts(services_of(request), here)
    language = here.here.language if here.session.only_account and here.here else here.session.language
    news = _NEWS.get(query_form(request).text("news"))
    return render(
        request,
        "auth/security.html",
        status=422 if refused else 200,
        email=here.email,
        rows=rows,
        place=w.place_of(here.zone),
        others=sum(not row.this for row in rows),
        spoken=Language(language),
        options=tuple(Option(value=each.value, label=each.own_name) for each in Language),
        switch=ACCOUNTS if len(accounts) + here.staff > 1 else "",
        news=w.t(news) if news else "",
        refused=refused,
        passkeys=ways.of_security(request, here),
    )


def _row(w: Wording, here: Known, *, one: OwnSession) -> SessionView:
    row = one.row
    return SessionView(
        id=row.id,
        agent=agent_said(w, row.agent),
        method=w.t(_METHODS[row.method]),
        address=row.address,
        began=w.moment(row.began_at.astimezone(here.zone)),
        seen=w.t("now") if one.this else w.moment(row.seen_at.astimezone(here.zone)),
        this=one.this,
    )
