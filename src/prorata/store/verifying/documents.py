"""Each document by itself: it says what was issued, its amounts prove themselves, and they add up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from prorata.core.documents.model import DocumentKind
from prorata.core.documents.numbers import document_number, series
from prorata.core.money import Currency, Money, UnknownCurrency, currency
from prorata.core.proof import CreditProof, DiscountProof, GivenProof, Proof, SetupProof
from prorata.store import codec
from prorata.store.codec import Unreadable
from prorata.store.codec_writing import write_text
from prorata.store.verifying.finding import Finding, unlike
from prorata.store.verifying.proofs import Proved, line_proof, rate_text, tax_proof
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import AccountRow, DocumentRow, LineRow, TaxRow, by, seats_of
from prorata.store.verifying.spelling import JSON, content_hash, first_line_text, group_text, line_text


def check_documents(whole: Whole) -> Iterator[Finding]:
    """Every document of an account, with its lines and its taxes."""
    lines, taxes = by("document_id", whole.lines), by("document_id", whole.taxes)
    of, none = whole.rules.currency, ()
    for row in whole.documents:
        if row.id is None:
            yield Finding("row_without_owner", f"standing {row.standing}", "its document is not there")
            continue
        mine, groups = lines.pop(row.id, none), taxes.pop(row.id, none)
        try:
            yield from _check(row, lines=mine, groups=groups)
        except (Unreadable, UnknownCurrency, json.JSONDecodeError) as error:
            yield Finding("unreadable", row.number, str(error))
        if not _is_numbered(whole.account, row):
            yield from _check_number(whole.account, row)
        if row.currency != of.code:
            yield Finding("other_currency", row.number, f"it is in {row.currency}, the account is not")
    for name, strays in (("lines", lines), ("taxes", taxes)):
        for document in sorted(strays):
            yield Finding("row_without_owner", f"{name} of document {document}", "the account has no such document")


@dataclass(slots=True)
class _Sums:
    """What the lines of a document add up to; `by_rate` net and tax of each rate."""

    net: int = 0
    tax: int = 0
    by_rate: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    has_credits: bool = False

    def add(self, line: LineRow) -> None:
        """One more line."""
        self.net += line.amount
        if line.corrects_document is not None:
            self.has_credits = True
        if line.tax is not None:
            self.tax += line.tax
        if line.tax_rate is not None:
            base, tax = self.by_rate.get(line.tax_rate, (0, 0))
            self.by_rate[line.tax_rate] = base + line.amount, tax + (line.tax or 0)


def _check(row: DocumentRow, *, lines: Sequence[LineRow], groups: Sequence[TaxRow]) -> Iterator[Finding]:
    of = currency(row.currency)
    quoted = JSON[of.code]
    sums = _Sums()
    texts: list[str] = []
    for line in lines:
        proved = line_proof(line.proof)
        texts.append(
            line_text(line, proof=proved.text, currency=quoted)
            if row.form > 1
            else first_line_text(line, proof=proved.first, currency=quoted)
        )
        sums.add(line)
        if not (proved.minor == line.amount and proved.currency == of.code and _is_about(proved, line)):
            yield _not_proved(f"{row.number} line {line.line}", proved, line=line, of=of)
        if line.cause_on > row.issued_on and line.cause not in _AHEAD:
            yield _caused_later(row, line)
    if groups or sums.by_rate:
        yield from _check_taxes(row, groups, sums=sums, of=of)
    if sums.net != row.net or sums.tax != row.tax or sums.net + sums.tax != row.total:
        yield from _check_sums(row, sums, of=of)
    issued = content_hash(
        row,
        currency=quoted,
        lines=texts,
        taxes=[group_text(group, proof=tax_proof(group.proof).text, currency=quoted) for group in groups],
        statement=write_text(codec.STATEMENT.read(json.loads(row.statement))) if row.statement else "null",
    )
    if issued != row.content_hash:
        yield Finding("content_changed", row.number, "what the document says is not what was issued")


def _is_about(proved: Proved, line: LineRow) -> bool:
    """Whether a proof is about this line. To which line a credit's belongs is looked at with that line."""
    if line.corrects_document is not None:
        return isinstance(proved.proof, GivenProof if line.days is None else CreditProof)
    if line.kind in _OTHER_PROOFS:
        return isinstance(proved.proof, _OTHER_PROOFS[line.kind])
    return proved.about == (line.price, seats_of(line), line.days, line.of_days)


_AHEAD: Final = frozenset(("period", "phase"))
"""What is known before it comes: periods and phases are billed in advance."""

_OTHER_PROOFS: Final[Mapping[str, type[Proof]]] = {"setup": SetupProof, "discount": DiscountProof}


def _not_proved(where: str, proved: Proved, *, line: LineRow, of: Currency) -> Finding:
    if proved.minor == line.amount and proved.currency == of.code:
        return Finding("proof_of_another_line", where, "the proof is about something else")
    return Finding("amount_not_proved", where, unlike(line.amount, should=proved.minor, of=of))


def _caused_later(row: DocumentRow, line: LineRow) -> Finding:
    detail = f"what it is for happened on {line.cause_on}, after {row.issued_on}"
    return Finding("cause_later", f"{row.number} line {line.line}", detail)


def _check_taxes(row: DocumentRow, groups: Sequence[TaxRow], *, sums: _Sums, of: Currency) -> Iterator[Finding]:
    """Each group's tax from its proof, and the group against the lines of its rate.

    What of a credit note is closed, and what bounds it, hangs on other documents; without credits there is neither.
    """
    for group in groups:
        proved = tax_proof(group.proof)
        if (proved.minor, proved.rate, proved.currency) != (group.tax, rate_text(group.rate), of.code):
            yield Finding("tax_not_proved", _where(row, group), unlike(group.tax, should=proved.minor, of=of))
        elif not sums.has_credits and (proved.base != group.base or not proved.is_plain):
            yield Finding("tax_not_proved", _where(row, group), "the proof is about something else")
        base, tax = sums.by_rate.pop(group.rate, (0, 0))
        if (base, tax) != (group.base, group.tax):
            detail = f"its lines have {Money(tax, of)} of {Money(base, of)} {of.code}"
            yield Finding("does_not_add_up", _where(row, group), detail)
    for rate in sums.by_rate:
        yield Finding("does_not_add_up", f"{row.number} tax {rate}%", "there are lines of this rate, and no tax of it")


def _where(row: DocumentRow, group: TaxRow) -> str:
    return f"{row.number} tax {group.rate}%"


def _check_sums(row: DocumentRow, sums: _Sums, *, of: Currency) -> Iterator[Finding]:
    rules = (("net", row.net, sums.net), ("tax", row.tax, sums.tax), ("total", row.total, sums.net + sums.tax))
    for name, stored, should in rules:
        if stored != should:
            yield Finding("does_not_add_up", f"{row.number} {name}", unlike(stored, should=should, of=of))


def _is_numbered(account: AccountRow, row: DocumentRow) -> bool:
    """Whether it has the number that its kind, its day and its place give it."""
    of_series = row.series == _series(account, row) and row.seller_id == account.seller_id
    in_place = row.number == document_number(row.series, row.year, place=row.place)
    return of_series and in_place and row.year == row.issued_on.year


def _series(account: AccountRow, row: DocumentRow) -> str:
    return series(cast("DocumentKind", row.kind), apart=account.test and not account.seller_test)


def _check_number(account: AccountRow, row: DocumentRow) -> Iterator[Finding]:
    """What is wrong with its number."""
    if (row.seller_id, row.series, row.year) != (account.seller_id, _series(account, row), row.issued_on.year):
        yield Finding("number_differs", row.number, f"its series is {row.series!r} of {row.year}")
    if row.number != document_number(row.series, row.year, place=row.place):
        yield Finding("number_differs", row.number, f"its place is {row.place} of {row.year}")
