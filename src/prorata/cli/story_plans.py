"""What a story sells: its currency, its plans, and the terms of each for the story's customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from prorata.cli.story_amounts import read_length, read_money, read_price
from prorata.cli.story_terms import contradicted, read_terms
from prorata.cli.yaml_values import Entries, Value, shown
from prorata.core.catalog.check_plans import MAX_PARTS, ContradictoryPlan, PlanDraft, StepDraft, TiersDraft, checked
from prorata.core.catalog.plans import Phase
from prorata.core.catalog.terms import Agreement
from prorata.core.errors import DomainError
from prorata.core.money import Currency, currency
from prorata.core.stories.model import StoryPlan

MAX_PLANS = 1_000

Kind = Literal["business", "consumer"]
_KEYS = ("price", "every", "flat", "setup", "trial", "phases", "term", "tiers", "terms")


@dataclass(frozen=True, slots=True)
class Customer:
    """To whom is sold: terms may differ by country and by kind."""

    country: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Selling:
    """What all plans of a story share."""

    currency: Currency
    agreement: Agreement
    customer: Customer


def read_currency(value: Value | None) -> Currency:
    """Read a currency, EUR where none is said. Raises `WrongFile`."""
    if value is None:
        return currency("EUR")
    text = value.text()
    try:
        return currency(text)
    except DomainError:
        raise value.wrong(f'"{shown(text)}" is not a currency: write three capital letters, such as EUR') from None


def read_plans(value: Value, selling: Selling) -> dict[str, StoryPlan]:
    """Read the plans, by name. Raises `WrongFile`."""
    found = value.entries().found
    if not 1 <= len(found) <= MAX_PLANS:
        raise value.wrong(f"a story has 1 to {MAX_PLANS:,} plans")
    return {name: _plan(plan, selling) for name, plan in found.items()}


def _plan(value: Value, selling: Selling) -> StoryPlan:
    entries = value.entries()
    entries.only(*_KEYS)
    draft = _draft(entries, selling.currency)
    terms = entries.get("terms")
    agreement = read_terms(terms, over=selling.agreement) if terms else selling.agreement
    customer = selling.customer
    try:
        plan = checked(draft)
    except ContradictoryPlan as error:
        raise contradicted(value, error) from None
    return StoryPlan(plan, agreement.for_customer(country=customer.country, kind=customer.kind))


def _draft(entries: Entries, of: Currency) -> PlanDraft:
    price, flat, setup = (entries.get(key) for key in ("price", "flat", "setup"))
    trial, term = (entries.get(key) for key in ("trial", "term"))
    tiers, phases = (entries.get(key) for key in ("tiers", "phases"))
    return PlanDraft(
        name=entries.value.key,
        every=read_length(entries.need("every", why="how often it is billed: month, year, 30 days …")),
        currency=of,
        price=read_price(price, of) if price else None,
        flat=read_price(flat, of) if flat else None,
        tiers=_tiers(tiers, of) if tiers else None,
        phases=_phases(phases, of) if phases else None,
        setup=read_money(setup, of, fewest=0) if setup else None,
        trial=read_length(trial) if trial else None,
        term=read_length(term) if term else None,
    )


def _tiers(value: Value, of: Currency) -> TiersDraft:
    entries = value.entries()
    entries.only("kind", "steps")
    kind = entries.need("kind", why="volume or graduated").one_of("volume", "graduated")
    steps = entries.need("steps", why='a list such as [{up_to: 5, price: "10.00"}, {price: "8.00"}]')
    read = tuple(_step(step, of) for step in _parts(steps, "step"))
    return TiersDraft(cast('Literal["volume", "graduated"]', kind), read)


def _step(value: Value, of: Currency) -> StepDraft:
    entries = value.entries()
    entries.only("up_to", "price", "flat")
    up_to, price, flat = (entries.get(key) for key in ("up_to", "price", "flat"))
    return StepDraft(
        up_to=up_to.whole(fewest=1) if up_to else None,
        price=read_price(price, of) if price else None,
        flat=read_price(flat, of) if flat else None,
    )


def _phases(value: Value, of: Currency) -> tuple[Phase, ...]:
    return tuple(_phase(phase, of) for phase in _parts(value, "phase"))


def _phase(value: Value, of: Currency) -> Phase:
    entries = value.entries()
    entries.only("for", "price", "setup")
    length, setup = entries.get("for"), entries.get("setup")
    return Phase(
        length=read_length(length) if length else None,
        amount=read_price(entries.need("price", why='what a licence costs in this phase, such as "9.95"'), of),
        setup=read_money(setup, of, fewest=0) if setup else None,
    )


def _parts(value: Value, called: str) -> list[Value]:
    """The parts of a list, not more of them than can be looked at; their number itself is checked with the plan."""
    return [Value(item.node, called) for item in value.items()[: MAX_PARTS + 1]]
