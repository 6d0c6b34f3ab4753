"""`prorata account export`: a file that is there once it is whole, and nothing where something is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prorata.cli import main
from prorata.cli.wiring import Whose, Wiring
from prorata.store import audit
from prorata.usecases.act import Services
from prorata.usecases.export.content import Exporting
from support import databases
from support.shop import Shop, opened_shop
from usecases.export.ground import PRINTER, Unpacked


@pytest.fixture(scope="module")
def shop(database: databases.Database) -> Iterator[Shop]:
    with opened_shop(database) as found:
        yield found


def export(shop: Shop, *words: str) -> Result:
    def services(_: Whose) -> AbstractContextManager[Services]:
        return nullcontext(shop.services)

    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, None)
    wiring = Wiring(**(others | {"services": services, "exporting": lambda: Exporting(PRINTER)}))
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
