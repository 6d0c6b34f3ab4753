"""Prices in words: one line for lists, and each part of a price for who is about to buy."""

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.plans import Phase, Plan, Price, Step, Tiers
from prorata.core.money import Money, currency, unit_price
from prorata.wording import Language, wording_for
from prorata.wording.prices import how_often, parts_in_words, short

EUR = currency("EUR")
EN, NL, IT = (wording_for(language) for language in (Language.EN, Language.NL, Language.IT))


def priced(amount: str, *, flat: str | None = None, tiers: Tiers | None = None) -> Price:
    return Price(1, unit_price(amount, EUR), unit_price(flat, EUR) if flat else None, tiers)


def step(up_to: int | None, price: str, flat: str | None = None) -> Step:
    return Step(up_to, unit_price(price, EUR), unit_price(flat, EUR) if flat else None)


PER_LICENCE = Plan("a", every("month"), priced("12.50"))
WITH_FLAT = Plan("a", every("month"), priced("4.95", flat="15.00"))
FLAT_ONLY = Plan("a", every("quarter"), priced("0", flat="150"))
FREE = Plan("a", every("month"), priced("0"))
GRADUATED = Plan(
    "a",
    every("month"),
    priced("0", flat="15.00", tiers=Tiers("graduated", (step(10, "8.20"), step(None, "6.60", "20")))),
)
VOLUME = Plan("a", every("2 weeks"), priced("0", tiers=Tiers("volume", (step(5, "3"), step(None, "0.125")))))
IN_PHASES = Plan(
    "a",
    every("month"),
    priced("0"),
    setup=Money(9900, EUR),
    trial=every("30 days"),
    phases=(
        Phase(every("3 months"), unit_price("5", EUR)),
        Phase(every("year"), unit_price("8", EUR), Money(2500, EUR)),
        Phase(None, unit_price("10", EUR)),
    ),
    term=every("2 years"),
)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (PER_LICENCE, "€12.50 per licence per month"),
        (WITH_FLAT, "€15.00 and €4.95 per licence per month"),
        (FLAT_ONLY, "€150.00 per quarter"),
        (FREE, "free of charge"),
        (GRADUATED, "€15.00 and from €6.60 per licence per month"),
        (VOLUME, "from €0.125 per licence per 2 weeks"),
        (IN_PHASES, "€5.00 per licence per month, later €10.00"),
    ],
)
def test_a_price_is_one_honest_line(plan: Plan, said: str) -> None:
    assert short(EN, plan) == said


def test_in_its_last_phase_a_plan_costs_what_that_one_says() -> None:
    assert short(EN, IN_PHASES, phase=1) == "€8.00 per licence per month, later €10.00"
    assert short(EN, IN_PHASES, phase=2) == "€10.00 per licence per month"


def test_every_part_of_a_price_is_a_sentence() -> None:
    assert parts_in_words(EN, PER_LICENCE) == ("€12.50 per licence per month.",)
    assert parts_in_words(EN, FLAT_ONLY) == ("€150.00 per quarter for the subscription, for any number of licences.",)
    assert parts_in_words(EN, FREE) == ("It is free of charge.",)
    assert parts_in_words(EN, IN_PHASES) == (
        "Free for 30 days, as a trial.",
        "First €5.00 per licence per month for 3 months.",
        "Then €8.00 per licence per month for 1 year. €25.00 once as it begins.",
        "After that €10.00 per licence per month.",
        "€99.00 once, with the first bill, to set it up.",
        "It ends by itself after 2 years.",
    )


def test_the_steps_of_a_price_say_how_they_count() -> None:
    assert parts_in_words(EN, GRADUATED) == (
        "Each licence costs what its own step says, per month:",
        "licences 1 to 10: €8.20 each",
        "from licence 11 on: €6.60 each, and €20.00 beside it",
        "€15.00 per month for the subscription, for any number of licences.",
    )
    assert parts_in_words(EN, VOLUME) == (
        "All licences cost what the step says that their number falls in, per 2 weeks:",
        "licences 1 to 5: €3.00 each",
        "from licence 6 on: €0.125 each",
    )


def test_prices_are_said_in_dutch_and_italian() -> None:
    assert short(NL, WITH_FLAT) == "€\u00a015,00 en €\u00a04,95 per licentie per maand"
    assert short(IT, GRADUATED) == "15,00\u00a0€ e da 6,60\u00a0€ per licenza al mese"
    assert parts_in_words(NL, IN_PHASES)[0] == "30 dagen gratis, als proefperiode."
    assert parts_in_words(IT, IN_PHASES)[-1] == "Termina da sé dopo 2 anni."


def test_how_often_something_is_billed_is_a_word() -> None:
    assert [how_often(w, every("year")) for w in (EN, NL, IT)] == ["yearly", "per jaar", "annuale"]
    assert [how_often(w, every("2 weeks")) for w in (EN, NL, IT)] == [
        "every 2 weeks",
        "per 2 weken",
        "ogni 2 settimane",
    ]
