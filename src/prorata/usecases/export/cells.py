"""How a row is written: as a line of JSON, and as one of CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from prorata.core.money import Money
from prorata.store.exporting.files import Row, Value

_SIGNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the last four are the same, as wide as a Chinese letter
_FORMULA: Final = re.compile(rf"^(?=[{_SIGNS}\t\r\n])|(?<=.)[;\t\r\n] *(?=[{_SIGNS}])", re.DOTALL)
"""Where a spreadsheet takes what follows for something to work out: at the beginning of a cell, and where one that
wants semicolons between its cells sees another one begin.
"""


def json_line(columns: Sequence[str], row: Row) -> str:
    """A row as an object on one line."""
    return _compact({name: _plain(cell) for name, cell in zip(columns, row, strict=True)})


def csv_lines(rows: Sequence[Sequence[Value]]) -> str:
    """Rows as lines that end in CR LF. Nothing is an empty cell; what is nested stands there as JSON.

    Where a text begins like a formula, or goes on like one after a semicolon or a line break, there is an apostrophe.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _plain(cell: Value) -> Any:  # noqa: ANN401 - what `json` takes
    """A cell as JSON has it: amounts and decimals are text, days and instants ISO 8601."""
    if isinstance(cell, bool | int | str | list | dict) or cell is None:
        return cell
    return _text(cell)


def _cell(cell: Value) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _FORMULA.sub(r"\g<0>'", cell)
    if isinstance(cell, list | dict):
        return _FORMULA.sub(r"\g<0>'", _compact(cell))
    if isinstance(cell, bool | int):
        return _compact(cell)
    return _text(cell)


def _text(cell: Decimal | date | datetime | Money) -> str:
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Money) else f"{cell:f}"


_compact: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
