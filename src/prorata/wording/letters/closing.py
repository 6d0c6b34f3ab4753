"""The letters about the closing of an account: its certificate, and that it did not come about."""

from __future__ import annotations

import json
from datetime import date
from typing import Final, cast

from prorata.core.money import currency, money
from prorata.wording.closing import erased_words, kept_word
from prorata.wording.letters.blocks import Block, Button, Facts, Paragraph
from prorata.wording.letters.told import Told, WrongFact
from prorata.wording.marking import mark

_WHY: Final = {
    "backup_missing": mark("The data have not been backed up."),
    "members_left": mark("Other people still belong to it."),
    "subscriptions_running": mark("A subscription still runs."),
    "balance_open": mark("A bill is still to be paid."),
    "last_bill_to_come": mark("The last bill is not paid yet."),
    "bill_held_back": mark("The last bill is held back."),
}
_OTHERWISE: Final = mark("Something still stands in the way.")


def account_closed(told: Told) -> tuple[str, tuple[Block, ...]]:
    """The certificate: what was erased, what is kept until when and by which law, and its hash."""
    w = told.w
    account = told.text("account")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "The account {account} at {site} is closed. This is the certificate of it.",
                account=account,
                site=told.site,
            )
        ),
        Facts(
            ((w.t("Account number"), str(told.count("number"))), (w.t("Closed on"), told.moment("when")), *_money(told))
        ),
        Paragraph(w.t("Erased: {things}.", things=w.list(erased_words(w, _counts(told))))),
        *(
            Paragraph(w.t("Kept, because the law wants it: {things}.", things=w.list(kept)))
            for kept in (_kept(told),)
            if kept
        ),
        Paragraph(w.t("What was done in the account is kept with numbers in the place of names.")),
        Facts(((w.t("SHA-256 of the certificate"), told.text("sha256")),)),
        Paragraph(w.t("Nobody can come into the account any more. Keep this mail if you need the certificate.")),
    )
    return w.t("{account} is closed", account=account), blocks


def account_not_closed(told: Told) -> tuple[str, tuple[Block, ...]]:
    """The day came, and a step was not done."""
    w = told.w
    account, on = told.text("account"), _day(told.text("on"))
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "The account {account} at {site} was to be closed on {day}. It was not, and nothing was erased.",
                account=account,
                day=on,
                site=told.site,
            )
        ),
        Paragraph(w.t(_WHY.get(told.text("why"), _OTHERWISE))),
        Paragraph(w.t("Once that is done the account can be closed, at once or on another day.")),
        Button(w.t("Close account"), told.link("link")),
    )
    return w.t("{account} was not closed", account=account), blocks


def _money(told: Told) -> tuple[tuple[str, str], ...]:
    w = told.w
    said = ((w.t("Paid back from account credit"), "paid_back"), (w.t("Account credit that lapsed"), "lapsed"))
    return tuple((label, _amount(told, name)) for label, name in said if told.text(name).strip("0.,"))


def _amount(told: Told, name: str) -> str:
    w = told.w
    amount = money(told.text(name), currency(told.text("currency")))
    return w.money(amount.minor, amount.currency.code, exponent=amount.currency.exponent)


def _counts(told: Told) -> dict[str, int]:
    return cast("dict[str, int]", _json(told, "erased", kind=dict))


def _kept(told: Told) -> tuple[str, ...]:
    rows = cast("list[tuple[str, int, str]]", _json(told, "kept", kind=list))
    return tuple(kept_word(told.w, count=count, until=until, law=law) for until, count, law in rows)


def _json(told: Told, name: str, *, kind: type) -> object:
    try:
        found = json.loads(str(told.data[name]))
    except (KeyError, ValueError) as error:
        raise WrongFact(name) from error
    if not isinstance(found, kind):
        raise WrongFact(name)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongFact("on") from error
