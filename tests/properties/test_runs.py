"""Runs: repeated they write nothing, on idle days they alter nothing, and however often they come it is the same bill."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from properties.dice import Dice, thrown
from properties.living import Lived, Night, charged_days, live
from properties.seat_book import DAY
from properties.wishes import AtOnce, Buy, Life, Stop, Wish, lives
from prorata.core.billing.due import due_on
from prorata.core.catalog.read_terms import with_terms
from prorata.core.decision import Decision
from prorata.core.events import Bill
from prorata.core.history import History
from prorata.core.insights.forecast import next_run, run
from prorata.core.step import step


def _nothing(decision: Decision, history: History) -> bool:
    new = (*decision.documents, *decision.transfers, *decision.payments, *decision.lots)
    return decision.after == history and not new


@given(lives())
def test_a_run_repeated_writes_nothing(life: Life) -> None:
    for lived in live(life):
        once = lived.history if lived.evening else run(lived.history, lived.today).after
        assert _nothing(run(once, lived.today), once)


@given(lives())
def test_a_bill_by_hand_repeated_writes_nothing(life: Life) -> None:
    for lived in live(replace(life, billing="manual")):
        if not lived.evening:
            once = step(lived.history, Bill(), lived.at).after
            assert _nothing(step(once, Bill(), lived.at), once)


@given(lives())
def test_a_run_on_an_idle_day_alters_nothing(life: Life) -> None:
    before = None
    for lived in live(life):
        if before is not None and lived.evening and not any(b.may_bring(lived.today) for b in lived.books.values()):
            assert lived.history == before, lived.today
            assert lived.last
            assert not lived.last.documents
        before = lived.history


@given(lives())
def test_no_run_before_the_day_that_was_foretold_finds_anything(life: Life) -> None:
    before, foretold, due = None, None, None
    for lived in live(life):
        if lived.evening and lived.history != before:
            assert foretold, "a run found something that nobody foretold"
            assert foretold <= lived.today
            assert due, "a run found something though none was due"
            assert due <= lived.today
        if lived.history is not before:
            # After an evening the days to come, else today as well.
            passed = lived.today if lived.evening else lived.today - DAY
            foretold, due = next_run(lived.history, passed), due_on(lived.history, passed + DAY)
        before = lived.history


# ---------------------------------------------------------------------- billed in other steps


def _with_terms(life: Life, **keys: object) -> Life:
    """The same life, each purchase on terms with these keys."""

    def bought(wish: Wish) -> Wish:
        return replace(wish, terms=with_terms(wish.terms, keys)) if isinstance(wish, Buy) else wish

    return replace(life, wishes=tuple(bought(wish) for wish in life.wishes))


def _giving_back(wish: Wish) -> Wish:
    """The same wish where every credit is given: what stays charged must not hang on what a bill had covered."""
    match wish:
        case AtOnce(wishes):
            return AtOnce(tuple(_giving_back(one) for one in wishes))
        case Stop(refund="none"):
            return replace(wish, refund="credit")
        case Buy(terms=terms):
            refund = {part: "credit" if own == "none" else own for part, own in asdict(terms.refund).items()}
            remove = "credit" if terms.remove_licences == "kept" else terms.remove_licences
            return replace(wish, terms=with_terms(terms, {"refund": refund, "remove_licences": remove}))
        case _:
            return wish


def giving_back(life: Life) -> Life:
    """The same life where nothing that is given up stays charged."""
    return replace(life, wishes=tuple(_giving_back(wish) for wish in life.wishes))


def _check_the_same_is_billed(one: Lived, other: Lived) -> None:
    """Equal seat-days; amounts as near as half a minor unit for each line that was written allows."""
    assert [s.name for s in one.history.subscriptions] == [s.name for s in other.history.subscriptions]
    for subscription in one.history.subscriptions:
        assert charged_days(one, subscription.id) == charged_days(other, subscription.id), subscription.name
        amounts = [[line.amount.minor for _, line in lived.lines(subscription.id)] for lived in (one, other)]
        lines = sum(len(own) for own in amounts)
        assert abs(sum(amounts[0]) - sum(amounts[1])) <= Fraction(lines, 2), subscription.name


@dataclass(frozen=True)
class Nights:
    """How the evenings of a life are: a few out of 61, over and over, are like `some`."""

    some: Night
    others: Night
    chosen: frozenset[int]

    def __call__(self, on: date) -> Night:
        return self.some if on.toordinal() % 61 in self.chosen else self.others


def _nights(some: Night, *, others: Night) -> st.SearchStrategy[Nights]:
    def read(dice: Dice) -> Nights:
        return Nights(some, others, frozenset(dice.number(0, 60) for _ in range(dice.of(1, 2, 3, 5, 8, 20))))

    return thrown(read, throws=41)


@given(lives(), _nights("run", others="nothing"))
def test_runs_that_did_not_come_for_days_are_made_up_for(life: Life, nights: Nights) -> None:
    life = replace(life, billing="daily")
    *_, daily = live(life)
    *_, seldom = live(life, nights=nights)
    _check_the_same_is_billed(daily, seldom)


@given(lives(), _nights("bill", others="run"))
def test_bills_by_hand_on_other_days_come_to_the_same(life: Life, nights: Nights) -> None:
    life = giving_back(life)
    *_, daily = live(replace(life, billing="daily"))
    *_, by_hand = live(replace(life, billing="manual"), nights=nights)
    _check_the_same_is_billed(daily, by_hand)


@given(lives())
def test_changes_written_one_by_one_and_netted_in_the_next_bill_come_to_the_same(life: Life) -> None:
    life = giving_back(life)
    *_, one_by_one = live(_with_terms(life, invoice_changes="now"))
    *_, netted = live(_with_terms(life, invoice_changes="next"))
    _check_the_same_is_billed(one_by_one, netted)


@given(lives())
def test_a_final_document_that_waits_comes_to_the_same(life: Life) -> None:
    life = giving_back(life)
    # An end lies up to 45 days ahead of the last wish, and its document up to 30 days behind it.
    *_, at_once = live(_with_terms(life, final_document="now"), rest=80)
    *_, waiting = live(_with_terms(life, final_document="next_billing_date"), rest=80)
    _check_the_same_is_billed(at_once, waiting)
