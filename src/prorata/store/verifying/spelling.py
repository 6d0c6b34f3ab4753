"""The canonical text of a document, straight from its rows, in the layout that `codec` gives its core data.

Whatever is stored otherwise than it was written comes out as other text, and so as another hash.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final

from prorata.core.calendar import Period
from prorata.core.documents.model import Document, Line, LineRef, TaxGroup
from prorata.core.money import Money, UnitPrice
from prorata.core.proof import TaxProof
from prorata.store import codec
from prorata.store.codec_older import FirstLine
from prorata.store.codec_writing import layout, write_text
from prorata.store.verifying.proofs import rate_text
from prorata.store.verifying.rows import DocumentRow, LineRow, TaxRow

_FACES: Final = 20_000


class _Spelled(dict[Any, str]):
    """The JSON of words, days and nothing, written once each."""

    def __missing__(self, value: str | date | bool | None) -> str:  # noqa: FBT001 - whatever a column has
        self[value] = spelled = write_text(value)
        return spelled


JSON: Final = _Spelled()


def _order(kind: type, parts: Iterable[str], *, whole: type | None = None) -> tuple[str, itemgetter[tuple[Any, ...]]]:
    """The template of a kind, and how what is given in the order of `parts` gets into its places."""
    form, paths = layout(kind, whole=whole)
    places = {part: place for place, part in enumerate(parts)}
    return form, itemgetter(*(places[path] for path in paths))


_LINE, _LINE_PARTS = _order(
    Line,
    (
        *("subscription", "kind", "period.start", "period.end", "licences", "price", "item.plan", "item.version"),
        *("item.phase", "item.step", "item.flat", "days", "of_days", "amount.minor", "amount.currency.code"),
        *("tax_rate", "proof", "cause.why", "cause.on", "cause.by", "corrects", "refund", "tax", "reduces", "discount"),
        "exact",
    ),
)
_FIRST_LINE, _FIRST_LINE_PARTS = _order(
    FirstLine,
    (
        *("subscription", "kind", "period.start", "period.end", "licences", "price.amount", "price.currency.code"),
        *("price_version", "days", "of_days", "amount.minor", "amount.currency.code", "tax_rate", "proof"),
        *("cause.why", "cause.on", "cause.by", "corrects", "refund", "tax"),
    ),
)
_DOCUMENT, _DOCUMENT_PARTS = _order(
    Document,
    (
        *("id", "profile", "kind", "date", "due", "lines", "taxes", "net.minor", "net.currency.code"),
        *("tax.minor", "tax.currency.code", "total.minor", "total.currency.code", "final", "statement"),
    ),
)
_GROUP, _GROUP_PARTS = _order(
    TaxGroup,
    ("rate", "base.minor", "base.currency.code", "tax.minor", "tax.currency.code", "proof"),
    whole=TaxProof,
)
_PERIOD, _PERIOD_PARTS = _order(Period, ("start", "end"))
_PRICE, _PRICE_PARTS = _order(UnitPrice, ("amount", "currency.code"))
_MONEY, _MONEY_PARTS = _order(Money, ("minor", "currency.code"))
_REF, _REF_PARTS = _order(LineRef, ("document", "line"))


def line_text(row: LineRow, *, proof: str, currency: str) -> str:
    """The text of a line; `proof` and `currency` as JSON."""
    (_, _, _, subscription, kind, start, end, licences, price, plan, version, phase, step, flat, days, of_days,
     exact_from, exact_to, amount, rate, tax, _, why, on, by, document, line, refund, *less) = row  # fmt: skip
    reduces, discount = less
    priced = "null" if price is None else _PRICE % _PRICE_PARTS((f'"{price}"', currency))
    corrects = "null" if document is None else _REF % _REF_PARTS((document, line))
    of_tax = "null" if tax is None else _MONEY % _MONEY_PARTS((tax, currency))
    exact = "null" if exact_from is None else _PERIOD % _PERIOD_PARTS((JSON[exact_from], JSON[exact_to]))
    parts = (
        subscription, JSON[kind], JSON[start], JSON[end], _number(licences), priced, JSON[plan], version, phase, step,
        JSON[flat], _number(days), _number(of_days), amount, currency, rate_text(rate), proof, JSON[why], JSON[on],
        JSON[by], corrects, JSON[refund], of_tax, _number(reduces), _number(discount), exact,
    )  # fmt: skip
    return _LINE % _LINE_PARTS(parts)


def first_line_text(row: LineRow, *, proof: str | None, currency: str) -> str:
    """The text of a line in a document of the first form; `proof` and `currency` as JSON."""
    parts = (
        *(row.subscription_id, JSON[row.kind], JSON[row.from_date], JSON[row.to_date], row.licences),
        *(f'"{row.price}"', currency, row.price_version, row.days, row.of_days, row.amount, currency),
        *(rate_text(row.tax_rate), proof, JSON[row.cause], JSON[row.cause_on], JSON[row.cause_by]),
        "null" if row.corrects_document is None else _REF % _REF_PARTS((row.corrects_document, row.corrects_line)),
        JSON[row.refund],
        "null" if row.tax is None else _MONEY % _MONEY_PARTS((row.tax, currency)),
    )
    return _FIRST_LINE % _FIRST_LINE_PARTS(parts)


def _number(value: int | None) -> int | str:
    return "null" if value is None else value


def group_text(row: TaxRow, *, proof: str, currency: str) -> str:
    """The text of a tax group; `proof` and `currency` as JSON."""
    return _GROUP % _GROUP_PARTS((rate_text(row.rate), row.base, currency, row.tax, currency, proof))


def content_hash(
    row: DocumentRow, *, currency: str, lines: Iterable[str], taxes: Iterable[str], statement: str
) -> bytes:
    """The hash of all that a document says, of its lines' and taxes' texts and its statement's, as `issuing` made it.

    Raises `Unreadable`.
    """
    (_, number, _, _, _, _, name, kind, issued, due, profile, _, seller, customer, language, net, tax, total, final,
     *_) = row  # fmt: skip
    parts = (
        number, profile, JSON[kind], JSON[issued], JSON[due], f"[{','.join(lines)}]", f"[{','.join(taxes)}]",
        net, currency, tax, currency, total, currency, JSON[final], statement,
    )  # fmt: skip
    document = codec.framed_document(_DOCUMENT % _DOCUMENT_PARTS(parts), form=row.form)
    said = _ISSUED % (_customer(customer), document, JSON[language], write_text(name), _seller(seller))
    return sha256(said.encode()).digest()


def _face(form: codec.Form[Any]) -> Callable[[str], str]:
    @lru_cache(_FACES)
    def face(stored: str) -> str:
        return form.text(form.read(json.loads(stored)))

    return face


_seller, _customer = _face(codec.SELLER), _face(codec.CUSTOMER)
# In the order in which canonical JSON has its keys.
_ISSUED: Final = '{"customer":%s,"document":%s,"language":%s,"number":%s,"seller":%s}'
