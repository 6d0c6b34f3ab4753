"""Another plan or another billing frequency for a subscription: what it can be changed to."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.store import catalogue, subscriptions
from prorata.store.catalogue import Offer
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here

_TELL_NOTHING = frozenset({
    "daily", "day", "weekly", "week", "monthly", "month", "quarterly", "quarter", "yearly", "year", "annual", "trial",
})  # fmt: skip
"""Words of a plan's code for what the plan itself says: the length of its periods, and that it begins with a trial."""


@dataclass(frozen=True, slots=True)
class ChangePlanPage:
    """A subscription and what else it could be: `offers` in the account's currency, `current` its own plan's, if that
    is still on sale.
    """

    here: Here
    facts: SubscriptionFacts
    offers: tuple[Offer, ...]
    current: Offer | None

    def other_plans(self) -> tuple[Offer, ...]:
        """Plans that are more than another frequency: of the same product first, then those billed as often. In a trial
        also the same plan without one.
        """
        every = self.facts.subscription.plan.every
        found = [offer for offer in self._others() if not self._is_same(offer) or self.ends_trial(offer)]
        return tuple(sorted(found, key=lambda offer: (not self._is_near(offer), offer.plan.every != every)))

    def other_frequencies(self) -> tuple[Offer, ...]:
        """The same plan, billed in periods of another length."""
        every = self.facts.subscription.plan.every
        return tuple(offer for offer in self._others() if self._is_same(offer) and offer.plan.every != every)

    def ends_trial(self, offer: Offer) -> bool:
        """Whether it is the plan that is tried, billed as often and without a trial: so it is bought early."""
        subscription = self.facts.subscription
        is_paid = subscription.state == "trial" and offer.plan.trial is None
        return is_paid and offer.plan.every == subscription.plan.every and self._is_same(offer)

    def _others(self) -> tuple[Offer, ...]:
        """All but its own; of plans that only a trial tells apart, in a trial that with one, else that without."""
        in_trial = self.facts.subscription.state == "trial"
        found: dict[tuple[object, ...], Offer] = {}
        for offer in self.offers:
            if in_trial and offer.plan.name == self.facts.subscription.plan.name:
                continue
            key = offer.product_id, family(offer.plan.name), offer.plan.every
            if key not in found or (offer.plan.trial is not None) == in_trial:
                found[key] = offer
        return tuple(offer for offer in found.values() if offer.plan.name != self.facts.subscription.plan.name)

    def _is_near(self, offer: Offer) -> bool:
        return self.current is not None and offer.product_id == self.current.product_id

    def _is_same(self, offer: Offer) -> bool:
        return self._is_near(offer) and family(offer.plan.name) == family(self.facts.subscription.plan.name)


def family(code: str) -> tuple[str, ...]:
    """The words of a plan's code that its other frequencies have too; the same ones: the same plan."""
    return tuple(word for word in code.split("-") if word.lower() not in _TELL_NOTHING)


def variant(code: str, *, product: str) -> str:
    """What tells plans of one product apart beside the length of their periods: of the code, what neither names.

    `kadans-team-premium-yearly` of the product `kadans-team` is "premium"; `kadans-team-monthly` has none.
    """
    words, of_product = family(code), tuple(product.split("-"))
    return " ".join(words[len(of_product) :] if words[: len(of_product)] == of_product else words)


def change_plan_page(services: Services, request: Request, *, name: str) -> ChangePlanPage:
    """Read the page; raises `UnknownSubscription`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        subscription = subscriptions.by_name(conn, request.account, name=name)
        offers = catalogue.offers(conn, place.account, on=place.today)
        plan = subscription.plan.name
        return ChangePlanPage(
            here=place,
            facts=next(f for f in all_facts(conn, place) if f.subscription.id == subscription.id),
            offers=offers,
            current=next((offer for offer in offers if offer.plan.name == plan), None),
        )
