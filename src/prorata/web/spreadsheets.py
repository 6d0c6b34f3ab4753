"""Tables as files that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from prorata.wording import Language

_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the last four are the same, as wide as a Chinese letter
# A program that wants the other separator sees another cell begin there.
_FORMULA = re.compile(rf"^(?=[{_SIGNS}\t\r\n])|(?<=.)[;,\t\r\n] *(?=[{_SIGNS}])", re.DOTALL)


def csv_file(name: str, rows: Iterable[Sequence[str]], *, language: Language) -> Response:
    """A download of rows of text. Where decimals have a comma, spreadsheets want a semicolon between cells."""
    kept = io.StringIO()
    csv.writer(kept, delimiter="," if language is Language.EN else ";").writerows(
        [harmless(cell) for cell in row] for row in rows
    )
    # The mark at its beginning is what tells a spreadsheet that this is UTF-8.
    body = kept.getvalue().encode("utf-8-sig")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: whoever wrote it, it only says something."""
    return _FORMULA.sub(r"\g<0>'", cell)
