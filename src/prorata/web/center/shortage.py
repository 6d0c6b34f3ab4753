"""Too few licences: how many are missing, what exactly the difference costs, and the way to buy it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from prorata.core.errors import DomainError
from prorata.core.money import Money
from prorata.core.money import total as total_of
from prorata.usecases.act import Preview, preview
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.pages.facts import facts_of
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.words import amount, cost_each_period, titles
from prorata.web.rendering import wording_of
from prorata.web.views import Action
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`said`: how many are missing and what they cost; `buy`: the way to buy exactly those."""

    said: str
    buy: Action


def offer(request: Request, name: str, *, missing: int) -> Offer | None:
    """What a reader is offered who wants more licences of a subscription than there are; None where it is not there."""
    here, w = visit(request), wording_of(request)
    facts = next((f for f in around(request, here).subscriptions if f.subscription.name == name), None)
    if facts is None or missing <= 0:
        return None
    subscription = facts.subscription
    total = max(subscription.licences, subscription.assigned) + missing
    product = titles(w, around(request, here).subscriptions)[subscription.id]
    said = w.n(
        "{count} licence of {product} is missing.", "{count} licences of {product} are missing.", missing,
        product=product,
    )  # fmt: skip
    refused = refused_to(w, here.actor, permission="change_licences")
    if refused is None:
        try:
            shown = preview(here.services, here.request(), ChangeLicences(name, total))
        except DomainError as refusal:
            refused = sentence(refusal, w)
        else:
            said = f"{said} {_price(w, shown, name=name, before=facts.per_period)}"
    label = w.n("Buy {count} more licence", "Buy {count} more licences", total - subscription.licences)
    href = paths.product(name, "licences", licences=total)
    return Offer(said=said, buy=Action(label=label, href=href, disabled_reason=refused))


def _price(w: Wording, shown: Preview, *, name: str, before: Money) -> str:
    """What they cost for a period, and what of it is billed at once."""
    decision = shown.decision
    after = decision.after.subscription(name)
    then = facts_of(after, today=decision.today, product={}, past_due=False)
    more = then.per_period - before
    said = w.t("They cost {cost}.", cost=cost_each_period(w, more, every=after.plan.every))
    if not decision.documents:
        return said
    now = total_of((document.total for document in decision.documents), more.currency)
    at_once = w.t("Billed at once: {amount}.", amount=amount(w, now))
    return f"{said} {at_once}"
