"""A decision about a subscription as a page: choose, see what happens, confirm, done.

All such pages are alike. What would happen comes from the decision that it would be, unsaved; its fingerprint goes with
the confirmation, and where the answer has changed meanwhile nothing is done and the page is shown anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from prorata.core.errors import DomainError
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import Done, act
from prorata.usecases.command import Command
from prorata.web.center.outcome import Outcome
from prorata.web.center.shell import around
from prorata.web.forms import Form
from prorata.web.rendering import render
from prorata.web.views import Action, FieldError
from prorata.web.visits import Visit, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A page on which something is decided.

    `product`: what the subscription is called, the way back to `href`. `action`: where the form posts to; `hidden`: the
    values that are confirmed. `outcome`: what happens, None while there is nothing to confirm. `refused`: the act as it
    would be, with the reason why it cannot be; then nothing can be chosen. `errors` are those of the fields, `error` is
    what is wrong with the choice as a whole, `way_on` what can be done about it. `nothing`: what is said while nothing
    is chosen. `changed`: somebody was faster.
    """

    title: str
    lead: str | None
    product: str
    href: str
    action: str
    keep: str
    chips: tuple[str, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    outcome: Outcome | None = None
    refused: Action | None = None
    errors: tuple[FieldError, ...] = ()
    error: str | None = None
    way_on: Action | None = None
    nothing: str | None = None
    changed: bool = False
    status: int = 200


def decision_page(
    request: Request, page: Decision, *, template: str = "center/decision.html", **context: object
) -> Response:
    """Show it. A template of one's own extends `center/decision.html` and has the form to choose in the block `choose`;
    its values are the further `context`.
    """
    wrong = page.errors or page.error
    status = 409 if page.changed else page.status if page.status != 200 else 422 if wrong else 200
    today = around(request, visit(request)).here.today
    return render(request, template, status=status, bare=False, page=page, today=today, **context)


def confirm(
    request: Request,
    form: Form,
    *,
    commands: Iterable[Command],
    done: str | Callable[[Done], str],
    again: Callable[[bool, DomainError | None], Response],
    refusals: tuple[type[DomainError], ...] = (),
) -> Response:
    """Do what was shown and go to `done`, which may depend on what was done.

    Where somebody was faster, or a rule of `refusals` forbids it, nothing happens and the page is shown `again`: it is
    told whether somebody was faster, and what forbids it. All other refusals have a page of their own.
    """
    here: Visit = visit(request)
    try:
        found = act(here.services, here.request(seen=form.text("seen")), *commands)
    except ChangedMeanwhile:
        return again(True, None)  # noqa: FBT003 - what the page is told
    except refusals as refusal:
        return again(False, refusal)  # noqa: FBT003
    return RedirectResponse(done if isinstance(done, str) else done(found), status_code=303)
