"""The letters of what is to come: what is lost or charged, on which day, and what can be done until then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from prorata.wording.letters.blocks import Block, Button, Facts, Paragraph
from prorata.wording.letters.renewals import costs, renew_together, renews
from prorata.wording.letters.told import Told
from prorata.wording.marking import mark_plural

_DAY: Final = timedelta(days=1)
_LOSE_LICENCES: Final = mark_plural(
    "{count} member loses a licence of {product} on {day}", "{count} members lose a licence of {product} on {day}"
)

Said = tuple[str, tuple[Block, ...]]  # the subject, and what stands under it


def _trial_lapses(told: Told) -> Said:
    w, product, on = told.w, told.text("product"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "The free trial of {product} in the account {account} is over on {day}. Then it ends by itself, and "
                "nothing is charged.",
                product=product,
                account=told.text("account"),
                day=on,
            )
        ),
        Paragraph(_used_until(told)),
        Paragraph(w.t("To keep it, decide before {day}: its page says what is needed.", day=on)),
        _to_subscription(told),
    )
    return w.t("The trial of {product} ends on {day}", product=product, day=on), blocks


def _trial_converts(told: Told) -> Said:
    w, product, on = told.w, told.text("product"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "The free trial of {product} in the account {account} is over on {day}. From that day on it is a paid "
                "subscription.",
                product=product,
                account=told.text("account"),
                day=on,
            )
        ),
        Facts(costs(told)),
        Paragraph(
            w.t(
                "If you do not want that, stop the conversion on {day} at the latest: then it ends by itself, and "
                "nothing is charged.",
                day=told.day("last"),
            )
        ),
        Button(w.t("Stop the conversion"), told.link("link")),
    )
    return w.t("The trial of {product} ends on {day}: then it is charged", product=product, day=on), blocks


def _expires(told: Told) -> Said:
    w, product, on = told.w, told.text("product"), told.day("on")
    off = told.text("why") == "renewal_off"
    names: dict[str, str | date] = {"product": product, "account": told.text("account"), "day": on}
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t("The subscription {product} of the account {account} expires on {day}: its renewal is off.", **names)
            if off
            else w.t("The subscription {product} of the account {account} expires on {day}: its term is over.", **names)
        ),
        Paragraph(w.t("It is paused: members have no access already.") if told.is_so("paused") else _used_until(told)),
        Paragraph(
            w.t("To keep it as it is, turn the renewal on before {day}.", day=on)
            if off
            else w.t("Once it has expired, it can be reactivated; a new term then begins.")
        ),
        Button(w.t("Turn the renewal on"), told.link("link")) if off else _to_subscription(told),
    )
    return w.t("{product} expires on {day}", product=product, day=on), blocks


def _disabled(told: Told) -> Said:
    if told.is_so("paused"):
        return _disabled_in_a_pause(told)
    w, product, on = told.w, told.text("product"), told.day("on")
    cancelled = told.text("why") == "cancelled"
    names: dict[str, str | date] = {"product": product, "account": told.text("account"), "day": on}
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t("On {day} the members of the account {account} lose access to {product}: it is cancelled.", **names)
            if cancelled
            else w.t("On {day} the members of the account {account} lose access to {product}: it has expired.", **names)
        ),
        _for_longer(told),
        Paragraph(
            w.t("Until {day} the cancellation can be undone; then everything goes on.", day=on - _DAY)
            if cancelled
            else w.t("If it is reactivated before {day}, the members keep their access.", day=on)
        ),
        Button(w.t("Undo the cancellation") if cancelled else w.t("Reactivate"), told.link("link")),
    )
    return w.t("Members lose access to {product} on {day}", product=product, day=on), blocks


def _disabled_in_a_pause(told: Told) -> Said:
    """The same where members have no access to lose."""
    w, product, on = told.w, told.text("product"), told.day("on")
    cancelled = told.text("why") == "cancelled"
    names: dict[str, str | date] = {"product": product, "account": told.text("account"), "day": on}
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t("On {day} {product} of the account {account} ends: it is cancelled.", **names)
            if cancelled
            else w.t("On {day} {product} of the account {account} is disabled: it has expired.", **names)
        ),
        Paragraph(w.t("It is paused: members have no access already.")),
        _for_longer(told),
        Paragraph(
            w.t("Until {day} the cancellation can be undone; then everything goes on.", day=on - _DAY)
            if cancelled
            else w.t("Until then the subscription can also be reactivated, with all its data.")
        ),
        Button(w.t("Undo the cancellation") if cancelled else w.t("Reactivate"), told.link("link")),
    )
    return w.t("{product} ends on {day}", product=product, day=on), blocks


def _for_longer(told: Told) -> Paragraph:
    return Paragraph(
        told.w.t(
            "Admins reach the data for longer, and can back it up, until it is deleted on {day}.",
            day=told.day("deleted"),
        )
    )


def _members_out(told: Told) -> Said:
    w, product, on = told.w, told.text("product"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "You hold a licence of {product} in the account {account}. From {day} on you cannot use it any more.",
                product=product,
                account=told.text("account"),
                day=on,
            )
        ),
        Paragraph(w.t("Finish before then what you are working on, and keep what you still need.")),
        Paragraph(w.t("If it should go on, ask an admin of the account: they are told as well.")),
    )
    return w.t("Your access to {product} ends on {day}", product=product, day=on), blocks


def _deleted(told: Told) -> Said:
    w, product, on = told.w, told.text("product"), told.day("on")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "On {day} the data of {product} in the account {account} is deleted for good. Nobody can bring it back "
                "after that. Bills and other documents are kept.",
                product=product,
                account=told.text("account"),
                day=on,
            )
        ),
        Paragraph(w.t("Until then the data can be backed up.")),
        Button(w.t("Back up the data"), told.link("back_up")),
        Paragraph(w.t("Until then the subscription can also be reactivated, with all its data.")),
        _to_subscription(told),
    )
    return w.t("The data of {product} is deleted on {day}", product=product, day=on), blocks


def _unpaid(told: Told) -> Said:
    w, product, on, bill = told.w, told.text("product"), told.day("on"), told.text("bill")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "Bill {bill} is past due. If it is not paid before {day}, the members of the account {account} lose "
                "access to {product} on that day.",
                bill=bill,
                day=on,
                account=told.text("account"),
                product=product,
            )
        ),
        Facts(
            (
                (w.t("Bill"), bill),
                (w.t("To be paid by"), w.date(told.day("due"))),
                (w.t("Still to pay"), told.money("left")),
            )
        ),
        Button(w.t("Pay now"), told.link("link")),
        Paragraph(
            w.t(
                "Once it is paid, everything goes on as before. If it is never paid, the data is deleted on {day}.",
                day=told.day("deleted"),
            )
        ),
    )
    subject = w.t("Pay bill {bill} before {day} to keep {product}", bill=bill, day=on, product=product)
    return subject, blocks


def _conflict(told: Told) -> Said:
    w, product, on = told.w, told.text("product"), told.day("on")
    count = told.count("licences")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "In the account {account} more licences of {product} are assigned than there are. Nobody loses theirs "
                "before {day}.",
                account=told.text("account"),
                product=product,
                day=on,
            )
        ),
        Facts(((w.t("Assigned and not there"), w.number(count)),)),
        Paragraph(
            w.t(
                "On that day those lose their licence who were given one last. Until then licences can be bought, or "
                "taken back from members of your choice."
            )
        ),
        Button(w.t("To the licences"), told.link("link")),
    )
    return w.n(*_LOSE_LICENCES, count, product=product, day=on), blocks


def _used_until(told: Told) -> str:
    return told.w.t(
        "Members can use it until {last}. After that only admins reach the data.", last=told.day("disabled") - _DAY
    )


def _to_subscription(told: Told) -> Button:
    return Button(told.w.t("To the subscription"), told.link("link"))


ANNOUNCED: Final[Mapping[str, Callable[[Told], Said]]] = MappingProxyType(
    {
        "trial_lapses": _trial_lapses,
        "trial_converts": _trial_converts,
        "expires": _expires,
        "disabled": _disabled,
        "members_out": _members_out,
        "deleted": _deleted,
        "unpaid": _unpaid,
        "conflict": _conflict,
        "renews": renews,
        "renew_together": renew_together,
    }
)
"""Each kind with its letter."""
