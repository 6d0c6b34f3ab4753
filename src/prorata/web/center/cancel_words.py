"""A cancellation in words: when it can be, why not, and what it has done."""

from __future__ import annotations

from datetime import date, timedelta

from prorata.core.documents.model import Statement
from prorata.core.retention import kept_until
from prorata.core.subscriptions.model import Subscription, timetable
from prorata.usecases.pages.cancel import CancelPage
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center.states import entered, unless_paid
from prorata.web.center.words import amount
from prorata.web.views import Option
from prorata.wording import Wording

_DAY = timedelta(days=1)


def nothing_lead(w: Wording, facts: SubscriptionFacts) -> str:
    """Why there is nothing to cancel."""
    if facts.subscription.state == "trial":
        return w.t("There is nothing to cancel: this is a free trial, and nothing is charged in it.")
    return w.t("There is nothing to cancel: the subscription has ended, and nothing more is charged.")


def choices(w: Wording, page: CancelPage) -> tuple[Option, ...]:
    """When it can end: what the terms have first, a day of one's own last."""
    paused = page.facts.subscription.paused
    already, until_resumed = without_access(w)
    now = Option(value="now", label=w.t("Now"), hint=already if paused else w.t("Members lose access today."))
    at_end = Option(
        value="period_end",
        label=w.t("At the end of the period, on {day}", day=page.period_end),
        hint=_with_unpaid(
            w, page, said=until_resumed if paused else w.t("Members keep access until then."), until=page.period_end
        ),
    )
    first, second = (now, at_end) if page.usual == "now" else (at_end, now)
    on_date = Option(value="date", label=w.t("On a date"), hint=w.t("Today or any later day."))
    return first, second, on_date


def _with_unpaid(w: Wording, page: CancelPage, *, said: str, until: date) -> str:
    """What is said of the time up to an end, and that it is shorter where nobody pays."""
    if page.unpaid_on is None or page.unpaid_on >= until:
        return said
    return f"{said} {unless_paid(w, page.unpaid_on)}"


def without_access(w: Wording) -> tuple[str, str]:
    """What an end means to the members of what is paused: today, and on a later day."""
    return (
        w.t("It is paused: members have no access already."),
        w.t("It is paused: members have no access unless it is resumed."),
    )


def done_lead(w: Wording, page: CancelPage) -> str:
    """How a cancelled subscription is: when it ended or ends, and what is with the money."""
    subscription, today = page.facts.subscription, page.here.today
    ending = subscription.ending
    if ending is None:
        return ""
    paused = subscription.paused
    if subscription.state == "active" and paused:
        cancelled = w.t("It is cancelled and ends on {day}.", day=ending.on)
        return _with_unpaid(w, page, said=f"{cancelled} {without_access(w)[1]}", until=ending.on)
    if subscription.state == "active":
        kept = w.t("Cancelled with effect from {day}. Members keep access until then.", day=ending.on)
        return _with_unpaid(w, page, said=kept, until=ending.on)
    since = paused.start if paused else ending.on
    access = (
        w.t("Members have no access from today on.")
        if since == today
        else w.t("Members have no access since {day}.", day=since)
    )
    return f"{access} {_money(w, page)}"


def _money(w: Wording, page: CancelPage) -> str:
    """What is still owed today; else what the final document did."""
    rows = page.open_bills
    if rows:
        owed = sum((row.left for row in rows[1:]), start=rows[0].left)
        return w.t("{amount} is still to be paid.", amount=amount(w, owed))
    if page.facts.parked and not page.final:
        return w.t("The final document follows.")
    face = page.final.issued.document.statement if page.final else None
    return statement_sentence(w, face) if face and not face.still_to_pay else w.t("Nothing is open.")


def statement_sentence(w: Wording, face: Statement) -> str:
    """What comes of a final document, in one sentence."""
    if face.paid_back:
        return w.t("{amount} goes back to the method that paid.", amount=amount(w, face.paid_back))
    if face.still_to_pay:
        return w.t("{amount} stays to be paid.", amount=amount(w, face.still_to_pay))
    if face.to_credit:
        return w.t("{amount} is kept as account credit and pays the next bills.", amount=amount(w, face.to_credit))
    return w.t("Nothing stays to be paid.")


def later_final(w: Wording, page: CancelPage) -> str:
    """Why no final document is shown: it comes later, or never."""
    if page.facts.parked:
        return w.t(
            "Billing of this subscription is on hold while {seller} looks into something. The dates are as shown; the "
            "final document follows once that is settled, as of the day of the end.",
            seller=page.here.seller,
        )
    return w.t("Everything up to that day is on the bills before it, so no final document follows.")


def limit_lead(w: Wording, page: CancelPage) -> str:
    """What the online limit asks for."""
    above = page.above
    if above is None:
        return ""
    if above.waits:
        return w.n(
            "A subscription with up to {limit} licences can be cancelled online. Remove {count} licence first.",
            "A subscription with up to {limit} licences can be cancelled online. Remove {count} licences first.",
            above.over.remove,
            limit=above.over.limit,
        )
    return w.n(
        "A subscription with up to {limit} licences can be cancelled online. Unassign {count} member first.",
        "A subscription with up to {limit} licences can be cancelled online. Unassign {count} members first.",
        above.unassign,
        limit=above.over.limit,
    )


# ------------------------------------------------------------------------------------------ afterwards


def undo_sentence(w: Wording, after: Subscription, *, today: date) -> str:
    """Until when it can be undone, or what there is in its place."""
    ends = after.ending.on if after.ending else today
    if ends > today:
        return w.t("It can be undone until {day}.", day=ends - _DAY)
    said = w.t("A cancellation that takes effect at once cannot be undone.")
    back = way_back(w, after, today=today)
    return f"{said} {back}" if back else said


def way_back(w: Wording, subscription: Subscription, *, today: date) -> str | None:
    """Until when what has ended can begin again; None where it runs still, or never can."""
    deleted = entered(timetable(subscription)).get("deleted")
    if subscription.is_running or deleted is None or deleted <= today:
        return None
    last = deleted - _DAY
    return w.t("It can be reactivated until {day}; what is left of its period is charged again then.", day=last)


def kept_by_law(w: Wording, page: CancelPage) -> str:
    """What stays when the data is gone, and until when."""
    until = kept_until(page.kept, page.here.today)
    return w.n(
        "The documents stay. The law has them kept for {count} year: those of this year until {day}.",
        "The documents stay. The law has them kept for {count} years: those of this year until {day}.",
        page.kept.years,
        day=until,
    )
