"""The face of a final document: what was open before, what it added or took, and what became of it, from transfers.

What the document did by itself follows its posting at once. Later transfers may name an invoice too: it is paid, or
account credit pays it. So of an invoice the first of each kind count.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from prorata.core.documents.model import Statement
from prorata.store import codec
from prorata.store.codec import Unreadable
from prorata.store.verifying.finding import Finding, unlike
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import DocumentRow, TransferRow


def check_statements(whole: Whole) -> Iterator[Finding]:
    """Every statement of an account."""
    for row in whole.documents:
        if row.statement is None:
            continue
        try:
            statement = codec.STATEMENT.read(json.loads(row.statement))
        except Unreadable:
            continue  # It is named where its document is looked at.
        yield from _check(whole, row, statement=statement)


def _check(whole: Whole, row: DocumentRow, *, statement: Statement) -> Iterator[Finding]:
    of = whole.rules.currency
    mine = [t for t in whole.transfers if t.document_id == row.id and t.on_date == row.issued_on]
    may_be_open = _open_before(whole, row)
    said = statement.open_before.minor
    open_before = said if said in may_be_open else may_be_open[-1]
    rules = [
        ("open before", said, (open_before,)),
        ("this document", statement.this_document.minor, (row.total,)),
        ("still to pay", statement.still_to_pay.minor, (_still_to_pay(statement, open_before=open_before),)),
        ("from credit", statement.from_credit.minor, tuple(accumulate(_debited(mine, "customer_credit"), initial=0))),
        ("paid now", statement.paid_now.minor, (0, row.total - statement.from_credit.minor)),
        ("paid back", statement.paid_back.minor, (sum(_credited(mine, "cash")),)),
        ("to credit", statement.to_credit.minor, (sum(_credited(mine, "customer_credit")),)),
    ]
    if not any(_debited(mine, "cash")):
        rules.append(("paid now", statement.paid_now.minor, (0,)))
    for name, stored, may_be in rules:
        if stored not in may_be:
            detail = unlike(stored, should=may_be[-1], of=of)
            yield Finding("statement_differs", f"{row.number} {name}", detail)


def _debited(transfers: Sequence[TransferRow], name: str) -> list[int]:
    return [t.amount for t in transfers if t.debit == name]


def _credited(transfers: Sequence[TransferRow], name: str) -> list[int]:
    return [t.amount for t in transfers if t.credit == name]


def _still_to_pay(statement: Statement, *, open_before: int) -> int:
    """What was open, plus this document, less what was settled at once."""
    back = statement.paid_back.minor + statement.to_credit.minor
    return open_before + statement.this_document.minor + back - statement.from_credit.minor - statement.paid_now.minor


def _open_before(whole: Whole, row: DocumentRow) -> tuple[int, ...]:
    """What may have been open on the profile's documents when this one was issued: of all transfers before its own.

    A document of nothing has none: it came at some moment of its day.
    """
    first = min((t.id for t in whole.transfers if t.document_id == row.id), default=None)
    mine = {other.id for other in whole.documents if other.profile_id == row.profile_id}
    left: dict[int | None, int] = defaultdict(int)
    found: list[int] = []
    for t in whole.transfers:
        if t.id == first or (first is None and t.on_date > row.issued_on):
            break
        if first is None and t.on_date == row.issued_on:
            found.append(_still_open(left))
        if t.debit == "receivable" and t.debit_of in mine:
            left[t.debit_of] += t.amount
        if t.credit == "receivable" and t.credit_of in mine:
            left[t.credit_of] -= t.amount
    return (*found, _still_open(left))


def _still_open(left: Mapping[int | None, int]) -> int:
    return sum(amount for amount in left.values() if amount > 0)
