"""What a change of licences brings, in words: how many there are from when, what nobody holds, what the button does."""

from __future__ import annotations

from prorata.core.subscriptions.model import Subscription
from prorata.usecases.act import Preview
from prorata.usecases.pages.facts import SubscriptionFacts, facts_of
from prorata.web.center.words import cost_each_period, licences
from prorata.wording import Wording


def before_and_after(shown: Preview, facts: SubscriptionFacts) -> tuple[Subscription, Subscription]:
    """The subscription without the change and with it."""
    name = facts.subscription.name
    return shown.decision.before.subscription(name), shown.decision.after.subscription(name)


def points(w: Wording, shown: Preview, *, facts: SubscriptionFacts) -> tuple[str, ...]:
    """How many licences there are from when on, and what those will cost that nobody holds."""
    before, after = before_and_after(shown, facts)
    unused = _unused(w, shown, facts=facts)
    return (*_changes(w, before, after=after), *((unused,) if unused else ()))


def _changes(w: Wording, before: Subscription, *, after: Subscription) -> tuple[str, ...]:
    found: list[str] = []
    difference = after.licences - before.licences
    if difference > 0:
        found.append(
            w.n(
                "From today there are {total}, {count} more than now.",
                "From today there are {total}, {count} more than now.",
                difference,
                total=licences(w, after.licences),
            )
        )
    if difference < 0:
        found.append(
            w.n(
                "From today there are {total}, {count} fewer than now.",
                "From today there are {total}, {count} fewer than now.",
                -difference,
                total=licences(w, after.licences),
            )
        )
    if after.pending and after.pending != before.pending:
        found.append(
            w.t(
                "From {day} on there are {total}. Until then nothing changes.",
                day=after.pending.effective,
                total=licences(w, after.pending.licences),
            )
        )
    if before.pending and not after.pending:
        found.append(w.t("The change planned for {day} does not happen any more.", day=before.pending.effective))
    return tuple(found)


def _unused(w: Wording, shown: Preview, *, facts: SubscriptionFacts) -> str | None:
    after = shown.decision.after.subscription(facts.subscription.name)
    then = facts_of(after, today=shown.decision.today, product=facts.product, past_due=False)
    if not then.unused or after.paused or not then.unused_cost:
        return None
    return w.n(
        "{count} licence is then held by nobody and costs {cost}.",
        "{count} licences are then held by nobody and cost {cost}.",
        then.unused,
        cost=cost_each_period(w, then.unused_cost, every=after.plan.every),
    )


def deed(w: Wording, shown: Preview, *, facts: SubscriptionFacts, unassign: int) -> str | None:
    """The words of the button, without its figure; None where there is nothing to do."""
    before, after = before_and_after(shown, facts)
    said = _deed(w, before, after=after)
    if said is None:
        return None
    if unassign:
        return w.n("Unassign {count} member, {deed}", "Unassign {count} members, {deed}", unassign, deed=said)
    return said[0].upper() + said[1:]


def _deed(w: Wording, before: Subscription, *, after: Subscription) -> str | None:
    difference = after.licences - before.licences
    if difference > 0:
        return w.n("buy {count} licence", "buy {count} licences", difference)
    if difference < 0:
        return w.n("remove {count} licence", "remove {count} licences", -difference)
    if after.pending and after.pending != before.pending:
        many = licences(w, after.pending.licences)
        return w.t("have {licences} from {day} on", licences=many, day=after.pending.effective)
    if before.pending and not after.pending:
        return w.t("take the planned change back")
    return None
