"""Paying one document, or what is open of all: how much, what it does, and what it did.

In a test account the method is a sandbox: it always pays, and no money moves. In a real one the vendor's people enter
what has arrived by transfer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.billing.pay import AlreadyPaid, Overpaid
from prorata.core.errors import DomainError
from prorata.core.money import Money, NotAnAmount, money
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import act, preview
from prorata.usecases.pages.pay import SANDBOX, PayPage, paid_page, pay_page
from prorata.usecases.pay_document import TRANSFER, PayDocument
from prorata.usecases.permissions import NotAllowed, ProofNeeded
from prorata.web.center import paths
from prorata.web.center.failing import status_of
from prorata.web.center.pay_words import choices, forecast, paid_lead, paid_rows, pay_refused
from prorata.web.center.shell import around
from prorata.web.center.words import amount, owed_sentence, titles
from prorata.web.forms import Form, get, post, query_form, whole_numbers
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import FieldError
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.typed import read_amount, write_amount

_PART = "part"
_PAST_DUE = "past_due"


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to pay: `choice` of the whole, what is past due, or a part; `typed` as they wrote it.

    `wanted` is the amount, None where nothing clear was written; `error` says why.
    """

    choice: str
    typed: str
    wanted: Money | None
    error: str | None = None


def routes() -> Sequence[BaseRoute]:
    """Review and payment, for the balance and for one document; then what was done. Comes before `document`."""
    return (
        get("/bills/pay", _review, name="settle"),
        post("/bills/pay", _confirm, name="settle_confirm"),
        get("/bills/paid", _paid, name="paid"),
        get("/bills/{number}/pay", _review, name="pay"),
        post("/bills/{number}/pay", _confirm, name="pay_confirm"),
    )


def _review(request: Request) -> Response:
    here = visit(request)
    page = _page(request, here)
    return _show(request, page, ask=_asked(request, page, form=query_form(request)))


def _confirm(request: Request, form: Form) -> Response:
    here = visit(request)
    page = _page(request, here)
    ask = _confirmed(request, page, form=form)
    seen = form.text("seen")
    if ask.wanted is None or not seen:
        return _show(request, page, ask=ask, status=422)
    try:
        done = act(here.services, here.request(seen=seen), _command(page, ask.wanted))
    except ProofNeeded:
        raise
    except DomainError as error:
        return _refused(request, page=page, ask=ask, error=error)
    return RedirectResponse(paths.paid(payment.id for payment in done.decision.payments), status_code=303)


def _page(request: Request, here: Visit) -> PayPage:
    return pay_page(here.services, here.request(), number=request.path_params.get("number"))


def _command(page: PayPage, wanted: Money) -> PayDocument:
    method = SANDBOX if page.here.account.test else TRANSFER
    return PayDocument(page.issued.document.id if page.issued else None, wanted, method)


def _open(page: PayPage) -> Money:
    """What can be paid here: what is open of the document, or of all."""
    return page.issued.standing.left if page.issued else page.owed


# ------------------------------------------------------------------------------------------ what is asked for


def _asked(request: Request, page: PayPage, *, form: Form) -> Ask:
    """The values of the query; without any, what is past due, else all that is open."""
    usual = _PAST_DUE if not page.issued and page.past_due else "all"
    choice = form.text("what", _PART if page.issued else usual)
    if choice == "all" or (page.issued and "amount" not in form):
        return Ask(choice, _typed(request, _open(page)), _open(page))
    if choice == _PAST_DUE and page.past_due:
        return Ask(choice, _typed(request, page.past_due), page.past_due)
    return _read(request, page, choice=_PART, text=form.text("amount"))


def _typed(request: Request, wanted: Money) -> str:
    return write_amount(wanted, language=language_of(request))


def _read(request: Request, page: PayPage, *, choice: str, text: str) -> Ask:
    w = wording_of(request)
    wanted = read_amount(text, page.owed.currency, language=language_of(request))
    if wanted is not None:
        return Ask(choice, text, wanted)
    example = _typed(request, _open(page))
    said = w.t("“{text}” is not clear. Write the amount like this: {example}.", text=text[:_SHOWN], example=example)
    asked = w.t("Write the amount like this: {example}.", example=example)
    return Ask(choice, text, None, said if text else asked)


_SHOWN = 40  # characters of a text that could not be read


def _confirmed(request: Request, page: PayPage, *, form: Form) -> Ask:
    """The amount that was reviewed, as the review itself wrote it."""
    try:
        wanted = money(form.text("pay"), page.owed.currency)
    except NotAnAmount:
        return _read(request, page, choice=_PART, text=form.text("pay"))
    return Ask(form.text("what", _PART), _typed(request, wanted), wanted)


# ------------------------------------------------------------------------------------------ what is shown


def _refused(request: Request, *, page: PayPage, ask: Ask, error: DomainError) -> Response:
    """The same page with the one sentence of the refusal; what is open may have become less meanwhile."""
    w = wording_of(request)
    here = visit(request)
    page = _page(request, here)
    if isinstance(error, AlreadyPaid) or (isinstance(error, Overpaid) and not _open(page)):
        return _show(request, page, ask=ask, status=409, news=w.t("Nothing is open any more, so nothing was paid."))
    if isinstance(error, ChangedMeanwhile):
        return _show(request, page, ask=ask, status=409, news=sentence(error, w))
    if isinstance(error, NotAllowed):
        return _show(request, page, ask=ask, status=403)
    return _show(request, page, ask=replace(ask, error=sentence(error, w)), status=status_of(error))


def _show(request: Request, page: PayPage, *, ask: Ask, status: int = 200, news: str | None = None) -> Response:
    w = wording_of(request)
    here = visit(request)
    refused = pay_refused(w, here, account=page.here.account)
    shown = None
    if ask.wanted is not None and ask.error is None and refused is None and _open(page):
        try:
            shown = preview(here.services, here.request(), _command(page, ask.wanted))
        except DomainError as error:
            ask, status = replace(ask, error=sentence(error, w)), max(status, status_of(error))
    elif ask.error:
        status = max(status, 422)
    return render(
        request,
        "center/pay.html",
        status=status,
        title=w.t("Pay bill {number}", number=page.issued.number) if page.issued else w.t("Settle balance"),
        lead=_lead(w, page),
        number=page.issued.number if page.issued else None,
        action=paths.pay(page.issued.number if page.issued else None),
        back=paths.bill(page.issued.number) if page.issued else paths.BILLS,
        open=bool(_open(page)),
        refused=refused,
        news=news,
        made_up=page.here.account.test,
        choices=choices(w, page),
        choice=ask.choice,
        typed=ask.typed,
        currency=page.owed.currency.code,
        hint=w.t("A part is possible, up to {amount}.", amount=amount(w, _open(page))),
        errors=(FieldError(field="amount", text=ask.error),) if ask.error else (),
        fragment="x-fragment" in request.headers,
        shown=forecast(w, page, wanted=ask.wanted, shown=shown, names=titles(w, around(request, here).subscriptions))
        if shown and ask.wanted
        else None,
    )


def _lead(w: Wording, page: PayPage) -> str:
    if page.issued is None:
        return owed_sentence(w, owed=page.owed, past_due=page.past_due)
    left = _open(page)
    return w.t("{amount} is still to be paid.", amount=amount(w, left)) if left else w.t("Nothing is open.")


def _paid(request: Request) -> Response:
    w = wording_of(request)
    here = visit(request)
    ids = whole_numbers(query_form(request).all("payment")[:_MOST])
    page = paid_page(here.services, here.request(), ids=[one for one in ids if 0 < one < _TOO_MANY])
    return render(
        request,
        "center/pay_done.html",
        lead=paid_lead(w, page, subscriptions=around(request, here).subscriptions),
        rows=paid_rows(w, page),
        paid=amount(w, page.paid),
        owed=amount(w, page.owed),
        several=len(page.payments) > 1,
        more=bool(page.owed),
    )


_MOST = 1000
_TOO_MANY = 2**31
