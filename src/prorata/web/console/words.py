"""Phrases that several screens of the console share: how a run stands, what it issued, when something was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from prorata.store.parked import ParkedRow
from prorata.store.runs import Total
from prorata.usecases.pages.runs import RunFacts
from prorata.web.center.words import amount
from prorata.wording import Wording
from prorata.wording.parked import way_out, why

_CHIPS = {"open": "open", "finished": "settled", "superseded": "neutral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a run stands: a kind of chip with its word, and a sentence."""

    chip: str
    word: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalRow:
    """What was issued in a currency, of test accounts apart."""

    currency: str
    note: str | None
    invoices: str
    invoiced: str
    credit_notes: str
    credited: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedCard:
    """A parked subscription: which, since when, why, and what would mend it; `key` tells it from all others.

    `trace`: the program's own account of a failure that no rule foresaw, else empty.
    """

    key: str
    account_id: int
    account: str
    subscription: str
    since: str
    day: str
    why: str
    way_out: str
    unexpected: bool
    trace: str


def moment(w: Wording, at: datetime, *, zone: ZoneInfo) -> str:
    """An instant as the clocks of a place show it: "14 March 2026, 14:05"."""
    return w.moment(at.astimezone(zone))


def state(w: Wording, facts: RunFacts) -> State:
    """How a run stands."""
    word = {"open": w.p("run", "running"), "finished": w.p("run", "finished"), "superseded": w.p("run", "taken over")}
    return State(chip=_CHIPS[facts.run.state], word=word[facts.run.state], says=_sentence(w, facts))


def _sentence(w: Wording, facts: RunFacts) -> str:
    run, progress = facts.run, facts.progress
    if run.state == "open":
        return w.n(
            "{done} of {count} batch is done.", "{done} of {count} batches are done.",
            progress.batches, done=progress.batches_done,
        )  # fmt: skip
    if run.state == "finished":
        if progress.parked:
            return w.t("All that was due is billed, but for what is parked.")
        return w.t("All that was due is billed.")
    if facts.taken_over_by:
        return w.t("The run of {day} took over what was left.", day=facts.taken_over_by.as_of)
    return w.t("The run of a later day took over what was left.")


def total_rows(w: Wording, totals: Iterable[Total]) -> tuple[TotalRow, ...]:
    """What was issued, a row for each currency, those of test accounts last."""
    return tuple(
        TotalRow(
            currency=one.currency.code,
            note=w.t("test accounts, in no report") if one.test else None,
            invoices=w.number(one.invoices),
            invoiced=amount(w, one.invoiced),
            credit_notes=w.number(one.credit_notes),
            credited=amount(w, one.credited),
        )
        for one in totals
    )


def issued(w: Wording, totals: Iterable[Total]) -> tuple[str, ...]:
    """The same in a line or two for each currency: "€90.75 on 1 invoice (test)"."""
    found: list[str] = []
    for one in totals:
        test = w.t("(test)") if one.test else ""
        if one.invoices:
            money = amount(w, one.invoiced)
            said = w.n("{amount} on {count} invoice", "{amount} on {count} invoices", one.invoices, amount=money)
            found.append(f"{said} {test}".strip())
        if one.credit_notes:
            money, many = amount(w, one.credited), one.credit_notes
            said = w.n("{amount} on {count} credit note", "{amount} on {count} credit notes", many, amount=money)
            found.append(f"{said} {test}".strip())
    return tuple(found)


def parked_card(w: Wording, row: ParkedRow, *, zone: ZoneInfo) -> ParkedCard:
    """A parked subscription in words; times as the clocks of its seller show them."""
    return ParkedCard(
        key=f"{row.account_id}-{row.why.subscription}",
        account_id=row.account_id,
        account=row.account,
        subscription=row.subscription,
        since=moment(w, row.at, zone=zone),
        day=w.date(row.as_of),
        why=why(row.why, w),
        way_out=way_out(row.why, w),
        unexpected=row.why.unexpected,
        trace=row.why.trace,
    )
