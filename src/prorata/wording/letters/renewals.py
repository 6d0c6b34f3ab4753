"""The letters of renewals: of one, and of several that come on one day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

from prorata.wording.letters.blocks import Block, Button, Facts, Paragraph
from prorata.wording.letters.told import Told, WrongFact
from prorata.wording.marking import mark_plural

_RENEW: Final = mark_plural("{count} subscription renews on {day}", "{count} subscriptions renew on {day}")


def renews(told: Told) -> tuple[str, tuple[Block, ...]]:
    """One renewal: how many licences, at which price, and until when both can be changed."""
    w, product, on = told.w, told.text("product"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "The subscription {product} of the account {account} renews on {day}.",
                product=product,
                account=told.text("account"),
                day=on,
            )
        ),
        Facts(costs(told)),
        Paragraph(
            w.t(
                "{day} is the last day on which the number of licences can be changed for this renewal, or the "
                "renewal turned off.",
                day=told.day("last"),
            )
        ),
        Button(w.t("To the subscription"), told.link("link")),
    )
    return w.t("{product} renews on {day}", product=product, day=on), blocks


def renew_together(told: Told) -> tuple[str, tuple[Block, ...]]:
    """Several renewals of one day: of each what it is, how many licences and at which price."""
    w, on, each = told.w, told.day("on"), _each(told)
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t("These subscriptions of the account {account} renew on {day}.", account=told.text("account"), day=on)
        ),
        *_listed(each),
        Paragraph(
            w.t(
                "{day} is the last day on which the number of licences can be changed for these renewals, or any of "
                "them turned off.",
                day=told.day("last"),
            )
        ),
        Button(w.t("To your products"), told.link("link")),
    )
    return w.n(*_RENEW, len(each), day=on), blocks


def _listed(each: Sequence[Told]) -> Iterator[Block]:
    """Each by its name; the bill that all of them are on comes once, below."""
    bills = {(one.data.get("total"), one.data.get("currency")) for one in each}
    for one in each:
        shown = {name: fact for name, fact in one.data.items() if name != "total"} if len(bills) == 1 else one.data
        yield Paragraph(one.text("product"))
        yield Facts(costs(replace(one, data=shown)))
    first = each[0]
    if len(bills) == 1 and "total" in first.data:
        yield Facts(((first.w.t("The whole bill of that day"), first.money("total")),))


def _each(told: Told) -> tuple[Told, ...]:
    """The facts of each renewal, to be told as those of a letter."""
    try:
        found = json.loads(told.plain("each"))
    except ValueError as error:
        raise WrongFact("each") from error
    if not isinstance(found, list) or not found:
        raise WrongFact("each")
    rows = cast("list[object]", found)
    return tuple(replace(told, data=_facts(row)) for row in rows)


def _facts(row: object) -> dict[str, str | int]:
    if not isinstance(row, dict):
        raise WrongFact("each")
    named = cast("dict[str, object]", row)
    return {name: fact for name, fact in named.items() if isinstance(fact, str | int)}


def costs(told: Told) -> tuple[tuple[str, str], ...]:
    """What the first period costs, as far as a bill of its first day says it."""
    w = told.w
    rows = [(w.t("Licences"), w.number(told.count("licences")))]
    if "price" in told.data:
        rows.append((w.t("Price of a licence"), _price(told)))
    if "cost" in told.data:
        period = w.period(told.day("on"), told.day("until"))
        rows.append((period, w.t("{cost}, before tax", cost=told.money("cost"))))
    if "total" in told.data:
        rows.append((w.t("The whole bill of that day"), told.money("total")))
    if "billed" in told.data:
        rows.append((w.t("Billed afterwards, on"), w.date(told.day("billed"))))
    return tuple(rows)


def _price(told: Told) -> str:
    try:
        return told.w.unit_price(Decimal(told.plain("price")), told.plain("currency"))
    except ArithmeticError as error:
        raise WrongFact("price") from error
