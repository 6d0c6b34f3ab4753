"""Adding many people from a list: what it would bring first, then the deed. Nothing of the list is kept in between.

The page that shows what a list would bring carries its text, so that a column that was mistaken is seen before anybody
is added, and nothing waits on the server that somebody would have to clear away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.people.import_members import RefusedRow, Report, check_import, import_members
from prorata.usecases.people.member_file import FileEmpty, text_of
from prorata.usecases.permissions import NotAllowed
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.shortage import Offer, offer
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post_file
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.spreadsheets import csv_file
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import visit
from prorata.wording import Language, Wording, mark_plural
from prorata.wording.errors import sentence

MOST_SENT = 4_000_000
"""Bytes of a list as it is sent; what is longer than is read gets its sentence, what is longer than this none."""
MOST_SHOWN = 100
"""Refused rows on the page; the file has all of them."""
_MOST_NAMED = 20
"""Columns that are not looked at; of more, how many besides."""

_HAVE = mark_plural("{count} has a licence of {product}.", "{count} have a licence of {product}.")
_GET = mark_plural("{count} gets a licence of {product}.", "{count} get a licence of {product}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A row that is not taken, and why."""

    line: int
    whole: str
    why: str


def routes() -> Sequence[BaseRoute]:
    """The form; looking at a list, importing it, and the file of its refused rows."""
    return get(paths.IMPORT_MEMBERS, show, name="import_members"), post_file(paths.IMPORT_MEMBERS, do, most=MOST_SENT)


def show(request: Request) -> Response:
    """The form."""
    return _form(request)


def do(request: Request, form: Form) -> Response:
    """What the button says: look, import, or give the refused rows."""
    here, language = visit(request), Language.of_tag(form.text("language")) or language_of(request)
    act = import_members if form.text("do") == "import" else check_import
    try:
        text = text_of(form.part("file") or form.part("text"))
        if not text.strip():
            raise FileEmpty
        report = act(here.services, here.request(), text=text, language=language.value)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _form(request, sent=form, refusal=refusal)
    if form.text("do") == "report":
        return _file(request, report)
    return _report(request, report, text=text, language=language, done=act is import_members)


def _form(request: Request, *, sent: Form | None = None, refusal: DomainError | None = None) -> Response:
    here, w = visit(request), wording_of(request)
    here.actor.must("add_people")
    pasted = sent.part("text").decode(errors="replace") if sent else ""
    field = "text" if pasted.strip() and not (sent and sent.part("file")) else "file"
    return render(
        request,
        "center/import_members.html",
        status=422 if refusal else 200,
        errors=(FieldError(field=field, text=sentence(refusal, w)),) if refusal else (),
        text=pasted,
        languages_offered=tuple(Option(value=one.value, label=one.own_name) for one in Language),
        spoken=(sent.text("language") if sent else "") or language_of(request).value,
        action=paths.IMPORT_MEMBERS,
        look=Action(label=w.t("Look at the list"), kind="primary"),
        keep=Action(label=w.t("Add nobody"), href=paths.MEMBERS, kind="quiet"),
        back_href=paths.MEMBERS,
    )


def _report(request: Request, report: Report, *, text: str, language: Language, done: bool) -> Response:
    w = wording_of(request)
    add = Action(label=w.n("Add {count} person", "Add {count} people", report.added), kind="primary")
    return render(
        request,
        "center/import_report.html",
        done=done,
        lead=_lead(w, report, done=done),
        points=tuple(_points(request, report, done=done)),
        offers=_offers(request, report),
        refused=tuple(_lines(w, report.refused[:MOST_SHOWN])),
        refused_title=w.n("{count} row is not taken", "{count} rows are not taken", len(report.refused)),
        more=max(len(report.refused) - MOST_SHOWN, 0),
        text=text,
        spoken=language.value,
        action=paths.IMPORT_MEMBERS,
        add=add if report.added and not done else None,
        again=Action(label=w.t("Choose another list"), href=paths.IMPORT_MEMBERS, kind="quiet"),
        back_href=paths.MEMBERS,
    )


def _lead(w: Wording, report: Report, *, done: bool) -> str:
    if done:
        return w.n("{count} person is added.", "{count} people are added.", report.added)
    return w.n(
        "{count} person can be added. Nothing has happened yet.",
        "{count} people can be added. Nothing has happened yet.",
        report.added,
    )


def _points(request: Request, report: Report, *, done: bool) -> Iterable[str]:
    """What becomes of those who are added."""
    w, called = wording_of(request), _called(request)
    if report.back:
        yield w.n("{count} of them had left, and is back.", "{count} of them had left, and are back.", report.back)
    for name, count in report.assigned.items():
        yield w.n(*(_HAVE if done else _GET), count, product=called.get(name, name))
    for short in report.short:
        yield w.n(
            "For {count} there is no licence of {product}: they are added without one.",
            "For {count} there is no licence of {product}: they are added without one.",
            short.missing,
            product=called.get(short.subscription, short.subscription),
        )
    if report.unused:
        named, more = list(report.unused[:_MOST_NAMED]), len(report.unused) - _MOST_NAMED
        named += [w.n("{count} more", "{count} more", more)] if more > 0 else []
        yield w.t("These columns are not looked at: {columns}.", columns=w.list(named))


def _offers(request: Request, report: Report) -> tuple[Offer, ...]:
    found = (offer(request, one.subscription, missing=one.missing) for one in report.short)
    return tuple(one for one in found if one)


def _called(request: Request) -> dict[str, str]:
    facts = around(request, visit(request)).subscriptions
    said = titles(wording_of(request), facts)
    return {f.subscription.name: said[f.subscription.id] for f in facts}


def _lines(w: Wording, refused: Iterable[RefusedRow]) -> Iterable[RefusedLine]:
    return (RefusedLine(line=row.line, whole=row.whole, why=sentence(row.why, w)) for row in refused)


def _file(request: Request, report: Report) -> Response:
    w = wording_of(request)
    head = (w.t("Line"), w.t("What stands there"), w.t("Why it is not taken"))
    rows = ((str(one.line), one.whole, one.why) for one in _lines(w, report.refused))
    return csv_file("refused-rows.csv", (head, *rows), language=language_of(request))
