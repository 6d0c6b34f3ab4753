"""What is installed is pinned with hashes, in lists that name no place to get it from."""

import re
import tomllib
from pathlib import Path

import pytest

from support.tree import ROOT

_FOLDER = ROOT / "requirements"
_LISTS = ("base.in", "base.txt", "dev.in", "dev.txt")
_PLACES = ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", "/opt")


def _places(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(place in line for place in _PLACES)]


def _pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", text, flags=re.MULTILINE))


def _without_hash(text: str) -> list[str]:
    """The requirements that no hash follows."""
    joined = text.replace("\\\n", " ")
    wanted = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [line for line in wanted if "--hash=sha256:" not in line or "==" not in line]


def _asked_for(path: Path) -> set[str]:
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("-")}


@pytest.mark.parametrize("name", _LISTS)
def test_no_list_names_a_place(name: str) -> None:
    assert _places((_FOLDER / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_everything_is_pinned_with_a_hash(name: str) -> None:
    assert _without_hash((_FOLDER / name).read_text(encoding="utf-8")) == []


def test_development_runs_on_the_versions_that_users_run_on() -> None:
    base, dev = (_pins((_FOLDER / name).read_text(encoding="utf-8")) for name in ("base.txt", "dev.txt"))
    assert base.items() <= dev.items()


def test_the_package_asks_for_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    backend = set(project["build-system"]["requires"])
    assert set(project["project"]["dependencies"]) | backend == _asked_for(_FOLDER / "base.in")


def test_a_place_is_found() -> None:
    assert _places("a==1\n--find-links somewhere\nb @ https" + "://somewhere/b.whl") != []


def test_a_missing_hash_is_found() -> None:
    text = "# made by uv\na==1 \\\n    --hash=sha256:00\n    # via b\nb==2\nc \\\n    --hash=sha256:00\n"
    assert [line.split()[0] for line in _without_hash(text)] == ["b==2", "c"]


def test_pins_are_read() -> None:
    assert _pins("a-b==1.2 \\\n    --hash=sha256:00\npsycopg[binary]==3 ; x\n") == {
        "a-b": "1.2",
        "psycopg[binary]": "3",
    }
