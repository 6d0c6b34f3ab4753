"""What comes of a subscription that was mended: the documents that the next run writes for its account."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.parked import mended_page
from prorata.web.center.words import document_ledger
from prorata.web.console import paths
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import staff


def routes() -> Sequence[BaseRoute]:
    """The answer."""
    return (get(paths.MENDED, show, name="mended"),)


def show(request: Request) -> Response:
    """Show it as it is now; where the subscription is parked after all, the list."""
    here = staff(request)
    w = wording_of(request)
    asked = query_form(request)
    account, subscription = asked.whole_number("account") or 0, asked.text("subscription")
    page = mended_page(here.services, here.actor, account=account, subscription=subscription)
    if page.still:
        return RedirectResponse(paths.PARKED, status_code=303)
    return render(
        request,
        "console/mended.html",
        title=w.t("{subscription} is billed again", subscription=subscription),
        account=page.account.name,
        documents=tuple(document_ledger(w, document, names=page.names) for document in page.documents),
        today=Action(label=w.t("Run today"), href=paths.TODAY, kind="primary"),
        back_href=paths.PARKED,
    )
