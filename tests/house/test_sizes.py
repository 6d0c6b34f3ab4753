"""A file has at most 400 lines and a function at most 50. How branched a function may be is ruff's to say."""

import ast
from pathlib import Path

import pytest

from support.tree import PACKAGE, ROOT, called, parsed, python_files

_LINES_OF_FILE = 400
_LINES_OF_FUNCTION = 50
_WRITTEN = sorted(
    file
    for folder in (PACKAGE, ROOT / "tests")
    for kind in ("py", "html", "css", "js")
    for file in folder.rglob(f"*.{kind}")
)


def _too_long(text: str) -> bool:
    return len(text.splitlines()) > _LINES_OF_FILE


def _long_functions(tree: ast.AST) -> list[str]:
    return [
        f"{node.name} has {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > _LINES_OF_FUNCTION
    ]


def test_no_file_has_more_than_400_lines() -> None:
    assert [called(file) for file in _WRITTEN if _too_long(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", python_files(PACKAGE), ids=called)
def test_no_function_has_more_than_50_lines(path: Path) -> None:
    assert _long_functions(parsed(path)) == []


def test_a_long_file_is_found() -> None:
    assert not _too_long("x = 1\n" * 400)
    assert _too_long("x = 1\n" * 401)


def test_a_long_function_is_found_wherever_it_stands() -> None:
    body = "        x = 1\n"
    of_50 = f"class A:\n    def f(self):\n{body * 49}"
    of_51 = f"class A:\n    async def g(self):\n{body * 50}"
    assert _long_functions(ast.parse(of_50)) == []
    assert _long_functions(ast.parse(of_51)) == ["g has 51 lines"]
