"""What stands in an export, from the first page to the sums: the one place that says it, for the job and for a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from prorata.core.calendar import business_date
from prorata.store import accounts, sellers
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.store.exporting import papers
from prorata.store.exporting.data import FILES
from prorata.store.exporting.files import DataFile
from prorata.store.exporting.papers import StoredPaper, SubscriptionName
from prorata.store.snapshots import Language
from prorata.usecases.act import Services, now
from prorata.usecases.export.archive import Archive, EntryWriter, Sink
from prorata.usecases.export.cells import csv_lines, json_line
from prorata.usecases.pages.bills import bill_state
from prorata.usecases.ports import Paper, Printer, ProductFile, ProductFiles, ReadMe

FORM: Final = 1
"""The version of what is laid down here: folders, files, columns."""
README: Final = "README.txt"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"

_MANY_ROWS: Final = 500_000
"""From here on a file may come to more than two gigabytes."""
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]")

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do."""


@dataclass(frozen=True, slots=True)
class Exporting:
    """What makes exports: `printer`, and where the vendor's product adds files, `product`."""

    printer: Printer
    product: ProductFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose data, by which number (0: it is kept by nobody), and in which language its first page is."""

    account: int
    export: int
    language: Language


def write_archive(services: Services, kit: Exporting, *, wanted: Wanted, sink: Sink, progress: Progress) -> int:
    """Write the whole of it; returns how many files there are. Raises `NoProductFiles`.

    The product is asked first, and its files come last: nothing of ours is held while it takes its time.
    """
    at = services.clock.now()
    with ExitStack() as stack:
        theirs: Sequence[ProductFile] | None = None
        if kit.product:
            theirs = stack.enter_context(kit.product.of(wanted.account, export=wanted.export, at=at))
        archive = stack.enter_context(Archive(sink, at=at))
        with services.database.account(wanted.account, read_only=True) as conn:
            account = accounts.find(conn, wanted.account)
            writer = _Writer(conn, account, kit.printer, archive, progress)
            writer.first_page(wanted.language, seller=sellers.find(conn, account.seller_id).name, at=at, kit=kit)
            writer.data()
            writer.documents(today=business_date(now(services, account), account.zone))
        for file in theirs or ():
            with archive.file(f"product/{file.name}", large=True) as into:
                for chunk in file.chunks():
                    into.write(chunk)
        _finish(archive, account, wanted=wanted, at=at)
    return len(archive.entries)


class _Writer:
    """Writes what is read in one transaction."""

    def __init__(  # noqa: PLR0917 - made in one place
        self, conn: Connection, account: AccountRow, printer: Printer, archive: Archive, progress: Progress
    ) -> None:
        self._conn = conn
        self._account = account
        self._printer = printer
        self._archive = archive
        self._progress = progress
        self._done = self._said = 0
        self._counts = {file.name: file.count(conn, account.account_id) for file in FILES}
        self._papers = papers.count(conn, account.account_id)
        self._total = sum(self._counts.values()) + self._papers
        progress(0, self._total)

    def first_page(self, language: Language, *, seller: str, at: datetime, kit: Exporting) -> None:
        facts = ReadMe(
            account=self._account.name,
            seller=seller,
            at=at.astimezone(self._account.zone),
            language=language,
            files=tuple(file.name for file in FILES),
            product=kit.product is not None,
        )
        self._archive.add(README, self._printer.read_me(facts).encode())

    def data(self) -> None:
        for file in FILES:
            large = self._counts[file.name] > _MANY_ROWS
            with self._archive.file(f"data/{file.name}.json", large=large) as into:
                self._json(file, into)
            with self._archive.file(f"data/{file.name}.csv", large=large) as into:
                self._csv(file, into)

    def _json(self, file: DataFile, into: EntryWriter) -> None:
        """An array with a row on each line: it can be read as a whole, and line by line."""
        rows = file.read(self._conn, self._account.account_id)
        into.rows, between = 0, "\n"
        into.write(b"[")
        for page in rows.pages:
            into.write((between + ",\n".join(json_line(rows.columns, row) for row in page)).encode())
            into.rows, between = into.rows + len(page), ",\n"
            self._advance(len(page))
        into.write(b"\n]\n")

    def _csv(self, file: DataFile, into: EntryWriter) -> None:
        rows = file.read(self._conn, self._account.account_id)
        into.rows = 0
        into.write(csv_lines([rows.columns]).encode())
        for page in rows.pages:
            into.write(csv_lines(page).encode())
            into.rows += len(page)

    def documents(self, *, today: date) -> None:
        names = papers.names(self._conn, self._account.account_id)
        for some in papers.papers(self._conn, self._account.account_id):
            for one in some:
                issued = one.view.issued
                name = f"documents/{file_name(issued.number, issued.document.id)}"
                page = self._printer.document(self._paper(one, names=names, today=today))
                self._archive.add(f"{name}.html", page)
                self._archive.add(f"{name}.json", one.snapshot.encode())
            self._advance(len(some))

    def _paper(self, one: StoredPaper, *, names: Sequence[SubscriptionName], today: date) -> Paper:
        document, standing = one.view.issued.document, one.view.issued.standing
        late = standing.due is not None and standing.due < today
        return Paper(
            view=one.view,
            corrected=one.corrected,
            state=bill_state(document.kind, total=document.total, paid=standing.paid, left=standing.left, late=late),
            test=self._account.test,
            subscriptions=names,
            files={each.number: f"{file_name(each.number, place)}.html" for place, each in one.corrected.items()},
        )

    def _advance(self, count: int) -> None:
        """Say how far it is, at each hundredth of the way."""
        self._done += count
        if self._done - self._said >= max(1, self._total // 100):
            self._said = self._done
            self._progress(self._done, self._total)


def file_name(number: str, place: int) -> str:
    """The name of a document's files: its number, and where that has a sign that is no part of names, its place too."""
    plain = _NOT_IN_NAMES.sub("_", number)
    return plain if plain == number else f"{plain}-{place}"


def _finish(archive: Archive, account: AccountRow, *, wanted: Wanted, at: datetime) -> None:
    """The list of all that was written, and the sums by which anybody can check it."""
    with archive.file(MANIFEST) as into:
        for part in _manifest(archive, account, wanted=wanted, at=at):
            into.write(part.encode())
    with archive.file(SUMS) as into:
        for entry in tuple(archive.entries):
            into.write(f"{entry.sha256}  {entry.path}\n".encode())


def _manifest(archive: Archive, account: AccountRow, *, wanted: Wanted, at: datetime) -> Iterator[str]:
    head = {
        "form": FORM,
        "account": {"id": account.account_id, "name": account.name},
        "export": wanted.export or None,
        "at": at.astimezone(UTC).isoformat(),
        "language": wanted.language,
    }
    yield json.dumps(head, ensure_ascii=False, indent=2)[:-2] + ',\n  "files": [\n'
    entries = tuple(archive.entries)
    for place, entry in enumerate(entries):
        rows = {} if entry.rows is None else {"rows": entry.rows}
        file = {"path": entry.path, **rows, "bytes": entry.bytes, "sha256": entry.sha256}
        yield "    " + json.dumps(file, ensure_ascii=False) + ("\n" if place == len(entries) - 1 else ",\n")
    yield "  ]\n}\n"
