"""Undoing what is planned: shown first, then done."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.subscriptions.model import Subscription
from prorata.usecases.act import preview
from prorata.usecases.undo_change import UndoChange
from prorata.web.center import paths
from prorata.web.center.decision import Decision, confirm, decision_page
from prorata.web.center.outcome import outcome
from prorata.web.center.scheduled import undone_first
from prorata.web.center.shell import around
from prorata.web.center.words import price_each, titles
from prorata.web.forms import Form, get, post
from prorata.web.rendering import wording_of
from prorata.web.views import Moment
from prorata.web.visits import visit
from prorata.wording import Wording

_PATH = paths.PRODUCTS + "/{name}/undo"


def routes() -> Sequence[BaseRoute]:
    """What undoing does, and undoing."""
    return get(_PATH, show, name="undo"), post(_PATH, undo)


def show(request: Request) -> Response:
    """Show what undoing does. Where nothing is planned the page says so (422).

    What was cancelled and has ended is not undone: the page of its cancellation says what the way back is, until when.
    """
    name = request.path_params["name"]
    for facts in around(request, visit(request)).subscriptions:
        ending = facts.subscription.ending
        if (
            facts.subscription.name == name
            and ending
            and ending.why == "cancelled"
            and not facts.subscription.is_running
        ):
            return RedirectResponse(paths.product(name, "cancelled"), status_code=303)
    return _page(request)


def undo(request: Request, form: Form) -> Response:
    """Undo what was shown, or show it anew where somebody was faster."""
    name = request.path_params["name"]
    return confirm(
        request,
        form,
        commands=(UndoChange(name),),
        done=paths.product(name, news="undone"),
        again=lambda changed, _: _page(request, changed=changed),
    )


def _page(request: Request, *, changed: bool = False) -> Response:
    here = visit(request)
    w = wording_of(request)
    name = request.path_params["name"]
    shown = preview(here.services, here.request(), UndoChange(name))
    names = titles(w, around(request, here).subscriptions)
    before, after = shown.decision.before.subscription(name), shown.decision.after.subscription(name)
    what = undone_first(before, today=shown.decision.today)
    title, text = _words(w, before, after=after, what=what)
    page = Decision(
        title=title,
        lead=text,
        product=names[after.id],
        href=paths.product(name),
        action=paths.product(name, "undo"),
        keep=w.t("Leave it as it is"),
        outcome=outcome(
            w, shown, names=names, points=(), deed=title, moments=_moments(w, before, after=after, what=what)
        ),
        changed=changed,
    )
    return decision_page(request, page)


def _words(w: Wording, before: Subscription, *, after: Subscription, what: str | None) -> tuple[str, str]:
    """The title, which is the act too, and what happens."""
    if what == "trial":
        return (
            w.t("Undo the stop of the conversion"),
            w.t("The trial is sold when it is over, if a payment method is saved by then."),
        )
    if what == "plan":
        price = price_each(w, after.plan)
        return w.t("Undo the change of plan"), w.t("The planned change does not happen. {price} stays.", price=price)
    if what == "licences":
        return (
            w.t("Undo the change of licences"),
            w.n(
                "The planned change does not happen. {count} licence stays.",
                "The planned change does not happen. {count} licences stay.",
                after.licences,
            ),
        )
    access = w.t("It stays paused until it is resumed.") if after.paused else w.t("Members keep access.")
    if before.ending and before.ending.why == "renewal_off":
        on = w.t("The subscription goes on after this period.")
        return w.t("Switch the renewal on"), f"{on} {access}"
    on = w.t("The subscription goes on as if it had not been cancelled.")
    return w.t("Undo the cancellation"), f"{on} {access}"


def _moments(w: Wording, before: Subscription, *, after: Subscription, what: str | None) -> tuple[Moment, ...]:
    """What does not happen any more, by its day."""
    if what == "trial" and after.trial:
        return (Moment(day=after.trial.ends, title=w.t("The trial is over, and the paid subscription begins")),)
    if what == "plan" and before.pending_plan:
        return (Moment(day=before.pending_plan.effective, title=w.t("The plan does not change")),)
    if what == "licences" and before.pending:
        title = w.n("{count} licence stays", "{count} licences stay", after.licences)
        return (Moment(day=before.pending.effective, title=title),)
    if before.ending and before.ending.why == "renewal_off":
        return (Moment(day=before.ending.on, title=w.t("It does not expire")),)
    if before.ending:
        title = w.t("The subscription does not end") if after.paused else w.t("Members do not lose access")
        return (Moment(day=before.ending.on, title=title),)
    return ()
