"""Asking whether somebody may use a product, beside the least that one can ask of the database in the same way."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from prorata.store import assignments, crowding, entitlements, measuring, members
from prorata.store.collector import without_collector
from prorata.store.populating import settle
from prorata.usecases.act import Request, Services
from prorata.usecases.benchmarks.measures import Beside
from prorata.usecases.benchmarks.places import Place
from prorata.usecases.check_entitlement import Question, check_entitlement
from prorata.usecases.lives import LifeOptions
from prorata.usecases.permissions import SYSTEM
from prorata.usecases.population import populate

_MOST_QUESTIONS: Final = 3000
_WARM: Final = 100
"""So many at first are not counted: connections are made, and statements are prepared."""


def ask_a_crowd(place: Place, life: LifeOptions, *, size: int) -> Beside:
    """Ask about one member each of many accounts, and look up as many accounts by their key, in turn.

    The median of each; seconds for all questions.
    """
    (account,) = populate(place.services, replace(life, months=1, subscriptions=1), size=1).accounts
    with place.services.database.owner() as conn:
        bought = next(iter(entitlements.called(conn, account).values()))
        holder = members.create(
            conn, account, name="Holder", email=crowding.address(account), role="member", language="en"
        )
        since = place.services.clock.now()
        assignments.set_holders(conn, account, subscription=bought.name, members=[holder], since=since)
        ids = crowding.multiply(conn, account, size=size)
    settle(place.owner_url)
    return _asking(place.services, ids, product=bought.product or "", seed=life.seed)


def _asking(services: Services, ids: Sequence[int], *, product: str, seed: int) -> Beside:
    dice = random.Random(seed)  # noqa: S311 - which accounts are asked about is no secret
    count = min(_MOST_QUESTIONS, len(ids) // 4)
    taken: tuple[list[float], list[float]] = ([], [])
    with without_collector():
        for place in range(_WARM + count):
            one, other = dice.choice(ids), dice.choice(ids)
            asked = _question(services, one, product=product)
            read = _bare(services, other)
            if place >= _WARM:
                taken[0].append(asked)
                taken[1].append(read)
    return Beside(median(taken[0]) * count, median(taken[1]) * count, count)


def _question(services: Services, account: int, *, product: str) -> float:
    question = Question(crowding.address(account), product)
    began = time.perf_counter()
    use = check_entitlement(services, Request(account, SYSTEM), question=question)
    seconds = time.perf_counter() - began
    if not use.allowed:
        raise RuntimeError(use.why)
    return seconds


def _bare(services: Services, account: int) -> float:
    began = time.perf_counter()
    with services.database.account(account, read_only=True) as conn:
        measuring.read_account(conn, account)
    return time.perf_counter() - began
