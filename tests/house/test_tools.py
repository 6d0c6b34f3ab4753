"""That the tools hold the rules which are left to them: each is shown something wrong."""

import socket
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from support.tree import ROOT

_RUFF = Path(sys.executable).with_name("ruff")


def _rules_broken(source: str, *, name: str = "src/prorata/usecases/buy.py") -> set[str]:
    command = [str(_RUFF), "check", "--output-format=concise", "--no-cache", f"--stdin-filename={name}", "-"]
    found = subprocess.run(command, input=source, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return {line.split(": ")[1].split()[0] for line in found.stdout.splitlines() if line.startswith(name)}


@pytest.mark.parametrize(
    "reading", ["datetime.now(UTC)", "datetime.utcnow()", "datetime.today()", "date.today()", "time()"]
)
def test_the_clock_is_read_in_one_place(reading: str) -> None:
    source = f"from datetime import UTC, date, datetime\nfrom time import time\nx = {reading}\n"
    assert "TID251" in _rules_broken(source)
    assert "TID251" in _rules_broken(source, name="tests/usecases/test_buy.py")
    assert "TID251" not in _rules_broken(source, name="src/prorata/clock.py")


def test_arguments_beyond_two_are_given_by_name() -> None:
    assert "PLR0917" in _rules_broken("def f(a: int, b: int, c: int) -> None: ...\n")
    assert "PLR0917" not in _rules_broken("def f(a: int, b: int, *, c: int) -> None: ...\n")


def test_a_function_branches_at_most_eight_ways() -> None:
    def branching(ways: int) -> str:
        return "def f(a: int) -> None:\n" + "".join(f"    if a == {way}:\n        f(a)\n" for way in range(ways - 1))

    assert "C901" not in _rules_broken(branching(8))
    assert "C901" in _rules_broken(branching(9))


def test_an_import_is_not_hidden_in_a_function() -> None:
    assert "PLC0415" in _rules_broken("def f() -> None:\n    import json\n    json.loads('1')\n")


def test_a_test_that_reaches_out_is_stopped() -> None:
    # 192.0.2.0/24 is set aside for examples: nobody is there.
    with socket.socket() as reaching, pytest.raises(UserWarning, match="A test tried to use socket"):
        reaching.connect(("192.0.2.1", 443))


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="mind the gap"):
        warnings.warn("mind the gap", stacklevel=1)
