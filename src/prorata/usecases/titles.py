"""What the subscriptions of an account are called, so that a reader can tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from prorata.store.exporting.papers import SubscriptionName
from prorata.usecases.pages.change_plan import family


def titles_of(found: Sequence[tuple[SubscriptionName, str]]) -> dict[int, str]:
    """What to call each subscription, by id, of each with its product's name: its product; where two have the product,
    what tells their plans apart ("Kadans Team Premium"); where nothing does, its name too.
    """
    plans: dict[str, set[tuple[str, ...]]] = {}
    for one, product in found:
        plans.setdefault(product, set()).add(family(one.plan))
    named = [(one, f"{product}{_apart(family(one.plan), plans[product])}") for one, product in found]
    times = Counter(name for _, name in named)
    return {one.id: name if times[name] == 1 else f"{name} ({one.name})" for one, name in named}


def _apart(own: tuple[str, ...], all_of_them: set[tuple[str, ...]]) -> str:
    """The words of a plan that the others of the product do not begin with, as a reader sees them; or nothing."""
    if len(all_of_them) == 1:
        return ""
    same = takewhile(lambda words: len(set(words)) == 1, zip(*all_of_them, strict=False))
    words = " ".join(own[sum(1 for _ in same) :])
    return f" {words[0].upper()}{words[1:]}" if words else ""
