"""What can be chosen when a plan or its frequency is changed: the plans, when, and where periods begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from prorata.core.catalog.terms import ChangeWhen
from prorata.core.subscriptions.entering import first_of
from prorata.store.catalogue import Offer
from prorata.usecases.pages.change_plan import ChangePlanPage, family, variant
from prorata.web.center.words import own_text
from prorata.web.views import Option
from prorata.wording import Wording, mark
from prorata.wording.prices import how_often, short

Kind = Literal["plan", "frequency"]


def plan_title(w: Wording, offer: Offer, *, among: Sequence[Offer]) -> str:
    """What a plan is called: its product, and where that has several plans what tells it from these: "Kadans Team
    Premium". Frequencies of one plan are called the same.
    """
    product = own_text(w, offer.names, otherwise=offer.product)
    families = {family(other.plan.name) for other in among if other.product_id == offer.product_id}
    return with_variant(product, variant(offer.plan.name, product=offer.product) if len(families) > 1 else "")


def with_variant(product: str, what: str) -> str:
    """A product with what tells one of its plans from the others: "Kadans Team Premium"."""
    return f"{product} {what[0].upper()}{what[1:]}" if what else product


def plan_options(w: Wording, page: ChangePlanPage, *, offers: Sequence[Offer]) -> tuple[Option, ...]:
    """The plans, each with what it costs; the one that is planned already says so."""
    waits = page.facts.subscription.pending_plan
    found: list[Option] = []
    for offer in offers:
        hint = short(w, offer.plan)
        if waits and waits.plan.name == offer.plan.name:
            hint = w.t("{price}. Planned for {day}.", price=hint, day=waits.effective)
        if page.ends_trial(offer):
            hint = w.t("{price}. The same plan, bought before the trial ends.", price=hint)
        label = w.t(
            "{plan}, {period}", plan=plan_title(w, offer, among=page.offers), period=how_often(w, offer.plan.every)
        )
        found.append(Option(value=str(offer.plan_id), label=label, hint=hint))
    return tuple(found)


def when_options(w: Wording, page: ChangePlanPage, *, kind: Kind, offers: Sequence[Offer]) -> tuple[Option, ...]:
    """When it takes effect: what is agreed first, with the rule; in a trial there is no choice."""
    subscription, today = page.facts.subscription, page.here.today
    boundary = subscription.grid.next_boundary(today)
    at_renewal = w.t("At the renewal, on {day}", day=boundary)
    if subscription.state == "trial":
        why = w.t("In a trial a change takes effect at once.")
        free = w.t("A plan with a trial of its own stays free; any other is paid for from today on.")
        return (
            Option(value="", label=w.t("Today"), hint=free),
            Option(value="renewal", label=at_renewal, disabled_reason=why),
        )
    match _rule(page, kind=kind, offers=offers):
        case "now":
            return (
                Option(value="", label=w.t("Today"), hint=w.t("As agreed: days paid for and not used are credited.")),
                Option(value="renewal", label=at_renewal, hint=w.t("Until then nothing changes.")),
            )
        case "renewal":
            return (
                Option(value="", label=at_renewal, hint=w.t("As agreed: until then nothing changes.")),
                Option(value="now", label=w.t("Today"), hint=w.t("Days paid for and not used are credited.")),
            )
        case rule:
            said = (
                mark("Today where it costs as much or more per month, else at the renewal on {day}.")
                if rule
                else mark("Today or at the renewal on {day}, as the agreement says for the plan that is chosen.")
            )
            return (
                Option(value="", label=w.t("As agreed"), hint=w.t(said, day=boundary)),
                Option(value="now", label=w.t("Today"), hint=w.t("Days paid for and not used are credited.")),
                Option(value="renewal", label=at_renewal, hint=w.t("Until then nothing changes.")),
            )


def _rule(page: ChangePlanPage, *, kind: Kind, offers: Sequence[Offer]) -> ChangeWhen | None:
    """The terms' rule for what is offered; None where two play a part: then it depends on what is chosen."""
    terms, every = page.facts.subscription.terms, page.facts.subscription.plan.every
    rules = {terms.change_plan if offer.plan.every == every else terms.change_frequency for offer in offers}
    usual = terms.change_plan if kind == "plan" else terms.change_frequency
    return usual if len(rules) < 2 else None


def anchor_options(w: Wording, page: ChangePlanPage, *, offers: Sequence[Offer]) -> tuple[Option, ...]:
    """Where periods of another length begin; empty where no plan has another, and in a trial."""
    subscription = page.facts.subscription
    every = subscription.plan.every
    if subscription.state == "trial" or all(offer.plan.every == every for offer in offers):
        return ()
    first = first_of(subscription.grid)
    keep = w.t("As they are counted now, from {day}", day=first)
    restart = w.t("On the day of the change")
    keeps = w.t("The first period of the new length ends where one would that had begun on {day}.", day=first)
    begins = w.t("A whole new period begins on that day.")
    agreed = w.t("This is what the agreement says.")
    if subscription.terms.change_anchor == "restart":
        return (
            Option(value="", label=restart, hint=f"{begins} {agreed}"),
            Option(value="keep", label=keep, hint=keeps),
        )
    return (
        Option(value="", label=keep, hint=f"{keeps} {agreed}"),
        Option(value="restart", label=restart, hint=begins),
    )
