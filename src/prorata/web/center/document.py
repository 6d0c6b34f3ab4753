"""A document: its face, what has become of it, how each amount was made, and why it is there."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.documents.model import Standing
from prorata.usecases.pages.document import DocumentPage, document_page
from prorata.web.center import paths
from prorata.web.center.document_words import arithmetic, bill_state_word, different, movements, paper, reasons
from prorata.web.center.pay_words import pay_refused
from prorata.web.center.shell import around
from prorata.web.center.words import amount, titles
from prorata.web.forms import get
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.terms import document_kind_word


def routes() -> Sequence[BaseRoute]:
    """The page of a number. Comes after `pay`, whose addresses are no numbers."""
    return (get("/bills/{number}", _document, name="document"),)


def _document(request: Request) -> Response:
    w = wording_of(request)
    here = visit(request)
    page = document_page(here.services, here.request(), number=request.path_params["number"])
    issued = page.view.issued
    names = titles(w, around(request, here).subscriptions)
    return render(
        request,
        "center/document.html",
        title=f"{document_kind_word(w, issued.document.kind)} {issued.number}",
        chip=("neutral" if page.state == "credit_note" else page.state, bill_state_word(w, page.state)),
        lead=_lead(w, page),
        pay=_pay(w, page, here=here),
        view=paper(w, page, names=names),
        movements=movements(w, page),
        left=amount(w, issued.standing.left),
        arithmetic=arithmetic(w, page, names=names),
        total=amount(w, issued.document.total),
        reasons=reasons(w, page),
        different=different(w, page, names=names),
    )


def _lead(w: Wording, page: DocumentPage) -> str:
    """The state in a sentence, with its amount and its day."""
    document, standing = page.view.issued.document, page.view.issued.standing
    if document.kind == "credit_note":
        return w.t("{amount} was credited on {day}.", amount=amount(w, -document.total), day=document.date)
    if standing.left.minor > 0 and standing.due:
        left = amount(w, standing.left)
        if page.state == "past_due":
            return w.t("{amount} was due on {day} and is past due.", amount=left, day=standing.due)
        return w.t("{amount} is still to be paid, by {day}.", amount=left, day=standing.due)
    return _settled(w, standing)


def _settled(w: Wording, standing: Standing) -> str:
    paid, used = standing.paid, standing.credit_used
    if paid and used:
        return w.t("{paid} was paid and {credit} came from credit.", paid=amount(w, paid), credit=amount(w, used))
    if paid:
        return w.t("{amount} was paid. Nothing is open.", amount=amount(w, paid))
    return w.t("Nothing is open.")


def _pay(w: Wording, page: DocumentPage, *, here: Visit) -> Action | None:
    if page.view.issued.standing.left.minor <= 0:
        return None
    refused = pay_refused(w, here, account=page.here.account)
    href = paths.pay(page.view.issued.number)
    return Action(label=w.t("Pay now"), href=href, kind="primary", disabled_reason=refused)
