"""May this member use this product now, and why not."""

from itertools import count

import pytest

from prorata.store import members
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.set_renewal import SetRenewal
from web.api.ground import Ground, problem
from web.center.bills_ground import NAME, Account

ANNA = "anna.visser@example.com"
_numbers = count(1)


@pytest.fixture
def account(ground: Ground) -> Account:
    """Anna holds one of ten licences; Bram holds none."""
    made = ground.account()
    anna = made.add("Anna Visser")
    made.add("Bram")
    made.buy(10)
    made.assign(anna)
    return made


def asked(ground: Ground, account: Account, member: str = ANNA, product: str = "team") -> tuple[object, ...]:
    with ground.program(ground.key(account, "entitlements", name=f"key {next(_numbers)}")) as program:
        read = program.get("/entitlements", params={"member": member, "product": product}).json()
    assert (read["member"], read["product"]) == (member, product)
    return read["allowed"], read["why"], read["subscription"], read["until"]


def test_who_holds_a_licence_may_use_the_product(ground: Ground, account: Account) -> None:
    assert asked(ground, account) == (True, "active", NAME, None)
    assert asked(ground, account, "Anna.VISSER@Example.com") == (True, "active", NAME, None)


def test_who_holds_none_is_not_there_or_asks_for_something_else_may_not(ground: Ground, account: Account) -> None:
    assert asked(ground, account, "bram@example.com") == (False, "no_licence", NAME, None)
    assert asked(ground, account, "nobody@example.com") == (False, "unknown_member", None, None)
    assert asked(ground, account, ANNA, "drive") == (False, "no_subscription", None, None)


def test_who_has_left_may_not_although_the_licence_is_theirs_still(ground: Ground, account: Account) -> None:
    with ground.services.database.account(account.id) as conn:
        members.leave(conn, account.id, member=2, at=ground.clock.now())
    assert asked(ground, account) == (False, "member_left", None, None)


def test_nobody_uses_what_is_paused(ground: Ground, account: Account) -> None:
    account.act(PauseSubscription(NAME))
    assert asked(ground, account) == (False, "paused", NAME, None)


def test_members_use_what_was_not_renewed_for_thirty_days_more(ground: Ground, account: Account) -> None:
    account.act(SetRenewal(NAME, renews=False))
    assert asked(ground, account) == (True, "active", NAME, "2026-03-17")
    account.until("2026-02-15")
    # The grace of thirty days begins on 15 February.
    assert asked(ground, account) == (True, "expired", NAME, "2026-03-17")
    account.until("2026-03-17")
    assert asked(ground, account) == (False, "disabled", NAME, None)


def test_what_was_cancelled_is_used_up_to_its_end(ground: Ground, account: Account) -> None:
    account.act(CancelSubscription(NAME, when="period_end"))
    assert asked(ground, account) == (True, "active", NAME, "2026-02-15")
    account.until("2026-02-15")
    assert asked(ground, account) == (False, "disabled", NAME, None)
    account.until("2026-05-16")
    assert asked(ground, account) == (False, "deleted", NAME, None)


def test_an_end_counts_from_its_day_on_also_before_the_run_of_the_day(ground: Ground, account: Account) -> None:
    account.act(CancelSubscription(NAME, when="period_end"))
    with ground.services.database.owner() as conn:
        clock = "UPDATE accounts SET clock_at = '2026-02-15 00:00:01+00' WHERE account_id = "
        conn.exec_driver_sql(f"{clock}{account.id}")
    assert asked(ground, account) == (False, "disabled", NAME, None)


def test_a_thousand_are_answered_at_once_in_their_order(ground: Ground, account: Account) -> None:
    questions = [{"member": ANNA if place % 2 else "bram@example.com", "product": "team"} for place in range(1000)]
    with ground.program(ground.key(account, "entitlements")) as program:
        items = program.post("/entitlements", json={"asked": questions}).json()["items"]
        assert [one["allowed"] for one in items] == [False, True] * 500
        assert [one["member"] for one in items] == [one["member"] for one in questions]
        more = program.post("/entitlements", json={"asked": [*questions, questions[0]]})
        assert problem(more, 422, code="does_not_fit")
        assert more.json()["errors"] == [{"place": "body.asked", "detail": "Name 1,000 or fewer."}]
        assert program.post("/entitlements", json={"asked": []}).json() == {"items": []}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "This person holds no licence of this product."),
        ("nl", "Deze persoon heeft geen licentie voor dit product."),
        ("it", "Questa persona non ha una licenza di questo prodotto."),
    ],
)
def test_the_reason_is_told_in_the_language_of_the_request(
    ground: Ground, account: Account, language: str, said: str
) -> None:
    with ground.program(ground.key(account), language=language) as program:
        answer = program.get("/entitlements", params={"member": "bram@example.com", "product": "team"})
    assert answer.json()["detail"] == said
    assert answer.headers["content-language"] == language


def test_members_of_another_account_are_nobody_here(ground: Ground, account: Account) -> None:
    other = ground.account()
    other.buy(1)
    assert asked(ground, other) == (False, "unknown_member", None, None)
    assert asked(ground, account) == (True, "active", NAME, None)
