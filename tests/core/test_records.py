"""Records are frozen, equal by value, and made with or without the names of their fields."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from prorata.core.records import record


@record
class Seat:
    """A seat in a row."""

    row: str
    number: int = 1
    taken_by: str | None = None


def test_a_record_has_what_it_was_made_of() -> None:
    seat = Seat("A", 12, taken_by="Eva")
    assert (seat.row, seat.number, seat.taken_by) == ("A", 12, "Eva")


def test_what_is_not_given_has_its_default() -> None:
    assert Seat("A") == Seat("A", number=1, taken_by=None)


def test_nothing_of_a_record_can_be_changed() -> None:
    seat = Seat("A")
    with pytest.raises(FrozenInstanceError):
        seat.number = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del seat.number  # type: ignore[misc]
    assert seat.number == 1


def test_nothing_can_be_added_to_a_record() -> None:
    with pytest.raises((AttributeError, TypeError)):
        Seat("A").colour = "red"  # type: ignore[attr-defined]


def test_records_of_the_same_values_are_the_same() -> None:
    assert Seat("A", 2) == Seat("A", 2)
    assert len({Seat("A", 2), Seat("A", 2), Seat("B", 2)}) == 2


def test_another_record_is_made_with_what_differs() -> None:
    assert replace(Seat("A", 2), number=3) == Seat("A", 3)


def test_a_record_can_be_copied_and_sent_elsewhere() -> None:
    seat = Seat("A", 2, "Tom")
    assert copy.copy(seat) == seat
    assert pickle.loads(pickle.dumps(seat)) == seat  # noqa: S301 - our own bytes


@pytest.mark.parametrize("arguments", [(), ("A", 1, None, "more")])
def test_too_little_and_too_much_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Seat(*arguments)  # type: ignore[arg-type]
