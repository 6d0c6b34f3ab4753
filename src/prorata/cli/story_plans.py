"""What a story sells: its currency, its plans, and the terms of each for the story's customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from prorata.cli.story_terms import read_terms
from prorata.cli.yaml_values import Value, shown
from prorata.core.calendar import Every, every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.terms import Agreement
from prorata.core.errors import DomainError
from prorata.core.money import Currency, UnitPrice, currency, unit_price
from prorata.core.stories.model import StoryPlan

MAX_PLANS = 1_000

Kind = Literal["business", "consumer"]
_LATER = ("flat", "setup", "trial", "phases", "term", "tiers")


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
    entries.only("price", "every", "terms", later=_LATER)
    price = entries.need("price", why='what a licence costs for a period, such as "12.50"')
    length = entries.need("every", why="how often it is billed: month, year, 30 days …")
    plan = Plan(value.key, _every(length), Price(1, _price(price, selling.currency)))
    terms = entries.get("terms")
    agreement = read_terms(terms, over=selling.agreement) if terms else selling.agreement
    customer = selling.customer
    return StoryPlan(plan, agreement.for_customer(country=customer.country, kind=customer.kind))


def _price(value: Value, of: Currency) -> UnitPrice:
    text = value.amount()
    try:
        return unit_price(text, of)
    except DomainError:
        raise value.wrong(f'"{shown(text)}" is not a price: write digits with a point, such as "12.50"') from None


def _every(value: Value) -> Every:
    text = value.text()
    try:
        return every(text)
    except DomainError:
        units = "day, week, month, quarter, year, or a number of them such as 30 days"
        raise value.wrong(f'"{shown(text)}" is not a length of time: write {units}') from None
