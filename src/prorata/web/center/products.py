"""Your products: every subscription with its state, licences, price and next date; filtered by state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.subscriptions.model import State
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.center.rows import product_rows
from prorata.web.center.shell import around
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import Visit, visit
from prorata.wording import Wording, mark
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A way to see a part of a list; `count` is how many there are."""

    label: str
    href: str
    count: str
    current: bool


def _all(_: SubscriptionFacts) -> bool:
    return True


def _active(facts: SubscriptionFacts) -> bool:
    return facts.subscription.state == "active"


def _past_due(facts: SubscriptionFacts) -> bool:
    return "past due" in facts.overlays


def _ending(facts: SubscriptionFacts) -> bool:
    return facts.subscription.is_running and facts.subscription.ending is not None


def _paused(facts: SubscriptionFacts) -> bool:
    return "paused" in facts.overlays


def _in(state: State) -> Callable[[SubscriptionFacts], bool]:
    return lambda facts: facts.subscription.state == state


# The key in the address, the word on the tab, what it shows.
_FILTERS: tuple[tuple[str, str, Callable[[SubscriptionFacts], bool]], ...] = (
    ("", mark("All"), _all),
    ("active", mark("Active"), _active),
    ("trial", mark("In trial"), _in("trial")),
    ("paused", mark("Paused"), _paused),
    ("past-due", mark("Past due"), _past_due),
    ("ending", mark("Ending"), _ending),
    ("expired", mark("Expired"), _in("expired")),
    ("disabled", mark("Disabled"), _in("disabled")),
    ("deleted", mark("Deleted"), _in("deleted")),
)


def routes() -> Sequence[BaseRoute]:
    """The list."""
    return (get(paths.PRODUCTS, show, name="products"),)


def show(request: Request) -> Response:
    """Show it; a state that there is none of shows everything."""
    here = visit(request)
    w = wording_of(request)
    found = around(request, here)
    wanted = query_form(request).text("status")
    chosen = next((f for f in _FILTERS if f[0] == wanted), _FILTERS[0])
    shown = [facts for facts in found.subscriptions if chosen[2](facts)]
    return render(
        request,
        "center/products.html",
        tabs=_tabs(w, found.subscriptions, chosen=chosen[0]),
        rows=product_rows(w, shown, everything=found.subscriptions),
        filtered=bool(found.subscriptions) and chosen[0] != "",
        lead=_lead(w, found.subscriptions),
        today=found.here.today,
        several=_several(w, here, shown),
        buy=Action(
            label=w.t("Buy a product"),
            href=paths.BUY,
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="buy"),
        ),
    )


def _several(w: Wording, here: Visit, shown: Sequence[SubscriptionFacts]) -> Action | None:  # noqa: PLR0917 - who, of what
    """Cancelling those that are ticked; nothing where there are no two of them."""
    if sum(facts.subscription.state != "deleted" for facts in shown) < 2:
        return None
    refused = refused_to(w, here.actor, permission="cancel")
    return Action(label=w.t("Cancel those that are ticked"), kind="danger", disabled_reason=refused)


def _tabs(w: Wording, subscriptions: Sequence[SubscriptionFacts], *, chosen: str) -> tuple[Tab, ...]:
    """Those states that there are any of, and always all and the chosen one."""
    counted = [(key, word, sum(map(fits, subscriptions))) for key, word, fits in _FILTERS]
    return tuple(
        Tab(
            label=w.t(word),
            href=paths.with_query(paths.PRODUCTS, status=key),
            count=w.number(count),
            current=key == chosen,
        )
        for key, word, count in counted
        if count or key in {"", chosen}
    )


def _lead(w: Wording, subscriptions: Sequence[SubscriptionFacts]) -> str:
    active = sum(map(_active, subscriptions))
    unused = sum(facts.unused for facts in subscriptions)
    if not active:
        return w.t("No product is active.")
    said = w.n("{count} product is active.", "{count} products are active.", active)
    if unused:
        rest = w.n("{count} licence is held by nobody.", "{count} licences are held by nobody.", unused)
        return f"{said} {rest}"
    return said
