"""Buy or remove licences: a new total, what it changes and what is billed when, then the confirmation.

Below what is assigned the page says how many members must give theirs back, asks whom, and does both at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.catalog.terms import When
from prorata.core.errors import DomainError
from prorata.core.licences.assignment import BelowAssigned
from prorata.core.subscriptions.buy import AmountTooLarge, LicencesOutOfBounds
from prorata.core.subscriptions.change import AlreadyDeleted, AlreadyEnded
from prorata.core.subscriptions.model import Subscription
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import Preview, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.pages.licences import HoldersPage, holders_page
from prorata.web.center import paths
from prorata.web.center.consequences import deed, points
from prorata.web.center.decision import Decision, decision_page
from prorata.web.center.one_act import instead, said_of
from prorata.web.center.outcome import Outcome, outcome
from prorata.web.center.shell import around
from prorata.web.center.whom import Answer, Whom, answer_of, read, still_fits, whom
from prorata.web.center.words import chip_kinds, price_each, titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import wording_of
from prorata.web.views import Action, Option
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.prices import parts_in_words
from prorata.wording.roles import refused_to

_PATH = paths.PRODUCTS + "/{name}/licences"
_RENEWAL: Final = "renewal"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What somebody typed and ticked. `when`: empty as the terms have it; `error` is about the total, `choice` about
    the members.
    """

    typed: str
    total: int | None
    answer: Answer
    when: str = ""
    error: str | None = None
    choice: str | None = None
    changed: bool = False
    status: int = 200

    @property
    def moment(self) -> When | None:
        """When it is to take effect, where that was asked for."""
        return _RENEWAL if self.when == _RENEWAL else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What would happen: the preview, whom to unassign for it, or why it can be by no total at all."""

    asked: _Asked
    shown: Preview | None = None
    whom: Whom | None = None
    refusal: DomainError | None = None


def routes() -> Sequence[BaseRoute]:
    """The page with its preview, and the act."""
    return get(_PATH, show, name="licences"), post(_PATH, change)


def show(request: Request) -> Response:
    """Show what the total of the query would change; without one, the present total."""
    return _page(request, _asked(query_form(request)))


def _asked(form: Form) -> _Asked:
    return _Asked(
        typed=form.text("licences"),
        total=form.whole_number("licences"),
        when=form.text("when"),
        answer=answer_of(form),
    )


def change(request: Request, form: Form) -> Response:
    """Do what was shown. Where somebody was faster nothing is done and the page is shown anew (409)."""
    here = visit(request)
    asked, w = _asked(form), wording_of(request)
    name = request.path_params["name"]
    needed = form.whole_number("unassign") or 0
    picked = read(w, asked.answer, needed=needed) if needed else frozenset[int]()
    if isinstance(picked, str):
        return _page(request, replace(asked, choice=picked, status=422))
    if asked.total is None:
        return _page(request, replace(asked, status=422))
    if picked and not still_fits(asked.answer, picked, holders=_holders(request).holders, needed=needed):
        return _page(request, replace(asked, changed=True, status=409))
    try:
        act(here.services, here.request(seen=form.text("seen")), *_commands(name, asked, remove=picked))
    except (ChangedMeanwhile, BelowAssigned):
        return _page(request, replace(asked, changed=True, status=409))
    except (LicencesOutOfBounds, AmountTooLarge, AlreadyEnded, AlreadyDeleted):
        return _page(request, replace(asked, status=422))
    return RedirectResponse(paths.product(name, news="licences"), status_code=303)


def _holders(request: Request) -> HoldersPage:
    here = visit(request)
    return holders_page(here.services, here.request(), name=request.path_params["name"])


def _commands(name: str, asked: _Asked, *, remove: frozenset[int]) -> tuple[Command, ...]:
    licences = ChangeLicences(name, asked.total or 0, asked.moment)
    return (AssignLicences(name, remove=remove), licences) if remove else (licences,)


# ------------------------------------------------------------------------------------------ what is shown


def _page(request: Request, asked: _Asked) -> Response:
    here, w = visit(request), wording_of(request)
    page = _holders(request)
    subscription = page.facts.subscription
    typed = asked.typed or str(subscription.licences)
    asked = replace(asked, typed=typed, total=asked.total if asked.typed else subscription.licences)
    why_not = refused_to(w, here.actor, permission="change_licences")
    found = _Found(asked=asked) if why_not else _preview(w, here, page=page, asked=asked)
    if found.refusal:
        why_not = said_of(request, found.refusal)
    return decision_page(
        request,
        _decision(request, page, found=found, why_not=why_not),
        template="center/licences.html",
        subscription=subscription,
        bounds=subscription.terms.licences,
        costs=parts_in_words(w, subscription.plan),
        asked=found.asked,
        whens=_whens(w, page),
        whom=found.whom,
        instead=instead(w, here, facts=page.facts, but="licences") if why_not else (),
    )


def _decision(request: Request, page: HoldersPage, *, found: _Found, why_not: str | None) -> Decision:
    w, asked = wording_of(request), found.asked
    subscription = page.facts.subscription
    product = titles(w, around(request, visit(request)).subscriptions)[subscription.id]
    price = price_each(w, subscription.plan, phase=page.facts.phase)
    title = w.t("Buy or remove licences")
    return Decision(
        title=title,
        lead=w.t("{product}, {price}.", product=product, price=price),
        product=product,
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "licences"),
        keep=w.t("Leave it as it is"),
        chips=chip_kinds(page.facts),
        hidden=(("licences", str(asked.total)), *((("when", asked.when),) if asked.when else ())),
        outcome=_outcome(request, found, page=page) if found.shown else None,
        refused=Action(label=title, kind="primary", disabled_reason=why_not) if why_not else None,
        errors=found.whom.errors if found.whom else (),
        error=asked.error,
        nothing=w.t("Enter another number: what it changes is shown here before anything happens."),
        changed=asked.changed,
        status=asked.status,
    )


def _whens(w: Wording, page: HoldersPage) -> tuple[Option, ...]:
    """When a new total may take effect: as the terms have it, or at the renewal; where there is none, no choice."""
    renewal = page.standing.renewal
    if renewal is None or page.facts.subscription.state == "trial":
        return ()
    return (
        Option(value="", label=w.t("As soon as the terms allow")),
        Option(value=_RENEWAL, label=w.t("At the renewal"), hint=w.t("On {day}", day=renewal)),
    )


def _outcome(request: Request, found: _Found, *, page: HoldersPage) -> Outcome | None:
    """What the new total brings; None where it is the present one."""
    w, shown = wording_of(request), found.shown
    said = deed(w, shown, facts=page.facts, unassign=found.whom.count if found.whom else 0) if shown else None
    if shown is None or said is None:
        return None
    after = shown.decision.after.subscription(page.facts.subscription.name)
    names = titles(w, around(request, visit(request)).subscriptions)
    return outcome(
        w, shown, names=names, points=(*points(w, shown, facts=page.facts), *_conflict_to_come(w, after)), deed=said
    )


def _conflict_to_come(w: Wording, after: Subscription) -> tuple[str, ...]:
    """What happens where more are assigned by the renewal than there are from then on."""
    pending = after.pending
    if pending is None or pending.licences >= after.licences:
        return ()
    return (
        w.n(
            "If more than {count} is assigned on {day}, nobody loses theirs at once: for {days} days more can be "
            "bought or members chosen who give theirs back.",
            "If more than {count} are assigned on {day}, nobody loses theirs at once: for {days} days more can be "
            "bought or members chosen who give theirs back.",
            pending.licences,
            day=pending.effective,
            days=after.terms.conflict_days,
        ),
    )


# ------------------------------------------------------------------------------------------ what would happen


def _preview(w: Wording, here: Visit, *, page: HoldersPage, asked: _Asked) -> _Found:
    """What would happen; who must give a licence back for it; and what was asked, with what is wrong with it."""
    name = page.facts.subscription.name
    if asked.total is None:
        wrong = w.t("Enter a whole number of licences.")
        return _Found(asked=replace(asked, error=wrong, status=422))
    try:
        shown = preview(here.services, here.request(), *_commands(name, asked, remove=frozenset()))
        return _Found(asked=asked, shown=shown)
    except (LicencesOutOfBounds, AmountTooLarge) as refusal:
        return _Found(asked=replace(asked, error=sentence(refusal, w), status=422))
    except (AlreadyEnded, AlreadyDeleted) as refusal:
        return _Found(asked=asked, refusal=refusal)
    except BelowAssigned as refusal:
        count = int(refusal.parameters["unassign"])
    return _below(w, here, page=page, asked=asked, count=count)


def _below(w: Wording, here: Visit, *, page: HoldersPage, asked: _Asked, count: int) -> _Found:
    """Fewer than are assigned: what happens once so many have given theirs back."""
    why_not = refused_to(w, here.actor, permission="assign")
    if why_not:
        return _Found(asked=replace(asked, error=why_not, status=403))
    # Whom one chooses changes neither amounts nor dates, so any so many stand for them in the preview.
    some = frozenset(one.member for one in page.holders[:count])
    shown = preview(here.services, here.request(), *_commands(page.facts.subscription.name, asked, remove=some))
    text = w.t("{assigned} licences are assigned, more than there would be.", assigned=len(page.holders))
    if asked.moment:
        later = w.t("There are fewer only from the renewal on, but those who give theirs back lose access today.")
        text = f"{text} {later}"
    return _Found(
        asked=asked,
        shown=shown,
        whom=whom(
            w,
            page.holders,
            count=count,
            title=w.n("{count} member must give a licence back", "{count} members must give their licence back", count),
            text=text,
            answer=asked.answer,
            error=asked.choice,
        ),
    )
