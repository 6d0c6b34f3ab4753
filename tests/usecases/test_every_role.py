"""Every use case as every role, and from another account."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from prorata.core.errors import DomainError
from prorata.store import members
from prorata.usecases.act import Services, act
from prorata.usecases.api_keys import KeyWish, make_key
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.export.ask import ask_export
from prorata.usecases.people.invite import Invitee, invite
from prorata.usecases.people.own_roles import make_role
from prorata.usecases.permissions import (
    ACCOUNT_PERMISSIONS,
    ROLES,
    STAFF_ROLES,
    VENDOR_PERMISSIONS,
    Actor,
    NotAllowed,
    member_actor,
    staff_actor,
)
from support import databases
from support.shop import Shop, admin, opened_shop
from usecases.every_use import COMMANDS, PARTS, USES, WITHOUT_ACTOR, commands, functions
from usecases.use import NAME, Place, Use

ACTORS: dict[str, Actor] = {
    **{role: member_actor("Somebody", role, member=1, proved=True) for role in ROLES},
    "an own role": member_actor("Somebody", "custom:1", member=1, own=("see", "pay"), own_role="Payer", proved=True),
    "nothing at all": Actor("admin", "Somebody", "member"),
    **{f"vendor: {role}": staff_actor("Somebody", role, proved=True, behalf="asked by phone") for role in STAFF_ROLES},
}
EVERY: dict[str, Use] = {**{kind.__name__: use for kind, use in COMMANDS.items()}, **USES}
NOT_THERE = {
    "unknown_subscription", "unknown_document", "unknown_member", "unknown_role", "unknown_invitation",
    "unknown_key", "unknown_export", "no_such_account",
    "pays_by_transfer",  # said of any document, whether there is one or not
}  # fmt: skip


@dataclass(frozen=True)
class Two:
    """Two accounts of one seller: `full` has something of everything, `empty` one owner and nothing else."""

    services: Services
    full: int
    empty: int
    number: str


@pytest.fixture(scope="module")
def two(database: databases.Database) -> Iterator[Two]:
    with opened_shop(database) as shop:
        full, empty = shop.account(clock=None, members_too=3), shop.account(clock=None, members_too=0)
        with shop.services.database.account(empty) as conn:
            members.create(conn, empty, name="Bram", email="bram@x.example", role="owner", language="en")
        yield Two(shop.services, full, empty, _fill(shop, full))


def _fill(shop: Shop, account: int) -> str:
    """A subscription, a document, an invitation, a role and a key; the document's number."""
    request = admin(account)
    done = act(shop.services, request, BuySubscription(shop.plan, 3, NAME))
    invitee = Invitee(name="Anna", email="anna@x.example", role="reader", language="en")
    assert invite(shop.services, request, invitee=invitee) == 1
    assert make_role(shop.services, request, name="Payer", permissions=("pay",)).id == 1
    assert make_key(shop.services, request, wish=KeyWish("Books", frozenset({"read"}), 30)).row.id == 1
    assert ask_export(shop.services, request, language="en") == 1
    return done.issued[0].number


def refusal_of(use: Use, place: Place) -> DomainError | None:
    try:
        use.call(place)
    except DomainError as refusal:
        return refusal
    return None


def test_no_use_case_is_forgotten():
    assert set(commands()) == set(COMMANDS)
    found = dict(functions())
    told = {name for name, acts in found.items() if acts}
    assert told == set(USES) | PARTS
    beside = {name for name in found if name not in told and not _is_known(name)}
    assert beside == set()


def _is_known(name: str) -> bool:
    parts = name.split(".")
    return any(".".join(parts[: place + 1]) in WITHOUT_ACTOR for place in range(len(parts)))


@pytest.mark.parametrize("role", ACTORS)
@pytest.mark.parametrize("name", EVERY)
def test_a_role_may_do_what_the_table_says_and_nothing_else(two: Two, name: str, role: str):
    use, actor = EVERY[name], ACTORS[role]
    refusal = refusal_of(use, Place(two.services, two.empty, actor, two.number))
    if use.permission in actor.permissions:
        assert not isinstance(refusal, NotAllowed)
    else:
        assert isinstance(refusal, NotAllowed)
        assert refusal.parameters["permission"] == use.permission


@pytest.mark.parametrize("name", [name for name, use in EVERY.items() if use.foreign])
def test_things_of_another_account_are_as_if_they_did_not_exist(two: Two, name: str):
    use = EVERY[name]
    mightiest = Actor("admin", "Bram", "owner", frozenset({*ACCOUNT_PERMISSIONS, *VENDOR_PERMISSIONS}), 1, proved=True)
    refusal = refusal_of(use, Place(two.services, two.empty, mightiest, two.number))
    assert refusal is not None
    assert refusal.code in NOT_THERE


# The vendor's people see every account: what only they may do is left out.
LISTS = [name for name, use in USES.items() if not use.foreign and use.permission in ACCOUNT_PERMISSIONS]


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_anything_of_another_account(two: Two, name: str):
    use = USES[name]
    owner = Place(two.services, two.empty, ACTORS["owner"], two.number)
    try:
        shown = repr(use.call(owner))
    except DomainError:
        return
    for foreign in (NAME, two.number, "anna@x.example", "m2@x.example", "Payer"):
        assert foreign not in shown


def test_what_each_role_of_an_account_may_do():
    """Worked out by hand: the table, read aloud."""
    assert ROLES["owner"] == set(ACCOUNT_PERMISSIONS)
    assert ROLES["owner"] - ROLES["billing_admin"] == {
        "manage_people",
        "manage_directory",
        "manage_keys",
        "close_account",
    }
    assert ROLES["licence_admin"] == {"see", "assign", "see_people", "add_people", "move_clock", "check_use"}
    assert ROLES["invoice_manager"] == {"see", "pay", "move_clock"}
    assert ROLES["reader"] == {"see"}
    assert ROLES["member"] == set()


def test_no_role_of_an_account_has_what_is_the_vendors():
    assert all(not may & set(VENDOR_PERMISSIONS) for may in ROLES.values())
    own = member_actor("X", "custom:1", member=1, own=VENDOR_PERMISSIONS)
    assert own.permissions == set()


MOVES_MONEY = (
    "buy", "change_licences", "change_plan", "move_anchor", "cancel", "reactivate", "pay", "set_payment", "give_credit",
    "give_back", "give_discount", "set_price", "enter_late", "start_run", "mend", "pause",
)  # fmt: skip


@pytest.mark.parametrize("permission", MOVES_MONEY)
def test_support_moves_no_money(permission: str):
    assert permission not in STAFF_ROLES["support"]


def test_nobody_but_an_owner_decides_who_may_do_what():
    deciding = {"manage_people", "manage_keys", "manage_directory", "manage_staff"}
    assert {role for role, may in ROLES.items() if may & deciding} == {"owner"}
    assert {role for role, may in STAFF_ROLES.items() if may & deciding} == {"owner"}
