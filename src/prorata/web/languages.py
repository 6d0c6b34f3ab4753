"""Which language a page is in: the one chosen here before, else the one the browser asks for, else English."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from prorata.web.forms import Form
from prorata.wording import Language

LANGUAGE_COOKIE = "language"
_YEAR = 365 * 24 * 3600  # seconds
_HEADER_LIMIT = 20  # languages; real browsers send a handful


def chosen_language(cookies: Mapping[str, str], accept_language: str) -> Language:
    """The language of a reader, by cookie and `Accept-Language`."""
    return Language.of_tag(cookies.get(LANGUAGE_COOKIE, "")) or _asked_for(accept_language) or Language.EN


def own_path(address: str) -> str:
    """The address if it is a path of this site, else `/`: no link of ours sends a reader elsewhere."""
    plain = address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"


def set_language(request: Request, form: Form) -> Response:
    """Keep the language that was chosen for a year, and go back to where the reader was."""
    response = RedirectResponse(own_path(form.text("next", "/")), status_code=303)
    language = Language.of_tag(form.text("language"))
    if language is not None:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language.value,
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


def _asked_for(accept_language: str) -> Language | None:
    wishes = [_wish(part) for part in accept_language.split(",")[:_HEADER_LIMIT]]
    for _, tag in sorted((wish for wish in wishes if wish[0] > 0), key=lambda wish: -wish[0]):
        language = Language.of_tag(tag)
        if language is not None:
            return language
    return None


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.replace(" ", "").partition(";q=")
    try:
        return (float(weight) if weight else 1.0), tag
    except ValueError:
        return 0.0, tag
