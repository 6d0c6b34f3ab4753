"""The soak: it hunts until the time is up, says what it found and how to see it again, and its exit code says so."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from hypothesis import given

from properties.effort import EACH, as_told, hunt
from properties.lives import lives
from properties.living import live
from properties.wishes import Life
from soak import properties
from soak.__main__ import main, soak
from support.tree import ROOT


@pytest.fixture(autouse=True)
def _only_here() -> Iterator[None]:
    hunt(properties.EACH)
    yield
    as_told()


def _said(_: str) -> None:
    """Nobody listens."""


def test_every_property_is_hunted_with() -> None:
    names = {found.name for found in properties.all_properties()}
    assert len(names) == len(properties.all_properties()) >= 30
    assert "test_a_run_repeated_writes_nothing" in names


def test_more_than_two_thousand_histories_are_made_up_in_each_run_of_the_tests() -> None:
    assert EACH * len(properties.all_properties()) > 2000


def test_what_does_not_hold_is_found_made_small_and_can_be_seen_again() -> None:
    @given(lives())
    def test_nobody_is_ever_billed(life: Life) -> None:
        *_, lived = live(life)
        assert not lived.documents

    false = properties.Property("test_nowhere", "test_nobody_is_ever_billed", test_nobody_is_ever_billed)
    (found,) = properties.hunt_with([false], monotonic() + 60, say=_said)
    assert found.startswith("test_nobody_is_ever_billed\nAssertionError")
    assert "wishes=(Buy(Decimal('12.50'), 'month', USUAL, 1, None, 1),)" in found, "one purchase is enough to be billed"
    assert "tests/properties/test_nowhere.py::test_nobody_is_ever_billed --hypothesis-seed=" in found


def test_what_holds_is_hunted_until_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = itertools.count(0, 60)
    monkeypatch.setattr(properties, "monotonic", lambda: next(minutes))
    seen: list[Life] = []

    @given(lives())
    def test_anything(life: Life) -> None:
        seen.append(life)

    heard: list[str] = []
    holds = properties.Property("test_nowhere", "test_anything", test_anything)
    assert properties.hunt_with([holds], 10 * 60, say=heard.append) == []
    assert len(seen) >= 2 * properties.EACH
    assert len(set(map(repr, seen))) > len(seen) / 2, "the same histories again and again"
    assert heard[-1].startswith(f"{len(seen):,} histories, ")


def test_the_exit_code_says_whether_anything_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    def hunting(found: list[str]) -> Callable[[float, Callable[[str], None]], list[str]]:
        return lambda _until, _say: found

    assert soak({"one": hunting([]), "other": hunting([])}, minutes=0.01) == 0
    assert "one: nothing found" in capsys.readouterr().out
    assert soak({"one": hunting([]), "other": hunting(["a lost cent"])}, minutes=0.01) == 1
    assert "\nother: a lost cent\n" in capsys.readouterr().out


def test_the_time_is_divided_over_the_kinds() -> None:
    given_until: list[float] = []

    def hunt(until: float, say: Callable[[str], None]) -> list[str]:
        say("begun")
        given_until.append(until - monotonic())
        return []

    soak({"one": hunt, "other": hunt}, minutes=10)
    # 10 minutes for two: five each, and nothing of it is used up here.
    assert [round(seconds / 60) for seconds in given_until] == [5, 5]


@pytest.mark.parametrize("wrong", ["--minutes=0", "--minutes=-1", "--minutes=soon", "--kinds=dragons", "--kinds="])
def test_what_cannot_be_hunted_is_refused(wrong: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main([wrong])
    assert refused.value.code == 2


def test_it_is_a_program_of_its_own() -> None:
    command = [sys.executable, "-W", "error", "-m", "soak", "--minutes=0.01", "--kinds=properties"]
    done = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, timeout=110, check=False)
    assert "histories" in done.stdout, done.stderr
    assert done.returncode == 0
