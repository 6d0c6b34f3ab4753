"""One passkey: what it is called, and removing it. It works without scripts, as all of the door but the keys do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.store.passkeys import Passkey
from prorata.usecases.door import passkeys
from prorata.usecases.door.passkeys import LONGEST_NAME, PasskeyNeedsName, PasskeysNotHere, PasskeyUnknown
from prorata.usecases.door.sessions import Known
from prorata.usecases.permissions import ProofNeeded
from prorata.web.addresses import PROOF, with_query
from prorata.web.auth.known import known
from prorata.web.auth.paths import PASSKEY, SECURITY
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import FieldError
from prorata.web.visits import services_of
from prorata.wording import Wording, mark
from prorata.wording.errors import sentence

_NEWS = {
    "added": mark("The passkey is added. From now on you can sign in with it."),
    "named": mark("The passkey has its new name."),
    "removed": mark(
        "The passkey is removed: it lets nobody in any more. Your device may still show it; it can be deleted there."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """A passkey as it is shown, in words."""

    href: str
    name: str
    where: str
    added: str
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeysView:
    """Somebody's passkeys; `refused`: why they cannot be seen here, `news`: what was just done."""

    rows: tuple[PasskeyView, ...] = ()
    refused: str = ""
    news: str = ""


def routes() -> Sequence[BaseRoute]:
    """The page of a passkey, its name, and removing it."""
    return get(PASSKEY, show, name="passkey"), post(PASSKEY, rename), post(f"{PASSKEY}/remove", remove)


def passkeys_of(request: Request, here: Known) -> PasskeysView:
    """What the page of one's own security shows of one's passkeys."""
    w = wording_of(request)
    news = _NEWS.get(query_form(request).text("passkey"))
    try:
        found = passkeys.listed(services_of(request), here)
    except PasskeysNotHere as error:
        return PasskeysView(refused=sentence(error, w))
    rows = tuple(_view(w, here, passkey=each) for each in found)
    return PasskeysView(rows=rows, news=w.t(news) if news else "")


def show(request: Request) -> Response:
    """What it is called, when it was added and used."""
    return _page(request, known(request))


def rename(request: Request, form: Form) -> Response:
    """Call it something else."""
    here, name = known(request), form.text("name")
    try:
        passkeys.rename(services_of(request), here, passkey=_id(request), name=name)
    except PasskeyNeedsName as error:
        said = FieldError(field="name", text=sentence(error, wording_of(request)))
        return _page(request, here, typed=name, errors=(said,))
    except (PasskeyUnknown, PasskeysNotHere) as error:
        raise HTTPException(404) from error
    return RedirectResponse(with_query(SECURITY, passkey="named"), status_code=303)


def remove(request: Request, _: Form) -> Response:
    """Forget it; who must show who they are first comes back to its page."""
    here = known(request)
    try:
        passkeys.remove(services_of(request), here, passkey=_id(request))
    except ProofNeeded:
        back = request.url.path.removesuffix("/remove")
        return RedirectResponse(with_query(PROOF, next=back), status_code=303)
    except (PasskeyUnknown, PasskeysNotHere) as error:
        raise HTTPException(404) from error
    return RedirectResponse(with_query(SECURITY, passkey="removed"), status_code=303)


def _page(request: Request, here: Known, *, typed: str | None = None, errors: tuple[FieldError, ...] = ()) -> Response:
    try:
        found = passkeys.one(services_of(request), here, passkey=_id(request))
    except (PasskeyUnknown, PasskeysNotHere) as error:
        raise HTTPException(404) from error
    return render(
        request,
        "auth/passkey.html",
        status=422 if errors else 200,
        passkey=_view(wording_of(request), here, passkey=found),
        typed=found.name if typed is None else typed,
        longest=LONGEST_NAME,
        errors=errors,
    )


def _view(w: Wording, here: Known, *, passkey: Passkey) -> PasskeyView:
    used = passkey.used_at
    return PasskeyView(
        href=PASSKEY.replace("{passkey}", base64.urlsafe_b64encode(passkey.id).decode().rstrip("=")),
        name=passkey.name,
        where=w.t("on several devices") if passkey.synced else w.t("on one device"),
        added=w.moment(passkey.at.astimezone(here.zone)),
        used=w.moment(used.astimezone(here.zone)) if used else w.t("not yet"),
    )


def _id(request: Request) -> bytes:
    """What the address calls the passkey; what no passkey is called is not there."""
    text: str = request.path_params["passkey"]
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        raise HTTPException(404) from None
