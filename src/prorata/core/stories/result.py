"""The result of a story as plain data, in the order and form that files and other programs rely on.

Amounts are text in major units with the currency's decimals, dates are ISO text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from prorata.core.documents.model import Line
from prorata.core.documents.numbers import Issued
from prorata.core.ledger.transfers import LEDGER
from prorata.core.stories.told import Told
from prorata.core.subscriptions.model import Subscription, Turn, certain_end, overlays, timetable

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Says = Callable[[Line], str]


def result(told: Told, *, title: str, says: Says, with_previews: bool) -> dict[str, Json]:
    """Write out an account. `says` puts a line into a sentence; `with_previews`: the story asks for some."""
    names = {subscription.id: subscription.name for subscription in told.subscriptions}
    late = past_due(told)
    written: dict[str, Json] = {
        "story": title,
        "documents": [_document(issued, names, says=says) for issued in told.documents],
        "subscriptions": {s.name: _subscription(s, past_due=s.id in late) for s in told.subscriptions},
        "account": {
            "owed": str(told.owed),
            "credit": str(told.credit),
            "paid": str(told.paid),
            "refunded": str(told.refunded),
        },
        "timeline": _timeline(told),
        "ledger": {name: str(told.balances[name]) for name in LEDGER},
        "parked": [],
    }
    if with_previews:
        written["previews"] = [_document(shown.issued, shown.names, says=says) for shown in told.previews]
    return written


def _document(issued: Issued, names: Mapping[int, str], *, says: Says) -> Json:
    document, standing = issued.document, issued.standing
    return {
        "kind": document.kind,
        "number": issued.number,
        "date": document.date.isoformat(),
        "due": _day(document.due),
        "lines": [_line(line, names[line.subscription], says=says) for line in document.lines],
        "net": str(document.net),
        "tax": str(document.tax),
        "total": str(document.total),
        "credit_used": str(standing.credit_used),
        "paid": str(standing.paid),
        "left": str(standing.left),
    }


def _line(line: Line, subscription: str, *, says: Says) -> Json:
    # A discount has the days of its charge, and shows none: it takes something off, it does not count.
    counts = line.kind != "discount"
    return {
        "subscription": subscription,
        "kind": line.kind,
        "from": line.period.start.isoformat(),
        "to": line.period.end.isoformat(),
        "licences": line.licences if counts else None,
        "unit_price": str(line.price) if line.price else None,
        "days": line.days if counts else None,
        "of_days": line.of_days if counts else None,
        "amount": str(line.amount),
        "corrects": [line.corrects.document, line.corrects.line] if line.corrects else None,
        "says": says(line),
    }


def _subscription(subscription: Subscription, *, past_due: bool) -> Json:
    return {
        "state": subscription.state,
        "overlays": list(overlays(subscription, past_due=past_due)),
        "licences": subscription.licences,
        "assigned": subscription.assigned,
        "anchor": subscription.grid.day,
        "billed_to": _day(subscription.billed_to),
        "ends": _day(end[0] if (end := certain_end(subscription)) else None),
    }


def past_due(told: Told) -> frozenset[int]:
    """The subscriptions, by id, on whose bills something is open after its due date."""
    return frozenset(
        line.subscription
        for issued in told.documents
        if issued.standing.left.minor > 0 and issued.standing.due and issued.standing.due < told.on
        for line in issued.document.lines
    )


def timeline(told: Told) -> list[tuple[Turn, str]]:
    """Every change of state that was and that is certain to come, with the subscription's name.

    In the order of days; on one day what was asked for earlier comes first, at one instant what was bought earlier.
    """
    turns = [(turn, s.name) for s in told.subscriptions for turn in timetable(s)]
    return sorted(turns, key=lambda found: (found[0].on, found[0].at))


def _timeline(told: Told) -> list[Json]:
    return [{"at": turn.on.isoformat(), "subscription": name, "what": turn.state} for turn, name in timeline(told)]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
