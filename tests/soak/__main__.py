"""Hunting for as long as it is told: `make soak MINUTES=30 KINDS=properties`.

A kind is a module of this folder with `hunt(until, say)`: it hunts until `time.monotonic()` is at `until`, says how far
it is each minute, and returns what it found, each with how to see it again. The exit code is 1 if there is anything.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from importlib import import_module
from time import monotonic

Say = Callable[[str], None]
Hunt = Callable[[float, Say], list[str]]

KINDS = ("properties", "kills")


def main(arguments: list[str]) -> int:
    """Read what is wanted, hunt, and say what came of it."""
    parser = ArgumentParser(prog="soak", description="Hunts on new ground until the time is up.")
    parser.add_argument("--minutes", type=_minutes, default=5.0, metavar="MINUTES", help="all kinds together (5)")
    parser.add_argument("--kinds", type=_kinds, default=KINDS, metavar="KIND,KIND", help=", ".join(KINDS))
    wanted = parser.parse_args(arguments)
    return soak({kind: _hunt_of(kind) for kind in wanted.kinds}, minutes=wanted.minutes)


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 < minutes < 100_000:
        raise ValueError(text)
    return minutes


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(kind.strip() for kind in text.split(",")))
    if not set(kinds) <= set(KINDS):
        raise ValueError(text)
    return kinds


def _hunt_of(kind: str) -> Hunt:
    hunt: Hunt = import_module(f"soak.{kind}").hunt
    return hunt


def soak(hunts: Mapping[str, Hunt], *, minutes: float) -> int:
    """Give each kind its share of the time, one after the other; 1 if any of them found something, else 0."""
    found: dict[str, list[str]] = {}
    for kind, hunt in hunts.items():
        say = _saying(kind)
        share = minutes / len(hunts)
        say(f"hunting for {share:g} minutes")
        found[kind] = hunt(monotonic() + 60 * share, say)
    for kind, failures in found.items():
        for failure in failures:
            sys.stdout.write(f"\n{kind}: {failure}\n")
        _saying(kind)(f"{len(failures)} found" if failures else "nothing found")
    return 1 if any(found.values()) else 0


def _saying(kind: str) -> Say:
    begun = monotonic()

    def say(sentence: str) -> None:
        minutes, seconds = divmod(int(monotonic() - begun), 60)
        sys.stdout.write(f"{minutes:3d}:{seconds:02d} {kind}: {sentence}\n")
        sys.stdout.flush()

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
