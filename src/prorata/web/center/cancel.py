"""Cancelling a subscription: first what it does, then the act; above the online limit also whose licence goes.

One address for all of it. What is chosen stands in the query, so that Enter in a field shows and never cancels; only
the button below what was shown posts, and brings the fingerprint of it along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.core.subscriptions.cancel import AlreadyCancelled, BeforeStart, EndInThePast, TooManyLicences
from prorata.core.subscriptions.change import AlreadyEnded
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import Preview, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.pages.cancel import CancelPage, cancel_page
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.cancel_words import (
    becomes,
    choices,
    coming,
    dates,
    done_lead,
    final_ledger,
    forecast,
    later_final,
    nothing_lead,
)
from prorata.web.center.failing import status_of
from prorata.web.center.one_act import instead
from prorata.web.center.pay_words import pay_refused
from prorata.web.center.shell import around
from prorata.web.center.states import moments, state_sentence
from prorata.web.center.words import amount, chip_kinds, titles
from prorata.web.forms import Form, get, post, query_form, whole_numbers
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to

_PATH = paths.PRODUCTS + "/{name}/cancel"
_DONE = paths.PRODUCTS + "/{name}/cancelled"
_LONGEST_REASON = 200
_OVERTAKEN = (ChangedMeanwhile, AlreadyCancelled, AlreadyEnded, TooManyLicences)
_ABOUT_THE_DAY = (EndInThePast, BeforeStart)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen: as it stands in the fields, and what it means; `when` is None where it means nothing."""

    choice: str
    end: str
    reason: str
    when: Literal["now", "period_end"] | date | None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says besides what it shows: a piece of news, picked members, how the answer is marked."""

    status: int = 200
    news: str | None = None
    errors: tuple[FieldError, ...] = ()
    picked: frozenset[int] = frozenset()


def routes() -> Sequence[BaseRoute]:
    """The choice with its preview, the act, and what it has done."""
    return get(_PATH, show, name="cancel"), post(_PATH, confirm), get(_DONE, done, name="cancelled")


def show(request: Request) -> Response:
    """Show what cancelling does; where it cannot be done, why, who can, and what can be done instead."""
    here = visit(request)
    page = _page(request, here)
    w = wording_of(request)
    news = w.t("The licences were unassigned. Here is what cancelling does.")
    asked = query_form(request)
    return _answer(
        request,
        page=page,
        wish=_wish(w, page, form=asked),
        said=Said(news=news if asked.text("news") == "unassigned" else None),
    )


def confirm(request: Request, form: Form) -> Response:
    """Cancel as it was shown, or take back the licences of those who were picked."""
    here = visit(request)
    page = _page(request, here)
    w = wording_of(request)
    wish = _wish(w, page, form=form)
    if form.text("act") == "unassign":
        return _unassign(request, page=page, wish=wish, form=form)
    seen = form.text("seen")
    if wish.when is None or wish.errors or not seen:
        return _answer(request, page=page, wish=wish, said=Said(status=422))
    command = CancelSubscription(page.facts.subscription.name, wish.when, reason=wish.reason)
    try:
        act(here.services, here.request(seen=seen), command)
    except ProofNeeded:
        raise
    except DomainError as error:
        return _overtaken(request, wish=wish, error=error)
    return RedirectResponse(paths.product(page.facts.subscription.name, "cancelled"), status_code=303)


def done(request: Request) -> Response:
    """Say what was done; where nothing is cancelled the way on is the choice."""
    page = _page(request, visit(request))
    if not _is_cancelled(page):
        return RedirectResponse(paths.product(page.facts.subscription.name, "cancel"), status_code=303)
    w = wording_of(request)
    return _cancelled(request, page=page, said=Said(news=w.t("The subscription is cancelled.")))


def _page(request: Request, here: Visit) -> CancelPage:
    return cancel_page(here.services, here.request(), name=request.path_params["name"])


def _overtaken(request: Request, *, wish: Wish, error: DomainError) -> Response:
    """Nothing was done: the page as it is now, with the one sentence that says why."""
    page = _page(request, visit(request))
    status = 409 if isinstance(error, _OVERTAKEN) else status_of(error)
    return _answer(request, page=page, wish=wish, said=Said(status=status, news=_sentence(request, page, error=error)))


def _title(request: Request, page: CancelPage) -> str:
    """What the subscription is called to this reader."""
    names = titles(wording_of(request), around(request, visit(request)).subscriptions)
    return names[page.facts.subscription.id]


def _sentence(request: Request, page: CancelPage, *, error: DomainError) -> str:
    """A refusal that calls the subscription by the name that its reader knows."""
    facts = dict(error.parameters)
    if "subscription" in facts:
        facts["subscription"] = _title(request, page)
    return sentence(type(error)(**facts), wording_of(request))


# ------------------------------------------------------------------------------------------ what was chosen


def _wish(w: Wording, page: CancelPage, *, form: Form) -> Wish:
    choice, reason = form.text("when", page.usual), form.text("reason")
    end = form.text("end", page.period_end.isoformat())
    errors: list[FieldError] = []
    when: Literal["now", "period_end"] | date | None = None
    match choice:
        case "now" | "period_end":
            when = choice
        case "date":
            found = _day(w, page, text=end)
            when, problem = (found, None) if isinstance(found, date) else (None, found)
            errors += [FieldError(field="end", text=problem)] if problem else []
        case _:
            errors.append(FieldError(field="when", text=w.t("Choose when the subscription ends.")))
    if len(reason) > _LONGEST_REASON:
        text = w.t("The reason is too long. Write {most} characters at most.", most=_LONGEST_REASON)
        errors.append(FieldError(field="reason", text=text))
    return Wish(choice, end, reason, when, tuple(errors))


def _day(w: Wording, page: CancelPage, *, text: str) -> date | str:
    """The day that was typed, or the sentence that says what is wrong with it."""
    if not text:
        return w.t("Choose the day on which the subscription ends.")
    found = _iso_day(text)
    if found is None:
        example = page.period_end.isoformat()
        return w.t("“{text}” is not a day. Write it like this: {example}.", text=text[:40], example=example)
    if found > page.latest:
        return w.t("{day} is too far away. Choose a day up to {latest}.", day=found, latest=page.latest)
    return found


def _iso_day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None  # Python reads other forms of ISO 8601 too


def _unassign(request: Request, *, page: CancelPage, wish: Wish, form: Form) -> Response:
    """Take back the licences of those who were picked, if they are enough; then go on to what cancelling does."""
    here = visit(request)
    w = wording_of(request)
    name = page.facts.subscription.name
    on = paths.product(name, "cancel", when=wish.choice, end=wish.end, reason=wish.reason, news="unassigned")
    if page.over_limit is None:
        return RedirectResponse(on, status_code=303)
    picked = frozenset(whole_numbers(form.all("member")))
    missing = page.over_limit.remove - len(picked & page.holders)
    if missing > 0 or picked - page.holders:
        text = (
            w.n("Pick {count} more member.", "Pick {count} more members.", missing)
            if missing > 0
            else w.t("Somebody who was picked holds no licence any more. Please look at the list again.")
        )
        said = Said(status=422, errors=(FieldError(field="member", text=text),), picked=picked & page.holders)
        return _answer(request, page=page, wish=wish, said=said)
    try:
        act(here.services, here.request(), AssignLicences(name, remove=picked))
    except DomainError as error:
        return _overtaken(request, wish=wish, error=error)
    return RedirectResponse(on, status_code=303)


# ------------------------------------------------------------------------------------------ what is shown


def _answer(request: Request, *, page: CancelPage, wish: Wish, said: Said) -> Response:
    """The page for how the subscription is: cancelled already, not to be cancelled, over the limit, to be cancelled."""
    if _is_cancelled(page):
        return _cancelled(request, page=page, said=said)
    here = visit(request)
    if page.facts.subscription.state != "active":
        return _nothing(request, page=page, said=said)
    if page.over_limit and not refused_to(wording_of(request), here.actor, permission="cancel"):
        return _over_the_limit(request, page=page, wish=wish, said=said)
    return _choice(request, page=page, wish=wish, said=said)


def _is_cancelled(page: CancelPage) -> bool:
    """Whether somebody cancelled it; a term that is over and a renewal that is off are no cancellation."""
    ending = page.facts.subscription.ending
    return ending is not None and ending.why == "cancelled"


def _nothing(request: Request, *, page: CancelPage, said: Said) -> Response:
    """In a trial, and after an end by itself, there is nothing to cancel: why, and what can be done instead."""
    w, here, facts = wording_of(request), visit(request), page.facts
    in_trial = facts.subscription.state == "trial"
    return render(
        request,
        "center/cancel_nothing.html",
        status=said.status,
        product=_title(request, page),
        href=paths.product(facts.subscription.name),
        chips=chip_kinds(facts),
        said=said,
        lead=nothing_lead(w, facts),
        state=state_sentence(w, facts, today=page.here.today),
        stop=_stop(w, facts, here=here) if in_trial else None,
        instead=() if in_trial else instead(w, here, facts=facts, but="cancel"),
        moments=[one for one in moments(w, facts, today=page.here.today) if one.state != "past"],
        today=page.here.today,
    )


def _stop(w: Wording, facts: SubscriptionFacts, *, here: Visit) -> Action:
    """The way to what there is in a trial in the place of a cancellation."""
    trial = facts.subscription.trial
    why_not = refused_to(w, here.actor, permission="trial")
    if why_not is None and trial and not trial.converts:
        why_not = w.t("It is stopped already: the trial ends by itself on {day}.", day=trial.ends)
    return Action(
        label=w.t("Stop the conversion"),
        href=paths.product(facts.subscription.name, "trial", do="stop"),
        kind="primary",
        disabled_reason=why_not,
    )


def _choice(request: Request, *, page: CancelPage, wish: Wish, said: Said) -> Response:
    w = wording_of(request)
    here = visit(request)
    refused = refused_to(w, here.actor, permission="cancel")
    errors, shown, status = wish.errors, None, said.status
    if wish.when is not None and not errors and not refused:
        shown, problem = _preview(request, page, wish=wish)
        errors = (problem,) if problem else ()
    names = titles(w, around(request, here).subscriptions)
    subscription = page.facts.subscription
    return render(
        request,
        "center/cancel.html",
        status=max(status, 422) if errors else status,
        product=names[subscription.id],
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "cancel"),
        chips=chip_kinds(page.facts),
        said=said,
        refused=refused,
        choices=choices(w, page),
        wish=wish,
        today=page.here.today,
        latest=page.latest,
        errors=errors,
        fragment="x-fragment" in request.headers,
        shown=forecast(w, page, shown=shown, names=names) if shown else None,
    )


def _preview(request: Request, page: CancelPage, *, wish: Wish) -> tuple[Preview | None, FieldError | None]:
    """What would happen, or what a rule has against the day."""
    here = visit(request)
    command = CancelSubscription(page.facts.subscription.name, wish.when, reason=wish.reason)
    try:
        return preview(here.services, here.request(), command), None
    except DomainError as error:
        field = "end" if isinstance(error, _ABOUT_THE_DAY) and wish.choice == "date" else "when"
        return None, FieldError(field=field, text=_sentence(request, page, error=error))


def _over_the_limit(request: Request, *, page: CancelPage, wish: Wish, said: Said) -> Response:
    subscription, over = page.facts.subscription, page.over_limit
    assert over is not None  # noqa: S101 - who calls has looked
    return render(
        request,
        "center/cancel_limit.html",
        status=said.status,
        product=_title(request, page),
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "cancel"),
        licences_href=paths.product(subscription.name, "licences", licences=over.limit),
        said=said,
        wish=wish,
        over=over,
        holders=[
            Option(value=str(member.id), label=member.name, hint=member.email)
            for member in page.members
            if member.id in page.holders
        ],
        picked=tuple(map(str, said.picked)),
    )


def _cancelled(request: Request, *, page: CancelPage, said: Said) -> Response:
    """Cancelled for a later day, or ended: what is, what comes, what can still be done."""
    w = wording_of(request)
    here = visit(request)
    names = titles(w, around(request, here).subscriptions)
    subscription, today = page.facts.subscription, page.here.today
    final = page.final.issued if page.final else None
    face = final.document.statement if final else None
    return render(
        request,
        "center/cancel_done.html",
        status=said.status,
        product=names[subscription.id],
        href=paths.product(subscription.name),
        chips=chip_kinds(page.facts),
        lead=done_lead(w, page),
        said=said,
        undo=_undo(w, page, here=here),
        pay=_pay(w, page, here=here),
        number=final.number if final else None,
        final=final_ledger(w, final.document, names=names, page=page) if final else None,
        final_href=paths.bill(final.number) if final else None,
        becomes=becomes(w, face) if face else None,
        no_final=later_final(w, page),
        bills=tuple(coming(w, document, names=names, page=page) for document in page.coming),
        moments=dates(w, subscription, today=today, coming=page.coming),
        today=today,
    )


def _undo(w: Wording, page: CancelPage, *, here: Visit) -> Action | None:
    subscription = page.facts.subscription
    if subscription.state != "active":
        return None
    return Action(
        label=w.t("Undo the cancellation"),
        href=paths.product(subscription.name, "undo"),
        disabled_reason=refused_to(w, here.actor, permission="cancel"),
    )


def _pay(w: Wording, page: CancelPage, *, here: Visit) -> Action | None:
    """The way to pay what is still open, once the subscription has ended."""
    rows = page.open_bills
    if page.facts.subscription.state == "active" or not rows:
        return None
    owed = sum((row.left for row in rows[1:]), start=rows[0].left)
    return Action(
        label=w.t("Pay {amount}", amount=amount(w, owed)),
        href=paths.pay(rows[0].number if len(rows) == 1 else None),
        kind="primary",
        disabled_reason=pay_refused(w, here, account=page.here.account),
    )
