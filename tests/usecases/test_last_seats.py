"""The last licences, wanted by many at once: never more are assigned than are bought, whoever asks and however."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from prorata.core.errors import DomainError
from prorata.core.licences.assignment import NotEnoughLicences
from prorata.store import assignments, members, subscriptions
from prorata.store.engine import Database
from prorata.store.members import NewMember
from prorata.store.verify import verify_account
from prorata.usecases.act import Services, act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from support import databases
from support.shop import Shop, admin

AT_ONCE = 15
"""Connections of one process."""


def _account(shop: Shop, *, people: int, licences: int) -> int:
    account = shop.account(members_too=0)
    with shop.services.database.account(account) as conn:
        members.create_many(
            conn, account, new=[NewMember(f"M {n}", f"m{n}@example.com", "nl") for n in range(1, people + 1)]
        )
    act(shop.services, admin(account), BuySubscription(shop.plan, licences, "team"))
    return account


def test_two_hundred_assignments_at_once_on_fifty_licences_make_exactly_fifty_holders(
    shop: Shop, database: databases.Database
):
    account = _account(shop, people=200, licences=50)
    # As two processes of the site would: each with connections of its own.
    other = Database(database.owner_url, app_url=database.app_url)
    sites = (shop.services, replace(shop.services, database=other))
    together = Barrier(2 * AT_ONCE)

    def work(of: range) -> list[str]:
        together.wait()
        return [_assign(sites[member % 2], account, member) for member in of]

    with ThreadPoolExecutor(2 * AT_ONCE) as workers:
        parts = [range(first, 201, 2 * AT_ONCE) for first in range(1, 2 * AT_ONCE + 1)]
        came = Counter(outcome for part in workers.map(work, parts) for outcome in part)
    other.dispose()
    assert came == {"assigned": 50, "not_enough_licences": 150}
    with shop.services.database.account(account) as conn:
        held = assignments.holders(conn, account, subscription="team")
        assert len(held) == subscriptions.by_name(conn, account, name="team").assigned == 50
        changes = assignments.changes_of(conn, account, subscription_id=1)
    assert len(changes) == 50
    assert {change.member for change in changes} == held
    with shop.services.database.owner(read_only=True) as conn:
        assert verify_account(conn, account) == ()


def _assign(services: Services, account: int, member: int) -> str:
    try:
        act(services, admin(account), AssignLicences("team", add=frozenset({member})))
    except DomainError as refusal:
        return refusal.code
    return "assigned"


def test_the_last_licence_is_assigned_once_and_the_other_learns_how_many_are_missing(shop: Shop):
    account = _account(shop, people=2, licences=1)
    together = Barrier(2)

    def take(member: int) -> DomainError | None:
        together.wait()
        try:
            act(shop.services, admin(account), AssignLicences("team", add=frozenset({member})))
        except NotEnoughLicences as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as workers:
        came = list(workers.map(take, (1, 2)))
    (lost,) = [one for one in came if one]
    assert lost.parameters == {"assigned": 2, "licences": 1, "missing": 1}


@pytest.mark.parametrize("change", ["assigned = 2", "assigned = -1", "licences = 0"])
def test_the_database_itself_refuses_to_count_more_holders_than_licences(shop: Shop, change: str):
    account = _account(shop, people=2, licences=1)
    act(shop.services, admin(account), AssignLicences("team", add=frozenset({1})))
    statement = text(f"UPDATE subscriptions SET {change} WHERE account_id = {account}")
    for opened in (shop.services.database.account(account), shop.services.database.owner()):
        with pytest.raises(IntegrityError, match="subscriptions_assigned_check"), opened as conn:
            conn.execute(statement)
