"""Backing up data: what it will hold, how far it is, and the file once it is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from prorata.store.exports import ExportRow
from prorata.usecases.export.ask import ExportInWork, NothingToExport, ask_export
from prorata.usecases.export.download import download_export
from prorata.usecases.export.make import KEPT_DAYS
from prorata.usecases.export.page import ExportsPage, exports_page
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.proving import prove_first
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import visit
from prorata.wording import Language, Wording, mark
from prorata.wording.errors import sentence
from prorata.wording.exporting import problem_said, size_said

_DOWNLOAD = paths.BACK_UP + "/{export}/download"
_NEWS = {"asked": mark("The back up is asked for. You may leave this page: a mail tells you when it is ready.")}
_WORDS = {
    "waiting": ("open", mark("waiting")),
    "making": ("open", mark("in work")),
    "ready": ("paid", mark("ready")),
    "failed": ("past_due", mark("not made")),
    "gone": ("ended", mark("deleted")),
}
"""For each state the kind of its chip, and its word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLine:
    """A back up in the list. `says`: what more there is to its state; `download`: where its file is, None where not."""

    asked: str
    chip: tuple[str, str]
    size: str
    says: str
    download: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """How far the one in work is."""

    words: str
    done: int
    total: int


def routes() -> Sequence[BaseRoute]:
    """The page, asking, downloading."""
    return (
        get(paths.BACK_UP, show, name="back_up"),
        post(paths.BACK_UP, ask),
        get(_DOWNLOAD, back, name="back_up_download"),
        post(_DOWNLOAD, download),
    )


def show(request: Request) -> Response:
    """The page."""
    return _page(request, query_form(request))


def ask(request: Request, form: Form) -> Response:
    """Ask for one."""
    here = visit(request)
    language = _language(request, form)
    try:
        ask_export(here.services, here.request(), language=language.value)
    except ProofNeeded:
        return prove_first(paths.BACK_UP, language=language.value)
    except (ExportInWork, NothingToExport) as refusal:
        return _page(request, form, refusal=sentence(refusal, wording_of(request)))
    return RedirectResponse(paths.with_query(paths.BACK_UP, news="asked"), status_code=303)


def download(request: Request, _: Form) -> Response:
    """Hand the file out."""
    here = visit(request)
    try:
        found = download_export(here.services, here.request(), export=_id(request))
    except ProofNeeded:
        return prove_first(paths.BACK_UP)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Content-Length": str(found.bytes),
    }
    return StreamingResponse(found.pieces, media_type="application/zip", headers=headers)


def back(_: Request) -> Response:
    """Who asks for the address of a file by itself is shown the page: a file is handed out on a click alone."""
    return RedirectResponse(paths.BACK_UP, status_code=303)


# ------------------------------------------------------------------------------------------ what was typed


def _id(request: Request) -> int:
    """The back up of the address; what is no number is none."""
    return whole_number(request.path_params["export"]) or 0


def _language(request: Request, form: Form) -> Language:
    return Language.of_tag(form.text("language")) or language_of(request)


# ------------------------------------------------------------------------------------------ what is shown


def _page(request: Request, typed: Form, *, refusal: str = "") -> Response:
    here, w = visit(request), wording_of(request)
    page = exports_page(here.services, here.request())
    news = _NEWS.get(typed.text("news")) if not refusal else None
    newest = page.rows[0] if page.rows else None
    ready = next((row for row in page.rows if _is_ready(row, page)), None)
    blocked = refusal or (sentence(page.refusal, w) if page.refusal else "")
    return render(
        request,
        "center/back_up.html",
        status=422 if refusal else 200,
        errors=(FieldError(field="language", text=refusal),) if refusal else (),
        news=w.t(news) if news else "",
        lead=_lead(w, page, ready=ready),
        working=_working(w, newest) if newest else None,
        failed=problem_said(w, newest.problem) if newest and newest.state == "failed" else "",
        ready=_facts(w, ready, zone=page.zone) if ready else (),
        download=paths.back_up(ready.id) if ready else None,
        languages_of_it=tuple(Option(value=one.value, label=one.own_name) for one in Language),
        language_of_it=_language(request, typed).value,
        action=paths.BACK_UP,
        ask=Action(
            label=w.t("Try again") if newest and newest.state == "failed" else w.t("Make a back up"),
            kind="secondary" if ready else "primary",
            disabled_reason=blocked or None,
        ),
        rows=tuple(_row(w, row, page=page) for row in page.rows),
        kept_days=KEPT_DAYS,
    )


def _is_ready(row: ExportRow, page: ExportsPage) -> bool:
    return row.state == "ready" and row.expires_at is not None and row.expires_at > page.at


def _lead(w: Wording, page: ExportsPage, *, ready: ExportRow | None) -> str:
    newest = page.rows[0] if page.rows else None
    if newest and newest.state in {"waiting", "making"}:
        return w.t("A back up is in work.")
    if newest and newest.state == "failed":
        return w.t("The last back up was not made.")
    if ready and ready.expires_at:
        until = _moment(w, ready.expires_at, zone=page.zone)
        return w.t("A back up is ready. It can be downloaded until {moment}.", moment=until)
    return w.t("There is no back up to download now.")


def _working(w: Wording, row: ExportRow) -> Working | None:
    if row.state not in {"waiting", "making"}:
        return None
    if row.state == "waiting" or not row.total:
        said = w.t("It waits for its turn.")
        again = w.t("{problem} It is tried again by itself.", problem=problem_said(w, row.problem))
        return Working(words=again if row.problem else said, done=0, total=1)
    words = w.n("{done} of {count} row is written", "{done} of {count} rows are written", row.total, done=row.done)
    return Working(words=words, done=row.done, total=row.total)


def _facts(w: Wording, row: ExportRow, *, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    until = _moment(w, row.expires_at, zone=zone) if row.expires_at else "–"
    return (
        (w.t("Asked for"), _moment(w, row.at, zone=zone)),
        (w.t("Size"), size_said(w, row.bytes)),
        (w.t("Can be downloaded until"), until),
        ("SHA-256", (row.sha256 or b"").hex()),
    )


def _row(w: Wording, row: ExportRow, *, page: ExportsPage) -> ExportLine:
    is_over = row.state == "ready" and not _is_ready(row, page)
    kind, word = _WORDS["gone" if is_over else row.state]
    return ExportLine(
        asked=_moment(w, row.at, zone=page.zone),
        chip=(kind, w.t(word)),
        size=size_said(w, row.bytes) if row.sha256 else "–",
        says=problem_said(w, row.problem) if row.state == "failed" else "",
        download=paths.back_up(row.id) if _is_ready(row, page) else None,
    )


def _moment(w: Wording, at: datetime, *, zone: ZoneInfo) -> str:
    return w.moment(at.astimezone(zone))
