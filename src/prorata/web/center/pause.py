"""Pausing a subscription and resuming it: no use and no charge for a while, the data kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.resume_subscription import ResumeSubscription
from prorata.web.center import paths
from prorata.web.center.one_act import OneAct, Seen, do_act, facts_here, show_act
from prorata.web.center.states import timetable_moments
from prorata.web.center.words import licences
from prorata.web.forms import Form, get, post
from prorata.web.rendering import wording_of
from prorata.web.views import Moment
from prorata.wording import Wording

_PAUSE = paths.PRODUCTS + "/{name}/pause"
_RESUME = paths.PRODUCTS + "/{name}/resume"


def routes() -> Sequence[BaseRoute]:
    """Both pages, each with its act."""
    return (
        get(_PAUSE, show_pause, name="pause"),
        post(_PAUSE, do_pause),
        get(_RESUME, show_resume, name="resume"),
        post(_RESUME, do_resume),
    )


def show_pause(request: Request) -> Response:
    """Show what a pause brings."""
    return show_act(request, _pausing(wording_of(request), facts_here(request)))


def do_pause(request: Request, form: Form) -> Response:
    """Pause as it was shown."""
    return do_act(request, form, _pausing(wording_of(request), facts_here(request)))


def show_resume(request: Request) -> Response:
    """Show what resuming brings."""
    return show_act(request, _resuming(wording_of(request), facts_here(request)))


def do_resume(request: Request, form: Form) -> Response:
    """Resume as it was shown."""
    return do_act(request, form, _resuming(wording_of(request), facts_here(request)))


def _pausing(w: Wording, facts: SubscriptionFacts) -> OneAct:
    return OneAct(
        part="pause",
        title=w.t("Pause"),
        lead=w.t("In a pause nobody uses it and nothing is charged. The data is kept."),
        command=PauseSubscription(facts.subscription.name),
        news="paused",
        deed=w.t("Pause it"),
        keep=w.t("Leave it as it is"),
        points=lambda seen: _pause_points(w, seen),
        moments=lambda seen: _pause_moments(w, seen),
    )


def _pause_points(w: Wording, seen: Seen) -> Iterator[str]:
    after, today = seen.after, seen.shown.decision.today
    yield w.t("Members have no access from today on, until it is resumed. Who holds a licence keeps it.")
    if after.in_advance and after.terms.refund.change == "none":
        yield w.t("What is paid for is not credited.")
    elif after.in_advance:
        yield w.t("The days that are paid for and not used are credited.")
    else:
        yield w.t("The days up to today are billed now.")
    if not after.ending:
        boundary = after.grid.next_boundary(today)
        yield w.t("Its periods stay where they are: the next one begins on {day}, paused or not.", day=boundary)


def _pause_moments(w: Wording, seen: Seen) -> Iterator[Moment]:
    after, today = seen.after, seen.shown.decision.today
    note = w.t("It can be resumed on any day.")
    yield Moment(day=today, title=w.t("The pause begins"), note=note, state="now")
    if after.ending:
        yield from timetable_moments(w, seen.before.timetable, today=today)


def _resuming(w: Wording, facts: SubscriptionFacts) -> OneAct:
    paused = facts.subscription.paused
    return OneAct(
        part="resume",
        title=w.t("Resume"),
        lead=w.t("Paused since {day}.", day=paused.start) if paused else w.t("Resuming ends a pause."),
        command=ResumeSubscription(facts.subscription.name),
        news="resumed",
        deed=w.t("Resume it"),
        keep=w.t("Leave it paused"),
        points=lambda seen: _resume_points(w, seen),
        moments=lambda seen: _resume_moments(w, seen),
    )


def _resume_points(w: Wording, seen: Seen) -> Iterator[str]:
    after, today = seen.after, seen.shown.decision.today
    boundary = after.grid.next_boundary(today)
    if after.ending:
        boundary = min(boundary, after.ending.on)
    yield w.t("Members who hold a licence have access again from today on.")
    if after.in_advance and after.ending and after.ending.on == boundary:
        yield w.t(
            "{licences} are charged from today up to the end on {day}.",
            licences=licences(w, after.licences),
            day=boundary,
        )
    elif after.in_advance:
        yield w.t(
            "{licences} are charged from today up to the next period, which begins on {day} as before.",
            licences=licences(w, after.licences),
            day=boundary,
        )
    else:
        yield w.t(
            "The days from today on are billed after the period, which ends before {day} as before.", day=boundary
        )
    yield w.t("The days of the pause are not charged.")


def _resume_moments(w: Wording, seen: Seen) -> Iterator[Moment]:
    after, today = seen.after, seen.shown.decision.today
    yield Moment(day=today, title=w.t("The pause ends"), state="now")
    if not after.ending:
        yield Moment(day=after.grid.next_boundary(today), title=w.t("The next period begins"))
    else:
        yield from timetable_moments(w, seen.before.timetable, today=today)
