"""Removing people: how many, what is free by it, and once more before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.pages.members import RemovalPage, removal_page
from prorata.usecases.people.end_access import NobodyChosen, remove_members
from prorata.usecases.people.picking import Pick
from prorata.usecases.permissions import NotAllowed, ProofNeeded
from prorata.web.center import paths
from prorata.web.center.picks import MOST_IN_ADDRESS, hidden, pick_of, query_of
from prorata.web.center.proving import prove_first
from prorata.web.center.shell import around
from prorata.web.center.words import licences, titles
from prorata.web.forms import Form, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.people import member_name

_MOST_NAMED = 10


def routes() -> Sequence[BaseRoute]:
    """The deed; the page before it comes from the list."""
    return (post(paths.REMOVE_MEMBERS, remove, name="remove_members"),)


def remove(request: Request, form: Form) -> Response:
    """Remove those who are picked."""
    here, pick = visit(request), pick_of(form)
    if pick is None:
        raise NobodyChosen
    try:
        remove_members(here.services, here.request(), pick=pick)
    except ProofNeeded:
        return _prove(pick)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return ask_removal(request, pick, refusal=refusal)
    if here.actor.member in pick.members:
        return RedirectResponse(paths.HOME, status_code=303)
    return RedirectResponse(f"{paths.MEMBERS}?news=removed", status_code=303)


def ask_removal(request: Request, pick: Pick, *, refusal: DomainError | None = None) -> Response:
    """Say what comes of it, before it is done. Raises what finding these people raises, and `NobodyChosen`."""
    here, w = visit(request), wording_of(request)
    page = removal_page(here.services, here.request(), pick=pick)
    if not page.members:
        raise NobodyChosen
    count = len(page.members)
    return render(
        request,
        "center/remove_members.html",
        status=422 if refusal else 200,
        refused=sentence(refusal, w) if refusal else "",
        title=w.n("Remove {count} person", "Remove {count} people", count),
        points=tuple(_points(request, w, page=page)),
        kept=hidden(pick),
        action=paths.REMOVE_MEMBERS,
        remove=Action(label=w.n("Remove {count} person", "Remove {count} people", count), kind="danger"),
        keep=Action(label=w.t("Leave it as it is"), href=paths.MEMBERS, kind="quiet"),
        back_href=paths.MEMBERS,
    )


def _points(request: Request, w: Wording, *, page: RemovalPage) -> list[str]:
    names = [member_name(w, member) for member in page.members[:_MOST_NAMED]]
    more = len(page.members) - len(names)
    if more:
        names.append(w.n("{count} more", "{count} more", more))
    here = visit(request)
    said = [w.t("These do not belong to this account any more: {names}.", names=w.list(names))]
    facts = around(request, here).subscriptions
    called = titles(w, facts)
    for one in facts:
        freed = page.freed.get(one.subscription.name, 0)
        if freed:
            product = called[one.subscription.id]
            said.append(w.t("{licences} of {product}: free at once.", licences=licences(w, freed), product=product))
    came = sum(1 for member in page.members if member.person)
    if came:
        said.append(
            w.n(
                "{count} of them has signed in before: they are told by mail, and their sessions end.",
                "{count} of them have signed in before: they are told by mail, and their sessions end.",
                came,
            )
        )
    if any(member.id == here.actor.member for member in page.members):
        said.append(
            w.t("You are among them: you leave this account at once, and only somebody else can invite you again.")
        )
    return said


def _prove(pick: Pick) -> Response:
    """Show who one is first; those who were picked are picked again afterwards."""
    if pick.filter is not None:
        return prove_first(paths.MEMBERS, **query_of(pick.filter))
    ticked = sorted(pick.members)
    return prove_first(paths.MEMBERS, ticked=",".join(map(str, ticked)) if len(ticked) <= MOST_IN_ADDRESS else "")
