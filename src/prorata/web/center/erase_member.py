"""Erasing the data of somebody who has left: asked once more, since nobody can undo it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.members import member_page
from prorata.usecases.people.erase_member import StillBelongs, erase_member
from prorata.usecases.people.rules import BeyondYourRole
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.proving import prove_first
from prorata.web.forms import Form, get, post, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import visit
from prorata.wording.errors import sentence
from prorata.wording.people import member_name
from prorata.wording.roles import refused_to

_PATH = paths.MEMBERS + "/{member}/erase"


def routes() -> Sequence[BaseRoute]:
    """The page that asks, and the deed."""
    return get(_PATH, ask, name="erase_member"), post(_PATH, erase)


def ask(request: Request) -> Response:
    """Say what comes of it, before it is done."""
    here, w = visit(request), wording_of(request)
    page = member_page(here.services, here.request(), member=_id(request))
    if page.member.left_at is None or page.member.erased_at:
        return RedirectResponse(paths.member(page.member.id), status_code=303)
    refused = refused_to(w, here.actor, permission="manage_people")
    if refused is None and page.beyond:
        refused = sentence(BeyondYourRole(), w)
    return render(
        request,
        "center/erase_member.html",
        name=member_name(w, page.member),
        points=(
            w.t("Their name and mail address are destroyed, and from where they acted. Nobody can bring them back."),
            w.t(
                "What they did stays in the audit and in the history of licences, as “Former member {member}”.",
                member=str(page.member.id),
            ),
            w.t("Bills are kept as they are: the law asks for it."),
        ),
        erase=Action(label=w.t("Erase their data"), kind="danger", disabled_reason=refused),
        keep=Action(label=w.t("Leave it as it is"), href=paths.member(page.member.id), kind="quiet"),
        action=paths.member(page.member.id, "erase"),
        back_href=paths.member(page.member.id),
    )


def erase(request: Request, _: Form) -> Response:
    """Erase them."""
    here, member = visit(request), _id(request)
    try:
        erase_member(here.services, here.request(), member=member)
    except ProofNeeded:
        return prove_first(paths.member(member, "erase"))
    except StillBelongs:
        pass  # They were taken in again meanwhile: their page says so.
    return RedirectResponse(paths.member(member), status_code=303)


def _id(request: Request) -> int:
    """The member of the address; what is no number is nobody's."""
    number = whole_number(request.path_params["member"])
    return number if number is not None and 0 < number < 2**31 else 0
