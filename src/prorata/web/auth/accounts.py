"""Which of one's accounts to look at."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.store.errors import NoSuchAccount
from prorata.usecases.door.own_sessions import look_at, own_accounts
from prorata.web.addresses import CONSOLE, HOME
from prorata.web.auth.known import known
from prorata.web.auth.paths import ACCOUNTS
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import render, wording_of
from prorata.web.visits import services_of
from prorata.wording.errors import sentence
from prorata.wording.roles import role_word

_VENDOR = "vendor"


def routes() -> Sequence[BaseRoute]:
    """The choice, and choosing."""
    return get(ACCOUNTS, show, name="accounts"), post(ACCOUNTS, choose)


def show(request: Request) -> Response:
    """Show one's accounts, and the vendor's console to who works there."""
    return _page(request, next_page=own_path(query_form(request).text("next", HOME)))


def choose(request: Request, form: Form) -> Response:
    """Look at another account from now on, in this browser."""
    here, wanted = known(request), form.text("account")
    next_page = own_path(form.text("next", HOME))
    try:
        look_at(services_of(request), here, account=None if wanted == _VENDOR else form.whole_number("account") or 0)
    except NoSuchAccount as error:
        return _page(request, next_page=next_page, refused=sentence(error, wording_of(request)))
    if wanted == _VENDOR:
        return RedirectResponse(next_page if next_page.startswith(CONSOLE) else CONSOLE, status_code=303)
    return RedirectResponse(HOME if next_page.startswith(CONSOLE) else next_page, status_code=303)


def _page(request: Request, *, next_page: str, refused: str = "") -> Response:
    here, w = known(request), wording_of(request)
    found = own_accounts(services_of(request), here)
    accounts = [
        (str(one.account), one.account_name, role_word(w, one.role, own=one.own_role), one.account == here.account)
        for one in found
    ]
    if here.staff:
        at_vendor = here.actor is not None and here.account is None
        accounts.append((_VENDOR, w.t("Vendor console"), "", at_vendor))
    return render(
        request,
        "auth/accounts.html",
        status=404 if refused else 200,
        accounts=tuple(accounts),
        next_page=next_page,
        refused=refused,
        email=here.email,
    )
