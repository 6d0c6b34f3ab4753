"""Whom one is in the demo: made-up accounts with their people, and what there is to try with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.calendar import business_date
from prorata.store.members import MemberRow
from prorata.usecases.pages.people import DemoAccountFacts, demo_people, demo_staff
from prorata.web.addresses import CONSOLE, HOME, PEOPLE
from prorata.web.demo.choice import STAFF, choose, choose_staff
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import render, wording_of
from prorata.web.visits import maybe_staff, maybe_visit, services_of
from prorata.wording import Language, Wording, mark
from prorata.wording.roles import role_does, role_word, staff_role_does, staff_role_word

# What is worth trying differs from account to account. The demo's are known by name; any other gets the last text.
_TO_TRY: dict[str, str] = {
    "Bakkerij De Korenbloem": mark(
        "Ten monthly licences, bought five days ago. Add two, move the clock to the next bill, cancel in the middle "
        "of a month, and see what comes back."
    ),
    "Officina Rossi S.r.l.": mark(
        "Three yearly and five monthly licences, paid by bank transfer. One bill is unpaid: see what is open, pay it, "
        "or cancel and see how the credit settles it."
    ),
    "Noordzee Logistiek B.V.": mark(
        "Forty assigned licences, more than may be cancelled online. Try to cancel: the page says how many to take "
        "away, does it with your choice of members, and goes on."
    ),
    "Atelier Zuidwijk": mark(
        "Three products, of which two could not be billed. See what the customer is told, then continue as somebody at "
        "the vendor and see why."
    ),
    "Muziekschool Vivace": mark(
        "A subscription in each state: active, in a trial, paused, with its renewal off, expired, disabled. See what "
        "each change brings, and what the next twelve months cost."
    ),
}
_TO_TRY_ELSE = mark("Look around, buy licences, move the clock, and see what is billed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """Somebody whom one can be; `value` is what the form sends."""

    value: str
    name: str
    role: str
    does: str
    language: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """An account with its people; `today` is where its clock stands, as words."""

    name: str
    today: str
    to_try: str
    people: tuple[PersonChoice, ...]


_STAFF = f"{STAFF}-"


def routes() -> Sequence[BaseRoute]:
    """The choice, and choosing."""
    return get(PEOPLE, show, name="people"), post(PEOPLE, be)


def show(request: Request) -> Response:
    """Show everybody."""
    return _page(request, next_page=own_path(query_form(request).text("next", HOME)))


def be(request: Request, form: Form) -> Response:
    """Become somebody, and go on to where one wanted to be."""
    next_page = own_path(form.text("next", HOME))
    wanted = form.text("person")
    staff = demo_staff(services_of(request))
    for place in range(len(staff.people) if staff else 0):
        if wanted == f"{_STAFF}{place}":
            response = RedirectResponse(next_page if _is_console(next_page) else CONSOLE, status_code=303)
            choose_staff(request, response, place=place)
            return response
    for facts in demo_people(services_of(request)):
        for member in facts.people:
            if wanted == _value(facts, member):
                response = RedirectResponse(HOME if _is_console(next_page) else next_page, status_code=303)
                choose(request, response, account=facts.account.account_id, member=member.id)
                return response
    return _page(request, next_page=next_page, unknown=True)


def _is_console(address: str) -> bool:
    """Whether an address is of the vendor's side: whoever changes sides begins at the start of the other one."""
    return address.startswith(CONSOLE)


def _page(request: Request, *, next_page: str, unknown: bool = False) -> Response:
    w = wording_of(request)
    here = maybe_visit(request)
    current = f"{here.account}-{here.actor.member}" if here else ""
    accounts = tuple(_account(w, facts, current=current) for facts in demo_people(services_of(request)))
    return render(
        request,
        "center/people.html",
        status=422 if unknown else 200,
        accounts=accounts,
        vendor=_vendor(request, w),
        next_page=next_page,
        unknown=unknown,
    )


def _vendor(request: Request, w: Wording) -> AccountChoice | None:
    """The vendor with its people, as an account among the others."""
    staff = demo_staff(services_of(request))
    if staff is None:
        return None
    here = maybe_staff(request)
    people = tuple(
        PersonChoice(
            value=f"{_STAFF}{place}",
            name=one.name,
            role=staff_role_word(w, one.role),
            does=staff_role_does(w, one.role),
            language=Language(one.language).own_name,
            current=here is not None and here.actor.name == one.name,
        )
        for place, one in enumerate(staff.people)
    )
    to_try = w.t("The vendor’s own side. See what the last run billed and what it could not, and try that again.")
    return AccountChoice(name=w.t("{vendor}, the vendor", vendor=staff.vendor), today="", to_try=to_try, people=people)


def _account(w: Wording, facts: DemoAccountFacts, *, current: str) -> AccountChoice:
    account = facts.account
    today = business_date(account.clock_at, account.zone) if account.clock_at else None
    return AccountChoice(
        name=account.name,
        today=w.date(today) if today else "",
        to_try=w.t(_TO_TRY.get(account.name, _TO_TRY_ELSE)),
        people=tuple(
            PersonChoice(
                value=_value(facts, member),
                name=member.name,
                role=role_word(w, member.role, own=member.own_role),
                does=role_does(w, member.role),
                language=Language(member.language).own_name,
                current=_value(facts, member) == current,
            )
            for member in facts.people
        ),
    )


def _value(facts: DemoAccountFacts, member: MemberRow) -> str:
    return f"{facts.account.account_id}-{member.id}"
