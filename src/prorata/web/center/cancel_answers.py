"""The page of a cancellation for how the subscription is: cancelled already, not to be cancelled, above the limit, or
to be cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from prorata.core.errors import DomainError
from prorata.core.subscriptions.cancel import BeforeStart, EndInThePast, EndsBefore, EndTooFar
from prorata.usecases.act import Preview, preview
from prorata.usecases.pages.cancel import CancelPage
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.center.cancel_figures import becomes, coming, dates, final_ledger
from prorata.web.center.cancel_forecast import forecast
from prorata.web.center.cancel_limit import commands, to_choose
from prorata.web.center.cancel_wish import Wish, reasons
from prorata.web.center.cancel_words import (
    choices,
    done_lead,
    kept_by_law,
    later_final,
    limit_lead,
    nothing_lead,
    way_back,
)
from prorata.web.center.kept_words import sealed
from prorata.web.center.one_act import instead
from prorata.web.center.pay_words import pay_refused
from prorata.web.center.shell import around
from prorata.web.center.states import moments, state_sentence
from prorata.web.center.words import amount, chip_kinds, titles
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to

_ABOUT_THE_DAY = (EndInThePast, BeforeStart, EndTooFar, EndsBefore)


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says besides what it shows: a piece of news, picked members, how the answer is marked.

    `choose_again`: whose licence goes is to be chosen anew.
    """

    status: int = 200
    news: str | None = None
    errors: tuple[FieldError, ...] = ()
    picked: frozenset[int] = frozenset()
    choose_again: bool = False


def answer(request: Request, *, page: CancelPage, wish: Wish, said: Said) -> Response:
    """The page that fits."""
    if is_cancelled(page):
        return cancelled(request, page=page, said=said)
    if page.facts.subscription.state != "active":
        return _nothing(request, page=page, said=said)
    may = not refused_to(wording_of(request), visit(request).actor, permission="cancel")
    picks = page.above is not None and page.above.unassign > 0
    if may and (to_choose(page, wish) or (picks and said.choose_again)):
        return _above_the_limit(request, page=page, wish=wish, said=said)
    return _choice(request, page=page, wish=wish, said=said)


def is_cancelled(page: CancelPage) -> bool:
    """Whether somebody cancelled it; a term that is over and a renewal that is off are no cancellation."""
    ending = page.facts.subscription.ending
    return ending is not None and ending.why == "cancelled"


def said_of(request: Request, page: CancelPage, *, error: DomainError) -> str:
    """A refusal that calls the subscription by the name that its reader knows."""
    facts = dict(error.parameters)
    if "subscription" in facts:
        facts["subscription"] = _title(request, page)
    return sentence(type(error)(**facts), wording_of(request))


def _title(request: Request, page: CancelPage) -> str:
    """What the subscription is called to this reader."""
    names = titles(wording_of(request), around(request, visit(request)).subscriptions)
    return names[page.facts.subscription.id]


# ------------------------------------------------------------------------------------------ nothing to cancel


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


# ------------------------------------------------------------------------------------------ to be cancelled


def _choice(request: Request, *, page: CancelPage, wish: Wish, said: Said) -> Response:
    w, here = wording_of(request), visit(request)
    refused = refused_to(w, here.actor, permission="cancel")
    errors, shown, status = wish.errors, None, said.status
    if wish.when is not None and not errors and not refused:
        shown, problem = _preview(request, page, wish=wish)
        errors = (problem,) if problem else ()
    names = titles(w, around(request, here).subscriptions)
    name = page.facts.subscription.name
    others = paths.product(name, "cancel", **{**wish.query(), "choose": "1", "sealed": sealed(here, wish.words)})
    return render(
        request,
        "center/cancel.html",
        status=max(status, 422) if errors else status,
        product=names[page.facts.subscription.id],
        href=paths.product(name),
        action=paths.product(name, "cancel"),
        chips=chip_kinds(page.facts),
        said=said,
        refused=refused,
        choices=choices(w, page),
        reasons=reasons(w),
        wish=wish,
        today=page.here.today,
        latest=page.latest,
        errors=errors,
        fragment="x-fragment" in request.headers,
        shown=forecast(w, page, shown=shown, names=names, wish=wish) if shown else None,
        others=Action(label=w.t("Choose others"), href=others) if page.above and wish.gone else None,
        backup=_backup(w, here),
    )


def _preview(request: Request, page: CancelPage, *, wish: Wish) -> tuple[Preview | None, FieldError | None]:
    """What would happen, or what a rule has against it."""
    here = visit(request)
    try:
        return preview(here.services, here.request(), *commands(page, wish)), None
    except DomainError as error:
        field = "end" if isinstance(error, _ABOUT_THE_DAY) and wish.choice == "date" else "when"
        return None, FieldError(field=field, text=said_of(request, page, error=error))


def _backup(w: Wording, here: Visit) -> Action:
    refused = refused_to(w, here.actor, permission="export")
    return Action(label=w.t("Back up data"), href=paths.BACK_UP, disabled_reason=refused)


# ------------------------------------------------------------------------------------------ above the limit


def _above_the_limit(request: Request, *, page: CancelPage, wish: Wish, said: Said) -> Response:
    above, w, here = page.above, wording_of(request), visit(request)
    assert above is not None  # noqa: S101 - who calls has looked
    names = {member.id: member for member in page.members}
    newest = [names[one] for one in page.newest[: above.unassign] if one in names]
    gone = said.picked or wish.gone & page.holders
    return render(
        request,
        "center/cancel_limit.html",
        status=said.status,
        product=_title(request, page),
        href=paths.product(page.facts.subscription.name),
        action=paths.product(page.facts.subscription.name, "cancel"),
        licences_href=paths.product(page.facts.subscription.name, "licences", licences=above.over.limit),
        lead=limit_lead(w, page),
        said=said,
        overtaken=bool(wish.gone - page.holders),
        wish=wish,
        above=above,
        refused=refused_to(w, here.actor, permission="assign"),
        newest=[member.name for member in newest],
        holders=[
            Option(value=str(member.id), label=member.name, hint=member.email)
            for member in page.members
            if member.id in page.holders
        ],
        picked=tuple(map(str, gone)),
    )


# ------------------------------------------------------------------------------------------ cancelled


def cancelled(request: Request, *, page: CancelPage, said: Said) -> Response:
    """Cancelled for a later day, or ended: what is, what comes, what can still be done."""
    w, here = wording_of(request), visit(request)
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
        back=way_back(w, subscription, today=today),
        reactivate=_reactivate(w, page, here=here),
        pay=_pay(w, page, here=here),
        number=final.number if final else None,
        final=final_ledger(w, final.document, names=names, numbers=page.numbers) if final else None,
        final_href=paths.bill(final.number) if final else None,
        becomes=becomes(w, face) if face else None,
        no_final=later_final(w, page),
        bills=tuple(coming(w, document, names=names, numbers=page.numbers) for document in page.coming),
        moments=dates(w, subscription, today=today, coming=page.coming),
        kept=kept_by_law(w, page),
        backup=_backup(w, here) if subscription.state != "deleted" else None,
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


def _reactivate(w: Wording, page: CancelPage, *, here: Visit) -> Action | None:
    """The way back once it has ended, while the data is there."""
    subscription = page.facts.subscription
    if subscription.state != "disabled":
        return None
    return Action(
        label=w.t("Reactivate"),
        href=paths.product(subscription.name, "reactivate"),
        disabled_reason=refused_to(w, here.actor, permission="reactivate"),
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
