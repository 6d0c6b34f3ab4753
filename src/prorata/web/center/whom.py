"""Whom to unassign, where fewer may hold a licence: chosen one by one, or those who got theirs last.

A page shows `Whom` inside its form with `center/whom.html`, and reads the answer with `read`. Nobody is ticked
beforehand. Those who got theirs last stand on the page by name and come back with the form: where they are others by
then, nothing is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prorata.usecases.pages.licences import Holder
from prorata.web.forms import Form, whole_numbers
from prorata.web.views import FieldError, Option
from prorata.wording import Wording

_MOST_NAMED: Final = 8
"""So many are named in a sentence; of more, how many besides."""
CHOSEN: Final = "chosen"
NEWEST: Final = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: in which way, and who was ticked; `latest`: who got theirs last when it was asked."""

    way: str = CHOSEN
    ticked: tuple[str, ...] = ()
    latest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """The question. `ways`: the two ways; `options`: everybody who holds one; `latest`: who got theirs last, as the
    form brings it back; `errors`: what is wrong with the answer.
    """

    count: int
    title: str
    text: str
    legend: str
    ways: tuple[Option, ...]
    options: tuple[Option, ...]
    latest: str
    answer: Answer
    errors: tuple[FieldError, ...] = ()


def answer_of(form: Form) -> Answer:
    """What a form says."""
    way = form.text("whom", CHOSEN)
    return Answer(way=way, ticked=form.all("members"), latest=form.text("latest"))


def named(w: Wording, holders: Sequence[Holder]) -> str:
    """Some people in a sentence: "Anna, Bram and 12 more"."""
    names = [one.name for one in holders[:_MOST_NAMED]]
    more = len(holders) - len(names)
    if more:
        names.append(w.n("{count} more", "{count} more", more))
    return w.list(names)


def whom(
    w: Wording,
    holders: Sequence[Holder],
    *,
    count: int,
    title: str,
    text: str,
    answer: Answer,
    error: str | None = None,
) -> Whom:
    """Ask it; `holders`: who got theirs last comes first. `error`: what is wrong with the answer."""
    newest = holders[:count]
    in_order = sorted(holders, key=lambda one: (one.name.casefold(), one.member))
    return Whom(
        count=count,
        title=title,
        text=text,
        legend=w.n(
            "Choose {count} member who loses access today", "Choose {count} members who lose access today", count
        ),
        ways=(
            Option(value=CHOSEN, label=w.t("I choose them"), hint=w.t("Below, from everybody who holds a licence.")),
            Option(value=NEWEST, label=w.t("Those who got theirs last"), hint=named(w, newest)),
        ),
        options=tuple(
            Option(
                value=str(one.member), label=one.name, hint=w.t("{email}, since {day}", email=one.email, day=one.since)
            )
            for one in in_order
        ),
        latest=_as_text(newest),
        answer=answer,
        errors=(FieldError(field="members", text=error),) if error else (),
    )


def read(w: Wording, answer: Answer, *, needed: int) -> frozenset[int] | str:
    """Who is to be unassigned, exactly so many; else the sentence that says what is missing."""
    if answer.way == NEWEST:
        picked = set(whole_numbers(answer.latest.split(",")))
        if len(picked) == needed:
            return frozenset(picked)
        return w.t("Choose whom to unassign.")
    if answer.way != CHOSEN:
        return w.t("Choose whom to unassign.")
    if len(set(answer.ticked)) == needed:
        return frozenset(whole_numbers(answer.ticked))
    return w.n(
        "Choose {count} member; {ticked} are chosen.",
        "Choose {count} members; {ticked} are chosen.",
        needed,
        ticked=len(set(answer.ticked)),
    )


def still_fits(answer: Answer, picked: frozenset[int], *, holders: Sequence[Holder], needed: int) -> bool:
    """Whether everybody who was picked holds a licence still; those who got theirs last must be the same people."""
    if answer.way == NEWEST:
        return answer.latest == _as_text(holders[:needed])
    return len(picked) == needed and picked <= {one.member for one in holders}


def _as_text(holders: Sequence[Holder]) -> str:
    return ",".join(str(one.member) for one in holders)
