"""More licences are assigned than there are: the same words wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prorata.core.subscriptions.model import Conflict, Subscription
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.views import Action
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictNotice:
    """A banner: what is the matter, until when it can be mended, and what can be done."""

    title: str
    text: str
    actions: tuple[Action, ...]


def too_many(subscription: Subscription) -> int:
    """How many members hold a licence that there is none for."""
    return max(subscription.assigned - subscription.licences, 0)


def conflict_notice(w: Wording, facts: SubscriptionFacts, *, today: date, name: str) -> ConflictNotice | None:
    """The banner of a subscription that the reader calls by a name; None where nothing is the matter."""
    subscription = facts.subscription
    if subscription.conflict is None or not too_many(subscription):
        return None
    return ConflictNotice(
        title=w.t("{name}: more licences are assigned than there are", name=name),
        text=what_happens(w, subscription, conflict=subscription.conflict, today=today),
        actions=(Action(label=w.t("Resolve the conflict"), href=paths.product(subscription.name, "conflict")),),
    )


def what_happens(w: Wording, subscription: Subscription, *, conflict: Conflict, today: date) -> str:
    """How many hold a licence, since when that is more than there are, and what happens on which day."""
    many = too_many(subscription)
    is_so = w.t(
        "{assigned} are assigned and {licences} bought, since {day}.",
        assigned=subscription.assigned,
        licences=subscription.licences,
        day=conflict.since,
    )
    if conflict.until <= today:
        return is_so
    becomes = w.n(
        "Nobody has lost a licence. On {day} the member who got theirs last loses it, unless it is resolved by then.",
        "Nobody has lost a licence. On {day} the {count} members who got theirs last lose them, unless it is resolved "
        "by then.",
        many,
        day=conflict.until,
    )
    return f"{is_so} {becomes}"
