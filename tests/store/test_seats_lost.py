"""Who loses a licence by itself, and that the ledger says so.

Of 4 licences Anna has one since 20 January, Bram and Carla since the 21st, Dirk since the 22nd; two licences were asked
for at the renewal of 15 February.
"""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from prorata.core.catalog.presets import CLASSIC
from prorata.core.events import Assign, Cancel, ChangeLicences, Pay, PaymentMode
from prorata.store import accounts, assignments, history, members
from prorata.store.verify import verify_account
from store.ground import Ground, noon, purchase
from store.tampering import codes, tampered

ANNA, BRAM, CARLA, DIRK = 1, 2, 3, 4
TERMS = replace(CLASSIC, conflict_days=10)


@dataclass(frozen=True)
class Seats:
    """An account with its holders."""

    ground: Ground
    account: int

    def holders(self) -> frozenset[int]:
        with self.ground.db.account(self.account) as conn:
            return assignments.holders(conn, self.account, subscription="team")

    def lost(self) -> list[tuple[int, str, str, str]]:
        with self.ground.db.account(self.account) as conn:
            changes = assignments.changes_of(conn, self.account, subscription_id=1)
        return [(one.member, one.at.date().isoformat(), one.why, one.by) for one in changes if not one.holds]

    def state(self) -> tuple[str, int, int]:
        with self.ground.db.account(self.account) as conn:
            (team,) = history.load(conn, self.account, on=date(2026, 2, 1)).subscriptions
        return team.state, team.licences, team.assigned

    def findings(self, on: str) -> list[str]:
        with self.ground.db.owner(read_only=True) as conn:
            return [one.code for one in verify_account(conn, self.account, at=noon(on))]


def seats(ground: Ground, *, waiting: bool = True, mode: PaymentMode = "automatic") -> Seats:
    account = ground.open_account(mode=mode)
    ground.act(account, purchase(licences=4, terms=TERMS), on="2026-01-15")
    with ground.db.account(account) as conn:
        for name in ("anna", "bram", "carla", "dirk"):
            members.create(conn, account, name=name, email=f"{name}@example.test", role="member", language="nl")
        for holding, on in (
            ([ANNA], "2026-01-20"),
            ([ANNA, BRAM, CARLA], "2026-01-21"),
            ([ANNA, BRAM, CARLA, DIRK], "2026-01-22"),
        ):
            assignments.set_holders(conn, account, subscription="team", members=holding, since=noon(on))
    if waiting:
        ground.act(account, ChangeLicences("team", 2, when="renewal"), on="2026-01-19")
    ground.act(account, Assign("team", 4), on="2026-01-22")
    return Seats(ground, account)


def test_at_the_deadline_of_a_conflict_the_newest_holders_lose_theirs(ground: Ground):
    team = seats(ground)
    team.ground.run(team.account, on="2026-02-15")
    assert (team.state(), team.holders()) == (("active", 2, 4), {ANNA, BRAM, CARLA, DIRK})
    assert team.findings("2026-02-15") == []
    team.ground.run(team.account, on="2026-02-24")
    assert team.holders() == {ANNA, BRAM, CARLA, DIRK}
    team.ground.run(team.account, on="2026-02-25")  # 15 February + 10 days
    # Bram and Carla got theirs at once: who came to the account later loses it.
    assert (team.state(), team.holders()) == (("active", 2, 2), {ANNA, BRAM})
    assert team.lost() == [
        (CARLA, "2026-02-25", "conflict", "system"),
        (DIRK, "2026-02-25", "conflict", "system"),
    ]
    assert team.findings("2026-02-25") == []
    team.ground.run(team.account, on="2026-02-25")
    assert len(team.lost()) == 2


def test_a_run_that_comes_after_the_deadline_does_both_at_once(ground: Ground):
    team = seats(ground)
    team.ground.run(team.account, on="2026-03-01")
    assert (team.state(), team.holders()) == (("active", 2, 2), {ANNA, BRAM})


def test_who_unassigns_in_time_says_whom(ground: Ground):
    team = seats(ground)
    team.ground.run(team.account, on="2026-02-15")
    team.ground.act(team.account, Assign("team", 2), on="2026-02-20")
    with team.ground.db.account(team.account) as conn:
        assignments.set_holders(
            conn, team.account, subscription="team", members=[CARLA, DIRK], since=noon("2026-02-20")
        )
    team.ground.run(team.account, on="2026-02-25")
    assert team.holders() == {CARLA, DIRK}
    assert {why for _, _, why, _ in team.lost()} == {"asked"}


def test_what_is_deleted_has_no_holders(ground: Ground):
    team = seats(ground, waiting=False)
    team.ground.act(team.account, Cancel("team"), on="2026-02-01")
    assert (team.state(), len(team.holders())) == (("disabled", 4, 4), 4)
    team.ground.run(team.account, on="2026-05-02")  # 1 February + 90 days
    assert (team.state(), team.holders()) == (("deleted", 4, 0), frozenset())
    assert team.lost() == [(one, "2026-05-02", "deleted", "system") for one in (ANNA, BRAM, CARLA, DIRK)]
    assert team.findings("2026-05-02") == []


def test_what_is_not_paid_keeps_its_holders_until_it_comes_back(ground: Ground):
    team = seats(ground, waiting=False, mode="none")
    for on in ("2026-02-15", "2026-03-15", "2026-03-16"):
        team.ground.run(team.account, on=on)
    with team.ground.db.account(team.account) as conn:
        assert accounts.find(conn, team.account).due_on == date(2026, 6, 14)
    assert team.findings("2026-03-17") == []
    assert (team.state(), len(team.holders())) == (("disabled", 4, 4), 4)
    team.ground.act(team.account, Pay(), on="2026-03-28")
    assert (team.state(), len(team.holders())) == (("active", 4, 4), 4)
    assert team.findings("2026-03-28") == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE subscriptions SET conflict_since = '2026-02-15', conflict_until = '2026-02-25'", "conflict_differs"),
        ("UPDATE subscriptions SET assigned = 5", "conflict_differs"),
        ("UPDATE subscriptions SET state = 'deleted'", "holders_left"),
        ("UPDATE subscriptions SET ending_why = 'unpaid', state = 'active'", "end_differs"),
    ],
)
def test_a_life_that_contradicts_itself_is_found(ground: Ground, ended: Seats, change: str, found: str):
    with tampered(ground, change, only=f"account_id = {ended.account}") as conn:
        assert found in codes(verify_account(conn, ended.account, at=noon("2026-02-02")))


def test_a_day_on_which_it_would_be_unpaid_is_not_to_be_missed(ground: Ground):
    team = seats(ground, waiting=False, mode="none")
    team.ground.run(team.account, on="2026-02-15")
    team.ground.run(team.account, on="2026-03-15")
    change = "UPDATE accounts SET due_on = '2026-04-15'"
    with tampered(ground, change, only=f"account_id = {team.account}") as conn:
        assert codes(verify_account(conn, team.account, at=noon("2026-03-15"))) == {"due_day_differs"}


@pytest.fixture(scope="module")
def ended(ground: Ground) -> Seats:
    team = seats(ground, waiting=False)
    team.ground.act(team.account, Cancel("team"), on="2026-02-01")
    return team
