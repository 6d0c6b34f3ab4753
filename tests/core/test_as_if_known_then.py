"""A plan or an anchor that is entered late sells on each day what it would have sold if it had been known then."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as some

from core.build import Life, a_plan, an_account, classic, day
from prorata.core.calendar import Period
from prorata.core.events import ChangePlan, Event, Late, MoveAnchor
from prorata.core.subscriptions.change_plan import SamePlan
from prorata.core.subscriptions.ledgers import plan_on

BASIC = a_plan("31.00", "month", name="basic")
PREMIUM = a_plan("62.00", "month", name="premium")
YEARLY = a_plan("372.00", "year", name="yearly")
FIRST, LAST = day("2026-01-15"), day("2026-07-01")


@dataclass(frozen=True)
class Asked:
    """Something asked for on a day, counted from the first."""

    after: int
    event: Event


anchors = some.integers(1, 28).map(lambda number: MoveAnchor("a", number))
plans = some.sampled_from((BASIC, PREMIUM, YEARLY)).map(lambda plan: ChangePlan("a", plan, when="now"))


def _asked(event: some.SearchStrategy[Event], *, last: int) -> some.SearchStrategy[Asked]:
    return some.builds(Asked, some.integers(1, last), event)


def lived(asked: list[Asked], *, late: Asked | None = None, entered: int = 0) -> Life:
    """A life in which all this is asked for on its day, and one thing is entered on a later day."""
    life = an_account(FIRST.isoformat())
    life.buy("a", BASIC, terms=classic(invoice_changes="now"))
    events = [(one.after, 1, one.event) for one in asked]
    if late:
        events.append((entered, 2, Late(late.event, FIRST + timedelta(late.after), "found in the post")))
    for after, _, event in sorted(events, key=lambda one: one[:2]):
        life.days((FIRST + timedelta(after)).isoformat())
        life.ask(event)
    life.days(LAST.isoformat())
    return life


def sold(life: Life) -> list[tuple[date, str, str, Period]]:
    """For each day: the plan, its price, and the period it is in."""
    found: list[tuple[date, str, str, Period]] = []
    for number in range((LAST - FIRST).days):
        on = FIRST + timedelta(number)
        entry = plan_on(life.subscription("a").plans, on)
        found.append((on, entry.plan.name, str(entry.plan.price.amount), entry.grid.period(on)))
    return found


@settings(max_examples=120, deadline=None, database=None, derandomize=True)
@given(
    some.lists(_asked(some.one_of(anchors, plans), last=100), max_size=3, unique_by=lambda one: one.after),
    _asked(some.one_of(anchors, plans), last=100),
    some.integers(101, 150),
)
def test_what_is_entered_late_sells_what_it_would_have_sold(asked: list[Asked], late: Asked, entered: int) -> None:
    assume(late.after not in {one.after for one in asked})
    try:
        timely, lately = lived([*asked, late]), lived(asked, late=late, entered=entered)
    except SamePlan:
        # To go over to the plan that one has is no change, in one order or the other.
        reject()
    assert sold(lately) == sold(timely)
