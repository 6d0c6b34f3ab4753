"""Reading a story from a file. Whatever is wrong names its line and its key, and nothing is played."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from prorata.cli.story_amounts import read_percent
from prorata.cli.story_events import read_events
from prorata.cli.story_money import PAYMENT_MODES
from prorata.cli.story_plans import Customer, Kind, Selling, read_currency, read_plans
from prorata.cli.story_reading import Known
from prorata.cli.story_terms import country, read_terms
from prorata.cli.yaml_tree import tree
from prorata.cli.yaml_values import Entries, Value, meant, shown
from prorata.core.calendar import business_date
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement
from prorata.core.events import PaymentMode
from prorata.core.stories.model import Story, StoryEvent
from prorata.core.stories.result import Json

MAX_YEARS = 50

_KEYS = (
    "story", "currency", "zone", "billing", "payment", "tax", "seller", "customer", "terms", "plans", "events", "until",
    "expect",
)  # fmt: skip
_DEFAULT_COUNTRY = "NL"

Billing = Literal["daily", "manual"]


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A story, and what its file expects of the result: None where it expects nothing."""

    story: Story
    expect: Json


def read_story(raw: bytes) -> StoryFile:
    """Read a story (YAML or JSON, UTF-8). Raises `WrongFile`."""
    entries = tree(raw, key="story").entries()
    entries.only(*_KEYS)
    title = entries.need("story", why="what the story is called").text()
    of = read_currency(entries.get("currency"))
    zone = _zone(entries.get("zone"))
    seller_country, customer = _parties(entries)
    terms = entries.get("terms")
    agreement = read_terms(terms) if terms else Agreement(CLASSIC)
    plans = read_plans(entries.need("plans", why="what is sold"), Selling(of, agreement, customer))
    events = read_events(entries.need("events", why="what happens"), Known(zone, of, plans))
    story = Story(
        title=title,
        currency=of,
        zone=zone,
        billing=cast("Billing", _word(entries, "billing", "daily", "manual")),
        payment=cast("PaymentMode", _word(entries, "payment", *PAYMENT_MODES)),
        tax_rate=_tax(entries.get("tax")),
        seller_country=seller_country,
        country=customer.country,
        kind=customer.kind,
        plans=tuple(plans.values()),
        events=events,
        until=_until(entries, events, zone=zone),
    )
    expect = entries.get("expect")
    return StoryFile(story, _expect(expect) if expect else None)


def _word(entries: Entries, key: str, *allowed: str) -> str:
    """One of a few words; the first where the key is left out."""
    value = entries.get(key)
    return value.one_of(*allowed) if value else allowed[0]


def _zone(value: Value | None) -> ZoneInfo:
    if value is None:
        return ZoneInfo("UTC")
    name = value.text()
    zones = available_timezones()
    # `localtime` would be another zone on each machine.
    if name not in zones or name == "localtime":
        raise value.wrong(f'"{shown(name)}" is not a time zone: write one such as Europe/Amsterdam{meant(name, zones)}')
    return ZoneInfo(name)


def _tax(value: Value | None) -> Fraction | None:
    if value is None or value.raw == "none":
        return None
    if value.raw == "eu":
        raise value.wrong("eu is not available yet")
    if value.raw is not None:
        raise value.wrong('must be none, or one rate on all such as {rate: "21"}')
    entries = value.entries()
    entries.only("rate")
    rate = entries.need("rate", why='one rate on all such as {rate: "21"}')
    return read_percent(rate, called="a rate")


def _parties(entries: Entries) -> tuple[str, Customer]:
    """The seller's country, and the customer; the customer's is the seller's unless it is said."""
    seller, customer = entries.get("seller"), entries.get("customer")
    seller_country, kind = _DEFAULT_COUNTRY, "business"
    if seller:
        seller_country = _country_of(_party(seller, "country", "vat_id"), seller_country)
    customer_country = seller_country
    if customer:
        found = _party(customer, "country", "vat_id", "kind")
        customer_country = _country_of(found, seller_country)
        kind = _word(found, "kind", "business", "consumer")
    return seller_country, Customer(customer_country, cast("Kind", kind))


def _party(value: Value, *known: str) -> Entries:
    entries = value.entries()
    entries.only(*known)
    vat_id = entries.get("vat_id")
    if vat_id:
        vat_id.text()
    return entries


def _country_of(entries: Entries, otherwise: str) -> str:
    value = entries.get("country")
    return country(value) if value else otherwise


def _until(entries: Entries, events: tuple[StoryEvent, ...], *, zone: ZoneInfo) -> date:
    first, last = (business_date(event.at, zone) for event in (events[0], events[-1]))
    value = entries.get("until")
    until = value.day() if value else last
    at_fault = value or entries.need("events", why="what happens")
    if until < last:
        raise at_fault.wrong(f"the clock does not go back: the last event is on {last}")
    if until.year - first.year > MAX_YEARS:
        raise at_fault.wrong(f"a story lasts at most {MAX_YEARS} years: this one begins on {first}")
    return until


def _expect(value: Value) -> Json:
    value.entries()
    return value.plain()
