"""`prorata account export`: a file that is there once it is whole, and nothing where something is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prorata.cli import main
from prorata.cli.wiring import Whose, Wiring
from prorata.store import audit
from prorata.usecases.act import Services
from prorata.usecases.export.content import Exporting
from prorata.usecases.ports import ProductFile, ProductFiles
from support import databases
from support.shop import Shop, opened_shop
from usecases.export.ground import PRINTER, Unpacked


@pytest.fixture(scope="module")
def shop(database: databases.Database) -> Iterator[Shop]:
    with opened_shop(database) as found:
        yield found


def export(shop: Shop, *words: str, product: ProductFiles | None = None) -> Result:
    def services(_: Whose) -> AbstractContextManager[Services]:
        return nullcontext(shop.services)

    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, None)
    wiring = Wiring(**(others | {"services": services, "exporting": lambda: Exporting(PRINTER, product)}))
    return CliRunner().invoke(main, ["account", "export", *words], obj=wiring)


def test_it_writes_one_file_and_notes_it(shop: Shop, tmp_path: Path):
    account = shop.account(clock=None)
    file = tmp_path / "copy.zip"
    result = export(shop, str(account), "--to", str(file), "--language", "nl")
    data = file.read_bytes()
    archive = Unpacked.of(data)
    assert result.output == (
        f"{file}: {len(archive.names())} files, {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n"
    )
    assert result.exit_code == 0
    assert archive.manifest()["export"] is None
    assert archive.text("README.txt").startswith("Back-up van De Korenbloem bij Kadans, per 15 januari 2026")
    assert list(tmp_path.iterdir()) == [file]
    with shop.services.database.account(account) as conn:
        (entry,) = audit.page(conn, account, limit=1)
    assert (entry.action, entry.actor_kind) == ("export.write", "vendor")


class Meanwhile:
    """A product that adds nothing, while somebody writes another export to the same path."""

    def __init__(self, act: Callable[[], Result]) -> None:
        self.act = act

    @contextmanager
    def of(self, account: int, *, export: int, at: datetime) -> Generator[Sequence[ProductFile]]:  # noqa: ARG002
        assert self.act().exit_code == 0
        yield ()


def test_two_at_once_for_one_path_leave_the_first_that_is_whole_and_no_other_file(shop: Shop, tmp_path: Path):
    words = (str(shop.account(clock=None)), "--to", str(tmp_path / "copy.zip"))
    (tmp_path / "copy.zip.part").write_bytes(b"mine")
    late = export(shop, *words, product=Meanwhile(lambda: export(shop, *words)))
    assert late.output == f"There is a file {tmp_path / 'copy.zip'} already. Name another one.\n"
    assert late.exit_code == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.zip", "copy.zip.part"]
    assert Unpacked.of((tmp_path / "copy.zip").read_bytes()).zip.testzip() is None


def test_nobody_else_on_the_machine_can_read_it(shop: Shop, tmp_path: Path):
    file = tmp_path / "copy.zip"
    assert export(shop, str(shop.account(clock=None)), "--to", str(file)).exit_code == 0
    assert oct(file.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("999999", "--to", "{folder}/copy.zip"), "There is no such account."),
        (("1", "--to", "{folder}/there.zip"), "There is a file {folder}/there.zip already. Name another one."),
        (("1", "--to", "{folder}/no/copy.zip"), "{folder}/no/copy.zip cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_no_file(
    shop: Shop, tmp_path: Path, words: tuple[str, ...], says: str
):
    (tmp_path / "there.zip").write_bytes(b"mine")
    result = export(shop, *(word.format(folder=tmp_path) for word in words))
    assert result.exit_code == 2
    assert result.output.strip().startswith(says.format(folder=tmp_path))
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("there.zip", b"mine")]


WRONG = [("x", "--to", "f.zip"), ("0", "--to", "f.zip"), ("1",), ("1", "--to", "f", "--language", "de")]


@pytest.mark.parametrize("words", WRONG)
def test_what_is_typed_wrongly_is_refused(shop: Shop, words: tuple[str, ...]):
    assert export(shop, *words).exit_code == 2
