"""Who is told that an account is to be closed: every owner, when it is planned, before its day, and where it is not."""

from collections.abc import Sequence
from datetime import date

import pytest

from prorata.store import members
from prorata.store.outbox import StoredMail
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, act
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.close_account import Wish, close_account, close_due, take_back_closing
from prorata.usecases.pages.closing import closing_page
from prorata.usecases.permissions import member_actor, operator
from prorata.usecases.run_account import advance_clock
from prorata.usecases.verify import verify
from support.clocks import TestClock
from support.shop import Shop, admin
from usecases.closing_ground import NAME, NOON, Leaving, leaving


@pytest.fixture
def here(shop: Shop) -> Leaving:
    """Femke and Carla own it, Sjoerd does not."""
    found = leaving(shop)
    people: Sequence[tuple[str, str, Language]] = (("carla", "owner", "it"), ("sjoerd", "billing_admin", "nl"))
    with found.services.database.account(found.account) as conn:
        for name, role, language in people:
            email = f"{name}@x.example"
            members.create(conn, found.account, name=name, email=email, role=role, language=language)
    return found


def told(here: Leaving) -> list[StoredMail]:
    """What was put aside since the last look, the earliest first."""
    found = sorted((one for one in here.mails() if one.kind != "invitation"), key=lambda one: one.id)
    here.sql("DELETE FROM outbox WHERE account_id = :account", account=here.account)
    return found


def kinds(here: Leaving) -> list[tuple[str, str, str]]:
    return [(one.kind, one.recipient, one.language) for one in told(here)]


def alone(here: Leaving) -> None:
    with here.services.database.account(here.account) as conn:
        for member in (2, 3):
            members.leave(conn, here.account, member=member, at=here.clock.at)


def test_every_owner_is_told_that_it_is_planned_by_whom_and_the_way_out(here: Leaving):
    here.close(on=date(2026, 4, 1))
    first, second = told(here)
    assert [(one.kind, one.recipient, one.language) for one in (first, second)] == [
        ("closing_planned", "femke@wierda.example", "nl"),
        ("closing_planned", "carla@x.example", "it"),
    ]
    assert first.data == {
        "account": NAME, "by": "Femke Wierda", "on": "2026-04-01", "backed_up": "",
        "link": "/close-account",
    }  # fmt: skip


def test_every_owner_is_told_again_thirty_seven_days_and_one_day_before_once_each(here: Leaving):
    here.close(on=date(2026, 4, 1))
    told(here)
    # 2 March is 30 days before 1 April, 25 March 7, 31 March 1.
    days = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-24", "2026-03-25", "2026-03-30", "2026-03-31")
    for day in days:
        here.on(day)
        assert close_due(here.services) == 0
        assert close_due(here.services) == 0
        found = [(one.kind, one.recipient) for one in told(here)]
        expected = [("closing_soon", "femke@wierda.example"), ("closing_soon", "carla@x.example")]
        assert found == (expected if day in {"2026-03-02", "2026-03-25", "2026-03-31"} else []), day
    assert verify(here.services, account=here.account).findings == ()


def test_days_on_which_nothing_ran_are_made_up_for_by_the_last_of_them(here: Leaving):
    here.close(on=date(2026, 4, 1))
    told(here)
    here.on("2026-03-28")
    close_due(here.services)
    assert len(told(here)) == 2
    here.on("2026-03-29")
    close_due(here.services)
    assert told(here) == []


def test_before_the_day_they_hear_what_is_still_to_be_done(here: Leaving, shop: Shop):
    here.buy(shop.plan)
    act(here.services, here.request(), CancelSubscription("team", when="period_end"))
    here.close(on=date(2026, 2, 20))
    told(here)
    here.on("2026-02-13")
    close_due(here.services)
    # The period ends on 15 February, before the closing: only that Carla and Sjoerd are there is in its way.
    assert [one.data["left"] for one in told(here)] == ['["members_left"]'] * 2


def test_who_plans_it_near_its_day_is_not_told_of_it_twice_that_day(here: Leaving):
    here.close(on=date(2026, 1, 20))
    told(here)
    close_due(here.services)
    here.on("2026-01-18")
    close_due(here.services)
    assert told(here) == []
    here.on("2026-01-19")
    close_due(here.services)
    assert len(told(here)) == 2


def test_taken_back_every_owner_hears_it_and_nothing_more_comes(here: Leaving):
    here.close(on=date(2026, 4, 1))
    told(here)
    take_back_closing(here.services, Request(here.account, member_actor("Carla", "owner", member=2)))
    found = told(here)
    assert [(one.kind, one.recipient) for one in found] == [
        ("closing_taken_back", "femke@wierda.example"), ("closing_taken_back", "carla@x.example"),
    ]  # fmt: skip
    assert found[0].data == {"account": NAME, "by": "Carla", "on": "2026-04-01"}
    here.on("2026-03-31")
    close_due(here.services)
    assert told(here) == []


def test_blocked_on_its_day_every_owner_hears_it_with_the_reason(here: Leaving):
    here.close(on=date(2026, 1, 16))
    told(here)
    here.on("2026-01-16")
    close_due(here.services)
    found = told(here)
    assert [(one.kind, one.recipient, one.data["why"]) for one in found] == [
        ("account_not_closed", "femke@wierda.example", "members_left"),
        ("account_not_closed", "carla@x.example", "members_left"),
    ]


def test_planned_by_the_vendor_the_owners_are_told_who_it_was(here: Leaving):
    wish = Wish(name=NAME, on=date(2026, 4, 1), waive_backup=True)
    close_account(here.services, Request(here.account, operator("Kadans B.V.")), wish=wish)
    assert [(one.recipient, one.data["by"]) for one in told(here)] == [
        ("femke@wierda.example", "Kadans B.V."), ("carla@x.example", "Kadans B.V."),
    ]  # fmt: skip


def test_a_plan_that_waives_the_back_up_has_that_step_done_on_its_page(here: Leaving):
    alone(here)
    here.close(on=date(2026, 4, 1))
    page = closing_page(here.services, here.request())
    assert (page.blocked, page.waived) == (0, True)


def test_a_moved_clock_stops_where_they_are_told(shop: Shop):
    account = shop.account(members_too=1)
    services, request = shop.services, admin(account)
    close_account(services, request, wish=Wish(name=NAME, on=date(2026, 3, 1), waive_backup=True))
    advance_clock(services, request, to=date(2026, 2, 28))
    here = Leaving(services, account, TestClock(NOON))
    # 30 January, 22 February and 28 February.
    assert [kind for kind, *_ in kinds(here)] == ["closing_planned", *["closing_soon"] * 3]
