"""Terms: all the choices of an agreement in one policy object.

A subscription keeps the terms it was sold under. Two presets are shipped; a seller copies and edits them. The meaning
of each key is in section 4 of the product's design; the presets' values are data of `presets.py`, never constants of a
rule.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from prorata.core.calendar import Anchor
from prorata.core.records import record

Refund = Literal["to_method", "credit", "none"]
When = Literal["now", "renewal"]
ChangeWhen = Literal["now", "renewal", "by_direction"]
AnchorChange = Literal["keep", "restart"] | int | date
"""What a change does to the grid: it stays, it begins anew, it moves to another day, or to a date."""


@record
class RefundPolicy:
    """Where the worth of a credit goes: `end` for endings, `change` for fewer licences, cheaper plans and pauses."""

    end: Refund
    change: Refund


@record
class CancelLimit:
    """Up to and including so many licences a business may cancel online; `counts` says which licences."""

    licences: int
    counts: Literal["assigned", "purchased"]


@record
class LicenceBounds:
    """The fewest and the most licences that a subscription may have."""

    fewest: int
    most: int


@record
class TrialTerms:
    """For how many licences a trial may be had, whether a method must be there, and whether it converts without one."""

    licences: int
    card: bool
    converts: Literal["with_method", "always"]


@record
class TrialExtension:
    """By how many days a trial may be extended, once or again, in its last days."""

    days: int
    once: bool
    within_days: int


@record
class Terms:
    """The choices of an agreement; lengths are in days."""

    billed: Literal["advance", "arrears"]
    anchor: Anchor
    proration: Literal["day", "second", "thirty", "none"]
    end_day: Literal["free", "charged"]
    add_licences: When
    remove_licences: Literal["credit", "window", "renewal", "kept"]
    change_plan: ChangeWhen
    change_frequency: ChangeWhen
    change_anchor: Literal["keep", "restart"]
    cancel: Literal["now", "window", "period_end"]
    window_days: int
    refund: RefundPolicy
    invoice_changes: Literal["now", "next"]
    final_document: Literal["now", "next_billing_date"]
    online_cancel_limit: CancelLimit | None
    licences: LicenceBounds
    trial: TrialTerms
    extend_trial: TrialExtension | None
    payment_terms: int
    grace_days: int
    expired_days: int
    disabled_days: int
    conflict_days: int
    price_change_notice: int
    announce_days: tuple[int, ...]
    backdate_days: int


@record
class Agreement:
    """Terms as a seller writes them: a base, and what differs by the account's country and kind.

    `by_country` and `by_kind` hold whole terms, already merged over the base of the key they name; where both apply,
    only what the kind changes against the base is laid over the country's.
    """

    base: Terms
    by_country: tuple[tuple[str, Terms], ...] = ()
    by_kind: tuple[tuple[str, Terms], ...] = ()

    def for_customer(self, *, country: str, kind: str) -> Terms:
        """The terms that this customer buys under."""
        terms = dict(self.by_country).get(country, self.base)
        special = dict(self.by_kind).get(kind)
        return terms if special is None else laid_over(terms, special, base=self.base)


def laid_over(terms: Terms, special: Terms, *, base: Terms) -> Terms:
    """What `special` changes against `base`, laid over other terms."""
    changed = {
        name: getattr(special, name)
        for name in Terms.__dataclass_fields__
        if getattr(special, name) != getattr(base, name)
    }
    return replace(terms, **changed)
