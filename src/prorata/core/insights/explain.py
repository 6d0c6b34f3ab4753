"""Why a document differs from the one before it, as data: reasons whose amounts add up to the difference, exactly.

Which document is the one before, `past.py` says. The first of a profile has none: everything on it is new.

Every line of the two documents counts once: either in what periods cost (`steps.py`: licences, price, days), or with
what happened (a change, an end, a setup, something given back), or as a discount. Tax stands apart, rate by rate. How
a document is paid, from credit or by a method, is no part of its total and no reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from prorata.core.actors import Side
from prorata.core.documents.model import Document, Line, TaxGroup, Why
from prorata.core.insights.past import Past
from prorata.core.insights.regular import Slot, Sorted, is_regular, sort_lines
from prorata.core.insights.steps import Charged, StepWhy, charged, steps
from prorata.core.money import Currency, Money, total, zero
from prorata.core.records import record

ReasonWhy = Why | StepWhy | Literal["setup", "late", "unchanged", "absent", "covered"]
"""Beside the causes of lines. `setup`: charged once. `late`: for days that were billed before. `unchanged`: periods
cost what they did. `days`: more or fewer of them. `rounding`: the same days in other parts. `absent`: nothing of it on
this document, for a cause that documents do not tell. `covered`: its days are paid for already."""

Kind = Literal["new", "changed", "gone", "once", "was_once"]
"""`new`: periods that the one before did not charge; `changed`: that it charged otherwise; `gone`: that it charged and
this one does not. `once`: lines of this document beside that; `was_once`: those of the one before, which do not come
again. A discount is `new`, `changed` or `gone`."""


_Event = tuple[ReasonWhy, date | None, Side | None]
_BY_HAND: Final = frozenset[ReasonWhy](("setup", "goodwill", "refund"))
"""What reaches no other days than those of its own lines."""
_GOES_ON: Final = frozenset[Why](("reactivation", "resume"))


@record
class Reason:
    """One cause of a difference and its net amount: above zero where it makes the document dearer.

    `lines` are those of this document, or (`gone`, `was_once`) of the one before, with the amounts they have there.
    `was` and `now`: what the periods cost then and now, where both are known. `on`: when it happened, if that is known.
    """

    why: ReasonWhy
    kind: Kind
    subscription: int
    amount: Money
    lines: tuple[Line, ...]
    on: date | None = None
    by: Side | None = None
    was: Charged | None = None
    now: Charged | None = None


@record
class TaxReason:
    """How much more tax of a rate (percent) there is, and the groups that it comes from."""

    rate: Fraction
    amount: Money
    was: TaxGroup | None
    now: TaxGroup | None


@record
class Explanation:
    """`net` and `tax` are the differences; the amounts of `reasons` and of `taxes` add up to them, each to its own."""

    before: Document | None
    reasons: tuple[Reason, ...]
    taxes: tuple[TaxReason, ...]
    net: Money
    tax: Money


def explain(document: Document, past: Past) -> Explanation:
    """Say why a document differs from the one before it; see the module."""
    before, of = past.before, document.total.currency
    lines = before.lines if before else ()
    reasons: list[Reason] = []
    for subscription in sorted({line.subscription for line in (*document.lines, *lines)}):
        was = sort_lines(_of(lines, subscription), covered_to=(past.covered or {}).get(subscription))
        now = sort_lines(_of(document.lines, subscription), covered_to=was.end)
        reasons += _Subscription(subscription, was, now, document, past, of).reasons()
    return Explanation(
        before=before,
        reasons=tuple(reasons),
        taxes=_taxes(before.taxes if before else (), document.taxes, of=of),
        net=document.net - before.net if before else document.net,
        tax=document.tax - before.tax if before else document.tax,
    )


def _of(lines: Iterable[Line], subscription: int) -> list[Line]:
    return [line for line in lines if line.subscription == subscription]


@record
class _Subscription:
    """One subscription's lines on the document and on the one before."""

    id: int
    was: Sorted
    now: Sorted
    document: Document
    past: Past
    of: Currency

    def reasons(self) -> list[Reason]:
        """What happened first, then what periods cost, then what was only on the one before."""
        return [
            *self._grouped(self.now, kind="once"),
            *self._periods(),
            *self._discounts(),
            *self._grouped(self.was, kind="was_once"),
        ]

    def _grouped(self, found: Sorted, *, kind: Kind) -> list[Reason]:
        """A reason for each thing that happened: lines of one cause and day belong together.

        What it makes of days that were billed before belongs to it too, where only one thing can have done so.
        """
        groups: dict[_Event, list[Line]] = {}
        for line in found.once:
            groups.setdefault(_event_of(line), []).append(line)
        changes = [event for event in groups if event[0] not in _BY_HAND]
        if found.late:
            late = changes[0] if len(changes) == 1 else ("late", None, None)
            groups.setdefault(late, []).extend(found.late)
        sign = -1 if kind == "was_once" else 1
        return [
            Reason(why, kind, self.id, self._sum(members, sign=sign), tuple(members), on, by)
            for (why, on, by), members in groups.items()
        ]

    def _periods(self) -> list[Reason]:
        was, now = self.was.slots, self.now.slots
        if was and now:
            return self._changed()
        if now:
            lines = _lines(now)
            cause = lines[0].cause
            return [Reason(cause.why, "new", self.id, self._sum(lines), lines, cause.on, cause.by, now=charged(now))]
        if was:
            lines = _lines(was)
            why, on, by = self._gone()
            return [Reason(why, "gone", self.id, self._sum(lines, sign=-1), lines, on, by, was=charged(was))]
        return []

    def _changed(self) -> list[Reason]:
        was, now = charged(self.was.slots), charged(self.now.slots)
        lines = _lines(self.now.slots)
        found = [
            Reason(
                step.why,
                "changed",
                self.id,
                step.amount,
                lines,
                *self._when(step.why),
                was=replace(was, price=step.old),
                now=replace(now, price=step.new),
            )
            for step in steps(self.was.slots, self.now.slots)
        ]
        same = Reason("unchanged", "changed", self.id, zero(self.of), lines, was=was, now=now)
        return found or [same]

    def _when(self, why: ReasonWhy) -> tuple[date | None, Side | None]:
        """When a change of this cause happened, if it stands on a line since the one before."""
        cause = next((line.cause for line in self._since() if line.cause.why == why), None)
        return (cause.on, cause.by) if cause else (None, None)

    def _gone(self) -> tuple[ReasonWhy, date | None, Side | None]:
        """Why a period is not charged again: it ended, it rests, its days are paid for; else documents do not tell."""
        for one in (self.document, *reversed(self.past.between)):
            causes = [line.cause for line in reversed(one.lines) if line.subscription == self.id]
            if one is not self.document and _GOES_ON.intersection(cause.why for cause in causes):
                # It has begun again since, and that was told with what it cost.
                break
            last = next((cause for cause in causes if cause.why in {"ending", "pause"}), None)
            if last:
                return last.why, last.on, last.by
        paid_for = (*_lines(self.was.slots), *filter(is_regular, self._since()))
        is_covered = any(line.period.end > self.document.date for line in paid_for)
        return ("covered" if is_covered else "absent"), None, None

    def _since(self) -> list[Line]:
        """This subscription's lines of this document and of those between, the newest first."""
        newest = (self.document, *reversed(self.past.between))
        return [line for one in newest for line in reversed(one.lines) if line.subscription == self.id]

    def _discounts(self) -> list[Reason]:
        """What each discount takes off, now and then."""
        was, now = _by_discount(self.was.discounts), _by_discount(self.now.discounts)
        found: list[Reason] = []
        for discount in sorted({*was, *now}):
            old, new = was.get(discount, []), now.get(discount, [])
            amount = self._sum(new) - self._sum(old)
            if amount or not (old and new):
                kind: Kind = "changed" if old and new else "new" if new else "gone"
                cause = (new or old)[0].cause
                found.append(Reason("discount", kind, self.id, amount, tuple(new or old), cause.on, cause.by))
        return found

    def _sum(self, lines: Iterable[Line], *, sign: int = 1) -> Money:
        amount = total((line.amount for line in lines), self.of)
        return amount if sign > 0 else -amount


def _event_of(line: Line) -> _Event:
    return ("setup" if line.kind == "setup" else line.cause.why), line.cause.on, line.cause.by


def _lines(slots: Sequence[Slot]) -> tuple[Line, ...]:
    return tuple(line for slot in slots for line in slot.lines)


def _by_discount(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.discount or 0, []).append(line)
    return found


def _taxes(was: Iterable[TaxGroup], now: Iterable[TaxGroup], *, of: Currency) -> tuple[TaxReason, ...]:
    old, new = ({group.rate: group for group in groups} for groups in (was, now))
    found: list[TaxReason] = []
    for rate in sorted({*old, *new}):
        one, other = old.get(rate), new.get(rate)
        amount = (other.tax if other else zero(of)) - (one.tax if one else zero(of))
        if amount:
            found.append(TaxReason(rate, amount, one, other))
    return tuple(found)
