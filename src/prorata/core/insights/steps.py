"""From what was charged for periods to what is, in steps of one cause each.

Between two bills the licences may change, the price, and the days. Each step changes one of these and leaves the rest;
the amounts in between are made by the rule that made the real ones, from the inputs of their proofs. So the steps add
up to the difference exactly, however each amount was rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal

from prorata.core.catalog.plans import Item
from prorata.core.documents.model import Line
from prorata.core.insights.regular import Slot
from prorata.core.money import Money, UnitPrice, total
from prorata.core.proof import ChargeProof, prove
from prorata.core.records import record

StepWhy = Literal["licences", "plan", "frequency", "phase", "price", "days", "rounding"]
Share = tuple[int, int]
"""Days, and those of the whole period, as the terms count them."""

_SAME_RHYTHM: Final = Fraction(9, 8)
"""Periods of one length differ by less: 28 and 31 days are a month, 30 and 90 are not."""


@record
class Rate:
    """One item of what a period costs: `licences` is None for what is flat."""

    item: Item
    price: UnitPrice
    licences: int | None


@record
class Step:
    """How much more (or less) one cause makes; `differs`: it is a real change, even where it costs nothing.

    `old` and `new`: the prices before and after the step, where there is one each.
    """

    why: StepWhy
    amount: Money
    differs: bool
    old: UnitPrice | None
    new: UnitPrice | None


@record
class Charged:
    """What a subscription was charged for periods: its state at the end of them, their shares, and the whole amount.

    `licences` is None where only flat amounts are charged, `price` where there is more than one.
    """

    plan: str
    licences: int | None
    price: UnitPrice | None
    shares: tuple[Share, ...]
    amount: Money


_Card = tuple[Rate, ...]
_State = list[tuple[_Card, Share]]


def charged(slots: Sequence[Slot]) -> Charged:
    """The facts of some slots (at least one)."""
    card = _card(slots[-1])
    lines = [line for slot in slots for line in slot.lines]
    return Charged(
        plan=card[0].item.plan,
        licences=_licences(card),
        price=_price(card),
        shares=tuple(_share(slot) for slot in slots),
        amount=total((line.amount for line in lines), lines[0].amount.currency),
    )


def steps(was: Sequence[Slot], now: Sequence[Slot]) -> tuple[Step, ...]:
    """What makes the slots of a document dearer or cheaper than those of the one before; both have at least one.

    Where the rhythm stays, the days come before the licences and the price, so that these stand with the days of the
    new document; where it changes, they come last, for a share of another rhythm says nothing.
    """
    old, new = _card(was[-1]), _card(now[-1])
    other_rhythm = not _alike(_share(was[-1]), _share(now[-1]))
    path = _Path(was)
    path.toward([(old, _share(slot)) for slot in was])
    if other_rhythm:
        path.toward([(new, _share(slot)) for slot in was], other_rhythm=True)
        path.stretch([(new, _share(slot)) for slot in now])
    else:
        path.stretch([(old, _share(slot)) for slot in now])
    path.toward([(_card(slot), _share(slot)) for slot in now])
    return _merged(path.found)


class _Path:
    """The way from one document's charges to the other's; `found` are the steps so far."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._state: _State = [(_card(slot), _share(slot)) for slot in slots]
        self._amount = charged(slots).amount
        self.found: list[Step] = []

    def toward(self, target: _State, *, other_rhythm: bool = False) -> None:
        """To other licences, then to another price, over the same days."""
        if self._state == target:
            return
        licensed = [
            (_licensed(card, as_in=to), share) for (card, share), (to, _) in zip(self._state, target, strict=True)
        ]
        self._step("licences", licensed)
        pairs = [(card, to) for (card, _), (to, _) in zip(self._state, target, strict=True) if card != to]
        if pairs:
            self._step(_why(*pairs[-1], other_rhythm=other_rhythm), target)

    def stretch(self, target: _State) -> None:
        """To other days, at the same price."""
        before, after = (sum((Fraction(*share) for _, share in state), Fraction(0)) for state in (self._state, target))
        self._step("rounding" if before == after else "days", target)

    def _step(self, why: StepWhy, target: _State) -> None:
        if target == self._state:
            return
        amount, old, new = _amount(target), _price(self._state[0][0]), _price(target[-1][0])
        differs = why not in {"days", "rounding"}
        self.found.append(Step(why, amount - self._amount, differs, old, new))
        self._state, self._amount = target, amount


def _merged(found: Iterable[Step]) -> tuple[Step, ...]:
    """One step for each cause, in the order in which they first come; what changes nothing is left out."""
    by_why: dict[StepWhy, Step] = {}
    for step in found:
        known = by_why.get(step.why)
        by_why[step.why] = replace(step, amount=known.amount + step.amount, old=known.old) if known else step
    return tuple(step for step in by_why.values() if step.amount or step.differs)


def _why(old: _Card, new: _Card, *, other_rhythm: bool) -> StepWhy:
    """What tells two cards apart: the plan, the phase, the version of the price, or the step that licences reach."""
    one, other = old[-1].item, new[-1].item
    if one.plan != other.plan:
        return "frequency" if other_rhythm else "plan"
    if one.phase != other.phase:
        return "phase"
    if one.version == other.version and _licences(old) != _licences(new):
        return "licences"
    return "price"


def _card(slot: Slot) -> _Card:
    return tuple(_rate(line) for line in slot.lines)


def _rate(line: Line) -> Rate:
    proof = line.proof
    if not isinstance(proof, ChargeProof):
        raise TypeError(line)
    return Rate(line.item, proof.price, line.licences)


def _share(slot: Slot) -> Share:
    proof = slot.lines[-1].proof
    if not isinstance(proof, ChargeProof):
        raise TypeError(slot)
    return proof.days, proof.of_days


def _alike(one: Share, other: Share) -> bool:
    low, high = sorted((one[1], other[1]))
    return Fraction(high, low) < _SAME_RHYTHM


def _amount(state: _State) -> Money:
    made = [
        prove(ChargeProof(rate.price, 1 if rate.licences is None else rate.licences, *share))
        for card, share in state
        for rate in card
    ]
    return total(made, made[0].currency)


def _licences(card: _Card) -> int | None:
    counted = [rate.licences for rate in card if rate.licences is not None]
    return sum(counted) if counted else None


def _price(card: _Card) -> UnitPrice | None:
    each = [rate.price for rate in card if rate.licences is not None] or [rate.price for rate in card]
    return each[0] if len(each) == 1 else None


def _licensed(card: _Card, *, as_in: _Card) -> _Card:
    """The card with the licences of another one, where each has one price for a licence; else as it is."""
    counts = {rate.licences for rate in as_in if rate.licences is not None}
    each = [rate for rate in card if rate.licences is not None]
    has_steps = any(rate.item.step for rate in (*card, *as_in))
    if has_steps or len(each) != 1 or len(counts) != 1:
        return card
    (licences,) = counts
    return tuple(rate if rate.licences is None else replace(rate, licences=licences) for rate in card)
