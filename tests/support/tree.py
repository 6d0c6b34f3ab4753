"""The project's own files, for the tests that read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "prorata"
CORE = PACKAGE / "core"


def python_files(*folders: Path) -> list[Path]:
    """Every module below the folders, in order."""
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def called(path: Path) -> str:
    """A file's name as people say it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is in version control or could be added to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return tuple(ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
