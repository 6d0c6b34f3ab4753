"""From a template and plain values to a page in the reader's language.

Each language has a template environment of its own whose functions speak that language, so that a component can
say a word without being handed the wording through every call.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from prorata.web import views
from prorata.web.assets import Assets
from prorata.web.views import Shell
from prorata.wording import Language, Wording, terms, wording_for

SHOWN = "shown_account"
"""The field of each form that is sent which names the account that it was shown for."""
TEMPLATE_FOLDER = Path(__file__).parent / "templates"

# What a template may put together by itself: labels and ways on, whose words it says with t().
_VIEWS = (
    views.Action, views.ClockStep, views.Column, views.FieldError, views.Figure, views.FilterForm, views.LedgerLine,
    views.Link, views.Moment, views.Option, views.Pages, views.LifePoint,
)  # fmt: skip

ShellOf = Callable[[Request], Shell]


class Pages:
    """The template environments of an app, and what surrounds its pages."""

    def __init__(self, *, assets: Assets, shell_of: ShellOf, demo: bool = False) -> None:
        """Make one environment for each language; templates are compiled when they are first shown.

        `demo`: each page says that it is one.
        """
        self._environments = {language: environment(language, assets) for language in Language}
        self._shell_of = shell_of
        self._demo = demo

    def html(self, request: Request, template: str, *, bare: bool, context: dict[str, object]) -> str:
        """Fill a template; `bare` leaves out who is reading, for pages that must not fail."""
        shell = Shell() if bare else self._shell_of(request)
        page = self._environments[language_of(request)].get_template(template)
        made = page.render(shell=shell, here=_address(request), demo=self._demo, **context)
        return made if shell.number is None else _said_back(made, account=shell.number)


_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')


def _said_back(page: str, *, account: int) -> str:
    """The page, whose forms say for which account they were shown: another may be open by the time they are sent."""
    return _FORM.sub(rf'\g<0><input type="hidden" name="{SHOWN}" value="{account}">', page)


def render(
    request: Request, template: str, *, status: int = 200, bare: bool = False, **context: object
) -> HTMLResponse:
    """Answer with a page in the reader's language.

    Templates see `context`, the `shell`, `here` (this address, to come back to), whether this is the `demo`, and these
    functions: `t`, `n`, `p`, `date_words`, `in_days`, `number`, `state_word`, `static`. An unknown name in a template
    is an error.
    """
    pages = cast("Pages", request.app.state.pages)
    return HTMLResponse(pages.html(request, template, bare=bare, context=context), status_code=status)


def language_of(request: Request) -> Language:
    """The reader's language, as it was found when the request came in."""
    return cast("Language", request.scope.get("language", Language.EN))


def wording_of(request: Request) -> Wording:
    """The wording of the reader's language."""
    return wording_for(language_of(request))


def _address(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def environment(language: Language, assets: Assets) -> Environment:
    """The templates in one language: what they say with `t` is said in it."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    w = wording_for(language)
    names = cast("dict[str, object]", made.globals)
    names.update(
        language=language,
        languages=tuple(Language),
        static=assets.url,
        t=_with_markup(w.t),
        n=_with_markup(w.n),
        p=_with_markup(w.p),
        number=w.number,
        date_words=w.date,
        in_days=w.in_days,
        list_words=w.list,
        days_between=_days_between,
        state_word=partial(terms.state_word, w),
        overlay_word=partial(terms.overlay_word, w),
        **{view.__name__: view for view in _VIEWS},
    )
    return made


def _days_between(start: date, end: date) -> int:
    return (end - start).days


def _with_markup(say: Callable[..., str]) -> Callable[..., str]:
    """Let a sentence take pieces of HTML (a link, a date) as parameters; all the rest of it is escaped as ever."""

    def said(*words: Any, **params: Any) -> str:  # noqa: ANN401 - a pass-through: the types are those of `say`
        pieces = {name: value for name, value in params.items() if isinstance(value, Markup)}
        if not pieces:
            return say(*words, **params)
        text = Markup.escape(say(*words, **params | {name: _token(name) for name in pieces}))
        for name, piece in pieces.items():
            text = Markup(text.replace(_token(name), piece))  # noqa: S704 - both sides are escaped or Markup already
        return text

    return said


def _token(name: str) -> str:
    # Private-use characters stand in no sentence, so nothing but the parameter's own place is replaced.
    return f"\ue000{name}\ue001"
