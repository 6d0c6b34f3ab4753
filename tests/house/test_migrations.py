"""The migrations form one line: one start, one head."""

from pathlib import Path

from alembic.script import ScriptDirectory

from support.tree import PACKAGE

_FOLDER = PACKAGE / "store" / "migrations"


def _heads(folder: Path) -> list[str]:
    return list(ScriptDirectory(str(folder)).get_heads())


def _bases(folder: Path) -> list[str]:
    return list(ScriptDirectory(str(folder)).get_bases())


def test_there_is_one_head_and_one_start() -> None:
    assert len(_heads(_FOLDER)) == 1
    assert len(_bases(_FOLDER)) == 1


def test_a_second_head_is_found(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    for revision, before in (("one", None), ("two", "one"), ("also_two", "one")):
        (versions / f"{revision}.py").write_text(f"revision = {revision!r}\ndown_revision = {before!r}\n")
    assert sorted(_heads(tmp_path)) == ["also_two", "two"]
    assert _bases(tmp_path) == ["one"]
