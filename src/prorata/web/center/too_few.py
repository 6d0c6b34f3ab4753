"""With too few licences for what is asked: how many are missing, what the difference costs, and the way to buy it."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.errors import DomainError
from prorata.core.insights.changed_bill import first_changed
from prorata.usecases.act import Preview, preview
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.pages.facts import SubscriptionFacts, facts_of
from prorata.web.center import paths
from prorata.web.center.outcome import billed
from prorata.web.center.words import amount, each_period, licences
from prorata.web.views import Action
from prorata.web.visits import Visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """`text`: what the missing licences cost, or why they cannot be bought; `buy`: the way, with its total filled in.

    The button says who may, where this person may not.
    """

    text: str
    buy: Action


def too_few(w: Wording, here: Visit, *, facts: SubscriptionFacts, missing: int) -> TooFew:
    """What can be done where so many licences are missing; the price is that of the purchase itself, unsaved."""
    subscription = facts.subscription
    total = subscription.licences + missing
    refused = refused_to(w, here.actor, permission="change_licences")
    text = ""
    if refused is None:
        try:
            shown = preview(here.services, here.request(), ChangeLicences(subscription.name, total))
            text = _price(w, shown, facts=facts, missing=missing)
        except DomainError as refusal:
            refused = sentence(refusal, w)
    buy = Action(
        label=w.n("Buy {count} more licence", "Buy {count} more licences", missing),
        href=paths.product(subscription.name, "licences", licences=total),
        disabled_reason=refused,
    )
    return TooFew(text=text, buy=buy)


def _price(w: Wording, shown: Preview, *, facts: SubscriptionFacts, missing: int) -> str:
    """What there is more to pay for each period, and what is billed when."""
    today = shown.decision.today
    after = shown.decision.after.subscription(facts.subscription.name)
    pending = after.pending
    then = facts_of(after, today=today, product=facts.product, past_due=False)
    more = then.per_period - facts.per_period
    if pending and after.licences == facts.subscription.licences:
        return w.t(
            "From {day} on there would be {licences}.", day=pending.effective, licences=licences(w, pending.licences)
        )
    said = w.n(
        "{count} more licence costs {amount} more {period}, before tax.",
        "{count} more licences cost {amount} more {period}, before tax.",
        missing,
        amount=amount(w, more),
        period=each_period(w, after.plan.every),
    )
    changed = first_changed(shown.coming_before, shown.coming)
    return " ".join((said, *billed(w, shown, changed=changed)))
