"""What a plan charges for a number of licences, part by part."""

import pytest

from core.build import a_plan, steps
from prorata.core.catalog.plans import Item, Plan, parts


def charged(plan: Plan, licences: int, *, phase: int = 0) -> list[tuple[int, bool, str, int]]:
    """Each part: its step, whether it is flat, the price, how many."""
    return [(p.item.step, p.item.flat, str(p.price.amount), p.count) for p in parts(plan, licences, phase=phase)]


def test_a_plain_price_is_one_part() -> None:
    plan = a_plan("12.50", "month")
    assert charged(plan, 10) == [(0, False, "12.50", 10)]
    assert parts(plan, 10)[0].item == Item("plan", 1)


def test_a_flat_price_stands_beside_it_once() -> None:
    assert charged(a_plan("12.50", "month", flat="20.00"), 3) == [(0, False, "12.50", 3), (0, True, "20.00", 1)]


def test_a_price_of_zero_charges_nothing() -> None:
    assert charged(a_plan("0", "month"), 3) == []
    assert charged(a_plan("0", "month", flat="20.00"), 3) == [(0, True, "20.00", 1)]


def test_without_a_licence_nothing_is_charged_not_even_what_is_flat() -> None:
    assert charged(a_plan("12.50", "month", flat="20.00"), 0) == []


@pytest.mark.parametrize(
    ("licences", "step", "price"), [(5, 1, "10.00"), (6, 2, "8.00"), (10, 2, "8.00"), (11, 3, "5.00")]
)
def test_under_volume_tiers_all_licences_cost_what_the_last_one_costs(licences: int, step: int, price: str) -> None:
    tiers = steps("volume", (5, "10.00"), (10, "8.00"), (None, "5.00"))
    assert charged(a_plan("0", "month", tiers=tiers), licences) == [(step, False, price, licences)]


def test_under_graduated_tiers_each_step_has_its_own_licences() -> None:
    plan = a_plan("0", "month", tiers=steps("graduated", (5, "10.00"), (10, "8.00"), (None, "5.00")))
    assert charged(plan, 5) == [(1, False, "10.00", 5)]
    assert charged(plan, 12) == [(1, False, "10.00", 5), (2, False, "8.00", 5), (3, False, "5.00", 2)]


def test_a_phase_has_a_price_of_its_own_and_is_an_item_of_its_own() -> None:
    plan = a_plan("0", "month", phases=(("6 months", "9.95"), (None, "19.95")))
    assert charged(plan, 2, phase=0) == [(0, False, "9.95", 2)]
    assert charged(plan, 2, phase=1) == [(0, False, "19.95", 2)]
    assert parts(plan, 2, phase=1)[0].item == Item("plan", 1, phase=1)
