"""Parking: one subscription rests, all others are billed as ever; set going again it is billed as if never parked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from properties.dice import Dice, thrown
from properties.lives import lives
from properties.living import Lived, Ways, live
from properties.other_ways import check_the_same_is_billed, on_terms, the_same_in_any_steps, without
from properties.wishes import Dearer, Life
from prorata.core.history import History
from prorata.core.insights.forecast import end_of_day
from prorata.core.money import UnitPrice, currency
from prorata.core.planning import plan
from prorata.core.subscriptions.model import Subscription
from support.nights import run

Written = tuple[object, ...]


@dataclass(frozen=True)
class Parking:
    """A subscription that is parked for some days out of 97, over and over."""

    subscription: int
    first: int
    days: int

    def __call__(self, on: date) -> frozenset[int]:
        return frozenset({self.subscription} if (on.toordinal() - self.first) % 97 < self.days else ())


def _parking_of(dice: Dice) -> Parking:
    return Parking(dice.of(1, 1, 2, 3), dice.number(0, 96), dice.of(1, 2, 5, 10, 20, 31, 40, 62))


def _parkings() -> st.SearchStrategy[Parking]:
    return thrown(_parking_of, throws=4)


def _written(lived: Lived, *, but: int) -> Iterator[Written]:
    """What was written for all subscriptions but one, and when; a tax shared with its lines is left aside."""
    for document in lived.documents:
        for line in document.lines:
            if line.subscription != but:
                what = line.subscription, line.kind, line.period, line.licences, line.price, line.days, line.of_days
                yield document.date, *what, line.amount, line.cause, line.refund


def _both(life: Life, parking: Parking) -> tuple[Lived, Lived]:
    """The life with nothing parked, and with it; only where the same was granted in both."""
    *_, free = live(life)
    *_, parked = live(life, ways=Ways(parked=parking))
    assume(free.granted == parked.granted)
    return free, parked


@given(lives(), _parkings())
def test_parking_a_subscription_changes_nothing_in_the_lines_of_the_others(life: Life, parking: Parking) -> None:
    # Changes that wait come along with any document of the profile; without that each is written on a day of its own.
    free, parked = _both(on_terms(life, invoice_changes="now"), parking)
    one = parking.subscription
    assert list(_written(parked, but=one)) == list(_written(free, but=one))


@given(lives(), _parkings())
def test_a_subscription_set_going_again_is_billed_as_if_it_had_never_been_parked(life: Life, parking: Parking) -> None:
    check_the_same_is_billed(*_both(the_same_in_any_steps(life), parking))


@given(lives(), _parkings())
def test_nothing_is_written_for_a_subscription_while_it_is_parked(life: Life, parking: Parking) -> None:
    written = 0
    for lived in live(life, ways=Ways(parked=parking)):
        new, written = lived.documents[written:], len(lived.documents)
        resting = lived.history.parked
        assert not any(line.subscription in resting for document in new for line in document.lines)


# ---------------------------------------------------------------------- planning


@given(lives())
def test_a_plan_is_the_run_and_nothing_where_the_run_is_idle(life: Life) -> None:
    before: History | None = None
    for lived in live(life):
        if lived.evening and before is not None and lived.last:
            planned = plan(before, as_of=lived.today, at=end_of_day(lived.today, before))
            assert planned.parked == ()
            assert planned.decision == (lived.last if lived.last.after != before else None)
        before = lived.history


def _contradictory(subscription: Subscription, kind: str) -> Subscription:
    """The same subscription with facts that cannot be billed by."""
    if kind == "no licences":
        return replace(subscription, changes=(), pending=None)
    euro_or_yen = currency("JPY" if subscription.plan.price.amount.currency.code == "EUR" else "EUR")
    price = replace(subscription.plan.price, amount=UnitPrice(subscription.plan.price.amount.amount, euro_or_yen))
    last = subscription.plans[-1]
    other = replace(last, plan=replace(last.plan, price=price))
    return replace(subscription, plans=(*subscription.plans[:-1], other))


@given(lives(), st.integers(0, 2), st.sampled_from(["other currency", "no licences"]))
def test_what_cannot_be_billed_parks_itself_and_nothing_else(life: Life, which: int, kind: str) -> None:
    before: History | None = None
    # A new price would mend the wrong currency of the old one.
    for lived in live(on_terms(without(life, Dearer), invoice_changes="now")):
        if lived.evening and before is not None and which < len(before.subscriptions):
            sick = before.subscriptions[which]
            if sick.pending_plan and sick.pending_plan.effective <= lived.today:
                break  # the other plan has another price, in the right currency
            broken = tuple(_contradictory(s, kind) if s is sick else s for s in before.subscriptions)
            planned = plan(replace(before, subscriptions=broken), as_of=lived.today, at=end_of_day(lived.today, before))
            rested = run(replace(before, parked=frozenset({sick.id})), lived.today)
            assert {one.subscription for one in planned.parked} <= {sick.id}
            assert rested.documents == (planned.decision.documents if planned.decision else ())
        before = lived.history
