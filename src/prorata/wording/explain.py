"""Lines in words: what a line says, its formula, and why it is there. All figures come from the line and its proof."""

from __future__ import annotations

from fractions import Fraction

from prorata.core.documents.model import Line
from prorata.core.money import Money, UnitPrice, half_up
from prorata.core.proof import ChargeProof, CreditProof
from prorata.wording.amounts import MINUS
from prorata.wording.words import Wording


def says(line: Line, w: Wording) -> str:
    """A line as a sentence: what was charged for which days, or what was taken back of an earlier charge."""
    licences = w.n("{count} licence", "{count} licences", line.licences)
    period = w.period(line.period.start, line.period.end)
    if isinstance(line.proof, CreditProof):
        how = _credited(line.proof, line.amount, w=w)
        return w.t("{licences} taken back, {period}: {how}", licences=licences, period=period, how=how)
    return w.n(
        "{licences} × {price}, {period} ({days} of {count} day)",
        "{licences} × {price}, {period} ({days} of {count} days)",
        line.of_days,
        licences=licences,
        price=_price(line.price, w),
        period=period,
        days=line.days,
    )


def _credited(proof: CreditProof, amount: Money, *, w: Wording) -> str:
    """What was charged for how much use, what of it stays, and what comes back because of that."""
    facts = {
        "charged": _money(proof.charged, w),
        "kept": w.number(proof.kept_seat_days),
        "stays": _money(_stays(proof), w),
        "back": _money(-amount, w),
    }
    if not proof.credited_before:
        return w.n(
            "{charged} for {count} licence-day, {kept} kept = {stays}, so {back} back",
            "{charged} for {count} licence-days, {kept} kept = {stays}, so {back} back",
            proof.charged_seat_days,
            **facts,
        )
    return w.n(
        "{charged} for {count} licence-day, {kept} kept = {stays}, {before} back earlier, so {back} back",
        "{charged} for {count} licence-days, {kept} kept = {stays}, {before} back earlier, so {back} back",
        proof.charged_seat_days,
        before=_money(proof.credited_before, w),
        **facts,
    )


def _stays(proof: CreditProof) -> Money:
    share = Fraction(proof.charged.minor * proof.kept_seat_days, proof.charged_seat_days)
    return Money(half_up(share), proof.charged.currency)


def formula(line: Line, w: Wording) -> str:
    """The arithmetic of a line, short, with the line's sign: €12.50 × 10 × 16/28 = €71.43."""
    amount = _money(line.amount, w)
    match line.proof:
        case ChargeProof(price, licences, days, of_days):
            return f"{_price(price, w)} × {w.number(licences)} × {_share(days, of_days, w=w)} = {amount}"
        case CreditProof(charged, seat_days, kept, before):
            whole = _money(charged, w)
            earlier = f" + {_money(before, w)}" if before else ""
            return f"{whole} × {_share(kept, seat_days, w=w)} {MINUS} {whole}{earlier} = {amount}"
        case _:
            return amount


def why(line: Line, w: Wording) -> str:
    """What a line comes from: the purchase, a new period, licences added or removed, the end."""
    cause = line.cause
    if cause.why == "ending":
        return w.t("Cancelled on {day}", day=cause.on)
    if cause.why == "purchase":
        return w.t("Purchase")
    if cause.why == "licences" and line.kind == "credit":
        return w.n("{count} licence removed on {day}", "{count} licences removed on {day}", line.licences, day=cause.on)
    if cause.why == "licences":
        return w.n("{count} licence added on {day}", "{count} licences added on {day}", line.licences, day=cause.on)
    return w.t("New period") if line.days == line.of_days else w.t("Part of a period")


def _share(part: int, whole: int, *, w: Wording) -> str:
    return f"{w.number(part)}/{w.number(whole)}"


def _money(amount: Money, w: Wording) -> str:
    return w.money(amount.minor, amount.currency.code, exponent=amount.currency.exponent)


def _price(price: UnitPrice, w: Wording) -> str:
    return w.unit_price(price.amount, price.currency.code, exponent=price.currency.exponent)
