"""Undoing what is planned: shown first, then done."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.subscriptions.model import Subscription
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import act, preview
from prorata.usecases.undo_change import UndoChange
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.visit import visit
from prorata.web.center.words import document_ledger, titles
from prorata.web.forms import Form, get, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Moment
from prorata.wording import Wording

_PATH = paths.PRODUCTS + "/{name}/undo"


def routes() -> Sequence[BaseRoute]:
    """What undoing does, and undoing."""
    return get(_PATH, show, name="undo"), post(_PATH, undo)


def show(request: Request) -> Response:
    """Show what undoing does. Where nothing is planned the page says so (422)."""
    return _page(request)


def undo(request: Request, form: Form) -> Response:
    """Undo what was shown, or show it anew where somebody was faster."""
    here = visit(request)
    name = request.path_params["name"]
    try:
        act(here.services, here.request(seen=form.text("seen")), UndoChange(name))
    except ChangedMeanwhile:
        return _page(request, changed=True)
    return RedirectResponse(paths.product(name, news="undone"), status_code=303)


def _page(request: Request, *, changed: bool = False) -> Response:
    here = visit(request)
    w = wording_of(request)
    name = request.path_params["name"]
    shown = preview(here.services, here.request(), UndoChange(name))
    names = titles(w, around(request, here).subscriptions)
    before, after = shown.decision.before.subscription(name), shown.decision.after.subscription(name)
    title, text, button = _words(w, before, after=after)
    coming = [d for d in shown.coming if any(line.subscription == after.id for line in d.lines)]
    return render(
        request,
        "center/undo.html",
        status=409 if changed else 200,
        changed=changed,
        title=title,
        text=text,
        button=button,
        product=names[after.id],
        href=paths.product(name),
        action=paths.product(name, "undo"),
        seen=shown.fingerprint,
        today=shown.decision.today,
        moments=_moments(w, before, after=after),
        documents=tuple(document_ledger(w, d, names=names) for d in shown.decision.documents),
        next_bill=document_ledger(w, coming[0], names=names) if coming else None,
    )


def _words(w: Wording, before: Subscription, *, after: Subscription) -> tuple[str, str, str]:
    """The title, what happens, and the button's words."""
    if before.ending and not after.ending:
        return (
            w.t("Undo the cancellation"),
            w.t("The subscription goes on as if it had not been cancelled. Members keep access."),
            w.t("Undo the cancellation"),
        )
    return (
        w.t("Undo the change of licences"),
        w.n(
            "The planned change does not happen. {count} licence stays.",
            "The planned change does not happen. {count} licences stay.",
            after.licences,
        ),
        w.t("Undo the change of licences"),
    )


def _moments(w: Wording, before: Subscription, *, after: Subscription) -> tuple[Moment, ...]:
    """What does not happen any more, by its day."""
    found: list[Moment] = []
    if before.ending and not after.ending:
        found.append(Moment(day=before.ending.on, title=w.t("Members do not lose access")))
    if before.pending and not after.pending:
        title = w.n("{count} licence stays", "{count} licences stay", after.licences)
        found.append(Moment(day=before.pending.effective, title=title))
    return tuple(found)
