"""A plan that is left under terms that give nothing back for it: what was billed stays, once, and as what it was.

January 2026 has 31 days: a licence of the basic plan costs 1.00 a day, one of the premium plan 2.00. Everything is
billed for five licences from 15 January to 15 February: 155.00.
"""

from decimal import Decimal

import pytest

from core.build import Life, a_plan, an_account, classic, lines, steps
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import AnchorChange, Terms
from prorata.core.events import ChangeLicences, ChangePlan, Event, MoveAnchor, Pause, Reactivate, Resume

NOTHING_BACK = classic(invoice_changes="now", refund={"change": "none"})
KEPT = classic(invoice_changes="now", remove_licences="kept")
BASIC, PREMIUM = a_plan("31.00", "month", name="basic"), a_plan("62.00", "month", name="premium")
GRADUATED = a_plan("1.00", "month", name="steps", tiers=steps("graduated", (3, "31.00"), (None, "62.00")))
VOLUME = a_plan("1.00", "month", name="volume", tiers=steps("volume", (3, "62.00"), (None, "31.00")))
UP, DOWN = ChangePlan("a", PREMIUM), ChangePlan("a", BASIC)
THREE = ChangeLicences("a", 3)
TEN_DAYS, ON = "2026-01-25", "2026-01-27"


def five(plan: Plan = BASIC, *, terms: Terms = NOTHING_BACK) -> Life:
    """Ten days into the period: 21 of 31 are left."""
    life = an_account("2026-01-15")
    life.buy("a", plan, licences=5, terms=terms)
    life.days(TEN_DAYS)
    return life


def then(life: Life, *days: tuple[str, Event]) -> list[str]:
    """What each document after the first comes to, until the period is over."""
    for on, event in days:
        life.days(on)
        life.ask(event)
    life.days("2026-02-15")
    return life.totals[1:]


@pytest.mark.parametrize(
    "asked",
    [
        ((TEN_DAYS, ChangePlan("a", PREMIUM, licences=3)),),
        ((TEN_DAYS, UP), (TEN_DAYS, THREE)),
        ((TEN_DAYS, THREE), (TEN_DAYS, UP)),
    ],
)
def test_another_plan_with_fewer_licences_charges_those_and_leaves_all_of_the_old(
    asked: tuple[tuple[str, Event], ...],
) -> None:
    # 62.00 × 3 × 21/31
    assert then(five(), *asked) == ["126.00"]


def test_with_more_licences_the_old_plan_is_not_given_back_either() -> None:
    # 62.00 × 7 × 21/31
    assert then(five(), (TEN_DAYS, ChangePlan("a", PREMIUM, licences=7))) == ["294.00"]


def test_seats_that_were_given_up_before_are_none_of_the_new_plan() -> None:
    # 62.00 × 3 × 19/31
    assert then(five(), (TEN_DAYS, THREE), (ON, UP)) == ["114.00"]


@pytest.mark.parametrize(("anchor", "amount"), [(20, "25.00"), ("restart", "50.00")])
def test_the_same_plan_with_another_anchor_is_charged_for_the_days_that_no_bill_covers(
    anchor: AnchorChange, amount: str
) -> None:
    life = five()
    # 31.00 × 5 × 5/31 from 15 to 20 February; 31.00 × 5 × 10/31 from 15 to 25 February
    assert then(life, (TEN_DAYS, ChangePlan("a", BASIC, anchor=anchor))) == [amount]


def test_an_anchor_is_moved_by_either_verb_alike() -> None:
    asked = [MoveAnchor("a", 20), ChangePlan("a", BASIC, anchor=20)]
    one, other = (then(five(), (TEN_DAYS, event)) for event in asked)
    assert one == other


def test_there_and_back_on_one_day_costs_nothing() -> None:
    assert then(five(), (TEN_DAYS, UP), (TEN_DAYS, DOWN)) == []


@pytest.mark.parametrize("plan", [BASIC, GRADUATED, VOLUME])
def test_a_plan_that_is_taken_up_again_is_paid_for(plan: Plan) -> None:
    # Only the other one is charged, which stays too: 62.00 × 5 × 21/31
    assert then(five(plan), (TEN_DAYS, UP), (ON, ChangePlan("a", plan))) == ["210.00"]


def test_of_a_plan_that_is_taken_up_again_only_more_licences_than_were_paid_are_charged() -> None:
    # The premium plan: 62.00 × 5 × 21/31. One more of the basic one: 31.00 × 1 × 19/31
    assert then(five(), (TEN_DAYS, UP), (ON, ChangePlan("a", BASIC, licences=6))) == ["210.00", "19.00"]


@pytest.mark.parametrize("paused", [TEN_DAYS, "2026-01-26"])
def test_another_plan_in_a_pause_is_charged_once_it_goes_on(paused: str) -> None:
    # From 10 to 15 February: 62.00 × 5 × 5/31
    asked = ((paused, Pause("a")), ("2026-01-26", UP), ("2026-02-10", Resume("a")))
    assert then(five(), *asked) == ["50.00"]


@pytest.mark.parametrize("licences", [3, 8])
def test_licences_that_change_in_a_pause_are_charged_once_it_goes_on(licences: int) -> None:
    asked = ((TEN_DAYS, Pause("a")), (ON, ChangeLicences("a", licences)), ("2026-02-10", Resume("a")))
    # Three more from 10 to 15 February: 31.00 × 3 × 5/31
    assert then(five(), *asked) == (["15.00"] if licences > 5 else [])


def test_fewer_licences_on_the_day_on_which_it_goes_on_cost_nothing() -> None:
    assert then(five(), (TEN_DAYS, Pause("a")), (ON, Resume("a")), (ON, THREE)) == []


def test_what_is_left_of_the_old_plan_ends_with_its_period_whatever_is_asked_for_on_that_day() -> None:
    life = five()
    life.ask(ChangePlan("a", a_plan("730.00", "year", name="yearly")))
    life.days("2026-02-15")
    life.licences("a", 3)
    life.days("2026-03-16")
    # 730.00 × 5 × 355/365, and nothing more
    assert life.totals == ["155.00", "3550.00"]


@pytest.mark.parametrize("plan", [BASIC, VOLUME])
@pytest.mark.parametrize(
    "asked",
    [
        ((TEN_DAYS, ChangePlan("a", PREMIUM, licences=3)),),
        ((TEN_DAYS, UP), (TEN_DAYS, THREE)),
        ((TEN_DAYS, THREE), (TEN_DAYS, UP)),
    ],
)
def test_licences_that_are_kept_stay_what_they_were(plan: Plan, asked: tuple[tuple[str, Event], ...]) -> None:
    life = five(plan, terms=KEPT)
    then(life, *asked)
    # Three are given back, 31.00 × 3 × 21/31, and charged anew, 62.00 × 3 × 21/31; two stay.
    assert lines(life.documents[1]) == [
        ("credit", TEN_DAYS, "2026-02-15", 3, "-63.00"),
        ("recurring", TEN_DAYS, "2026-02-15", 3, "126.00"),
    ]


PHASES = a_plan("31.00", "month", name="phases", phases=(("20 days", "31.00"), (None, "62.00")))
DEAREST = a_plan("93.00", "month", name="dearest")


def test_asked_for_twice_on_a_day_nothing_stays_of_a_phase_to_come() -> None:
    life = five(PHASES, terms=KEPT)
    then(life, (TEN_DAYS, ChangePlan("a", DEAREST, licences=3)), (TEN_DAYS, ChangeLicences("a", 5)))
    # All five go over: 31.00 × 5 × 10/31 and 62.00 × 5 × 11/31 are given back, 93.00 × 5 × 21/31 is charged.
    assert lines(life.documents[1]) == [
        ("credit", TEN_DAYS, "2026-02-04", 5, "-50.00"),
        ("credit", "2026-02-04", "2026-02-15", 5, "-110.00"),
        ("recurring", TEN_DAYS, "2026-02-15", 5, "315.00"),
    ]


def test_what_was_on_no_bill_when_a_plan_was_left_is_charged_as_what_it_was() -> None:
    life = five(PHASES, terms=classic(refund={"change": "none"}))
    life.licences("a", 8)
    life.days(ON)
    life.ask(ChangePlan("a", DEAREST))
    life.days("2026-02-16")
    # 31.00 × 3 × 10/31 and 62.00 × 3 × 11/31 beside 93.00 × 8 × 19/31 and 93.00 × 8
    assert lines(life.documents[1]) == [
        ("recurring", TEN_DAYS, "2026-02-04", 3, "30.00"),
        ("recurring", ON, "2026-02-15", 8, "456.00"),
        ("recurring", "2026-02-04", "2026-02-15", 3, "66.00"),
        ("recurring", "2026-02-15", "2026-03-15", 8, "744.00"),
    ]


def test_days_of_a_year_that_was_left_are_days_of_a_year() -> None:
    life = five(a_plan("365.00", "year", name="yearly"), terms=classic(refund={"change": "none"}))
    life.licences("a", 8)
    life.days(ON)
    life.ask(ChangePlan("a", DEAREST))
    life.days("2027-01-15")
    # Each of the three costs 1.00 a day from 25 January to 15 January.
    added = [line for document in life.documents for line in lines(document) if line[3] == 3]
    assert sum(Decimal(amount) for *_, amount in added) == 3 * 355


def five_of_a_month_after_a_year(*, invoice_changes: str) -> Life:
    """A year of five; from 25 January on basic, month by month from the 15th."""
    life = five(a_plan("365.00", "year", name="yearly"), terms=classic(refund="none", invoice_changes=invoice_changes))
    life.ask(DOWN)
    life.days(ON)
    return life


@pytest.mark.parametrize("invoice_changes", ["now", "next"])
@pytest.mark.parametrize(
    ("event", "months"),
    [
        # Three of the month go on: 31.00 × 3. From 27 January to 15 February nothing is given back.
        (THREE, ["93.00", "93.00"]),
        # Premium for five, 62.00 × 5 × 19/31 = 190.00, then 62.00 × 5 = 310.00.
        (UP, ["190.00", "310.00", "310.00"]),
        (Pause("a"), []),
    ],
)
def test_a_month_that_is_left_after_a_year_stays_charged_to_the_end_of_the_month(
    invoice_changes: str, event: Event, months: list[str]
) -> None:
    life = five_of_a_month_after_a_year(invoice_changes=invoice_changes)
    life.ask(event)
    life.days("2026-03-20")
    charged = [amount for document in life.documents[1:] for *_, amount in lines(document)]
    # The year is not given back. 31.00 × 5 × 21/31 = 105.00 for the days from 25 January on.
    assert charged == ["105.00", *months]


def test_a_month_after_a_year_that_was_cancelled_is_charged_from_the_reactivation_on() -> None:
    life = five_of_a_month_after_a_year(invoice_changes="now")
    life.cancel("a", "now")
    life.days("2026-03-01")
    life.ask(Reactivate("a"))
    life.days("2026-03-20")
    # 31.00 × 5 × 21/31, then 31.00 × 5 × 14/28 from 1 to 15 March and 31.00 × 5.
    assert life.totals[1:] == ["105.00", "77.50", "155.00"]


@pytest.mark.parametrize("licences", [8, 3, 0])
def test_on_the_day_of_sale_what_was_bought_stays_charged_whatever_it_is_changed_to_before_the_plan_is_left(
    licences: int,
) -> None:
    life = an_account("2026-01-15")
    life.buy("a", BASIC, licences=5, terms=classic(invoice_changes="now", refund="none", licences={"min": 0}))
    life.ask(ChangeLicences("a", licences))
    life.ask(ChangePlan("a", PREMIUM))
    life.days("2026-02-14")
    # 31.00 × 5, and the other plan for as many as there are then: 62.00 each.
    assert life.totals == ["155.00", *([f"{62 * licences}.00"] if licences else [])]
