"""Why people cancel: how often each reason was given, and what was said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.store.screens.cancellations import Said
from prorata.usecases.pages.reasons import MOST_SAID, reasons_page
from prorata.web.console import paths
from prorata.web.forms import get
from prorata.web.rendering import render, wording_of
from prorata.web.visits import staff
from prorata.wording import Wording
from prorata.wording.cancelling import reason_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """A reason, how often it was given, and the share of all."""

    reason: str
    count: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLine:
    """What somebody said, in which account and of what."""

    words: str
    reason: str
    account: str
    href: str
    subscription: str
    on: date


def routes() -> Sequence[BaseRoute]:
    """The page."""
    return (get(paths.REASONS, show, name="reasons"),)


def show(request: Request) -> Response:
    """The counts of twelve months, and the newest words."""
    here, w = staff(request), wording_of(request)
    page = reasons_page(here.services, here.actor)
    return render(
        request,
        "console/reasons.html",
        lead=w.n(
            "{count} cancellation in the last twelve months",
            "{count} cancellations in the last twelve months",
            page.cancellations,
        ),
        rows=tuple(
            ReasonLine(
                reason=reason_word(w, one.reason),
                count=w.number(one.count),
                share=w.t("{percent}%", percent=_percent(one.count, of=page.cancellations)),
            )
            for one in page.counted
        ),
        said=tuple(_said(w, one) for one in page.said),
        cut=w.t("The newest {most}.", most=MOST_SAID) if len(page.said) == MOST_SAID else None,
    )


def _percent(count: int, *, of: int) -> int:
    return (200 * count + of) // (2 * of)


def _said(w: Wording, one: Said) -> SaidLine:
    return SaidLine(
        words=one.words,
        reason=reason_word(w, one.reason),
        account=one.name,
        href=paths.account(one.account),
        subscription=one.subscription,
        on=one.on,
    )
