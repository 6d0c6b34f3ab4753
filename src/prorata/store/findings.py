"""What a check found, and the checks on one document: pure functions over what is kept of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prorata.core.billing.billed import edges_of, seats_left
from prorata.core.documents.model import Document, Line, LineRef
from prorata.core.history import Charge, Taken
from prorata.core.money import Money, total, zero
from prorata.core.proof import ChargeProof, CreditProof, prove
from prorata.store.documents import Kept
from prorata.store.issuing import content


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stored is not as it should be. `code` names the check, `where` the row, `detail` what was found."""

    code: str
    where: str
    detail: str


def check_document(kept: Kept) -> Iterator[Finding]:
    """One document by itself: what it says is what was issued, its amounts prove themselves and add up."""
    number, document = kept.issued.number, kept.issued.document
    if content(document, number=number, face=kept.stored) != kept.content_hash:
        yield Finding("content_changed", number, "what the document says is not what was issued")
    for place, line in enumerate(document.lines, start=1):
        if prove(line.proof) != line.amount:
            yield _unlike("amount_not_proved", f"{number} line {place}", stored=line.amount, should=prove(line.proof))
        elif not _proves(line):
            yield Finding("proof_of_another_line", f"{number} line {place}", "the proof is about something else")
    for group in document.taxes:
        if prove(group.proof) != group.tax or group.proof.rate != group.rate:
            yield _unlike("tax_not_proved", f"{number} tax {group.rate}%", stored=group.tax, should=prove(group.proof))
    yield from _sums(number, document)


def _proves(line: Line) -> bool:
    """Whether a proof is about this line."""
    match line.proof:
        case ChargeProof(price, licences, days, of_days):
            return (price, licences, days, of_days) == (line.price, line.licences, line.days, line.of_days)
        case CreditProof():
            return line.kind == "credit"
        case _:
            return False


def _sums(number: str, document: Document) -> Iterator[Finding]:
    of = document.total.currency
    net = total((line.amount for line in document.lines), of)
    of_lines = total((line.tax or zero(of) for line in document.lines), of)
    of_groups = total((group.tax for group in document.taxes), of)
    if net != document.net:
        yield _unlike("does_not_add_up", f"{number} net", stored=document.net, should=net)
    if of_groups != document.tax:
        yield _unlike("does_not_add_up", f"{number} tax", stored=document.tax, should=of_groups)
    if of_lines != document.tax:
        yield _unlike("does_not_add_up", f"{number} tax of its lines", stored=of_lines, should=document.tax)


def _unlike(code: str, where: str, *, stored: Money, should: Money) -> Finding:
    return Finding(code, where, f"{stored} {stored.currency.code} is stored, {should} is what it should be")


def check_credits(documents: Sequence[Kept]) -> Iterator[Finding]:
    """Every credit against the line that it takes back: seats and amount, never more than was charged; and the tax."""
    lines: dict[LineRef, Line] = {}
    numbers: dict[int, str] = {}
    credits_: dict[LineRef, list[Line]] = defaultdict(list)
    for kept in documents:
        document = kept.issued.document
        numbers[document.id] = kept.issued.number
        for place, line in enumerate(document.lines, start=1):
            lines[LineRef(document.id, place)] = line
            if line.corrects:
                credits_[line.corrects].append(line)
    for ref, taken_back in credits_.items():
        where = f"{numbers.get(ref.document, '?')} line {ref.line}"
        if ref not in lines:
            yield Finding("credit_of_nothing", where, "a credit takes back a line that is not there")
        else:
            yield from _check_taken(where, lines[ref], taken_back=taken_back)
    for kept in documents:
        yield from _check_tax(kept, credits_)


def _check_tax(kept: Kept, credits_: Mapping[LineRef, Sequence[Line]]) -> Iterator[Finding]:
    """The tax given back of a document, against the tax of its charges.

    A group's tax is rounded once, and each line's share of it lies within one minor unit of its own: so credits may
    give back one unit each more than the charges took, and never more than that.
    """
    document = kept.issued.document
    charged = sum(line.tax.minor for line in document.lines if line.tax and not line.corrects)
    refs = (LineRef(document.id, place) for place in range(1, len(document.lines) + 1))
    given = [credit.tax.minor for ref in refs for credit in credits_.get(ref, ()) if credit.tax]
    if -sum(given) > charged + len(given):
        where = f"{kept.issued.number} tax"
        yield Finding("credited_too_much", where, f"{-sum(given)} of {charged} minor units were credited")


def _check_taken(where: str, line: Line, *, taken_back: Sequence[Line]) -> Iterator[Finding]:
    of = line.amount.currency
    credited = -total((credit.amount for credit in taken_back), of)
    if line.amount < credited:
        yield Finding("credited_too_much", where, f"{credited} of {line.amount} {of.code} was credited")
    charge = _charge(line, taken_back=taken_back)
    if any(seats_left(charge, day) < 0 for day in edges_of((charge,))):
        yield Finding("seats_credited_twice", where, f"more than its {line.licences} licences were credited for a day")
    if any(credit.period.meet(line.period) != credit.period for credit in taken_back):
        yield Finding("credited_outside", where, "days were credited that the line did not charge")
    yield from _check_order(where, line, taken_back=taken_back)


def _check_order(where: str, line: Line, *, taken_back: Iterable[Line]) -> Iterator[Finding]:
    """Each credit's proof goes on from where the one before left off."""
    before = zero(line.amount.currency)
    kept = line.licences * line.days
    for credit in taken_back:
        kept -= credit.licences * credit.days
        should = CreditProof(line.amount, line.licences * line.days, kept, before)
        if credit.proof != should:
            yield Finding("proof_of_another_line", where, "a credit of it was counted from something else")
        before -= credit.amount


def _charge(line: Line, *, taken_back: Iterable[Line]) -> Charge:
    nothing = zero(line.amount.currency)
    return Charge(
        ref=LineRef(0, 0),
        subscription=line.subscription,
        period=line.period,
        licences=line.licences,
        price=line.price,
        price_version=line.price_version,
        of_days=line.of_days,
        amount=line.amount,
        tax_rate=line.tax_rate,
        tax=line.tax or nothing,
        taken=tuple(Taken(credit.period, credit.licences) for credit in taken_back),
        credited=nothing,
        tax_credited=nothing,
    )


def check_standings(documents: Sequence[Kept], moved: Mapping[tuple[str, str, int], int]) -> Iterator[Finding]:
    """What became of each document, against the transfers that touched it.

    `moved`: what came to its receivable (minor units, debit positive), by kind of the other account, its name and the
    document.
    """
    for kept in documents:
        issued = kept.issued
        document, standing = issued.document, issued.standing
        got = {name: moved.get(("receivable", name, document.id), 0) for name in _OTHERS}
        rules = (
            ("posted net", got["sales"], document.net),
            ("posted tax", got["tax"], document.tax),
            ("paid", -got["cash"], standing.paid),
            ("credit used", -got["customer_credit"] - got["receivable"], standing.credit_used),
            ("left", sum(got.values()), standing.left),
        )
        for name, in_ledger, stored in rules:
            if in_ledger != stored.minor:
                yield _unlike(
                    "ledger_differs", f"{issued.number} {name}", stored=stored, should=Money(in_ledger, stored.currency)
                )


_OTHERS = ("sales", "tax", "cash", "customer_credit", "receivable")
