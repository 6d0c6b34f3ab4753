"""How long the law keeps what was issued: whole years, counted from the end of the year of issue.

Source: article 52(4) AWR keeps a company's records for seven years in the Netherlands, article 2220 of the civil code
for ten in Italy. Which rule counts follows from the seller's country and the day of issue; the rules are data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from prorata.core.errors import DomainError
from prorata.core.records import record

EVERYWHERE_ELSE: Final = "ZZ"
"""The country of the rule for countries that have none of their own."""


class NoRetention(DomainError):
    """No rule says how long something is kept."""

    code = "no_retention"


@record
class Retention:
    """A rule: what is issued in a country from a day on is kept for so many years, by this law."""

    country: str
    start: date
    years: int
    law: str


def rule_of(rules: Iterable[Retention], country: str, *, issued: date) -> Retention:
    """The rule that was in force on the day of issue; raises `NoRetention`."""
    there = [one for one in rules if one.start <= issued and one.country in {country, EVERYWHERE_ELSE}]
    if not there:
        raise NoRetention(country=country, day=issued.isoformat())
    # The country's own before that of all others, and then the newest.
    return max(there, key=lambda one: (one.country == country, one.start))


def kept_until(rule: Retention, issued: date) -> date:
    """The last day on which it must be there."""
    return date(issued.year + rule.years, 12, 31)
