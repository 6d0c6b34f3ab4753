"""The fields of a form that was sent, and routes whose handlers get them.

Handlers are plain functions and run in a thread of their own, where they may wait for the database. Reading the
body is the one thing that must happen before that; it happens here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from prorata.web.rendering import SHOWN

_FIELD_LIMIT = 25_000  # two for each of ten thousand members: whether a box is ticked, and whether it was
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in their order, as text without blanks at the ends. `parts`: of one with a file, what was
    sent for each field, byte for byte.
    """

    fields: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, bytes], ...] = ()

    def text(self, name: str, default: str = "") -> str:
        """The last value of a field; the default where the form has none."""
        values = self.all(name)
        return values[-1] if values else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field: the boxes that were ticked."""
        return tuple(value for field, value in self.fields if field == name)

    def part(self, name: str) -> bytes:
        """What was sent for a field of a form with a file; nothing where the form has none of that name."""
        return next((value for field, value in self.parts if field == name), b"")

    def whole_number(self, name: str) -> int | None:
        """A field that holds a whole number, in plain digits; None for anything else."""
        return whole_number(self.text(name))

    def __contains__(self, name: str) -> bool:
        """Whether the form has the field at all."""
        return any(field == name for field, _ in self.fields)


_DIGITS = 18  # so that no number is longer than Python reads or a database stores


def whole_number(text: str) -> int | None:
    """A whole number in plain digits; None for anything else, and for more digits than any number of ours has."""
    return int(text) if text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= _DIGITS else None


def whole_numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """The whole numbers among some texts; what is none is left out."""
    return tuple(number for number in map(whole_number, texts) if number is not None)


def get(path: str, handler: Callable[[Request], Response], *, name: str | None = None) -> Route:
    """A route that shows a page. Values in the query come as a form by `query_form`."""
    return Route(path, handler, methods=["GET"], name=name)


def post(path: str, handler: Callable[[Request, Form], Response], *, name: str | None = None) -> Route:
    """A route that does something with a form. A body that is no form is refused (415), a broken one too (400)."""

    async def endpoint(request: Request) -> Response:
        form = await _read_form(request)
        request.state.shown = form.whole_number(SHOWN)
        return await run_in_threadpool(handler, request, form)

    return Route(path, endpoint, methods=["POST"], name=name or getattr(handler, "__name__", None))


def post_file(path: str, handler: Callable[[Request, Form], Response], *, most: int) -> Route:
    """A route that does something with a form that may hold a file.

    A part that is larger than `most` bytes is refused (413), a body that is no form (415), and a broken one (400).
    """

    async def endpoint(request: Request) -> Response:
        form = await _read_parts(request, most=most)
        request.state.shown = form.whole_number(SHOWN)
        return await run_in_threadpool(handler, request, form)

    return Route(path, endpoint, methods=["POST"], name=getattr(handler, "__name__", None))


async def _read_parts(request: Request, *, most: int) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _URLENCODED:
        return await _read_form(request)
    if kind != _MULTIPART or _names_encoding(request):
        raise HTTPException(415)
    parts: list[tuple[str, bytes]] = []
    try:
        async with request.form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS, max_part_size=most) as sent:
            for name, value in sent.multi_items():
                parts.append((name, value.encode() if isinstance(value, str) else await value.read(most + 1)))
    except ClientDisconnect as gone:
        raise HTTPException(400) from gone
    if any(len(value) > most for _, value in parts):
        raise HTTPException(413)
    texts = ((name, value.decode(errors="replace").replace("\0", "").strip()) for name, value in parts)
    return Form(tuple(texts), tuple(parts))


def _names_encoding(request: Request) -> bool:
    """Whether a form with a file says in which encoding its texts are: no browser does, and the parser believes it.

    Python knows encodings that read a megabyte for minutes, and others that fail on anything.
    """
    return "charset" in request.headers["content-type"].lower()


def query_form(request: Request) -> Form:
    """The values of the query, as those of a form: a preview is asked for with them."""
    return _form(request.scope["query_string"])


async def _read_form(request: Request) -> Form:
    kind = request.headers.get("content-type", _URLENCODED).partition(";")[0].strip().lower()
    if kind != _URLENCODED:
        raise HTTPException(415)
    try:
        body = await request.body()
    except ClientDisconnect as gone:
        raise HTTPException(400) from gone  # nobody reads the answer, and the log needs no trace
    return _form(body)


def _form(encoded: bytes) -> Form:
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELD_LIMIT)
    except ValueError as broken:
        raise HTTPException(400) from broken
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise HTTPException(400)  # no text of ours has it, and a database refuses it
    return Form(tuple((name, value.strip()) for name, value in pairs))
