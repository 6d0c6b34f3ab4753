"""The words for the codes of the rules, the same on every page, document and mail.

The codes are those that the core, stories and the interface use; the words are those of `docs/glossary.md`.
"""

from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

STATES = {
    "scheduled": mark("scheduled"),
    "trial": mark("trial"),
    "active": mark("active"),
    "expired": mark("expired"),
    "disabled": mark("disabled"),
    "deleted": mark("deleted"),
}

OVERLAYS = {
    "past_due": mark("past due"),
    "paused": mark("paused"),
    "cancels": mark("cancellation planned"),
    "change": mark("change planned"),
}

DOCUMENT_KINDS = {
    "invoice": mark("Invoice"),
    "credit_note": mark("Credit note"),
    "receipt": mark("Receipt"),
}

DOCUMENT_STATES = {
    "open": mark("open"),
    "past_due": mark("past due"),
    "paid": mark("paid"),
    "settled": mark("settled"),
}

_PER_ONE = {
    "day": mark("per day"),
    "week": mark("per week"),
    "month": mark("per month"),
    "quarter": mark("per quarter"),
    "year": mark("per year"),
}
_PER_MANY = {
    "day": mark_plural("per {count} day", "per {count} days"),
    "week": mark_plural("per {count} week", "per {count} weeks"),
    "month": mark_plural("per {count} month", "per {count} months"),
    "quarter": mark_plural("per {count} quarter", "per {count} quarters"),
    "year": mark_plural("per {count} year", "per {count} years"),
}


def state_word(w: Wording, state: str) -> str:
    """The word for a state of a subscription. Raises `KeyError` for a code that is none."""
    return w.t(STATES[state])


def overlay_word(w: Wording, overlay: str) -> str:
    """The word for what lies over a state. Raises `KeyError` for a code that is none."""
    return w.t(OVERLAYS[overlay])


def document_kind_word(w: Wording, kind: str) -> str:
    """The title of a document. Raises `KeyError` for a code that is none."""
    return w.t(DOCUMENT_KINDS[kind])


def document_state_word(w: Wording, state: str) -> str:
    """The word for how far a document is paid. Raises `KeyError` for a code that is none."""
    return w.t(DOCUMENT_STATES[state])


def per_period(w: Wording, unit: str, *, count: int = 1) -> str:
    """How often a price is charged: `per_period(w, "month")`, `per_period(w, "day", count=30)`.

    Raises `KeyError` for a unit that is none of day, week, month, quarter and year.
    """
    if count == 1:
        return w.t(_PER_ONE[unit])
    singular, plural = _PER_MANY[unit]
    return w.n(singular, plural, count)
