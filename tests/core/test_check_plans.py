"""Plans and terms that contradict themselves are refused when they are written, by the key that is wrong."""

from decimal import Decimal

import pytest

from core.build import classic
from prorata.core.calendar import Every, every
from prorata.core.catalog.check_plans import (
    MAX_PARTS,
    ContradictoryPlan,
    LastPhaseEnds,
    LastStepEnds,
    NoLength,
    NoPrice,
    NothingListed,
    PhaseWithoutEnd,
    PlanDraft,
    PriceTwice,
    StepDraft,
    StepsDoNotRise,
    StepWithoutEnd,
    StepWithoutPrice,
    TiersDraft,
    TooManyParts,
    WindowWithoutDays,
    check_agreement,
    check_plan,
    check_terms,
    checked,
)
from prorata.core.catalog.plans import Phase, Plan, Price, Step, Tiers
from prorata.core.catalog.read_terms import agreement
from prorata.core.money import NotAnAmount, UnitPrice, currency, money, unit_price

EUR = currency("EUR")
MONTH = every("month")
NOTHING = UnitPrice(Decimal(0), EUR)


def euros(text: str) -> UnitPrice:
    return unit_price(text, EUR)


def in_phases(*phases: Phase) -> PlanDraft:
    return PlanDraft("plan", MONTH, EUR, phases=phases)


def in_steps(*steps: StepDraft) -> PlanDraft:
    return PlanDraft("plan", MONTH, EUR, tiers=TiersDraft("volume", steps))


def refused(draft: PlanDraft) -> tuple[type[ContradictoryPlan], object]:
    with pytest.raises(ContradictoryPlan) as found:
        checked(draft)
    return type(found.value), found.value.parameters["key"]


def test_a_draft_becomes_a_plan_whose_missing_prices_are_zero():
    flat = PlanDraft("plan", MONTH, EUR, flat=euros("20"), setup=money("5.00", EUR), trial=MONTH, term=every("year"))
    assert checked(flat) == Plan(
        "plan", MONTH, Price(1, NOTHING, euros("20")), money("5.00", EUR), trial=MONTH, term=every("year")
    )
    steps = in_steps(StepDraft(5, None, euros("30")), StepDraft(None, euros("5")))
    tiers = Tiers("volume", (Step(5, NOTHING, euros("30")), Step(None, euros("5"))))
    assert checked(steps, version=3) == Plan("plan", MONTH, Price(3, NOTHING, tiers=tiers))


def test_phases_may_stand_beside_a_flat_price():
    phases = (Phase(MONTH, euros("1")), Phase(None, euros("2"), money("9.00", EUR)))
    draft = PlanDraft("plan", MONTH, EUR, flat=euros("20"), phases=phases)
    assert checked(draft) == Plan("plan", MONTH, Price(1, NOTHING, euros("20")), phases=phases)


def test_a_plan_for_nothing_says_so_with_a_price_of_zero():
    assert checked(PlanDraft("plan", MONTH, EUR, price=NOTHING)).price == Price(1, NOTHING)
    assert refused(PlanDraft("plan", MONTH, EUR)) == (NoPrice, "price")


def test_there_is_one_price_for_a_licence():
    phases = (Phase(None, euros("1")),)
    tiers = TiersDraft("graduated", (StepDraft(None, euros("1")),))
    assert refused(PlanDraft("plan", MONTH, EUR, price=euros("1"), phases=phases)) == (PriceTwice, "price")
    assert refused(PlanDraft("plan", MONTH, EUR, price=euros("1"), tiers=tiers)) == (PriceTwice, "price")
    assert refused(PlanDraft("plan", MONTH, EUR, tiers=tiers, phases=phases)) == (PriceTwice, "tiers")


def test_lists_have_at_least_one_entry_and_not_more_than_anybody_writes():
    assert refused(in_phases()) == (NothingListed, "phases")
    assert refused(in_steps()) == (NothingListed, "tiers.steps")
    first = [Phase(MONTH, euros("1"))] * (MAX_PARTS - 1)
    assert len(checked(in_phases(*first, Phase(None, euros("1")))).phases) == MAX_PARTS
    assert refused(in_phases(*first, *first)) == (TooManyParts, "phases")


def test_all_phases_but_the_last_have_an_end():
    assert refused(in_phases(Phase(None, euros("1")), Phase(None, euros("2")))) == (PhaseWithoutEnd, "phases.1.for")
    assert refused(in_phases(Phase(MONTH, euros("1")), Phase(MONTH, euros("2")))) == (LastPhaseEnds, "phases.2.for")


@pytest.mark.parametrize(("first", "second"), [(10, 5), (5, 5)])
def test_steps_rise(first: int, second: int):
    draft = in_steps(StepDraft(first, euros("3")), StepDraft(second, euros("2")), StepDraft(None, euros("1")))
    assert refused(draft) == (StepsDoNotRise, "tiers.steps.2.up_to")


def test_the_first_step_has_licences_too():
    assert refused(in_steps(StepDraft(0, euros("3")), StepDraft(None, euros("1")))) == (
        StepsDoNotRise,
        "tiers.steps.1.up_to",
    )


def test_all_steps_but_the_last_have_an_end():
    open_first = in_steps(StepDraft(None, euros("3")), StepDraft(10, euros("2")))
    assert refused(open_first) == (StepWithoutEnd, "tiers.steps.1.up_to")
    closed = in_steps(StepDraft(5, euros("3")), StepDraft(10, euros("2")))
    assert refused(closed) == (LastStepEnds, "tiers.steps.2.up_to")


def test_a_step_has_a_price():
    assert refused(in_steps(StepDraft(5, None), StepDraft(None, euros("1")))) == (
        StepWithoutPrice,
        "tiers.steps.1.price",
    )


def test_what_has_a_length_lasts_a_while():
    no_time = Every(0, "month")
    assert refused(PlanDraft("plan", no_time, EUR, price=euros("1"))) == (NoLength, "every")
    assert refused(PlanDraft("plan", MONTH, EUR, price=euros("1"), trial=no_time)) == (NoLength, "trial")
    assert refused(PlanDraft("plan", MONTH, EUR, price=euros("1"), term=no_time)) == (NoLength, "term")
    assert refused(in_phases(Phase(no_time, euros("1")), Phase(None, euros("2")))) == (NoLength, "phases.1.for")


def test_a_setup_is_not_below_zero():
    minus = money("-0.01", EUR)
    for draft in (
        PlanDraft("plan", MONTH, EUR, price=euros("1"), setup=minus),
        in_phases(Phase(None, euros("1"), minus)),
    ):
        with pytest.raises(NotAnAmount):
            checked(draft)


@pytest.mark.parametrize("key", ["cancel", "remove_licences"])
def test_a_window_has_days(key: str):
    with pytest.raises(WindowWithoutDays) as found:
        check_terms(classic(**{key: "window", "window_days": 0}))
    assert found.value.parameters == {"key": "window_days", "window": key}
    check_terms(classic(**{key: "window", "window_days": 1}))
    check_terms(classic(window_days=0))


def test_a_window_has_days_for_every_customer():
    for_consumers = {"preset": "commit", "by_kind": {"consumer": {"window_days": 0}}}
    with pytest.raises(WindowWithoutDays):
        check_agreement(agreement(for_consumers))
    # Italy opens a window, and consumers have no days: only Italian consumers meet both.
    together = {"by_country": {"IT": {"cancel": "window"}}, "by_kind": {"consumer": {"window_days": 0}}}
    with pytest.raises(WindowWithoutDays):
        check_agreement(agreement(together))
    check_agreement(agreement({"preset": "commit"}))


def test_a_plan_that_is_saved_is_refused_as_its_draft_would_be():
    falling = Tiers("graduated", (Step(10, euros("10.00")), Step(5, euros("8.00")), Step(None, euros("5.00"))))
    with pytest.raises(StepsDoNotRise) as found:
        check_plan(Plan("plan", MONTH, Price(1, NOTHING, tiers=falling)))
    assert found.value.parameters["key"] == "tiers.steps.2.up_to"
    with pytest.raises(PhaseWithoutEnd):
        check_plan(
            Plan("plan", MONTH, Price(1, NOTHING), phases=(Phase(None, euros("5.00")), Phase(None, euros("9.00"))))
        )
    with pytest.raises(PriceTwice):
        check_plan(Plan("plan", MONTH, Price(1, euros("9.00")), phases=(Phase(None, euros("5.00")),)))
    with pytest.raises(NoLength):
        check_plan(Plan("plan", MONTH, Price(1, euros("9.00")), trial=Every(0, "day")))


def test_a_plan_without_contradictions_is_saved():
    rising = Tiers("volume", (Step(5, euros("10.00")), Step(None, euros("8.00"), euros("20.00"))))
    check_plan(Plan("plan", MONTH, Price(1, NOTHING, tiers=rising)))
    check_plan(Plan("free", MONTH, Price(1, NOTHING)))
    check_plan(Plan("plan", MONTH, Price(1, NOTHING), phases=(Phase(MONTH, euros("5.00")), Phase(None, euros("9.00")))))
