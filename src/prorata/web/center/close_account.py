"""Closing the account: what must be done first, what is lost, what the law keeps; at once or on a day to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.closing import (
    BackupMissing,
    BalanceOpen,
    BillHeldBack,
    LastBillToCome,
    MembersLeft,
    Step,
    SubscriptionsRunning,
    What,
)
from prorata.core.errors import DomainError
from prorata.core.money import currency, money
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.certificate import Certificate
from prorata.usecases.close_account import (
    MOST_DAYS_AHEAD,
    Closed,
    ClosingInThePast,
    ClosingPlanned,
    ClosingTooFar,
    NoClosingPlanned,
    NotTheName,
    Wish,
    close_account,
    take_back_closing,
)
from prorata.usecases.pages.closing import ClosingPage, closing_page
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.proving import prove_first
from prorata.web.center.shell import around
from prorata.web.center.words import amount, titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import visit
from prorata.wording import Wording, mark
from prorata.wording.closing import erased_words, kept_word, step_word
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to

_KEEP = f"{paths.CLOSE_ACCOUNT}/take-back"
_FIELDS: dict[type[DomainError], str] = {
    NotTheName: "name",
    ClosingInThePast: "end",
    ClosingTooFar: "end",
    BackupMissing: "waive",
    MembersLeft: "when",
    SubscriptionsRunning: "when",
    BalanceOpen: "when",
    LastBillToCome: "when",
    BillHeldBack: "when",
    ClosingPlanned: "when",
}
_NEWS = {"kept": mark("The account stays open: nothing is closed on that day any more.")}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step in the list: its state as a chip, why it is not done, and where it can be."""

    title: str
    chip: tuple[str, str]
    says: str
    way: Action | None = None


def routes() -> Sequence[BaseRoute]:
    """The page, closing, and taking a planned closing back."""
    return (
        get(paths.CLOSE_ACCOUNT, show, name="close_account"),
        post(paths.CLOSE_ACCOUNT, close),
        post(_KEEP, take_back),
    )


def show(request: Request) -> Response:
    """The steps, and what a closing would do."""
    return _page(request, query_form(request))


def close(request: Request, form: Form) -> Response:
    """Close it, or plan to, and say so."""
    here, w = visit(request), wording_of(request)
    errors: list[FieldError] = []
    on = _day(w, form, errors=errors)
    if errors:
        return _page(request, form, errors=tuple(errors))
    wish = Wish(
        name=form.text("name"), on=on, waive_backup=bool(form.text("waive")), language=language_of(request).value
    )
    try:
        done = close_account(here.services, here.request(seen=_seen(form)), wish=wish)
    except ProofNeeded:
        return prove_first(
            paths.CLOSE_ACCOUNT,
            when=form.text("when"), end=form.text("end"), waive=form.text("waive"), name=form.text("name"),
        )  # fmt: skip
    except ChangedMeanwhile:
        return _page(request, form, changed=True)
    except tuple(_FIELDS) as refusal:
        return _page(request, form, errors=(FieldError(field=_FIELDS[type(refusal)], text=_said(request, refusal)),))
    if isinstance(done, Closed):
        return _closed(request, done.certificate)
    return RedirectResponse(paths.with_query(paths.CLOSE_ACCOUNT, news="planned"), status_code=303)


def take_back(request: Request, form: Form) -> Response:  # noqa: ARG001 - there is nothing to fill in
    """Keep the account."""
    here = visit(request)
    try:
        take_back_closing(here.services, here.request())
    except NoClosingPlanned:
        return RedirectResponse(paths.CLOSE_ACCOUNT, status_code=303)
    return RedirectResponse(paths.with_query(paths.CLOSE_ACCOUNT, news="kept"), status_code=303)


def _seen(form: Form) -> str | None:
    """What was shown counts where the account is closed now; until a planned day things change."""
    return form.text("seen") if form.text("when", "now") == "now" else None


def _day(w: Wording, form: Form, *, errors: list[FieldError]) -> date | None:
    if form.text("when", "now") == "now":
        return None
    try:
        return date.fromisoformat(form.text("end"))
    except ValueError:
        errors.append(FieldError(field="end", text=w.t("Write the day on which the account is to be closed.")))
        return None


def _page(request: Request, form: Form, *, errors: tuple[FieldError, ...] = (), changed: bool = False) -> Response:
    here, w = visit(request), wording_of(request)
    page = closing_page(here.services, here.request())
    refused = refused_to(w, here.actor, permission="close_account")
    news = _NEWS.get(form.text("news"))
    when = form.text("when") or ("date" if page.blocked > _waivable(page) else "now")
    return render(
        request,
        "center/close_account.html",
        status=409 if changed else 422 if errors else 200,
        page=page,
        news=w.t(news) if news else "",
        changed=changed,
        errors=errors,
        steps=tuple(_step(request, one, page=page) for one in page.steps),
        lost=tuple(_lost(w, page)),
        kept=tuple(kept_word(w, count=one["count"], until=one["until"], law=one["law"]) for one in page.kept),
        choices=_choices(w, page),
        when=when,
        end=form.text("end"),
        waive=bool(form.text("waive")),
        asks_waiver=page.facts.backup is None,
        name=form.text("name"),
        earliest=(page.today + timedelta(days=1)).isoformat(),
        latest=(page.today + timedelta(days=MOST_DAYS_AHEAD)).isoformat(),
        refused=refused,
        action=paths.CLOSE_ACCOUNT,
        take_back=Action(label=w.t("Keep the account"), href=_KEEP, disabled_reason=refused),
        keep_href=_KEEP,
        home=paths.HOME,
    )


def _waivable(page: ClosingPage) -> int:
    """Of the steps that are blocked, those that a tick on this page is enough for."""
    return sum(isinstance(one.blocked, BackupMissing) for one in page.steps)


def _choices(w: Wording, page: ClosingPage) -> tuple[Option, ...]:
    left, waivable = page.blocked - _waivable(page), _waivable(page)
    if waivable:
        said = w.n(
            "Besides the back up {count} step is still to be done.",
            "Besides the back up {count} steps are still to be done.",
            left,
        )
    else:
        said = w.n("{count} step is still to be done.", "{count} steps are still to be done.", left)
    return (
        Option(value="now", label=w.t("Now"), disabled_reason=said if left else None),
        Option(
            value="date",
            label=w.t("On a day"),
            hint=w.t("Until then it can be taken back. What is not done by then keeps the account open."),
        ),
    )


def _step(request: Request, step: Step, *, page: ClosingPage) -> StepLine:
    w = wording_of(request)
    if step.blocked:
        return StepLine(
            title=step_word(w, step.what),
            chip=("open", w.t("to do")),
            says=_said(request, step.blocked),
            way=_ways(w).get(step.what),
        )
    return StepLine(title=step_word(w, step.what), chip=("settled", w.t("done")), says=_done(w, step.what, page=page))


def _said(request: Request, error: DomainError) -> str:
    """A refusal that calls subscriptions by the names that their reader knows."""
    w, found = wording_of(request), dict(error.parameters)
    if "subscriptions" in found:
        facts = around(request, visit(request)).subscriptions
        words = titles(w, facts)
        names = {one.subscription.name: words[one.subscription.id] for one in facts}
        found["subscriptions"] = w.list([names.get(name, name) for name in str(found["subscriptions"]).split(", ")])
    return sentence(type(error)(**found), w)


def _ways(w: Wording) -> dict[What, Action]:
    return {
        "backup": Action(label=w.t("Back up data"), href=paths.BACK_UP),
        "members": Action(label=w.t("Members"), href=paths.MEMBERS),
        "subscriptions": Action(label=w.t("Your products"), href=paths.PRODUCTS),
        "balance": Action(label=w.t("Bills & payments"), href=paths.BILLS),
    }


def _done(w: Wording, what: What, *, page: ClosingPage) -> str:
    if what == "backup":
        return _backed_up(w, page)
    if what == "members":
        return w.t("Nobody but you belongs to the account.")
    if what == "subscriptions":
        return w.t("Nothing runs any more.")
    if what == "balance":
        return w.t("Nothing is to be paid.")
    return " ".join(_credit(w, page)) if what == "credit" else ""


def _backed_up(w: Wording, page: ClosingPage) -> str:
    if page.waived or page.backed_up is None:
        return w.t("Nobody needs the data: it is closed without a backup.")
    if page.changed_since:
        return w.t("Backed up on {day}. What was done since then is not in it.", day=page.backed_up)
    return w.t("Backed up on {day}.", day=page.backed_up)


def _credit(w: Wording, page: ClosingPage) -> Iterator[str]:
    facts = page.facts
    if facts.money:
        yield w.t("{amount} goes back to the methods that paid it.", amount=amount(w, facts.money))
    if facts.gifts:
        yield w.t("{amount} was a gift and lapses.", amount=amount(w, facts.gifts))
    if not facts.money and not facts.gifts:
        yield w.t("There is no account credit.")


def _lost(w: Wording, page: ClosingPage) -> Iterator[str]:
    yield w.n(
        "The name and address of {count} person, everybody’s sign-in, keys and invitations.",
        "The names and addresses of {count} people, everybody’s sign-in, keys and invitations.",
        page.people,
    )
    yield w.t("The data of everything that was bought here, and every backup of it on this site.")
    yield w.t("The account itself: nobody can open it again, and nothing of this can be undone.")


def _closed(request: Request, told: Certificate) -> Response:
    """The last page: nobody is here any more, so that it stands by itself."""
    w = wording_of(request)
    return render(
        request,
        "center/account_closed.html",
        bare=True,
        facts=(
            (w.t("Account number"), str(told["account"])),
            (w.t("Closed on"), w.date(date.fromisoformat(told["closed_on"]))),
            *_moved(w, told),
        ),
        erased=erased_words(w, told["erased"]),
        kept=tuple(kept_word(w, count=one["count"], until=one["until"], law=one["law"]) for one in told["kept"]),
        sha256=told["sha256"],
    )


def _moved(w: Wording, told: Certificate) -> Iterator[tuple[str, str]]:
    """What became of account credit, where there was any."""
    of, moved = currency(told["money"]["currency"]), told["money"]
    for label, text in (
        (w.t("Paid back from account credit"), moved["paid_back"]),
        (w.t("Account credit that lapsed"), moved["lapsed"]),
    ):
        if money(text, of):
            yield label, amount(w, money(text, of))
