"""Verifying who holds a licence: the ledger of who got one and lost it is laid beside the rows of now.

Of 3 licences Anna and Bram get one on 20 January; Bram loses his on 1 February and Carla gets it; Anna loses hers on
2 February and has it back on 3 February. So Anna (since 3 February) and Carla (since 1 February) hold one.
"""

import pytest
from sqlalchemy import text

from prorata.core.events import Assign
from prorata.core.licences.seats import holders_at
from prorata.store import assignments, members
from prorata.store.errors import RoleRefused
from prorata.store.verify import verify_account
from store.ground import Ground, noon, purchase
from store.tampering import tampered

NOW = noon("2026-02-04")
ANNA, BRAM, CARLA = 1, 2, 3


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    opened = ground.open_account()
    ground.act(opened, purchase(licences=3), on="2026-01-15")
    with ground.db.account(opened) as conn:
        for name in ("anna", "bram", "carla"):
            members.create(conn, opened, name=name, email=f"{name}@example.test", role="member", language="nl")
        for holding, on in (
            ([ANNA, BRAM], "2026-01-20"),
            ([ANNA, CARLA], "2026-02-01"),
            ([CARLA], "2026-02-02"),
            ([ANNA, CARLA], "2026-02-03"),
        ):
            assignments.set_holders(conn, opened, subscription="team", members=holding, since=noon(on))
    ground.act(opened, Assign("team", 2), on="2026-02-03")
    return opened


def test_the_ledger_says_who_held_one_at_any_moment(ground: Ground, account: int):
    with ground.db.account(account) as conn:
        changes = assignments.changes_of(conn, account, subscription_id=1)
    assert [(one.member, one.holds) for one in changes] == [
        (ANNA, True), (BRAM, True), (BRAM, False), (CARLA, True), (ANNA, False), (ANNA, True),
    ]  # fmt: skip
    assert {(one.why, one.by) for one in changes} == {("asked", "admin")}
    assert holders_at(changes) == {CARLA: noon("2026-02-01"), ANNA: noon("2026-02-03")}
    assert holders_at(changes, noon("2026-01-31")) == {ANNA: noon("2026-01-20"), BRAM: noon("2026-01-20")}
    assert holders_at(changes, noon("2026-01-19")) == {}


def test_nothing_is_found_where_both_agree(ground: Ground, account: int):
    with ground.db.owner(read_only=True) as conn:
        assert verify_account(conn, account, at=NOW) == ()


GONE = "DELETE FROM seat_changes WHERE place"


@pytest.mark.parametrize(
    ("code", "where", "tampering"),
    [
        ("row_missing", "ledger of holders of team", f"{GONE} = 3"),
        ("row_missing", "ledger of holders of team", f"{GONE} = 1"),
        ("holders_differ", "team member 1", f"{GONE} = 6"),
        ("holders_differ", "team member 3", "UPDATE seat_changes SET member_id = 2 WHERE place = 4"),
        ("holders_differ", "team member 1", "UPDATE seat_changes SET holds = false WHERE place = 6"),
        ("holders_differ", "team member 1", "UPDATE seat_changes SET at = at - interval '1 day' WHERE place = 6"),
        ("holders_contradict", "team member 1", "UPDATE seat_changes SET holds = false WHERE place = 6"),
        ("holders_contradict", "team member 2", "UPDATE seat_changes SET holds = true WHERE place = 3"),
        ("holders_contradict", "team member 2", f"{GONE} = 2"),
        ("holders_differ", "team member 3", "DELETE FROM licence_assignments WHERE member_id = 3"),
        ("licences_differ", "team", "DELETE FROM licence_assignments WHERE member_id = 3"),
        ("holders_differ", "team member 2", "UPDATE licence_assignments SET member_id = 2 WHERE member_id = 3"),
        ("holders_differ", "team member 1", "UPDATE licence_assignments SET since = now() WHERE member_id = 1"),
        (
            "row_without_owner",
            "licences of subscription 77",
            "UPDATE seat_changes SET subscription_id = 77 WHERE place = 6",
        ),
    ],
)
def test_tampering_is_found(ground: Ground, account: int, code: str, where: str, tampering: str):
    with tampered(ground, tampering, only=f"account_id = {account}") as conn:
        found = {(one.code, one.where) for one in verify_account(conn, account, at=NOW)}
    assert (code, where) in found


def test_the_ledger_is_only_added_to(ground: Ground, account: int):
    for statement in ("DELETE FROM seat_changes", "UPDATE seat_changes SET holds = true"):
        with pytest.raises(RoleRefused), ground.db.account(account) as conn:
            conn.execute(text(statement))
