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
_LEFT: Final = {
    "members_left": mark("remove the other members"),
    "subscriptions_running": mark("cancel what still runs"),
    "balance_open": mark("pay what is open"),
    "last_bill_to_come": mark("wait for the last bill and pay it"),
    "bill_held_back": mark("wait for the bill that is held back"),
}
_OTHERWISE: Final = mark("Something still stands in the way.")
_OTHERWISE_TO_DO: Final = mark("clear what stands in the way")


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
    account, on = told.text("account"), told.day("on")
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


def closing_planned(told: Told) -> tuple[str, tuple[Block, ...]]:
    """A day is set; every owner learns who set it, and how it is undone."""
    w = told.w
    account, on = told.text("account"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "{by} has planned that the account {account} at {site} is closed on {day}.",
                by=told.text("by"),
                account=account,
                day=on,
                site=told.site,
            )
        ),
        *_until_then(told, on=on),
    )
    return w.t("{account} is to be closed on {day}", account=account, day=on), blocks


def closing_soon(told: Told) -> tuple[str, tuple[Block, ...]]:
    """The day comes near: what is lost, what is still to be done, how it is undone."""
    w = told.w
    account, on = told.text("account"), told.day("on")
    left = cast("list[str]", _json(told, "left", kind=list))
    todo = w.list([w.t(_LEFT.get(one, _OTHERWISE_TO_DO)) for one in left])
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t("The account {account} at {site} is closed on {day}.", account=account, day=on, site=told.site),
        ),
        *((Paragraph(w.t("Still to be done, else it stays open: {steps}.", steps=todo)),) if left else ()),
        *_until_then(told, on=on),
    )
    return w.t("{account} is closed on {day}", account=account, day=on), blocks


def closing_taken_back(told: Told) -> tuple[str, tuple[Block, ...]]:
    """It stays open."""
    w = told.w
    account, on = told.text("account"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "{by} wants the account {account} at {site} to stay open: it is not closed on {day}.",
                by=told.text("by"),
                account=account,
                day=on,
                site=told.site,
            )
        ),
    )
    return w.t("{account} stays open", account=account), blocks


def _until_then(told: Told, *, on: date) -> tuple[Block, ...]:
    w = told.w
    return (
        Paragraph(
            w.t(
                "On that day all data that says who its people are is erased for good, and nobody can come in any "
                "more. Bills are kept for as long as the law wants it."
            )
        ),
        Paragraph(_backup_said(told)),
        Paragraph(w.t("Every owner can take it back until {day} begins:", day=on)),
        Button(w.t("Keep the account"), told.link("link")),
    )


def _backup_said(told: Told) -> str:
    w = told.w
    if told.plain("backed_up"):
        return w.t("The data were last backed up on {day}. What came since is not in it.", day=told.day("backed_up"))
    return w.t("The data have not been backed up. Until then that can still be done.")


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
