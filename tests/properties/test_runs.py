"""Runs: repeated they write nothing, on idle days they alter nothing, and whenever they come it is the same bill."""

from dataclasses import replace

from hypothesis import given

from properties.lives import lives
from properties.living import Ways, live
from properties.other_ways import (
    NEVER,
    Nights,
    check_the_same_is_billed,
    lives_by_the_second,
    nights,
    on_terms,
    the_same_in_any_steps,
)
from properties.seat_book import DAY
from properties.wishes import Life
from prorata.core.billing.due import due_on
from prorata.core.decision import Decision
from prorata.core.events import Bill
from prorata.core.history import History
from prorata.core.insights.forecast import next_run
from prorata.core.step import step
from support.nights import run


def _nothing(decision: Decision, history: History) -> bool:
    new = (*decision.documents, *decision.transfers, *decision.payments, *decision.lots)
    return decision.after == history and not new


@given(lives_by_the_second())
def test_a_run_repeated_writes_nothing(life: Life) -> None:
    for lived in live(life):
        once = lived.history if lived.evening else run(lived.history, lived.today).after
        assert _nothing(run(once, lived.today), once)


@given(lives_by_the_second())
def test_a_bill_by_hand_repeated_writes_nothing(life: Life) -> None:
    for lived in live(replace(life, billing="manual")):
        if not lived.evening:
            once = step(lived.history, Bill(), lived.at).after
            if _came_back(lived.history, once):
                # The credit of that bill has paid what was open: what begins again by it is the next bill's.
                once = step(once, Bill(), lived.at).after
            assert _nothing(step(once, Bill(), lived.at), once)


def _came_back(before: History, after: History) -> bool:
    was_disabled = {one.id for one in before.subscriptions if one.state != "active"}
    return any(one.id in was_disabled and one.state == "active" for one in after.subscriptions)


@given(lives_by_the_second())
def test_a_run_on_an_idle_day_alters_nothing(life: Life) -> None:
    before = None
    for lived in live(life):
        if before is not None and lived.evening and not any(b.may_bring(lived.today) for b in lived.day_books.values()):
            assert lived.history == before, lived.today
            assert lived.last
            assert not lived.last.documents
        before = lived.history


@given(lives())
def test_no_run_before_the_day_that_was_foretold_finds_anything(life: Life) -> None:
    before, foretold, due = None, None, None
    for lived in live(life):
        if before is not None and lived.evening and lived.history != before:
            assert foretold, "a run found something that nobody foretold"
            assert foretold <= lived.today
            assert due, "a run found something though none was due"
            assert due <= lived.today
        if lived.history is not before:
            # After an evening the days to come, else today as well.
            passed = lived.today if lived.evening else lived.today - DAY
            foretold, due = next_run(lived.history, passed), due_on(lived.history, passed + DAY)
        before = lived.history


@given(lives(), nights("run", others="nothing"))
def test_runs_that_did_not_come_for_days_are_made_up_for(life: Life, some: Nights) -> None:
    life = the_same_in_any_steps(replace(life, billing="daily"))
    *_, daily = live(life)
    *_, seldom = live(life, ways=Ways(some))
    check_the_same_is_billed(daily, seldom)


@given(lives(), nights("made up", others="nothing"))
def test_runs_made_up_for_day_by_day_write_the_same_lines_on_a_later_day(life: Life, some: Nights) -> None:
    life = replace(on_terms(life, grace_days=NEVER), billing="daily")
    *_, daily = live(life)
    *_, late = live(life, ways=Ways(some, at_last="made up"))
    assert [document.lines for document in late.documents] == [document.lines for document in daily.documents]
    assert all(one.date >= other.date for one, other in zip(late.documents, daily.documents, strict=True))


@given(lives(), nights("partly made up", others="nothing"))
def test_a_run_of_an_earlier_day_before_the_run_of_today_comes_to_the_same(life: Life, some: Nights) -> None:
    life = the_same_in_any_steps(replace(life, billing="daily"))
    *_, daily = live(life)
    *_, late = live(life, ways=Ways(some, at_last="partly made up"))
    check_the_same_is_billed(daily, late)


@given(lives(), nights("bill", others="run"))
def test_bills_by_hand_on_other_days_come_to_the_same(life: Life, some: Nights) -> None:
    life = the_same_in_any_steps(life)
    # An end lies up to 45 days ahead of the last wish; until then what was billed before it was known reaches further.
    *_, daily = live(replace(life, billing="daily"), rest=50)
    *_, by_hand = live(replace(life, billing="manual"), rest=50, ways=Ways(some))
    check_the_same_is_billed(daily, by_hand)


@given(lives())
def test_changes_written_one_by_one_and_netted_in_the_next_bill_come_to_the_same(life: Life) -> None:
    life = the_same_in_any_steps(life)
    *_, one_by_one = live(on_terms(life, invoice_changes="now"))
    *_, netted = live(on_terms(life, invoice_changes="next"))
    check_the_same_is_billed(one_by_one, netted)


@given(lives())
def test_a_final_document_that_waits_comes_to_the_same(life: Life) -> None:
    life = the_same_in_any_steps(life)
    # An end lies up to 45 days ahead of the last wish, and its document up to 30 days behind it.
    *_, at_once = live(on_terms(life, final_document="now"), rest=80)
    *_, waiting = live(on_terms(life, final_document="next_billing_date"), rest=80)
    check_the_same_is_billed(at_once, waiting)
