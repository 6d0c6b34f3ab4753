"""Acting on an account: permission, preview, confirmation, audit, and two people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest

from prorata.core.history import UnknownSubscription
from prorata.core.licences.assignment import NotEnoughLicences
from prorata.core.subscriptions.cancel import AlreadyCancelled, TooManyLicences
from prorata.store import accounts, assignments, audit, subscriptions
from prorata.store.errors import ChangedMeanwhile
from prorata.store.screens import bills
from prorata.usecases.act import Done, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.pay_document import PayDocument, PaysByTransfer, SetPaymentMode
from prorata.usecases.permissions import NotAllowed, Role
from prorata.usecases.run_account import advance_clock
from prorata.usecases.undo_change import UndoChange
from prorata.usecases.verify import verify
from support.shop import ZONE, Shop, admin


def bought(shop: Shop, *, licences: int = 10, members_too: int = 3) -> int:
    """An account that bought licences on 15 January 2026."""
    account = shop.account(members_too=members_too)
    act(shop.services, admin(account), BuySubscription(shop.plan, licences, "a"))
    return account


def licences_of(shop: Shop, account: int) -> int:
    with shop.services.database.account(account) as conn:
        return subscriptions.by_name(conn, account, name="a").licences


def test_a_purchase_is_billed_paid_and_noted(shop: Shop):
    account = shop.account()
    done = act(shop.services, admin(account), BuySubscription(shop.plan, 10))
    (issued,) = done.issued
    # 10 × 12.50 × 31/31 = 125.00, paid at once by the saved method
    assert str(issued.document.total) == "125.00"
    assert str(issued.standing.paid) == "125.00"
    with shop.services.database.account(account) as conn:
        (entry,) = audit.page(conn, account)
    assert (entry.action, entry.actor_name, entry.actor_kind) == ("subscription.buy", "Daan", "admin")
    assert entry.detail == {"documents": [issued.number]}


def test_a_preview_keeps_nothing(shop: Shop):
    account = bought(shop)
    shown = preview(shop.services, admin(account), CancelSubscription("a", "now"))
    assert len(shown.decision.documents) == 1
    with shop.services.database.account(account) as conn:
        assert bills.count(conn, account) == 1
        assert len(audit.page(conn, account)) == 1
        assert subscriptions.by_name(conn, account, name="a").state == "active"


def test_what_was_previewed_is_what_happens(shop: Shop):
    account = bought(shop)
    shown = preview(shop.services, admin(account), CancelSubscription("a", "now"))
    done = act(shop.services, admin(account, seen=shown.fingerprint), CancelSubscription("a", "now"))
    assert done.decision.documents == shown.decision.documents


def test_who_was_shown_something_else_is_told_and_nothing_happens(shop: Shop):
    account = bought(shop)
    shown = preview(shop.services, admin(account), CancelSubscription("a", "now"))
    act(shop.services, admin(account), ChangeLicences("a", 12))
    with pytest.raises(ChangedMeanwhile):
        act(shop.services, admin(account, seen=shown.fingerprint), CancelSubscription("a", "now"))
    with shop.services.database.account(account) as conn:
        found = subscriptions.by_name(conn, account, name="a")
        assert (found.state, found.licences) == ("active", 12)
        assert [entry.action for entry in audit.page(conn, account)] == ["licences.change", "subscription.buy"]


def test_of_two_admins_at_once_one_wins_and_the_other_is_told(shop: Shop):
    account = bought(shop)
    wanted = (12, 15)
    seen = [preview(shop.services, admin(account), ChangeLicences("a", n)).fingerprint for n in wanted]
    together = Barrier(2)

    def confirm(place: int) -> Done | ChangedMeanwhile:
        together.wait()
        try:
            return act(shop.services, admin(account, seen=seen[place]), ChangeLicences("a", wanted[place]))
        except ChangedMeanwhile as told:
            return told

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(confirm, range(2)))
    won = [place for place, answer in enumerate(answers) if isinstance(answer, Done)]
    assert len(won) == 1
    assert licences_of(shop, account) == wanted[won[0]]
    with shop.services.database.account(account) as conn:
        assert len(audit.page(conn, account)) == 2


@pytest.mark.parametrize(
    ("role", "command"),
    [
        ("reader", BuySubscription(1, 1)),
        ("reader", ChangeLicences("a", 11)),
        ("licence_admin", ChangeLicences("a", 11)),
        ("licence_admin", CancelSubscription("a")),
        ("invoice_manager", CancelSubscription("a")),
        ("invoice_manager", AssignLicences("a", add=frozenset({1}))),
        ("reader", PayDocument()),
        ("reader", SetPaymentMode("none")),
        ("member", AssignLicences("a", add=frozenset({1}))),
        ("member", UndoChange("a")),
    ],
)
def test_a_role_without_the_permission_can_neither_act_nor_preview(shop: Shop, role: Role, command: Command):
    account = bought(shop)
    with pytest.raises(NotAllowed):
        act(shop.services, admin(account, role=role), command)
    with pytest.raises(NotAllowed):
        preview(shop.services, admin(account, role=role), command)
    with shop.services.database.account(account) as conn:
        assert len(audit.page(conn, account)) == 1


def test_members_are_assigned_and_never_more_than_bought(shop: Shop):
    account = bought(shop, licences=2)
    act(shop.services, admin(account), AssignLicences("a", add=frozenset({1, 2})))
    with pytest.raises(NotEnoughLicences):
        act(shop.services, admin(account), AssignLicences("a", add=frozenset({3})))
    act(shop.services, admin(account), AssignLicences("a", add=frozenset({3}), remove=frozenset({1})))
    with shop.services.database.account(account) as conn:
        assert assignments.holders(conn, account, subscription="a") == {2, 3}
        assert subscriptions.by_name(conn, account, name="a").assigned == 2


def test_above_the_limit_members_are_unassigned_and_the_cancellation_goes_on(shop: Shop):
    account = bought(shop, licences=30, members_too=30)
    act(shop.services, admin(account), AssignLicences("a", add=frozenset(range(1, 29))))
    with pytest.raises(TooManyLicences) as refused:
        preview(shop.services, admin(account), CancelSubscription("a", "now"))
    assert refused.value.parameters["remove"] == 3
    act(shop.services, admin(account), AssignLicences("a", remove=frozenset({4, 8, 15})))
    done = act(shop.services, admin(account), CancelSubscription("a", "now"))
    # bought and cancelled on one day: all of 30 × 12.50 = 375.00 comes back
    assert str(done.issued[0].standing.paid) == "-375.00"
    with shop.services.database.account(account) as conn:
        assert subscriptions.by_name(conn, account, name="a").state == "disabled"


def test_a_second_cancellation_is_refused_and_an_undone_one_can_be_asked_again(shop: Shop):
    account = bought(shop)
    act(shop.services, admin(account), CancelSubscription("a", "period_end"))
    with pytest.raises(AlreadyCancelled):
        act(shop.services, admin(account), CancelSubscription("a", "period_end"))
    act(shop.services, admin(account), UndoChange("a"))
    act(shop.services, admin(account), CancelSubscription("a", date(2026, 2, 1)))
    with shop.services.database.account(account) as conn:
        ending = subscriptions.by_name(conn, account, name="a").ending
    assert ending is not None
    assert ending.on == date(2026, 2, 1)


def test_a_purchase_takes_the_next_free_name(shop: Shop):
    account = shop.account()
    for _ in range(2):
        act(shop.services, admin(account), BuySubscription(shop.plan, 1))
    with shop.services.database.account(account) as conn:
        names = [s.name for s in subscriptions.all_of(conn, account)]
    assert names == ["team-monthly", "team-monthly-2"]


def test_an_account_without_its_own_clock_lives_in_real_time(shop: Shop):
    account = shop.account(clock=None)
    done = act(shop.services, admin(account), BuySubscription(shop.plan, 1, "a"))
    assert done.issued[0].document.date == date(2026, 1, 15)  # the day on which the real clock stands


def test_the_main_story_by_hand_gives_the_final_document(shop: Shop):
    account = bought(shop)
    advance_clock(shop.services, admin(account), to=date(2026, 2, 1))
    act(shop.services, admin(account), SetPaymentMode("none"))
    advance_clock(shop.services, admin(account), to=date(2026, 2, 20))
    act(shop.services, admin(account), ChangeLicences("a", 12))
    advance_clock(shop.services, admin(account), to=date(2026, 3, 3))
    done = act(shop.services, admin(account), CancelSubscription("a", "now"))
    (note,) = done.issued
    # 125.00 × 16/28 kept = 71.43, so 53.57 back; 2 × 12.50 × 11/28 = 9.82
    assert [str(line.amount) for line in note.document.lines] == ["-53.57", "9.82"]
    assert str(note.document.total) == "-43.75"
    statement = note.document.statement
    assert statement is not None
    assert (str(statement.open_before), str(statement.still_to_pay)) == ("125.00", "81.25")
    ran = advance_clock(shop.services, admin(account), to=date(2026, 6, 2))
    assert [(turn.on, turn.state) for turn in ran.turned] == [(date(2026, 6, 1), "deleted")]
    assert verify(shop.services, account=account).findings == ()
    with shop.services.database.account(account) as conn:
        at = accounts.find(conn, account).clock_at
    assert at == datetime(2026, 6, 2, 12, tzinfo=ZONE)


def test_what_is_bought_in_the_same_act_can_be_assigned_in_it(shop: Shop):
    account = shop.account(members_too=3)
    buy, give = BuySubscription(shop.plan, 10, "a"), AssignLicences("a", add=frozenset({1, 2}))
    act(shop.services, admin(account), buy, give)
    with shop.services.database.account(account) as conn:
        assert subscriptions.by_name(conn, account, name="a").assigned == 2
        assert assignments.holders(conn, account, subscription="a") == {1, 2}


def test_what_nobody_bought_cannot_be_assigned(shop: Shop):
    account = shop.account()
    with pytest.raises(UnknownSubscription):
        act(shop.services, admin(account), AssignLicences("a", add=frozenset({1})))


@pytest.mark.parametrize("command", [PayDocument(), SetPaymentMode("automatic")])
def test_people_of_a_real_account_pay_nothing_by_themselves(shop: Shop, command: Command):
    account = shop.account(clock=None)
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    with pytest.raises(PaysByTransfer):
        act(shop.services, admin(account), command)
