"""How often a key may be used: so many requests at once, and as many more as time has passed.

Counted by each process for itself and in memory: several processes together let through more, and none waits for a
database to be told that it asks too often.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Final

A_MINUTE: Final = 600
_MOST_BUCKETS: Final = 10_000
"""So many keys are remembered; one that was not used for longest begins anew."""

Key = tuple[int, int]
"""An account and its key's id."""


@dataclass(slots=True)
class _Bucket:
    left: Fraction
    at: datetime


@dataclass(slots=True)
class Buckets:
    """How much each key has left. `now` is the real clock; one that is set back gives nothing and takes nothing."""

    now: Callable[[], datetime]
    most: int = A_MINUTE
    _buckets: OrderedDict[Key, _Bucket] = field(default_factory=OrderedDict[Key, _Bucket])

    def take(self, key: Key) -> int:
        """Take one of a key's requests: 0 where there was one, else the seconds until there is."""
        at, each = self.now(), Fraction(self.most, 60)
        bucket = self._buckets.pop(key, None) or _Bucket(Fraction(self.most), at)
        self._buckets[key] = bucket
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        passed = (at - bucket.at).total_seconds()
        bucket.left = min(bucket.left + max(Fraction(passed), Fraction(0)) * each, Fraction(self.most))
        bucket.at = at
        if bucket.left < 1:
            return ceil((1 - bucket.left) / each)
        bucket.left -= 1
        return 0
