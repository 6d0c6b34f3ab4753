"""Lines as the tests of wording need them: charged, and taken back."""

from datetime import date

from prorata.core.calendar import Period
from prorata.core.catalog.plans import Item
from prorata.core.documents.model import Cause, Line, LineRef
from prorata.core.money import currency, money, unit_price
from prorata.core.proof import ChargeProof, CreditProof, prove
from prorata.wording.amounts import MINUS

EUR = currency("EUR")
BUSINESS = Item("business", 1)


def charge(licences: int, *, days: int = 31, start: date = date(2026, 1, 15), price: str = "12.50") -> Line:
    proof = ChargeProof(unit_price(price, EUR), licences, days, 31)
    return Line(
        subscription=1,
        kind="recurring",
        period=Period(start, date(2026, 2, 15)),
        licences=licences,
        price=proof.price,
        item=BUSINESS,
        days=days,
        of_days=31,
        amount=prove(proof),
        tax_rate=None,
        proof=proof,
        cause=Cause("purchase", start, "admin"),
    )


def credit(before: str = "0.00", *, kept: int = 160) -> Line:
    # 125.00 × 160/280 = 71.43 (71.428…) is kept of ten licences from 15 February to 14 March.
    proof = CreditProof(money("125.00", EUR), 280, kept, money(before, EUR))
    return Line(
        subscription=1,
        kind="credit",
        period=Period(date(2026, 3, 3), date(2026, 3, 15)),
        licences=10,
        price=unit_price("12.50", EUR),
        item=BUSINESS,
        days=12,
        of_days=28,
        amount=prove(proof),
        tax_rate=None,
        proof=proof,
        cause=Cause("ending", date(2026, 3, 3), "admin"),
        corrects=LineRef(2, 1),
    )


def plain(text: str) -> str:
    """Spaces that may break, and a minus that can be typed."""
    return text.replace("\u00a0", " ").replace(MINUS, "-")
