"""However its days are walked, a story is the same: all of them or only the busy ones, on the whole past or its tail.

`PRORATA_TEST_EXAMPLES=5000` hunts on new ground, as for the other properties.
"""

import os
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.terms import Refund, RefundPolicy, Terms
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    Event,
    Pay,
    PaymentMode,
    SetPayment,
    Subscribe,
    Undo,
)
from prorata.core.history import History
from prorata.core.money import currency, unit_price
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.model import Story, StoryEvent, StoryPlan
from prorata.core.stories.player import Refused, play
from prorata.core.stories.tail import open_tail
from prorata.core.stories.told import Told

EUR = currency("EUR")
START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("a", "b", "c")

_EXAMPLES = os.environ.get("PRORATA_TEST_EXAMPLES")
hard = settings(max_examples=int(_EXAMPLES or 80), deadline=None, database=None, derandomize=_EXAMPLES is None)


class DayByDay(MemoryStage):
    """Passes over no day, and keeps the whole past at hand."""

    def next_day(self, after: date) -> date | None:
        return after + timedelta(days=1)

    def _cut(self, history: History, today: date) -> History:
        del today
        return history


class AlwaysCut(MemoryStage):
    """Keeps never more than the open tail."""

    def _cut(self, history: History, today: date) -> History:
        return open_tail(history, today)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a play came out: what it tells, or which event was refused and why."""

    told: Told | None
    refused: tuple[int, str] | None


def ended(story: Story, stage: MemoryStage) -> Ended:
    try:
        return Ended(play(story, stage), None)
    except Refused as refused:
        return Ended(None, (refused.place, refused.error.code))


policies: st.SearchStrategy[Refund] = st.sampled_from(["to_method", "credit", "none"])


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    return replace(
        draw(st.sampled_from([CLASSIC, COMMIT])),
        billed=draw(st.sampled_from(["advance", "arrears"])),
        invoice_changes=draw(st.sampled_from(["now", "next"])),
        remove_licences=draw(st.sampled_from(["credit", "window", "renewal", "kept"])),
        add_licences=draw(st.sampled_from(["now", "renewal"])),
        end_day=draw(st.sampled_from(["free", "charged"])),
        final_document=draw(st.sampled_from(["now", "next_billing_date"])),
        refund=RefundPolicy(draw(policies), draw(policies)),
        disabled_days=draw(st.sampled_from([0, 3, 90])),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    length = draw(st.sampled_from(["3 days", "week", "month", "quarter"]))
    price = draw(st.sampled_from(["12.50", "0.07", "9.9999"]))
    return Plan("p", every(length), Price(1, unit_price(price, EUR)))


def events_of(plan: Plan, sold: Terms) -> st.SearchStrategy[Event]:
    name = st.sampled_from(NAMES)
    return st.one_of(
        st.builds(Subscribe, name, st.just(plan), st.just(sold), st.integers(1, 12)),
        st.builds(ChangeLicences, name, st.integers(1, 12), st.sampled_from([None, "now", "renewal"])),
        st.builds(Assign, name, st.integers(0, 3)),
        st.builds(Cancel, name, st.sampled_from([None, "now", "period_end", date(2026, 3, 31), date(2026, 7, 1)])),
        st.builds(Undo, name),
        st.builds(Pay),
        st.builds(SetPayment, st.sampled_from(["automatic", "declining", "none"])),
        st.just(Bill()),
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    plan, sold = draw(plans()), draw(terms())
    first = Subscribe("a", plan, sold, draw(st.integers(1, 12)))
    gaps = st.tuples(st.sampled_from([0, 0, 1, 2, 13, 40]), st.sampled_from([0, 0, 9]))
    later = draw(st.lists(st.tuples(gaps, events_of(plan, sold), st.booleans()), max_size=12))
    at = START + timedelta(days=draw(st.integers(0, 60)))
    events = [StoryEvent(1, at, first)]
    for place, ((days, hours), event, preview) in enumerate(later, start=2):
        at += timedelta(days=days, hours=hours)
        events.append(StoryEvent(place, at, event, preview=preview and hours == 0))
    mode: PaymentMode = draw(st.sampled_from(["automatic", "declining", "none"]))
    return Story(
        title="any",
        currency=EUR,
        zone=ZoneInfo(draw(st.sampled_from(["UTC", "Europe/Amsterdam", "Pacific/Auckland"]))),
        billing=draw(st.sampled_from(["daily", "daily", "manual"])),
        payment=mode,
        tax_rate=draw(st.sampled_from([None, Fraction(21)])),
        seller_country="NL",
        country="NL",
        kind="business",
        plans=(StoryPlan(plan, sold),),
        events=tuple(events),
        until=at.date() + timedelta(days=draw(st.integers(1, 150))),
    )


def without_the_refused(story: Story) -> Story:
    """The same story without the events that are refused, so that more than refusals are compared."""
    outcome = ended(story, DayByDay(story))
    while outcome.refused:
        kept = [event for event in story.events if event.place != outcome.refused[0]]
        story = replace(story, events=tuple(replace(e, place=i) for i, e in enumerate(kept, start=1)))
        outcome = ended(story, DayByDay(story))
    return story


@hard
@given(stories())
def test_idle_days_can_be_passed_over_and_the_settled_past_forgotten(story: Story):
    plain = ended(story, DayByDay(story))
    assert ended(story, MemoryStage(story)) == plain
    assert ended(story, AlwaysCut(story)) == plain


@hard
@given(stories().map(without_the_refused))
def test_so_it_is_for_stories_in_which_nothing_is_refused(story: Story):
    plain = ended(story, DayByDay(story))
    assert plain.refused is None
    assert ended(story, MemoryStage(story)) == plain
    assert ended(story, AlwaysCut(story)) == plain
