"""A large account leaves a few rows at a time, as of one moment, and shows how far it is."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from random import Random

import pytest
from sqlalchemy import Connection, text

from prorata.store.exporting import papers
from prorata.store.exporting.data import FILES
from prorata.store.exporting.files import PAGE
from prorata.store.tables import METADATA
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.export.archive import PIECE
from prorata.usecases.export.content import Exporting
from prorata.usecases.export.make import make_export
from prorata.usecases.ports import Paper, ProductFile
from support import databases
from support.shop import Shop, admin, opened_shop
from usecases.export.ground import PRINTER, Unpacked, asked, downloaded, make, row_of

DAMAGES = "lines are copied by the thousand, which no sum of their document knows of"
LINES = 20_000
DOCUMENTS = 40
IN_EACH = 500


@dataclass(frozen=True)
class Large:
    """An account with many documents, and one with three."""

    shop: Shop
    account: int
    smaller: int


@pytest.fixture(scope="module")
def large(database: databases.Database) -> Iterator[Large]:
    with opened_shop(database) as shop:
        yield Large(shop, _account(shop, documents=DOCUMENTS), _account(shop, documents=3))


def _account(shop: Shop, *, documents: int) -> int:
    """So many documents like the first one, with five hundred lines like its own in each: 40 × 500 = 20,000."""
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 3, "team"))
    with shop.services.database.owner() as conn:
        _multiply(conn, {"account": account, "documents": documents, "lines": IN_EACH})
    return account


def _multiply(conn: Connection, asked_for: dict[str, int]) -> None:
    for table, keys in (
        ("documents", ("id",)),
        ("standings", ("document_id",)),
        ("document_lines", ("document_id", "line")),
    ):
        _copy(conn, table, keys=keys, asked_for=asked_for)


def _copy(conn: Connection, table: str, *, keys: Sequence[str], asked_for: dict[str, int]) -> None:
    columns = [column.name for column in METADATA.tables[table].columns]
    made = {keys[0]: "d", "line": "l", "place": "100 * d + one.place"}
    made["number"] = f"'2026-' || lpad(CAST({made['place']} AS text), 6, '0')"
    values = ", ".join(made.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    several = len(keys) > 1
    conn.execute(
        text(f"""
            INSERT INTO {table} ({names})
            SELECT {values} FROM {table} AS one, generate_series(1, :documents) AS d
                {", generate_series(1, :lines) AS l" if several else ""}
            WHERE one.account_id = :account AND one.{keys[0]} = 1 {"AND one.line = 1" if several else ""}
              AND (d > 1 {"OR l > 1" if several else ""})
        """),
        asked_for,
    )


class Counting:
    """A printer that sees how far the export is said to be, and while whose first document somebody buys more."""

    read_me = PRINTER.read_me

    def __init__(self, large: Large, export: int) -> None:
        self._large = large
        self._export = export
        self.said: list[int] = []

    def document(self, paper: Paper) -> bytes:
        shop, account = self._large.shop, self._large.smaller
        self.said.append(row_of(shop, account, self._export).done)
        if len(self.said) == 1:
            act(shop.services, admin(account), ChangeLicences("team", 9))
        return str(len(paper.view.issued.document.lines)).encode()


def test_no_page_is_larger_than_said(large: Large):
    """Twenty thousand lines come in forty pages of five hundred, documents in twenty batches of two."""
    with large.shop.services.database.account(large.account, read_only=True) as conn:
        for file in FILES:
            sizes = [len(page) for page in file.read(conn, large.account).pages]
            assert sum(sizes) == file.count(conn, large.account), file.name
            assert max(sizes, default=0) <= PAGE, file.name
            if file.name == "document_lines":
                assert sizes == [PAGE] * (LINES // PAGE)
        batches = [[len(one.view.issued.document.lines) for one in some] for some in papers.papers(conn, large.account)]
    assert batches == [[500, 500]] * 20


def test_it_is_as_of_one_moment_and_shows_how_far_it_is(large: Large):
    """Three documents with 1,500 lines. What is bought while it is made is not in it: 3 licences, not 9."""
    shop, account = large.shop, large.smaller
    export = asked(shop, account)
    printer = Counting(large, export)
    make_export(shop.services, Exporting(printer), account=account, export=export, last=True)
    row = row_of(shop, account, export)
    assert (row.state, row.done, len(printer.said)) == ("ready", row.total, 3)
    assert 1500 <= printer.said[0] <= row.total - 3  # all rows were written before the first document
    archive = Unpacked.of(downloaded(shop, account, export))
    assert len(archive.rows("document_lines")) == 1500
    assert [one["licences"] for one in archive.rows("licence_changes")] == [3]
    assert [one["licences"] for one in archive.rows("subscriptions")] == [3]


class Heavy:
    """A product with one file of 2,300,000 bytes that cannot be packed any smaller."""

    name = "films/one.bin"
    data = Random(7).randbytes(2_300_000)  # noqa: S311 - it keeps nothing secret

    @contextmanager
    def of(self, account: int, *, export: int, at: datetime) -> Generator[Sequence[ProductFile]]:
        assert account
        assert export
        assert at
        yield (self,)

    def chunks(self) -> Iterator[bytes]:
        yield self.data


def test_it_is_kept_in_pieces_of_one_length(large: Large):
    """2,300,000 bytes and a few more are two pieces of 1,048,576 and one of less."""
    account = large.shop.account()
    export = asked(large.shop, account)
    row = make(large.shop, account, export, product=Heavy())
    with large.shop.services.database.account(account) as conn:
        query = "SELECT octet_length(data) FROM export_pieces WHERE export_id = :export ORDER BY place"
        sizes = conn.scalars(text(query), {"export": export}).all()
    assert sizes == [PIECE, PIECE, row.bytes - 2 * PIECE]
    data = downloaded(large.shop, account, export)
    assert (len(data), sha256(data).digest()) == (row.bytes, row.sha256)
    archive = Unpacked.of(data)
    assert archive.zip.read("product/films/one.bin") == Heavy.data
    assert "product/" in archive.text("README.txt")
    assert archive.sums()["product/films/one.bin"] == sha256(Heavy.data).hexdigest()
