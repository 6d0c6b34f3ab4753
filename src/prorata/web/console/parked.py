"""Parked: every subscription that cannot be billed, why, what would mend it, and trying again."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.mend_parked import NotParked, StillParked, mend
from prorata.usecases.pages.parked import PER_PAGE, ParkedPage, parked_page
from prorata.web.console import paths
from prorata.web.console.words import ParkedCard, parked_card
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import FieldError, Pages
from prorata.web.visits import staff
from prorata.wording import Wording
from prorata.wording.errors import sentence


def routes() -> Sequence[BaseRoute]:
    """The list, and trying one of it again."""
    return get(paths.PARKED, show, name="parked"), post(paths.PARKED, try_again)


def show(request: Request) -> Response:
    """Show the list; `?page=2` is further down."""
    return _page(request, number=query_form(request).whole_number("page") or 1)


def try_again(request: Request, form: Form) -> Response:
    """Let a subscription be billed again; where it cannot be, say on the list what stops it now (422)."""
    here = staff(request)
    account, subscription = form.whole_number("account") or 0, form.text("subscription")
    number = form.whole_number("page") or 1
    try:
        mend(here.services, here.actor, account=account, subscription=subscription)
    except StillParked:
        return _page(request, number=number, tried=(account, subscription))
    except NotParked as gone:
        return _page(request, number=number, gone=sentence(gone, wording_of(request)))
    return RedirectResponse(paths.mended(account, subscription), status_code=303)


def _page(request: Request, *, number: int, tried: tuple[int, str] | None = None, gone: str | None = None) -> Response:
    here = staff(request)
    w = wording_of(request)
    page = parked_page(here.services, here.actor, page=number)
    cards = tuple(parked_card(w, facts.row, zone=facts.seller.zone) for facts in page.rows)
    errors = tuple(_error(w, card) for card in cards if (card.account_id, card.subscription) == tried)
    return render(
        request,
        "console/parked.html",
        status=409 if gone else 422 if tried else 200,
        gone=gone,
        errors=errors,
        lead=_lead(w, page),
        cards=cards,
        page=page.page,
        pages=_pages(w, page),
        action=paths.PARKED,
    )


def _error(w: Wording, card: ParkedCard) -> FieldError:
    text = w.t("{subscription} of {account}: {why}", subscription=card.subscription, account=card.account, why=card.why)
    return FieldError(field=card.key, text=text)


def _lead(w: Wording, page: ParkedPage) -> str:
    if not page.count:
        return w.t("Everything that is due can be billed.")
    return w.n(
        "{count} subscription cannot be billed. Everything else is billed as ever.",
        "{count} subscriptions cannot be billed. Everything else is billed as ever.",
        page.count,
    )


def _pages(w: Wording, page: ParkedPage) -> Pages | None:
    if page.count <= PER_PAGE:
        return None
    first = (page.page - 1) * PER_PAGE + 1
    last = first + len(page.rows) - 1
    return Pages(
        shown=w.t("{first}–{last} of {all}", first=first, last=last, all=page.count),
        previous_href=paths.parked(page.page - 1) if page.page > 1 else None,
        next_href=paths.parked(page.page + 1) if last < page.reachable else None,
    )
