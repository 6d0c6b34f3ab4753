"""What members hold when they come and when they go, decided and written within a transaction of something else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from prorata.core.calendar import business_date
from prorata.core.events import Assign, Together
from prorata.core.step import step
from prorata.store import assignments, history
from prorata.usecases.command import Ground


def free_seats(ground: Ground, members: Collection[int]) -> Mapping[str, int]:
    """Take back every licence that these members hold, whatever the state of the subscription; how many of each.

    Wants the account held, in a transaction of the application.
    """
    conn, account = ground.conn, ground.account
    held = assignments.held_by(conn, account.account_id, members=members)
    if not held:
        return {}
    side = ground.actor.side
    _decide(ground, tuple(Assign(one.subscription, one.holders - len(one.members), side) for one in held))
    for one in held:
        assignments.release(
            conn,
            account.account_id,
            subscription_id=one.subscription_id,
            members=one.members,
            at=ground.at,
            why="left",
            by=side,
        )
    return {one.subscription: len(one.members) for one in held}


def give_seats(ground: Ground, wanted: Mapping[str, Collection[int]]) -> None:
    """Give licences of subscriptions, by name, to members, as `free_seats` takes them. Raises what the rules refuse."""
    conn, account, side = ground.conn, ground.account, ground.actor.side
    after: dict[str, frozenset[int]] = {}
    for name, new in wanted.items():
        if new:
            after[name] = assignments.holders(conn, account.account_id, subscription=name) | frozenset(new)
    if not after:
        return
    _decide(ground, tuple(Assign(name, len(holders), side) for name, holders in after.items()))
    for name, holders in after.items():
        assignments.set_holders(conn, account.account_id, subscription=name, members=holders, since=ground.at, by=side)


def _decide(ground: Ground, events: Sequence[Assign]) -> None:
    on = business_date(ground.at, ground.account.zone)
    before = history.load(ground.conn, ground.account.account_id, on=on, lock=True)
    decision = step(before, events[0] if len(events) == 1 else Together(tuple(events)), ground.at)
    history.save(ground.conn, ground.account, decision=decision)
