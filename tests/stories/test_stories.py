"""Every story that is told in `stories/` comes out as it expects, or is refused as its neighbour file says."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from prorata.cli import main
from prorata.core.stories.result import Json

FOLDER = Path(__file__).parents[2] / "stories"
FILES = sorted(FOLDER.rglob("*.yaml"))
REFUSED = [file for file in FILES if file.with_suffix(".refused").exists()]
TOLD = [file for file in FILES if file not in REFUSED]


def name(file: Path) -> str:
    return str(file.relative_to(FOLDER).with_suffix(""))


@pytest.mark.parametrize("file", TOLD, ids=name)
def test_a_story_comes_out_as_it_expects(file: Path) -> None:
    played = CliRunner().invoke(main, ["play", "--json", "--expect", str(file)])
    assert played.stderr == ""
    assert played.exit_code == 0


@pytest.mark.parametrize("file", REFUSED, ids=name)
def test_a_refused_story_ends_with_the_refusal_that_is_expected(file: Path) -> None:
    played = CliRunner().invoke(main, ["play", "--json", str(file)])
    assert played.stderr == file.with_suffix(".refused").read_text("utf-8")
    assert played.stderr.count("\n") == 1
    assert played.stdout == ""
    assert played.exit_code == 2


@pytest.mark.parametrize("file", TOLD, ids=name)
def test_in_every_story_the_books_balance(file: Path) -> None:
    told: dict[str, Json] = json.loads(CliRunner().invoke(main, ["play", "--json", str(file)]).stdout)
    ledger, documents = told["ledger"], told["documents"]
    assert isinstance(ledger, dict)
    assert isinstance(documents, list)
    assert sum(minor(amount) for amount in ledger.values()) == 0
    for document in documents:
        assert isinstance(document, dict)
        assert isinstance(document["lines"], list)
        parts = ("credit_used", "paid", "left")
        assert minor(document["net"]) + minor(document["tax"]) == minor(document["total"])
        assert sum(minor(document[part]) for part in parts) == minor(document["total"])
        amounts = [line["amount"] for line in document["lines"] if isinstance(line, dict)]
        assert sum(minor(amount) for amount in amounts) == minor(document["net"])


def minor(amount: Json) -> int:
    """Two amounts of one story have the same decimals: without the point they are whole numbers."""
    assert isinstance(amount, str)
    return int(amount.replace(".", ""))


def test_every_refusal_stands_beside_its_story() -> None:
    alone = [name(file) for file in FOLDER.rglob("*.refused") if not file.with_suffix(".yaml").exists()]
    assert alone == []


def test_every_story_expects_something() -> None:
    silent = [name(file) for file in TOLD if "\nexpect:" not in file.read_text("utf-8")]
    assert silent == []
    assert len(TOLD) > 350
    assert len(REFUSED) > 60
