"""A change of plan or of billing frequency in words: what it is now, what it becomes, from when, at what cost."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from prorata.core.calendar import Period
from prorata.core.catalog.plans import Plan, parts
from prorata.core.documents.model import Document
from prorata.core.insights.changed_bill import first_changed
from prorata.core.money import Money, half_up
from prorata.core.subscriptions.entering import moved
from prorata.core.subscriptions.model import Subscription
from prorata.store.catalogue import Offer
from prorata.usecases.act import Preview
from prorata.usecases.pages.change_plan import ChangePlanPage
from prorata.web.center.change_plan_options import Kind, plan_title
from prorata.web.center.words import amount, cost_each_period, licences, price_each
from prorata.web.views import Moment
from prorata.wording import Wording
from prorata.wording.prices import how_often

_DAY = timedelta(days=1)


def title(w: Wording, kind: Kind) -> str:
    """What the page is for."""
    return w.t("Change plan") if kind == "plan" else w.t("Change billing frequency")


def lead(w: Wording, page: ChangePlanPage, *, kind: Kind, product: str) -> str:
    """How it is now, and what is planned already; where nothing else is sold, that."""
    subscription = page.facts.subscription
    said = w.t(
        "Now {product}, {price}.", product=product, price=price_each(w, subscription.plan, phase=page.facts.phase)
    )
    waits = subscription.pending_plan
    if waits:
        price = price_each(w, waits.plan)
        more = w.t(
            "Another is planned for {day}: {price}. What is chosen here replaces it.", day=waits.effective, price=price
        )
        return f"{said} {more}"
    if kind == "plan" and not page.other_plans():
        return f"{said} {w.t('No other plan is on sale.')}"
    if kind == "frequency" and not page.other_frequencies():
        return f"{said} {w.t('This plan is sold with no other billing frequency.')}"
    return said


def effective(shown: Preview, name: str) -> date:
    """From which day on the new plan is sold."""
    waits = shown.decision.after.subscription(name).pending_plan
    return waits.effective if waits else shown.decision.today


def points(w: Wording, shown: Preview, *, page: ChangePlanPage, offer: Offer) -> tuple[str, ...]:
    """What becomes of the subscription: the plan and its cost, the renewal, a trial, licences, what was planned."""
    name = page.facts.subscription.name
    before, after = shown.decision.before.subscription(name), shown.decision.after.subscription(name)
    day, today = effective(shown, name), shown.decision.today
    plan = plan_title(w, offer, among=page.offers)
    found = [_from(w, offer.plan, called=plan, day=day, today=today), _cost(w, before, after=after, plan=offer.plan)]
    found.append(_when_it_goes_on(w, before, after=after, day=day, today=today))
    found += _licences(w, before, after=after, day=day, today=today)
    if before.pending_plan and before.pending_plan != after.pending_plan:
        found.append(w.t("It takes the place of the change planned for {day}.", day=before.pending_plan.effective))
    found += _ends(w, before, after=after, day=day)
    return tuple(found)


def _ends(w: Wording, before: Subscription, *, after: Subscription, day: date) -> list[str]:
    """A fixed term that the new plan brings; an end that was there and comes before the change, or after it."""
    ending = after.ending
    if ending is None:
        return []
    if ending.why == "term" and ending != before.ending:
        return [w.t("The new plan has a fixed term: it ends by itself on {day}.", day=ending.on)]
    if ending.on <= day:
        return [w.t("It ends on {day}, so the change does not happen unless that is undone.", day=ending.on)]
    return [w.t("It still ends on {day}.", day=ending.on)]


def _from(w: Wording, plan: Plan, *, called: str, day: date, today: date) -> str:
    period = how_often(w, plan.every)
    if day <= today:
        return w.t("From today it is {plan}, billed {period}.", plan=called, period=period)
    return w.t(
        "From {day} on it is {plan}, billed {period}. Until then nothing changes.", day=day, plan=called, period=period
    )


def _cost(w: Wording, before: Subscription, *, after: Subscription, plan: Plan) -> str:
    """What the licences cost for a period then, and what they cost now; in a trial that is nothing."""
    then = after.pending.licences if after.pending and after.pending_plan else after.licences
    cost = cost_each_period(w, _worth(plan, then), every=plan.every)
    if before.state == "trial" and after.state == "trial":
        return w.n(
            "{count} licence costs {cost} after the trial.",
            "{count} licences cost {cost} after the trial.",
            then,
            cost=cost,
        )
    if before.state == "trial":
        return w.n(
            "{count} licence costs {cost} from today on.",
            "{count} licences cost {cost} from today on.",
            then,
            cost=cost,
        )
    return w.n(
        "{count} licence then costs {cost} instead of {before}.",
        "{count} licences then cost {cost} instead of {before}.",
        then,
        cost=cost,
        before=cost_each_period(w, _worth(before.plan, before.licences), every=before.plan.every),
    )


def _worth(plan: Plan, count: int) -> Money:
    worth = sum((part.price.minor * part.count for part in parts(plan, count)), Fraction(0))
    return Money(half_up(worth), plan.price.amount.currency)


def period_then(before: Subscription, after: Subscription, *, day: date) -> Period:
    """The period of the new plan in which it takes effect."""
    waits = after.pending_plan
    if waits is None:
        return after.grid.period(day)
    return moved(before.grid, waits.plan.every, anchor=waits.anchor, on=day, terms=after.terms).period(day)


def _when_it_goes_on(w: Wording, before: Subscription, *, after: Subscription, day: date, today: date) -> str:
    """Until when a trial is free; else whether the day of the renewal stays, before anybody is surprised by it."""
    if after.state == "trial" and after.trial:
        return w.t("The trial goes on: free up to and including {day}.", day=after.trial.ends - _DAY)
    if before.state == "trial":
        return w.t("The trial ends with it: it is paid for from today on.")
    was, will = before.grid.period(day).end, period_then(before, after, day=day).end
    if was == will:
        then = before.grid.next_boundary(today)
        return w.t("Renewals stay on the same days; the next one is on {day}.", day=then)
    return w.t("The next renewal is then on {day} instead of {before}.", day=will, before=was)


def _licences(w: Wording, before: Subscription, *, after: Subscription, day: date, today: date) -> list[str]:
    then = after.pending.licences if after.pending else after.licences
    if then == before.licences and after.pending == before.pending:
        return []
    if day <= today:
        return [w.t("From today there are {total}.", total=licences(w, then))]
    return [w.t("From {day} on there are {total}.", day=day, total=licences(w, then))]


def moments(w: Wording, shown: Preview, *, page: ChangePlanPage, offer: Offer) -> tuple[Moment, ...]:
    """What happens when: the change, the first bill that differs, the renewal after it."""
    name = page.facts.subscription.name
    before, after = shown.decision.before.subscription(name), shown.decision.after.subscription(name)
    day, today = effective(shown, name), shown.decision.today
    becomes = (
        w.t("Billed {period}", period=how_often(w, offer.plan.every))
        if offer in page.other_frequencies()
        else w.t("It becomes {plan}", plan=plan_title(w, offer, among=page.offers))
    )
    found = [Moment(day=day, title=becomes, note=price_each(w, offer.plan), state="now" if day <= today else "next")]
    changed = first_changed(shown.coming_before, shown.coming)
    issued = shown.decision.documents
    bills = issued or ((changed.after,) if changed and changed.after else ())
    found += (_bill(w, document, today=today) for document in bills)
    if after.state == "trial" and after.trial:
        found.append(Moment(day=after.trial.ends, title=w.t("The trial is over")))
    else:
        found.append(Moment(day=period_then(before, after, day=day).end, title=w.t("Renewal")))
    return tuple(found)


def _bill(w: Wording, document: Document, *, today: date) -> Moment:
    worth = amount(w, document.total)
    is_credit = document.kind == "credit_note"
    title = w.t("A credit note: {amount}", amount=worth) if is_credit else w.t("A bill: {amount}", amount=worth)
    return Moment(day=document.date, title=title, state="now" if document.date <= today else "next")


def deed(w: Wording, shown: Preview, *, page: ChangePlanPage, offer: Offer) -> str:
    """The act: "Change to Kadans Team Premium", "Be billed per year from 15 February 2026 on"."""
    name = page.facts.subscription.name
    day, today = effective(shown, name), shown.decision.today
    same = offer in page.other_frequencies()
    plan, period = plan_title(w, offer, among=page.offers), how_often(w, offer.plan.every)
    if day <= today:
        return w.t("Be billed {period}", period=period) if same else w.t("Change to {plan}", plan=plan)
    if same:
        return w.t("Be billed {period} from {day} on", period=period, day=day)
    return w.t("Change to {plan} on {day}", plan=plan, day=day)
