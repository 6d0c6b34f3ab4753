"""How a subscription is and what becomes of it: its state as sentences, its timetable as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from prorata.core.subscriptions.model import State, Subscription, Turn
from prorata.core.subscriptions.unpaid import comes_back, is_unpaid
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center.words import cost_each_period
from prorata.web.views import Moment
from prorata.wording import Wording

_DAY = timedelta(days=1)


def state_sentence(w: Wording, facts: SubscriptionFacts, *, today: date) -> str:
    """How a subscription is, in one or a few sentences: "Active. Next bill on 15 February 2026."."""
    match facts.subscription.state:
        case "trial":
            said = _trial_sentences(w, facts, today=today)
        case "active":
            said = _active_sentences(w, facts, today=today)
        case _:
            return _ended_sentence(w, facts, today=today)
    if "past due" in facts.overlays:
        said.append(w.t("A bill is past due."))
    return " ".join(said)


def _ended_sentence(w: Wording, facts: SubscriptionFacts, *, today: date) -> str:
    days = entered(facts.timetable)
    disabled, deleted = days.get("disabled", today), days.get("deleted", today)
    ended = min(days.get("expired", disabled), disabled)
    if facts.subscription.state == "expired" and facts.subscription.paused:
        return w.t(
            "Expired on {day}, in a pause: members have no access. It is disabled on {disabled}, and the data is "
            "deleted on {deleted}.",
            day=ended,
            disabled=disabled,
            deleted=deleted,
        )
    if facts.subscription.state == "expired":
        return w.t(
            "Expired on {day}. Members can still use it until {last}; then it is disabled. The data is deleted on "
            "{deleted}.",
            day=ended,
            last=disabled - _DAY,
            deleted=deleted,
        )
    if facts.subscription.state == "deleted":
        return w.t("Ended on {day}. The data was deleted on {deleted}.", day=ended, deleted=deleted)
    if waits_to_be_paid(facts, today=today):
        return w.t(
            "Disabled since {day} for non-payment: members have no access. Pay what is past due, and it comes back at "
            "once. Admins reach the data until it is deleted on {deleted}.",
            day=disabled,
            deleted=deleted,
        )
    if is_unpaid(facts.subscription) and not facts.past_due:
        return w.t(
            "Disabled since {day} for non-payment: members have no access. Nothing is past due any more, so it can be "
            "reactivated. Admins reach the data until it is deleted on {deleted}.",
            day=disabled,
            deleted=deleted,
        )
    return w.t(
        "Disabled since {day}: members have no access. Admins reach the data until it is deleted on {deleted}.",
        day=disabled,
        deleted=deleted,
    )


def _trial_sentences(w: Wording, facts: SubscriptionFacts, *, today: date) -> list[str]:
    trial = facts.subscription.trial
    if trial is None:
        return []
    left = max((trial.ends - today).days, 0)
    said = [
        w.n(
            "In a free trial for {count} more day, up to and including {last}.",
            "In a free trial for {count} more days, up to and including {last}.",
            left,
            last=trial.ends - _DAY,
        )
    ]
    said.append(after_trial(w, facts))
    return said


def after_trial(w: Wording, facts: SubscriptionFacts) -> str:
    """What the end of a trial brings, as things stand."""
    trial = facts.subscription.trial
    if trial is None:
        return ""
    if facts.sold_after_trial:
        cost = cost_each_period(w, facts.per_period, every=facts.subscription.plan.every)
        return w.t("From {day} it costs {cost}.", day=trial.ends, cost=cost)
    if not trial.converts:
        return w.t("Then it ends by itself and nothing is charged: the conversion is stopped.")
    return w.t("Then it ends by itself and nothing is charged: no payment method is saved.")


def _active_sentences(w: Wording, facts: SubscriptionFacts, *, today: date) -> list[str]:
    subscription = facts.subscription
    ending = subscription.ending
    said = [_how_active(w, subscription)]
    if facts.next_bill:
        soon = facts.next_bill <= today
        said.append(w.t("The next bill comes today.") if soon else w.t("Next bill on {day}.", day=facts.next_bill))
    elif facts.parked:
        said.append(w.t("Its billing is on hold."))
    elif ending and not subscription.paused:
        said.append(w.t("No further period is billed."))
    pending, plan = subscription.pending, subscription.pending_plan
    if plan:
        said.append(w.t("From {day} on there is another plan.", day=plan.effective))
    if pending:
        said.append(
            w.n(
                "From {day} on there is {count} licence.",
                "From {day} on there are {count} licences.",
                pending.licences,
                day=pending.effective,
            )
        )
    return said


def _how_active(w: Wording, subscription: Subscription) -> str:
    ending, paused = subscription.ending, subscription.paused
    if ending and ending.why == "cancelled" and paused:
        said = w.t("It is cancelled and ends on {day}.", day=ending.on)
    elif ending and ending.why == "cancelled":
        said = w.t("Active, and cancelled: members lose access on {day}.", day=ending.on)
    elif ending and ending.why == "term":
        said = w.t("Active. Its fixed term is over on {day}; then it expires.", day=ending.on)
    elif ending:
        said = w.t("Active, and its renewal is off: it expires on {day}.", day=ending.on)
    elif paused:
        return w.t("Paused since {day}: members have no access, and nothing is charged.", day=paused.start)
    else:
        return w.t("Active.")
    if paused:
        paused_too = w.t("Paused since {day}: members have no access, and nothing is charged.", day=paused.start)
        return f"{paused_too} {said}"
    return said


def entered(timetable: Iterable[Turn]) -> Mapping[State, date]:
    """On which day each state is entered; where one comes again, the last time."""
    return {turn.state: turn.on for turn in timetable}


# ------------------------------------------------------------------------------------------ timetables


def turn_moment(w: Wording, turn: Turn, *, today: date, paused: bool = False) -> Moment:
    """A change of state as a line of a dated list, in the tense of its day; of what is `paused` nobody loses access."""
    past = turn.on < today
    state = "past" if past else "now" if turn.on == today else "next"
    match turn.state:
        case "expired":
            title = w.t("It expired") if past else w.t("It expires")
            note = w.t("It can be reactivated.") if paused else w.t("Members still have access. It can be reactivated.")
        case "disabled" if paused:
            title = w.t("The subscription ended") if past else w.t("The subscription ends")
            note = w.t("Admins keep reading and backing up the data.")
        case "disabled":
            title = w.t("Members lost access") if past else w.t("Members lose access")
            note = w.t("Admins keep reading and backing up the data.")
        case "deleted":
            title = w.t("The data was deleted") if past else w.t("The data is deleted")
            note = w.t("The documents remain. This cannot be undone.")
        case "trial":
            title, note = w.t("The free trial begins"), None
        case _:
            title, note = w.t("Start"), None
    return Moment(day=turn.on, title=title, note=note, state=state)


def unless_paid(w: Wording, day: date) -> str:
    """What is past due, and the day on which nobody having paid it ends the subscription."""
    return w.t("A bill is past due. If it is not paid before {day}, the subscription is disabled on that day.", day=day)


def unless_paid_moment(w: Wording, day: date, *, paused: bool) -> Moment:
    """The same among the dates to come."""
    title = w.t("The subscription ends") if paused else w.t("Members lose access")
    return Moment(day=day, title=title, note=w.t("Unless what is past due is paid before."))


def timetable_moments(
    w: Wording, timetable: Iterable[Turn], *, today: date, until: date | None = None, paused: bool = False
) -> Iterator[Moment]:
    """The states after an end as lines of a dated list; `until`: the last day on which admins reach the data."""
    turns = [turn for turn in timetable if turn.state in {"expired", "disabled", "deleted"}]
    last = until or next((turn.on - _DAY for turn in turns if turn.state == "deleted"), None)
    for turn in turns:
        moment = turn_moment(w, turn, today=today, paused=paused)
        if turn.state == "disabled" and last:
            keep = w.t("Admins keep access to the data and can back it up until {day}.", day=last)
            moment = replace(moment, note=keep)
        yield moment


def moments(w: Wording, facts: SubscriptionFacts, *, today: date) -> tuple[Moment, ...]:
    """What was and what is to come of one subscription, in order, for `ui.timeline(moments, today=today)`.

    Its changes of state, a pause, the next bill, and changes that wait.
    """
    found = [*_turns(w, facts, today=today), *_rests(w, facts.subscription, today=today)]
    trial = facts.subscription.trial if facts.subscription.state == "trial" else None
    if facts.next_bill and not (trial and facts.next_bill == trial.ends):
        found.append(Moment(day=facts.next_bill, title=w.t("First bill") if trial else w.t("Next bill")))
    pending, plan = facts.subscription.pending, facts.subscription.pending_plan
    if plan:
        note = w.t("The change asked for takes effect.")
        found.append(Moment(day=plan.effective, title=w.t("The plan changes"), note=note))
    if pending:
        becomes = w.n("There is {count} licence", "There are {count} licences", pending.licences)
        found.append(Moment(day=pending.effective, title=becomes, note=w.t("The change asked for takes effect.")))
    return tuple(sorted(found, key=lambda moment: moment.day))


def _turns(w: Wording, facts: SubscriptionFacts, *, today: date) -> Iterator[Moment]:
    """The changes of state; the first one is the purchase, an `active` after others the sale or a new beginning."""
    before: State | None = None
    for turn in facts.timetable:
        state = "past" if turn.on < today else "now" if turn.on == today else "next"
        if before is None:
            yield Moment(day=turn.on, title=_bought(w, facts, into=turn.state), state=state)
        elif turn.state == "active":
            yield Moment(day=turn.on, title=_begun(w, before), note=_price(w, facts), state=state)
        else:
            moment = turn_moment(w, turn, today=today, paused=facts.subscription.paused is not None)
            if turn in facts.subscription.turns[:-1]:
                # What it says holds only while that state lasts.
                moment = replace(moment, note=None)
            if turn.state == "disabled" and is_unpaid(facts.subscription) and turn is _last(facts, "disabled"):
                moment = replace(moment, note=_unpaid_note(w, facts, today=today))
            yield moment
        before = turn.state


def waits_to_be_paid(facts: SubscriptionFacts, *, today: date) -> bool:
    """Whether paying what is past due is all that it needs to be active again."""
    return facts.past_due and comes_back(facts.subscription, today)


def _unpaid_note(w: Wording, facts: SubscriptionFacts, *, today: date) -> str:
    if waits_to_be_paid(facts, today=today):
        return w.t("Bills were not paid. Once they are paid, it comes back at once.")
    return w.t("Bills were not paid.")


def _last(facts: SubscriptionFacts, state: State) -> Turn | None:
    return next((turn for turn in reversed(facts.timetable) if turn.state == state), None)


def _bought(w: Wording, facts: SubscriptionFacts, *, into: State) -> str:
    first = facts.subscription.changes[0].licences
    if into == "trial":
        return w.n("Free trial, {count} licence", "Free trial, {count} licences", first)
    return w.n("Bought, {count} licence", "Bought, {count} licences", first)


def _begun(w: Wording, before: State) -> str:
    if before == "trial":
        return w.t("The trial is over, and the paid subscription begins")
    return w.t("Reactivated")


def _price(w: Wording, facts: SubscriptionFacts) -> str | None:
    """What a trial costs from the day on that it is sold."""
    if not facts.sold_after_trial:
        return None
    cost = cost_each_period(w, facts.per_period, every=facts.subscription.plan.every)
    if trial_bill_comes_at_once(facts):
        return w.t("The first bill comes on this day: {cost}, before tax.", cost=cost)
    return w.t("{cost}, before tax", cost=cost)


def trial_bill_comes_at_once(facts: SubscriptionFacts) -> bool:
    """Whether a trial is first billed on the day that it is over."""
    trial = facts.subscription.trial
    return trial is not None and facts.next_bill == trial.ends


def _rests(w: Wording, subscription: Subscription, *, today: date) -> Iterator[Moment]:
    """Pauses, as far as they are remembered."""
    for rest in subscription.rests:
        if rest.why != "pause":
            continue
        note = w.t("Nothing is charged for the days of the pause.")
        yield Moment(day=rest.start, title=w.t("Paused"), note=note, state="past" if rest.start < today else "now")
        if rest.end:
            yield Moment(day=rest.end, title=w.t("Resumed"), state="past" if rest.end < today else "now")
