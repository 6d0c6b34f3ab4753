"""Acting for a customer: the reason first, then their own pages; and being oneself again."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.act_on_behalf import LONGEST_REASON, ReasonNeeded, ReasonTooLong, begin_on_behalf, end_on_behalf
from prorata.usecases.pages.accounts import one_account
from prorata.web.addresses import END_BEHALF, HOME
from prorata.web.console import paths
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError
from prorata.web.visits import door_of, maybe_visit, staff
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to, staff_role_does

_ONE = paths.ACCOUNTS + "/{account}"


def routes() -> Sequence[BaseRoute]:
    """Beginning, and ending it."""
    return post(END_BEHALF, end, name="end_behalf"), get(_ONE, show, name="one_account"), post(_ONE, begin)


def show(request: Request) -> Response:
    """Ask for the reason."""
    return _page(request, reason=query_form(request).text("reason"))


def begin(request: Request, form: Form) -> Response:
    """Act for the account from now on."""
    here, account, reason = staff(request), _id(request), form.text("reason")
    door = door_of(request)
    try:
        kept = begin_on_behalf(here.services, here.actor, account=account, reason=reason, session=door.session(request))
    except (ReasonNeeded, ReasonTooLong) as refusal:
        return _page(request, reason=reason, refusal=refusal)
    response = RedirectResponse(HOME, status_code=303)
    door.keep_behalf(request, response, account=account, reason=kept)
    return response


def end(request: Request, _: Form) -> Response:
    """Be oneself again."""
    here, door = maybe_visit(request), door_of(request)
    if here is None or here.actor.behalf is None:
        raise HTTPException(403, wording_of(request).t("You act for no customer."))
    end_on_behalf(here.services, here.actor, account=here.account, session=door.session(request))
    response = RedirectResponse(paths.account(here.account), status_code=303)
    door.keep_behalf(request, response, account=None)
    return response


def _id(request: Request) -> int:
    """The account of the address; what is no number is nobody's."""
    number = whole_number(request.path_params["account"])
    return number if number is not None and number > 0 else 0


def _page(request: Request, *, reason: str, refusal: DomainError | None = None) -> Response:
    here, w = staff(request), wording_of(request)
    account = one_account(here.services, here.actor, account=_id(request))
    return render(
        request,
        "console/account.html",
        status=422 if refusal else 200,
        name=account.name,
        number=str(account.id),
        seller=account.seller,
        does=staff_role_does(w, here.actor.role),
        reason=reason,
        longest=LONGEST_REASON,
        errors=(FieldError(field="reason", text=sentence(refusal, w)),) if refusal else (),
        action=paths.account(account.id),
        begin=Action(
            label=w.t("Act for this customer"),
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="act_on_behalf"),
        ),
        back_href=paths.ACCOUNTS,
    )
