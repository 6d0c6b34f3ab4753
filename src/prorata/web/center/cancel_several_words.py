"""Several cancellations in words and figures: each for itself, and what they come to together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document, Statement
from prorata.core.errors import DomainError
from prorata.core.money import Money, total
from prorata.core.retention import kept_until
from prorata.core.subscriptions.model import Subscription, timetable
from prorata.usecases.act import Preview
from prorata.usecases.pages.cancel_several import SeveralPage
from prorata.usecases.permissions import Actor
from prorata.web.center import paths
from prorata.web.center.cancel_figures import Becomes, becomes, dates, final_ledger
from prorata.web.center.doings import cancel_action
from prorata.web.center.states import entered, state_sentence
from prorata.web.center.upcoming import UpcomingBills, upcoming_with
from prorata.web.center.words import DocumentLedger, Names, amount
from prorata.web.views import Figure, Moment, Option
from prorata.wording import Wording

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOfThem:
    """One of those that are cancelled together: until when members use it, when its data is gone, until when the
    cancellation can be taken back, and what the final document has of it.
    """

    name: str
    value: str
    ends: date
    access: str
    deleted: date | None
    undo: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One that cannot be cancelled with the others, why, and the way to its own page."""

    name: str
    why: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalOfSeveral:
    """A final document, and what becomes of it."""

    ledger: DocumentLedger
    becomes: Becomes | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralForecast:
    """What cancelling them together would do: each, the sums, the documents, the dates, the bills of a year."""

    summary: str
    rows: tuple[OneOfThem, ...]
    sums: tuple[Figure, ...]
    finals: tuple[FinalOfSeveral, ...]
    nothing: str | None
    moments: tuple[Moment, ...]
    kept: str
    year: UpcomingBills
    button: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledRow:
    """One that was cancelled: how it is now, and the page that says what was done."""

    name: str
    state: str
    href: str


def end_choices(w: Wording) -> tuple[Option, ...]:
    """When they end: all of them at once, each at the end of its own period, or on one day."""
    return (
        Option(value="now", label=w.t("Now"), hint=w.t("Members lose access today.")),
        Option(
            value="period_end",
            label=w.t("Each at the end of its period"),
            hint=w.t("Members keep access until then."),
        ),
        Option(value="date", label=w.t("On a date"), hint=w.t("Today or any later day.")),
    )


def candidates(w: Wording, page: SeveralPage, *, actor: Actor, names: Names) -> list[Option]:
    """Everything that is not deleted; what cannot be cancelled says why."""
    return [
        Option(
            value=facts.subscription.name,
            label=names[facts.subscription.id],
            disabled_reason=cancel_action(w, facts, actor=actor).disabled_reason,
        )
        for facts in page.everything
        if facts.subscription.state != "deleted"
    ]


def refusals(page: SeveralPage, *, names: Names, say: Callable[[DomainError], str]) -> tuple[Refused, ...]:
    """What stands in the way of some of those that were ticked."""
    return tuple(
        Refused(
            name=names[facts.subscription.id],
            why=say(page.refused[facts.subscription.name]),
            href=paths.product(facts.subscription.name, "cancel"),
        )
        for facts in page.chosen
        if facts.subscription.name in page.refused
    )


def several_forecast(w: Wording, page: SeveralPage, *, shown: Preview, names: Names) -> SeveralForecast:
    """Everything that is shown before the confirmation, from the decision that it would be."""
    today, history = shown.decision.today, shown.decision.after
    after = [history.subscription(facts.subscription.name) for facts in page.possible]
    ids = {one.id for one in after}
    now = [d for d in shown.decision.documents if d.final]
    later = [d for d in shown.coming if d.final and any(line.subscription in ids for line in d.lines)]
    faces = [d.statement for d in now if d.statement]
    return SeveralForecast(
        summary=_summary(w, len(after)),
        rows=tuple(_row(w, one, documents=[*now, *later], names=names, today=today) for one in after),
        sums=_sums(w, faces),
        finals=tuple(_final(w, page, d, names=names, today=today) for d in (*now, *later)),
        nothing=None if now or later else _nothing(w),
        moments=tuple(_moments(w, after, names=names, today=today)),
        kept=w.t(
            "The documents stay. The law has those of this year kept until {day}.", day=kept_until(page.kept, today)
        ),
        year=upcoming_with(w, shown, names=names),
        button=w.n("Cancel {count} subscription", "Cancel {count} subscriptions", len(after)),
        seen=shown.fingerprint,
    )


def _summary(w: Wording, count: int) -> str:
    return w.n(
        "{count} subscription is cancelled: if it cannot be by then, nothing happens.",
        "{count} subscriptions are cancelled together: if one of them cannot be by then, none is.",
        count,
    )


def _row(w: Wording, after: Subscription, *, documents: Iterable[Document], names: Names, today: date) -> OneOfThem:
    ends = after.ending.on if after.ending else today
    of = after.plan.price.amount.currency
    mine = total((line.amount for d in documents for line in d.lines if line.subscription == after.id), of)
    return OneOfThem(
        name=names[after.id],
        value=after.name,
        ends=ends,
        access=w.t("today") if ends <= today else w.date(ends),
        deleted=entered(timetable(after)).get("deleted"),
        undo=_way_back(w, after, today=today),
        amount=amount(w, mine),
    )


def _way_back(w: Wording, after: Subscription, *, today: date) -> str:
    """Until when it can be taken back, and how."""
    ends = after.ending.on if after.ending else today
    if ends > today:
        return w.t("undo until {day}", day=ends - _DAY)
    deleted = entered(timetable(after)).get("deleted")
    return w.t("reactivate until {day}", day=deleted - _DAY) if deleted else "–"


def _sums(w: Wording, faces: list[Statement]) -> tuple[Figure, ...]:
    """What all final documents of now come to."""
    if not faces:
        return ()
    of = faces[0].this_document.currency
    sums: tuple[tuple[str, Money], ...] = (
        (w.t("You get back"), total((face.paid_back for face in faces), of)),
        (w.t("Kept as account credit"), total((face.to_credit for face in faces), of)),
        (w.t("Still to pay"), total((face.still_to_pay for face in faces), of)),
    )
    return tuple(Figure(label=label, value=amount(w, worth)) for label, worth in sums if worth)


def _final(w: Wording, page: SeveralPage, document: Document, *, names: Names, today: date) -> FinalOfSeveral:  # noqa: PLR0917 - what, of which page
    note = None
    if document.date > today:
        note = w.t("It comes on {day}; these are its figures if nothing else changes until then.", day=document.date)
    face = document.statement
    return FinalOfSeveral(
        ledger=final_ledger(w, document, names=names, numbers=page.numbers),
        becomes=becomes(w, face) if face and note is None else None,
        note=note,
    )


def _nothing(w: Wording) -> str:
    return w.t("Everything up to that day is on the bills before it, so no final document follows.")


def _moments(w: Wording, after: Iterable[Subscription], *, names: Names, today: date) -> Iterator[Moment]:
    """What happens when, to which of them: what is alike on a day is said once."""
    found: dict[tuple[date, str, str | None, str], list[str]] = {}
    for one in after:
        for moment in dates(w, one, today=today):
            found.setdefault((moment.day, moment.title, moment.note, moment.state), []).append(names[one.id])
    for (day, title, note, state), called in sorted(found.items(), key=lambda item: item[0][0]):
        which = w.list(called)
        yield Moment(day=day, title=title, note=f"{which}. {note}" if note else which, state=state)


def done_rows(w: Wording, page: SeveralPage) -> tuple[CancelledRow, ...]:
    """Those that are cancelled, of the ones that the address names."""
    names = {facts.subscription.name: facts for facts in page.chosen}
    return tuple(
        CancelledRow(
            name=name,
            state=state_sentence(w, facts, today=page.here.today),
            href=paths.product(name, "cancelled"),
        )
        for name, facts in names.items()
        if facts.subscription.ending and facts.subscription.ending.why == "cancelled"
    )
