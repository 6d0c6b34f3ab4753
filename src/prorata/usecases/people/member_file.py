"""Reading a list of people from a file or from pasted text: what its columns are, and what stands in each row.

The text is that of a spreadsheet: UTF-8 with or without its mark, or UTF-16 with it; between cells a comma, a semicolon
or a tab; cells in quotes where they need them. The first row names the columns, in any of the three languages.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from prorata.core.errors import DomainError

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 2_000_000

Column = Literal["name", "email", "language", "licences"]


class NotReadable(DomainError):
    """The bytes are no text in an encoding that is read; `line`: where the first of them stands."""

    code = "file_not_readable"


class FileTooLarge(DomainError):
    """A list has more bytes than are taken at once."""

    code = "file_too_large"


class NotATable(DomainError):
    """The text is no table: quotes that begin in a line never end."""

    code = "file_not_a_table"


class FileEmpty(DomainError):
    """There is no row below the first one."""

    code = "file_empty"


class ColumnMissing(DomainError):
    """The first row names no column of names, or none of addresses."""

    code = "column_missing"


class ColumnTwice(DomainError):
    """The first row names a column twice."""

    code = "column_twice"


class TooManyRows(DomainError):
    """More rows than are taken at once."""

    code = "too_many_rows"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as it stands there: `line` is where it begins, `whole` all of it."""

    line: int
    name: str
    email: str
    language: str
    licences: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class MemberFile:
    """The rows that are not empty, and what the columns are called that mean nothing here."""

    rows: tuple[FileRow, ...]
    unused: tuple[str, ...] = ()


def text_of(data: bytes) -> str:
    """The text of a file; raises `FileTooLarge`, `NotReadable`."""
    if len(data) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1_000_000)
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as broken:
        before = data[: broken.start].decode(encoding, errors="ignore")
        raise NotReadable(line=_line_at(before)) from broken
    if "\0" in text:
        raise NotReadable(line=_line_at(text[: text.index("\0")]))
    return text


def read(text: str) -> MemberFile:
    """The table in a text. Raises `NotATable`, `FileEmpty`, `ColumnMissing`, `ColumnTwice`, `TooManyRows`."""
    records = _records(text.removeprefix("\ufeff"))
    head = next(records, None)
    if head is None:
        raise FileEmpty
    columns = _columns(head[1])
    rows: list[FileRow] = []
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        rows.append(_row(line, cells, columns=columns))
    if not rows:
        raise FileEmpty
    known = set(columns.values())
    unused = tuple(cell for place, cell in enumerate(head[1]) if cell and place not in known)
    return MemberFile(tuple(rows), unused)


def _line_at(before: str) -> int:
    """The line in which stands what comes after a text."""
    return len(f"{before}x".splitlines())


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line in which it begins; cells without blanks at their ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raise NotATable(line=line) from broken
        cells = [" ".join(cell.split()) for cell in record]
        if any(cells):
            yield line, cells


def _separator(text: str) -> str:
    """What stands between the cells of the first row that is not empty."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max("\t;,", key=first.count)


def _columns(head: Sequence[str]) -> Mapping[Column, int]:
    """Where each column stands."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(head):
        column = _NAMES.get(cell.casefold().replace("-", "").replace("_", " "))
        if column in found:
            raise ColumnTwice(column=cell)
        if column:
            found[column] = place
    for needed in _NEEDED:
        if needed not in found:
            raise ColumnMissing(column=needed)
    return found


def _row(line: int, cells: Sequence[str], *, columns: Mapping[Column, int]) -> FileRow:
    def cell(column: Column) -> str:
        place = columns.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    wanted = cell("licences").replace("|", ";").replace(",", ";").split(";")
    return FileRow(
        line=line,
        name=cell("name"),
        email=cell("email"),
        language=cell("language"),
        licences=tuple(dict.fromkeys(one.strip() for one in wanted if one.strip())),
        whole=", ".join(one for one in cells if one),
    )


_NEEDED: Final[tuple[Column, ...]] = ("name", "email")

_SPELLED: Final[Mapping[Column, tuple[str, ...]]] = {
    "name": ("name", "full name", "naam", "volledige naam", "nome", "nome completo", "nome e cognome", "nominativo"),
    "email": (
        "email", "mail", "email address", "mail address", "emailadres", "mailadres", "indirizzo email",
        "indirizzo mail", "indirizzo di posta elettronica", "posta elettronica",
    ),
    "language": ("language", "taal", "lingua"),
    "licences": (
        "licence", "licences", "license", "licenses", "subscription", "subscriptions", "licentie", "licenties",
        "abonnement", "abonnementen", "licenza", "licenze", "abbonamento", "abbonamenti",
    ),
}  # fmt: skip
"""What the columns may be called, without capitals and hyphens."""

_NAMES: Final[Mapping[str, Column]] = {name: column for column, names in _SPELLED.items() for name in names}
