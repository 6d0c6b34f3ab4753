"""Buying: what is sold, how many licences, what is billed now and when, then the confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.catalog.terms import LicenceBounds, Terms
from prorata.core.documents.model import Document
from prorata.core.subscriptions.buy import AmountTooLarge, LicencesOutOfBounds, MethodNeeded
from prorata.core.subscriptions.model import Subscription
from prorata.store.catalogue import Offer, UnknownPlan
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import Preview, act, preview
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.pages.catalogue import CataloguePage, catalogue_page
from prorata.usecases.pages.upcoming import within_a_year
from prorata.web.center import paths
from prorata.web.center.agreed import term_sentences
from prorata.web.center.change_plan_options import plan_title
from prorata.web.center.shell import around
from prorata.web.center.upcoming import UpcomingBills, upcoming_bills
from prorata.web.center.words import (
    DocumentLedger,
    amount,
    document_ledger,
    each_period,
    licences,
    own_text,
    price_each,
    titles,
)
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Moment
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.prices import parts_in_words
from prorata.wording.roles import refused_to

_PLAN = paths.BUY + "/{plan}"
_REFUSALS = (LicencesOutOfBounds, AmountTooLarge, MethodNeeded)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """A plan of a product: what it is called where that tells it from others, its price and its parts, the way on."""

    name: str | None
    price: str
    parts: tuple[str, ...]
    choose: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """A product of the catalogue with its plans: the price of each, and the way to buy it."""

    name: str
    description: str
    plans: tuple[PlanCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What a purchase brings: the documents of today, else the first one to come, the dates, a year, the button."""

    issued: tuple[DocumentLedger, ...]
    next_bill: DocumentLedger | None
    moments: tuple[Moment, ...]
    year: UpcomingBills
    confirm: str
    seen: str


def routes() -> Sequence[BaseRoute]:
    """The catalogue, a plan with its preview, and the purchase."""
    return get(paths.BUY, catalogue, name="buy"), get(_PLAN, show, name="plan"), post(_PLAN, buy)


def catalogue(request: Request) -> Response:
    """Show what is sold."""
    here = visit(request)
    w = wording_of(request)
    page = catalogue_page(here.services, here.request())
    by_product = groupby(page.offers, key=lambda offer: offer.product_id)
    products = tuple(_card(w, tuple(offers)) for _, offers in by_product)
    refused = refused_to(w, here.actor, permission="buy")
    return render(request, "center/catalogue.html", products=products, seller=page.here.seller, refused=refused)


def _card(w: Wording, offers: tuple[Offer, ...]) -> ProductCard:
    return ProductCard(
        name=own_text(w, offers[0].names, otherwise=offers[0].product),
        description=own_text(w, offers[0].descriptions),
        plans=tuple(_plan_card(w, offer, among=offers) for offer in offers),
    )


def _plan_card(w: Wording, offer: Offer, *, among: tuple[Offer, ...]) -> PlanCard:
    called = plan_title(w, offer, among=among)
    parts = parts_in_words(w, offer.plan)
    label = (
        w.t("Try it, then {period}", period=each_period(w, offer.plan.every))
        if offer.plan.trial
        else w.t("Pay {period}", period=each_period(w, offer.plan.every))
    )
    return PlanCard(
        name=called if called != own_text(w, offer.names, otherwise=offer.product) else None,
        price=price_each(w, offer.plan),
        parts=parts if len(parts) > 1 else (),
        choose=Action(label=label, href=paths.plan(offer.plan_id)),
    )


def show(request: Request) -> Response:
    """Show what so many licences of the plan cost, and when; one licence where no number was given."""
    query = query_form(request)
    typed = query.text("licences") or "1"
    return _page(request, typed=typed, total=query.whole_number("licences") if query.text("licences") else 1)


def buy(request: Request, form: Form) -> Response:
    """Buy what was shown. Where somebody was faster nothing is bought and the page is shown anew (409)."""
    here = visit(request)
    total = form.whole_number("licences")
    if total is None:
        return _page(request, typed=form.text("licences"), total=None)
    try:
        done = act(here.services, here.request(seen=form.text("seen")), BuySubscription(_plan(request), total))
    except ChangedMeanwhile:
        return _page(request, typed=form.text("licences"), total=total, changed=True)
    except _REFUSALS:
        return _page(request, typed=form.text("licences"), total=total)
    bought = done.decision.after.subscriptions[-1]
    return RedirectResponse(paths.product(bought.name, news="bought"), status_code=303)


def _plan(request: Request) -> int:
    """The plan of the address; raises `UnknownPlan` where that is no number."""
    text = request.path_params["plan"]
    plan = whole_number(text)
    if plan is None:
        raise UnknownPlan(plan=text)
    return plan


def _page(request: Request, *, typed: str, total: int | None, changed: bool = False) -> Response:
    here = visit(request)
    w = wording_of(request)
    page = catalogue_page(here.services, here.request())
    offer = _offer(page, _plan(request))
    shown, error = _preview(w, here, plan=offer.plan_id, total=total)
    terms = _terms(page, offer)
    names = titles(w, around(request, here).subscriptions)
    return render(
        request,
        "center/buy.html",
        status=409 if changed else 422 if error else 200,
        changed=changed,
        product=plan_title(w, offer, among=page.offers),
        description=own_text(w, offer.descriptions),
        price=price_each(w, offer.plan),
        costs=parts_in_words(w, offer.plan),
        terms=term_sentences(w, terms),
        bounds=_bounds(terms, offer),
        action=paths.plan(offer.plan_id),
        typed=typed,
        total=total,
        error=error,
        today=page.here.today,
        purchase=_purchase(w, shown, names=names, product=plan_title(w, offer, among=page.offers)) if shown else None,
    )


def _offer(page: CataloguePage, plan: int) -> Offer:
    for offer in page.offers:
        if offer.plan_id == plan:
            return offer
    raise UnknownPlan(plan=plan)


def _bounds(terms: Terms, offer: Offer) -> LicenceBounds:
    """How many licences may be bought; in a trial no more than may be tried."""
    bounds = terms.licences
    if offer.plan.trial is None:
        return bounds
    return LicenceBounds(min(bounds.fewest, terms.trial.licences), min(bounds.most, terms.trial.licences))


def _terms(page: CataloguePage, offer: Offer) -> Terms:
    account = page.here.account
    return offer.agreement.for_customer(country=account.country, kind=account.kind)


def _preview(w: Wording, here: Visit, *, plan: int, total: int | None) -> tuple[Preview | None, str | None]:
    if total is None:
        here.actor.must("buy")
        return None, w.t("Enter a whole number of licences.")
    try:
        return preview(here.services, here.request(), BuySubscription(plan, total)), None
    except _REFUSALS as refusal:
        return None, sentence(refusal, w)


def _purchase(w: Wording, shown: Preview, *, names: Mapping[int, str], product: str) -> Purchase:
    new = shown.decision.after.subscriptions[-1]
    named = {**names, new.id: product}
    standings = {s.document: s for s in shown.decision.after.standings}
    documents = shown.decision.documents
    coming = next((d for d in shown.coming if any(line.subscription == new.id for line in d.lines)), None)
    return Purchase(
        issued=tuple(
            document_ledger(w, d, names=named, standing=standings.get(d.id), why=shown.why) for d in documents
        ),
        next_bill=document_ledger(w, coming, names=named, why=shown.why) if coming and not documents else None,
        moments=_moments(w, new, coming=coming, today=shown.decision.today),
        year=upcoming_bills(
            w,
            within_a_year((*documents, *shown.coming), shown.decision.today),
            names=named,
            subscription=new.id,
        ),
        confirm=_confirm(w, new, documents=documents),
        seen=shown.fingerprint,
    )


def _moments(w: Wording, new: Subscription, *, coming: Document | None, today: date) -> tuple[Moment, ...]:
    """The start, the end of a trial and what becomes of it, the next bill."""
    if new.trial is None:
        found = [Moment(day=today, title=w.t("Start, {licences}", licences=licences(w, new.licences)), state="now")]
    else:
        begins = w.n("Free trial, {count} licence", "Free trial, {count} licences", new.licences)
        sold = (
            w.t("The trial is over, and the paid subscription begins")
            if coming
            else w.t("The trial ends by itself: no payment method is saved.")
        )
        found = [Moment(day=today, title=begins, state="now"), Moment(day=new.trial.ends, title=sold)]
    if coming:
        worth = amount(w, coming.total)
        label = w.t("First bill, {amount}", amount=worth) if new.trial else w.t("Next bill, {amount}", amount=worth)
        found.append(Moment(day=coming.date, title=label))
    return tuple(found)


def _confirm(w: Wording, new: Subscription, *, documents: tuple[Document, ...]) -> str:
    if new.trial:
        return w.n("Try {count} licence free of charge", "Try {count} licences free of charge", new.licences)
    deed = w.n("Buy {count} licence", "Buy {count} licences", new.licences)
    return w.t("{deed} for {amount}", deed=deed, amount=amount(w, documents[0].total)) if documents else deed
