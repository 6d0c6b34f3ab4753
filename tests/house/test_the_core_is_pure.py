"""The core: data and functions, nothing but the standard library, no float, no clock, nothing from outside."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.tree import CORE, called, parsed, python_files

# Of the standard library, what reads clocks, files, sockets, other processes, or chance.
_OUTSIDE = {"asyncio", "io", "os", "pathlib", "random", "secrets", "shutil", "socket", "subprocess", "tempfile", "time"}
_CLOCK = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}
_CALLS = {"float", "open", "print", "input", "__import__"}
_MODULES = python_files(CORE)


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # `from datetime import datetime` reads no clock: the call does.
            yield node.lineno, node.module or "."


def _wrong_imports(tree: ast.AST) -> list[str]:
    return [
        f"line {line} imports {name}"
        for line, name in _imported(tree)
        if name != "prorata.core"
        and not name.startswith("prorata.core.")
        and (name.split(".")[0] not in sys.stdlib_module_names or name.split(".")[0] in _OUTSIDE)
    ]


def _floats(tree: ast.AST) -> list[str]:
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
    ]
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"]
    return [f"line {node.lineno} has a float" for node in (*found, *named)]


def _clock_readings(tree: ast.AST) -> list[str]:
    return [
        f"line {node.lineno} reads the clock"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCK
    ]


def _reaching_out(tree: ast.AST) -> list[str]:
    return [
        f"line {node.lineno} calls {node.func.id}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS
    ]


def _is_dataclass(decorator: ast.expr) -> bool:
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(name).split(".")[-1] == "dataclass"


def _other_than_records(tree: ast.AST) -> list[str]:
    return [
        f"line {node.lineno}: {node.name} is a dataclass, not a record"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if _is_dataclass(decorator)
    ]


def _wrong(tree: ast.AST) -> list[str]:
    checks = (_wrong_imports, _floats, _clock_readings, _reaching_out, _other_than_records)
    return [problem for check in checks for problem in check(tree)]


@pytest.mark.parametrize("path", _MODULES, ids=called)
def test_a_module_of_the_core_is_pure(path: Path) -> None:
    assert _wrong(parsed(path)) == []


def test_there_is_a_core_to_check() -> None:
    assert _MODULES


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import sqlalchemy", "line 1 imports sqlalchemy"),
        ("from prorata.store import embedded", "line 1 imports prorata.store"),
        ("from prorata import core_of_something", "line 1 imports prorata"),
        ("import os.path", "line 1 imports os.path"),
        ("from time import monotonic", "line 1 imports time"),
        ("rate = 0.21", "line 1 has a float"),
        ("x = 1\nrate = float(x)", "line 2 has a float"),
        ("def f(rate: float) -> None: ...", "line 1 has a float"),
        ("today = date.today()", "line 1 reads the clock"),
        ("at = datetime.now(UTC)", "line 1 reads the clock"),
        ("print(1)", "line 1 calls print()"),
        ("@dataclass\nclass Line: ...", "line 2: Line is a dataclass, not a record"),
        ("@dataclass(frozen=True, slots=True)\nclass Line: ...", "line 2: Line is a dataclass, not a record"),
    ],
)
def test_what_does_not_belong_in_the_core_is_found(source: str, problem: str) -> None:
    assert problem in _wrong(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date\nfrom prorata.core.money import Money",
        "@record\nclass Line: ...",
        "half = Fraction(1, 2)",
    ],
)
def test_what_belongs_in_the_core_is_let_through(source: str) -> None:
    assert _wrong(ast.parse(source)) == []
