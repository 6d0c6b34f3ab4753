"""Lines in words: what a line says, its formula, and why it is there. All figures come from the line and its proof."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from prorata.core.documents.model import Line, TaxGroup, Why
from prorata.core.money import Money, half_up
from prorata.core.proof import ChargeProof, CreditProof, DiscountProof, GivenProof, Proof, SetupProof, TaxProof
from prorata.wording.amounts import MINUS
from prorata.wording.figures import SECONDS, money_of, percent_of, price_of, share_of, size_of
from prorata.wording.marking import mark
from prorata.wording.words import Wording

# ------------------------------------------------------------------------------------------ a line as a sentence


def says(line: Line, w: Wording) -> str:
    """A line as a sentence: what was charged for which days, what was taken off it or back of it, what was given."""
    match line.proof:
        case ChargeProof() as proof:
            return _placed(line, _charged(line, proof, w=w), w=w)
        case CreditProof() as proof:
            return _taken_back(line, proof, w=w)
        case SetupProof(amount):
            return w.t("Setup, charged once on {day}: {amount}", day=line.period.start, amount=money_of(amount, w))
        case DiscountProof() as proof:
            return _discount(line, proof, w=w)
        case GivenProof(amount, left):
            said = mark("Refund, {period}: {amount} back of the {left} that was left")
            if line.cause.why == "goodwill":
                said = mark("Goodwill, {period}: {amount} back of the {left} that was left")
            return w.t(said, period=_period(line, w), amount=money_of(amount, w), left=money_of(left, w))
        case TaxProof():
            return money_of(line.amount, w)


def _charged(line: Line, proof: ChargeProof, *, w: Wording) -> str:
    share = share_of(line.days or proof.days, line.of_days or proof.of_days, w=w)
    if not _is_counted(line):
        share = w.t("{share} as the terms count them", share=share)
    price, period = price_of(proof.price, w), _period(line, w)
    if line.licences is None:
        return w.t("Flat price {price}, {period} ({share})", price=price, period=period, share=share)
    licences = w.n("{count} licence", "{count} licences", line.licences)
    return w.t("{licences} × {price}, {period} ({share})", licences=licences, price=price, period=period, share=share)


def _is_counted(line: Line) -> bool:
    """Whether the days of a line are those of the calendar: some terms count months of 30, or a part as a whole."""
    return line.days is None or line.days == line.period.days or (line.of_days or 0) > SECONDS


def _placed(line: Line, said: str, *, w: Wording) -> str:
    """Which step or later phase of a price a charge is for."""
    if line.item.phase:
        said = w.t("Phase {phase}: {what}", phase=line.item.phase + 1, what=said)
    return w.t("Step {step}: {what}", step=line.item.step, what=said) if line.item.step else said


def _taken_back(line: Line, proof: CreditProof, *, w: Wording) -> str:
    period, how = _period(line, w), _credited(line, proof, w=w)
    if line.kind == "discount":
        return w.t("Discount taken back with it, {period}: {how}", period=period, how=how)
    if line.licences is None:
        return w.t("Flat price taken back, {period}: {how}", period=period, how=how)
    licences = w.n("{count} licence", "{count} licences", line.licences)
    return w.t("{licences} taken back, {period}: {how}", licences=licences, period=period, how=how)


def _credited(line: Line, proof: CreditProof, *, w: Wording) -> str:
    """What was charged for how much use, what of it stays, and what comes back because of that."""
    steps = [
        w.t(
            "{use}, {kept} kept = {stays}",
            use=_use(line, proof, w=w),
            kept=proof.kept_seat_days,
            stays=size_of(_stays(proof), w),
        )
    ]
    if proof.credited_before:
        steps.append(w.t("{before} back earlier", before=size_of(proof.credited_before, w)))
    if is_bounded(proof):
        steps.append(w.t("no more than {left} left", left=size_of(proof.at_most or proof.charged, w)))
    return w.t("{steps}, so {back} back", steps=", ".join(steps), back=size_of(line.amount, w))


def _use(line: Line, proof: CreditProof, *, w: Wording) -> str:
    charged, count = size_of(proof.charged, w), proof.charged_seat_days
    in_seconds = (line.of_days or 0) > SECONDS
    if line.licences is None and in_seconds:
        return w.n("{charged} for {count} second", "{charged} for {count} seconds", count, charged=charged)
    if line.licences is None:
        return w.n("{charged} for {count} day", "{charged} for {count} days", count, charged=charged)
    if in_seconds:
        return w.n(
            "{charged} for {count} licence-second", "{charged} for {count} licence-seconds", count, charged=charged
        )
    return w.n("{charged} for {count} licence-day", "{charged} for {count} licence-days", count, charged=charged)


def is_bounded(proof: CreditProof) -> bool:
    """Whether less comes back than the days would give, because no more was left of the line."""
    whole = proof.charged - _stays(proof) - proof.credited_before
    return proof.at_most is not None and abs(whole.minor) > abs(proof.at_most.minor)


def _stays(proof: CreditProof) -> Money:
    share = Fraction(proof.charged.minor * proof.kept_seat_days, proof.charged_seat_days)
    return Money(half_up(share), proof.charged.currency)


def _discount(line: Line, proof: DiscountProof, *, w: Wording) -> str:
    charged, period = money_of(proof.charged, w), _period(line, w)
    if proof.percent is not None:
        said = w.t(
            "{percent} off {charged}, {period}", percent=percent_of(proof.percent, w), charged=charged, period=period
        )
    else:
        said = w.t("{amount} off {charged}, {period}", amount=size_of(line.amount, w), charged=charged, period=period)
    if not _is_all_that_is_left(line, proof):
        return said
    return w.t("{what}, no more than {left} left", what=said, left=money_of(proof.left, w))


def _is_all_that_is_left(line: Line, proof: DiscountProof) -> bool:
    return proof.left != proof.charged and -line.amount == proof.left


def tax_says(group: TaxGroup, w: Wording) -> str:
    """A tax as a sentence: the rate on a sum, and what is left of the tax of documents that are wholly taken back."""
    proof = group.proof
    said = w.t(
        "{rate} of {base} = {tax}",
        rate=percent_of(proof.rate, w),
        base=money_of(proof.base, w),
        tax=money_of(group.tax - proof.closing, w),
    )
    if proof.at_most is not None and group.tax - proof.closing == -proof.at_most and proof.at_most:
        said = w.t("{what}, all that was left of it", what=said)
    if not proof.closing:
        return said
    rest = money_of(proof.closing, w)
    if not proof.base:
        return w.t("{rest}, all that was left of the tax of what is taken back", rest=rest)
    return w.t("{what}, and {rest}, all that was left of the tax of what is taken back", what=said, rest=rest)


# ------------------------------------------------------------------------------------------ the arithmetic, short


def formula(line: Line, w: Wording) -> str:
    """The arithmetic of a line, short, with the line's sign: €12.50 × 10 × 16/28 = €71.43."""
    made, amount = _made(line.proof, w), money_of(line.amount, w)
    if isinstance(line.proof, ChargeProof) and line.licences is not None:
        count = w.number(line.licences)
        made = f"{price_of(line.proof.price, w)} × {count} × {_ratio(line.proof.days, line.proof.of_days, w=w)}"
    return f"{made} = {amount}" if made else amount


def _made(proof: Proof, w: Wording) -> str:
    match proof:
        case ChargeProof(price, _, days, of_days):
            return f"{price_of(price, w)} × {_ratio(days, of_days, w=w)}"
        case CreditProof(charged, seat_days, kept, before):
            earlier = f" {'+' if before.minor > 0 else MINUS} {size_of(before, w)}" if before else ""
            taken = f"{MINUS if charged.minor >= 0 else '+'} {size_of(charged, w)}"
            return _bounded(
                f"{money_of(charged, w)} × {_ratio(kept, seat_days, w=w)} {taken}{earlier}",
                proof.at_most if is_bounded(proof) else None,
                w=w,
            )
        case DiscountProof(charged, Fraction() as percent, _, left):
            off = half_up(Fraction(charged.minor) * percent / 100)
            return _bounded(
                f"{money_of(-charged, w)} × {percent_of(percent, w)}", left if off > left.minor else None, w=w
            )
        case _:
            return ""


def _bounded(made: str, left: Money | None, *, w: Wording) -> str:
    return made if left is None else w.t("{made}, at most {left}", made=made, left=size_of(left, w))


# ------------------------------------------------------------------------------------------ why a line is there

_CAUSES: Mapping[Why, str] = MappingProxyType(
    {
        "purchase": mark("Purchase"),
        "ending": mark("Cancelled on {day}"),
        "plan": mark("Plan changed on {day}"),
        "frequency": mark("Billing frequency changed on {day}"),
        "price": mark("New price from {day}"),
        "phase": mark("Next phase of the price from {day}"),
        "anchor": mark("Start of periods moved on {day}"),
        "pause": mark("Paused on {day}"),
        "resume": mark("Resumed on {day}"),
        "reactivation": mark("Reactivated on {day}"),
        "trial": mark("After the trial, from {day}"),
        "discount": mark("Discount since {day}"),
        "goodwill": mark("Goodwill of {day}"),
        "refund": mark("Refund of {day}"),
    }
)


def why(line: Line, w: Wording) -> str:
    """What a line comes from: the purchase, a new period, licences added or removed, another change, the end."""
    cause = line.cause
    if line.kind == "setup":
        return w.t("Setup")
    if cause.why == "ending" and cause.by == "system":
        return w.t("Ended on {day}", day=cause.on)
    if cause.why in _CAUSES:
        return w.t(_CAUSES[cause.why], day=cause.on)
    if cause.why == "licences":
        return _licences(line, w)
    if line.corrects:
        return w.t("Correction of an earlier period")
    return w.t("New period") if line.days == line.of_days else w.t("Part of a period")


def _licences(line: Line, w: Wording) -> str:
    """Licences added or removed. What has steps is priced anew, and so is what is flat: its lines do not tell which."""
    if line.licences is None or line.item.step:
        return w.t("Licences changed on {day}", day=line.cause.on)
    if line.corrects:
        return w.n(
            "{count} licence removed on {day}", "{count} licences removed on {day}", line.licences, day=line.cause.on
        )
    return w.n("{count} licence added on {day}", "{count} licences added on {day}", line.licences, day=line.cause.on)


# ------------------------------------------------------------------------------------------ figures


def _ratio(part: int, whole: int, *, w: Wording) -> str:
    return f"{w.number(part)}/{w.number(whole)}"


def _period(line: Line, w: Wording) -> str:
    return w.period(line.period.start, line.period.end)
