"""The verbs of a story that are about money: payments, credits, refunds, discounts, prices, and bills by hand."""

from __future__ import annotations

from typing import cast

from prorata.cli.story_amounts import read_length, read_money, read_percent, read_price
from prorata.cli.story_reading import Reader, Reading
from prorata.core.events import (
    Bill,
    Event,
    GiveBack,
    GiveCredit,
    GiveDiscount,
    Pay,
    PaymentMode,
    SetPayment,
    SetPrice,
)

PAYMENT_MODES = ("automatic", "declining", "none")


def _pay(reading: Reading) -> Event:
    if reading.verb.kind == "int":
        document = reading.verb.whole(fewest=1)
    elif reading.verb.raw == "all":
        document = None
    else:
        raise reading.verb.wrong("must be all, or a document's place in the list (1 = first)")
    # What may be paid is a rule of the core's: it says how much is open.
    value = reading.entries.get("amount")
    return Pay(document, read_money(value, reading.known.currency) if value else None, by=reading.by)


def _refund(reading: Reading) -> Event:
    if reading.verb.kind != "int":
        raise reading.verb.wrong("must be a document's place in the list (1 = first)")
    adjust = reading.entries.get("adjust")
    return GiveBack(
        document=reading.verb.whole(fewest=1),
        amount=reading.amount("amount"),
        adjust=adjust.truth() if adjust else False,
        by=reading.by,
    )


def _credit(reading: Reading) -> Event:
    amount = read_money(reading.verb, reading.known.currency, fewest=1)
    document, line = (reading.whole(key, fewest=1) for key in ("of_document", "line"))
    if document is not None:
        reading.entries.need("line", why="the line's place in the document (1 = first)")
    if line is not None:
        reading.entries.need("of_document", why="the document's place in the list (1 = first)")
    return GiveCredit(amount, document, line, by=reading.by)


def _discount(reading: Reading) -> Event:
    entries, of = reading.verb.entries(), reading.entries.get("of")
    entries.only("percent", "amount", "for")
    percent, amount, long = (entries.get(key) for key in ("percent", "amount", "for"))
    if percent and amount:
        raise amount.wrong("a discount is percent or an amount, and this one has percent already")
    if not percent and not amount:
        raise reading.verb.wrong('must say percent: "10" or amount: "5.00"')
    off = read_percent(percent, called="a discount") if percent else None
    if percent and not off:
        raise percent.wrong("must be above zero")
    return GiveDiscount(
        subscription=of.text() if of else None,
        percent=off,
        amount=read_money(amount, reading.known.currency, fewest=1) if amount else None,
        long=read_length(long) if long else None,
        by=reading.by,
    )


def _price(reading: Reading) -> Event:
    amount = read_price(reading.verb, reading.known.currency)
    value = reading.entries.need("plan", why="the plan that has the new price")
    return SetPrice(reading.plan(value).plan, amount, by=reading.by)


def _payment(reading: Reading) -> Event:
    return SetPayment(cast("PaymentMode", reading.verb.one_of(*PAYMENT_MODES)), by=reading.by)


def _bill(reading: Reading) -> Event:
    if not reading.verb.truth():
        raise reading.verb.wrong("must be true: a run that does not happen is left out")
    return Bill(by=reading.by)


MONEY_READERS: dict[str, Reader] = {
    "pay": (("amount",), _pay),
    "refund": (("amount", "adjust"), _refund),
    "credit": (("of_document", "line"), _credit),
    "payment": ((), _payment),
    "price": (("plan",), _price),
    "discount": (("of",), _discount),
    "bill": ((), _bill),
}
