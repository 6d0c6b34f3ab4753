"""Keys that programs sign in with: what makes one good, and everything that makes it good for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from prorata.core.errors import DomainError
from prorata.store import account_roles, audit, members
from prorata.store.api_keys import KeyNameTaken, UnknownKey
from prorata.usecases.act import Request, Services
from prorata.usecases.api_keys import (
    MOST_KEYS,
    KeyDaysOutOfBounds,
    KeyNameMissing,
    KeyNeedsMember,
    KeyWish,
    KeyWithoutScope,
    Scope,
    TooManyKeys,
    list_keys,
    make_key,
    revoke_key,
    use_key,
)
from prorata.usecases.permissions import NotAllowed, ProofNeeded, member_actor, staff_actor
from support.clocks import TestClock
from support.databases import Database
from support.shop import Shop, opened_shop

OWNER = member_actor("M 1", "owner", member=1, proved=True)


@dataclass(frozen=True)
class Ground:
    """An account whose first member is an owner; it is noon of 15 January 2026."""

    shop: Shop
    clock: TestClock
    services: Services
    account: int

    @property
    def owner(self) -> Request:
        return Request(self.account, OWNER)

    def make(self, name: str = "ERP", *scopes: Scope, days: int = 90) -> str:
        wish = KeyWish(name, frozenset(scopes or ("read",)), days)
        return make_key(self.services, self.owner, wish=wish).secret

    def use(self, key: str):
        return use_key(self.services, key, address="203.0.113.7")

    def states(self) -> list[tuple[str, str]]:
        return [(one.row.name, one.state) for one in list_keys(self.services, self.owner).keys]


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with opened_shop(database) as opened:
        yield opened


@pytest.fixture
def ground(shop: Shop) -> Ground:
    clock = TestClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    account = shop.account()
    with shop.services.database.account(account) as conn:
        members.set_role(conn, account, member=1, role="owner")
    return Ground(shop, clock, replace(shop.services, clock=clock), account)


def test_a_key_lets_a_program_do_what_its_scopes_say_in_its_account(ground: Ground) -> None:
    key = ground.make("ERP", "read")
    assert key.startswith(f"prorata_{ground.account}_1_")
    used = ground.use(key)
    assert used is not None
    assert (used.account, used.account_name, used.key.name) == (ground.account, "De Korenbloem", "ERP")
    assert used.actor.permissions == {"see"}
    assert (used.actor.side, used.actor.member, used.actor.name) == ("admin", 1, "ERP")
    assert (used.actor.origin.way, used.actor.origin.address) == ("api", "203.0.113.7")
    both = ground.use(ground.make("Desk", "read", "entitlements"))
    assert both is not None
    assert both.actor.permissions == {"see", "check_use"}
    assert not both.actor.proved


def test_only_the_hash_of_a_key_is_kept(ground: Ground) -> None:
    token = ground.make().split("_", maxsplit=3)[3]
    with ground.services.database.owner() as conn:
        row = conn.exec_driver_sql(f"SELECT api_keys::text FROM api_keys WHERE account_id = {ground.account}").one()
    assert token not in row[0]
    assert token[-4:] in row[0]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "prorata",
        "prorata___",
        "{key}x",
        "{upper}",
        "prorata_{account}_1_",
        "prorata_{account}_2_{token}",
        "prorata_999999_1_{token}",
        "prorata_{other}_1_{token}",
        "prorata_-1_1_{token}",
        "prorata_{account}_-1_{token}",
        "prorata_99999999999999999999999_1_{token}",
        "prorata_{account}_99999999999_{token}",
        "prorata_{account}_1_{token}\0",
        "prorata_{account}_1_\ud800",
        "prorata_{account}_1_é",
        "stripe_{account}_1_{token}",
        "prorata_\u0661_1_{token}",
    ],
)
def test_what_is_no_key_of_ours_opens_nothing(ground: Ground, wrong: str) -> None:
    key = ground.make()
    other = ground.shop.account()
    text = wrong.format(
        key=key, upper=key.upper(), account=ground.account, other=other, token=key.split("_", maxsplit=3)[3]
    )
    assert ground.use(text) is None
    assert ground.use(key) is not None


def test_a_key_is_good_until_its_last_second(ground: Ground) -> None:
    key = ground.make(days=30)
    ground.clock.at = datetime(2026, 2, 14, 11, 59, 59, tzinfo=UTC)
    assert ground.use(key) is not None
    ground.clock.at = datetime(2026, 2, 14, 12, tzinfo=UTC)
    assert ground.use(key) is None
    assert ground.states() == [("ERP", "expired")]


def test_a_revoked_key_opens_nothing_and_its_name_is_free_again(ground: Ground) -> None:
    key = ground.make()
    with pytest.raises(KeyNameTaken):
        ground.make()
    assert revoke_key(ground.services, ground.owner, key=1).name == "ERP"
    assert ground.use(key) is None
    assert ground.use(ground.make()) is not None
    assert ground.states() == [("ERP", "good"), ("ERP", "revoked")]
    with pytest.raises(UnknownKey):
        revoke_key(ground.services, ground.owner, key=1)


def test_when_a_key_was_last_used_is_known_to_the_minute(ground: Ground) -> None:
    key = ground.make()

    def used_at() -> datetime | None:
        return list_keys(ground.services, ground.owner).keys[0].row.used_at

    assert used_at() is None
    ground.use(key)
    first = datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert used_at() == first
    ground.clock.at = first + timedelta(seconds=59)
    ground.use(key)
    assert used_at() == first
    ground.clock.at = first + timedelta(seconds=60)
    ground.use(key)
    assert used_at() == first + timedelta(seconds=60)


def test_a_wrong_token_is_no_use_of_the_key(ground: Ground) -> None:
    key = ground.make()
    ground.use(f"{key}x")
    assert list_keys(ground.services, ground.owner).keys[0].row.used_at is None


def test_who_has_left_leaves_no_key_behind(ground: Ground) -> None:
    key = ground.make()
    with ground.services.database.account(ground.account) as conn:
        members.leave(conn, ground.account, member=1, at=datetime(2026, 1, 15, 12, tzinfo=UTC))
    assert ground.use(key) is None
    assert ground.states() == [("ERP", "maker_gone")]


@pytest.mark.parametrize("role", ["billing_admin", "licence_admin", "invoice_manager", "reader", "member"])
def test_a_key_ends_with_the_right_to_make_keys(ground: Ground, role: str) -> None:
    key = ground.make()
    with ground.services.database.account(ground.account) as conn:
        members.set_role(conn, ground.account, member=1, role=role)
    assert ground.use(key) is None
    with ground.services.database.account(ground.account) as conn:
        members.set_role(conn, ground.account, member=1, role="owner")
    assert ground.use(key) is not None


def test_a_key_may_never_do_more_than_who_made_it_may_now(ground: Ground) -> None:
    key = ground.make("ERP", "read", "entitlements")
    with ground.services.database.account(ground.account) as conn:
        own = account_roles.create(conn, ground.account, name="keys", permissions=["manage_keys", "see"])
        members.set_role(conn, ground.account, member=1, role=own.key)
    used = ground.use(key)
    assert used is not None
    assert used.actor.permissions == {"see"}
    with ground.services.database.account(ground.account) as conn:
        account_roles.remove(conn, ground.account, role=own.id, at=datetime(2026, 1, 15, 12, tzinfo=UTC))
    assert ground.use(key) is None


def test_nobody_gives_a_key_what_they_may_not_do_themselves(ground: Ground) -> None:
    keeper = member_actor("M 1", "custom:1", member=1, own=["manage_keys"], proved=True)
    with pytest.raises(NotAllowed):
        make_key(ground.services, Request(ground.account, keeper), wish=KeyWish("ERP", frozenset({"read"}), 90))


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (KeyWish(" ", frozenset({"read"}), 90), KeyNameMissing),
        (KeyWish("x" * 61, frozenset({"read"}), 90), KeyNameMissing),
        (KeyWish("ERP", frozenset(), 90), KeyWithoutScope),
        (KeyWish("ERP", frozenset({"read"}), 0), KeyDaysOutOfBounds),
        (KeyWish("ERP", frozenset({"read"}), 366), KeyDaysOutOfBounds),
    ],
)
def test_what_cannot_be_a_key_is_refused(ground: Ground, wish: KeyWish, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        make_key(ground.services, ground.owner, wish=wish)
    assert ground.states() == []


def test_a_key_stands_for_somebody_of_the_account(ground: Ground) -> None:
    vendor = staff_actor("Eva", "owner", proved=True, behalf="asked by phone")
    with pytest.raises(KeyNeedsMember):
        make_key(ground.services, Request(ground.account, vendor), wish=KeyWish("ERP", frozenset({"read"}), 90))
    ground.make()
    # What is suspicious can be stopped by the vendor too.
    assert revoke_key(ground.services, Request(ground.account, vendor), key=1).revoked_at is not None


def test_keys_are_made_listed_and_revoked_by_those_who_may_and_have_shown_who_they_are(ground: Ground) -> None:
    wish = KeyWish("ERP", frozenset({"read"}), 90)
    reader = Request(ground.account, member_actor("M 2", "billing_admin", member=2, proved=True))
    for ask in (
        lambda: make_key(ground.services, reader, wish=wish),
        lambda: list_keys(ground.services, reader),
        lambda: revoke_key(ground.services, reader, key=1),
    ):
        with pytest.raises(NotAllowed):
            ask()
    ground.make()
    unproved = Request(ground.account, replace(OWNER, proved=False))
    with pytest.raises(ProofNeeded):
        make_key(ground.services, unproved, wish=KeyWish("Desk", frozenset({"read"}), 90))
    with pytest.raises(ProofNeeded):
        revoke_key(ground.services, unproved, key=1)
    assert ground.states() == [("ERP", "good")]


def test_the_keys_of_another_account_are_neither_seen_nor_revoked(ground: Ground) -> None:
    key = ground.make()
    other = ground.shop.account()
    assert list_keys(ground.services, Request(other, OWNER)).keys == ()
    with pytest.raises(UnknownKey):
        revoke_key(ground.services, Request(other, OWNER), key=1)
    assert ground.use(key) is not None


def test_there_is_an_end_to_how_many_keys_an_account_has(ground: Ground) -> None:
    for place in range(MOST_KEYS):
        ground.make(f"key {place}")
    with pytest.raises(TooManyKeys):
        ground.make("one more")
    revoke_key(ground.services, ground.owner, key=1)
    assert ground.use(ground.make("one more")) is not None


def test_the_audit_tells_who_made_and_revoked_a_key(ground: Ground) -> None:
    ground.make("ERP", "read", "entitlements", days=30)
    revoke_key(ground.services, ground.owner, key=1)
    with ground.services.database.account(ground.account) as conn:
        entries = [e for e in audit.page(conn, ground.account) if e.action.startswith("key.")]
    assert [(e.action, e.subject, e.actor_name) for e in entries] == [
        ("key.revoke", "ERP", "M 1"),
        ("key.make", "ERP", "M 1"),
    ]
    assert entries[1].detail["scopes"] == ["read", "entitlements"]
    assert entries[1].detail["expires_at"] == "2026-02-14T12:00:00+00:00"


def test_who_made_a_key_is_told_by_mail(ground: Ground) -> None:
    ground.make()
    with ground.services.database.owner() as conn:
        query = f"SELECT recipient, kind, data FROM outbox WHERE account_id = {ground.account}"
        mails = [tuple(row) for row in conn.exec_driver_sql(query)]
    told = {"account": "De Korenbloem", "by": "M 1", "name": "ERP", "link": "/keys"}
    assert mails == [("m1@x.example", "key_made", told)]
