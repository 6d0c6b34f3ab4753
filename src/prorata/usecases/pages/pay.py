"""Paying: what is open, and what a payment did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prorata.core.billing.pay import UnknownDocument
from prorata.core.documents.numbers import Issued
from prorata.core.money import Money, total
from prorata.store.screens import bills, document, payments
from prorata.store.screens.bills import BillRow
from prorata.store.screens.payments import PaymentRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.bills import is_past_due
from prorata.usecases.pages.facts import Here, here

SANDBOX = "sandbox"
"""The method of test accounts: it always pays, and no money moves."""


@dataclass(frozen=True, slots=True)
class PayPage:
    """What can be paid. `issued`: the one document that is asked for, None where the whole balance is.

    `past_due`: what of all open documents is past due; these are paid first, oldest due first.
    """

    here: Here
    issued: Issued | None
    open_bills: tuple[BillRow, ...]
    owed: Money
    past_due: Money


def pay_page(services: Services, request: Request, *, number: str | None = None) -> PayPage:
    """Read the page of one document or of the whole balance; raises `UnknownDocument`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        rows = bills.open_bills(conn, request.account)
        of = place.account.currency
        return PayPage(
            here=place,
            issued=document.by_number(conn, request.account, number=number).issued if number else None,
            open_bills=rows,
            owed=total((row.left for row in rows), of),
            past_due=total((row.left for row in rows if is_past_due(row, place.today)), of),
        )


@dataclass(frozen=True, slots=True)
class PaidPage:
    """Payments that were made, with what is open of their documents now, and what is owed in all."""

    here: Here
    payments: tuple[PaymentRow, ...]
    paid: Money
    owed: Money


def paid_page(services: Services, request: Request, *, ids: Sequence[int]) -> PaidPage:
    """Read what payments of these ids did; raises `UnknownDocument` where the account has none of them."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        found = payments.payments(conn, request.account, ids=ids)
        if not found:
            raise UnknownDocument(document=", ".join(map(str, ids)))
        of = place.account.currency
        return PaidPage(
            here=place,
            payments=found,
            paid=total((payment.amount for payment in found), of),
            owed=total((row.left for row in bills.open_bills(conn, request.account)), of),
        )
