"""Every verb as a command: who may, on whose account, what the audit keeps, and that what is shown is what happens."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from prorata.core.billing.pay import UnknownDocument
from prorata.core.calendar import every
from prorata.core.history import UnknownSubscription
from prorata.store.catalogue import UnknownPlan
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import act, preview
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.change_plan import ChangePlan
from prorata.usecases.command import Command
from prorata.usecases.extend_trial import ExtendTrial
from prorata.usecases.give_back import GiveBack
from prorata.usecases.give_credit import GiveCredit
from prorata.usecases.give_discount import GiveDiscount
from prorata.usecases.late import Late
from prorata.usecases.move_anchor import MoveAnchor
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.permissions import NotAllowed, Role
from prorata.usecases.reactivate_subscription import ReactivateSubscription
from prorata.usecases.resume_subscription import ResumeSubscription
from prorata.usecases.run_account import advance_clock
from prorata.usecases.set_renewal import SetRenewal
from prorata.usecases.stop_conversion import StopConversion
from prorata.usecases.undo_change import UndoChange
from support import databases
from support.shop import Shop, admin, opened_shop
from usecases.verbs_ground import Plans, audited, bought, eur, plan, plans_of, sold, subscription, vendor


@pytest.fixture(scope="module")
def plans(shop: Shop) -> Plans:
    return plans_of(shop)


@dataclass(frozen=True, slots=True)
class Said:
    """A command, what the audit calls it, and the subject that stands there."""

    command: Command
    action: str
    subject: str


PAUSED = Said(PauseSubscription("a"), "subscription.pause", "a")
OF_ACTIVE = (
    Said(MoveAnchor("a", 20), "subscription.anchor", "a to 20"),
    Said(MoveAnchor("a", date(2026, 3, 1)), "subscription.anchor", "a to 2026-03-01"),
    PAUSED,
    Said(SetRenewal("a", renews=False), "subscription.renewal", "a: off"),
)
OF_TRIAL = (
    Said(ExtendTrial("a"), "trial.extend", "a"),
    Said(StopConversion("a"), "trial.stop", "a"),
)
OF_VENDOR = (
    Said(GiveCredit(eur("10.00"), reason="late delivery"), "credit.give", "10.00 EUR, account: late delivery"),
    Said(GiveCredit(eur("10.00"), 1, 1), "credit.give", "10.00 EUR, document 1, line 1"),
    Said(GiveBack(1, eur("7.00"), adjust=True), "document.refund", "document 1, 7.00 EUR, adjusted"),
    Said(GiveBack(1, reason="paid twice"), "document.refund", "document 1, everything: paid twice"),
    Said(GiveDiscount("a", Fraction(10), long=every("3 months")), "discount.give", "a, 10 % for 3 months"),
    Said(GiveDiscount(amount=eur("5.00")), "discount.give", "account, 5.00 EUR"),
    Said(
        Late(ChangeLicences("a", 12), date(2026, 1, 20), "it was lying in the post"),
        "late.enter",
        "licences.change a as of 2026-01-20: it was lying in the post",
    ),
)

ON = date(2026, 2, 1)


def first_trial_end_is_near(shop: Shop, plans: Plans) -> int:
    """A trial of 15 January ends on 14 February, and is extended in its last fifteen days only."""
    return bought(shop, plan_id=plans.trial, to=ON)


@pytest.mark.parametrize("said", OF_ACTIVE, ids=lambda said: said.subject)
def test_what_an_owner_did_stands_in_the_audit(shop: Shop, said: Said):
    account = bought(shop, to=ON)
    act(shop.services, admin(account), said.command)
    entry = audited(shop, account)[0]
    assert (entry.action, entry.subject, entry.actor_name, entry.actor_kind) == (
        said.action, said.subject, "Daan", "admin",
    )  # fmt: skip


@pytest.mark.parametrize("said", OF_TRIAL, ids=lambda said: said.action)
def test_what_an_owner_did_to_a_trial_stands_in_the_audit(shop: Shop, plans: Plans, said: Said):
    account = first_trial_end_is_near(shop, plans)
    act(shop.services, admin(account), said.command)
    entry = audited(shop, account)[0]
    assert (entry.action, entry.subject) == (said.action, said.subject)


@pytest.mark.parametrize("said", OF_VENDOR, ids=lambda said: said.subject)
def test_what_the_vendor_did_stands_in_the_audit_with_its_reason(shop: Shop, said: Said):
    account = bought(shop, to=ON)
    done = act(shop.services, vendor(account), said.command)
    entry = audited(shop, account)[0]
    assert (entry.action, entry.subject, entry.actor_name, entry.actor_kind) == (
        said.action, said.subject, "Eva", "vendor",
    )  # fmt: skip
    assert entry.detail["documents"] == [issued.number for issued in done.issued]


def test_a_plan_change_stands_in_the_audit(shop: Shop, plans: Plans):
    account = bought(shop, to=ON)
    act(shop.services, admin(account), ChangePlan("a", plans.premium))
    entry = audited(shop, account)[0]
    assert (entry.action, entry.subject) == ("plan.change", f"a to plan {plans.premium}")


def test_resuming_and_reactivating_stand_in_the_audit(shop: Shop):
    account = bought(shop, to=ON)
    for command in (PauseSubscription("a"), ResumeSubscription("a"), CancelSubscription("a", "now")):
        act(shop.services, admin(account), command)
    act(shop.services, admin(account), ReactivateSubscription("a"))
    assert [entry.action for entry in audited(shop, account)[:4]] == [
        "subscription.reactivate", "subscription.cancel", "subscription.resume", "subscription.pause",
    ]  # fmt: skip
    assert subscription(shop, account).state == "active"


@pytest.mark.parametrize("said", OF_ACTIVE + OF_VENDOR, ids=lambda said: said.subject)
def test_what_was_shown_is_what_happens(shop: Shop, said: Said):
    account = bought(shop, to=ON)
    shown = preview(shop.services, vendor(account), said.command)
    done = act(shop.services, vendor(account, seen=shown.fingerprint), said.command)
    assert done.decision.documents == shown.decision.documents
    assert [(s.state, s.licences, s.ending) for s in done.decision.after.subscriptions] == [
        (s.state, s.licences, s.ending) for s in shown.decision.after.subscriptions
    ]


@pytest.mark.parametrize("said", OF_ACTIVE + OF_VENDOR, ids=lambda said: said.subject)
def test_a_preview_keeps_nothing(shop: Shop, said: Said):
    account = bought(shop, to=ON)
    was, noted = subscription(shop, account), len(audited(shop, account))
    shown = preview(shop.services, vendor(account), said.command)
    assert subscription(shop, account) == was
    assert len(audited(shop, account)) == noted
    assert preview(shop.services, vendor(account), said.command).fingerprint == shown.fingerprint


def test_the_bills_to_come_are_shown_for_a_year(shop: Shop, plans: Plans):
    account = bought(shop, to=date(2026, 1, 15))
    shown = preview(shop.services, admin(account), ChangePlan("a", plans.premium, "renewal"))
    # 10 × 12.50 before, 10 × 20.00 from the renewal on
    assert {str(document.total) for document in shown.coming_before} == {"125.00"}
    assert {str(document.total) for document in shown.coming} == {"200.00"}
    assert [document.date for document in shown.coming[:2]] == [date(2026, 2, 15), date(2026, 3, 15)]
    # 15 February 2026 to 15 January 2027, the same day a year later
    assert len(shown.coming) == 12


def test_the_bills_to_come_of_a_weekly_plan_are_shown_for_a_year_too(shop: Shop):
    weekly = sold(shop, plan("weekly", "3.00", each="week"))
    account = bought(shop, plan_id=weekly)
    shown = preview(shop.services, admin(account), PauseSubscription("a"))
    assert shown.coming == ()
    # 15 January 2026 + 52 × 7 days is 14 January 2027; the week after it begins after the year.
    assert (len(shown.coming_before), shown.coming_before[-1].date) == (52, date(2027, 1, 14))


ROLES: tuple[Role, ...] = ("licence_admin", "invoice_manager", "reader", "member")
OF_CUSTOMERS = (
    ChangePlan("a", 1),
    MoveAnchor("a", 20),
    PauseSubscription("a"),
    ResumeSubscription("a"),
    SetRenewal("a", renews=False),
    ReactivateSubscription("a"),
    ExtendTrial("a"),
    StopConversion("a"),
    UndoChange("a"),
)


def is_refused(shop: Shop, account: int, *, role: Role, command: Command) -> None:
    with pytest.raises(NotAllowed):
        act(shop.services, admin(account, role=role), command)
    with pytest.raises(NotAllowed):
        preview(shop.services, admin(account, role=role), command)
    assert len(audited(shop, account)) == 1


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("command", OF_CUSTOMERS, ids=lambda command: type(command).__name__)
def test_a_role_without_the_permission_can_neither_act_nor_preview(shop: Shop, role: Role, command: Command):
    is_refused(shop, bought(shop), role=role, command=command)


@pytest.mark.parametrize("role", ["owner", "billing_admin"])
@pytest.mark.parametrize("said", OF_VENDOR, ids=lambda said: said.subject)
def test_what_is_the_vendors_no_role_of_an_account_can_do(shop: Shop, role: Role, said: Said):
    is_refused(shop, bought(shop), role=role, command=said.command)


@pytest.mark.parametrize("said", OF_ACTIVE + OF_TRIAL, ids=lambda said: said.subject)
def test_the_subscription_of_another_account_is_unknown(shop: Shop, said: Said):
    other, mine = bought(shop), shop.account()
    with pytest.raises(UnknownSubscription):
        act(shop.services, admin(mine), said.command)
    assert len(audited(shop, other)) == 1


@pytest.mark.parametrize("command", [GiveBack(1), GiveBack(1, adjust=True), GiveCredit(eur("1.00"), 1, 1)])
def test_nothing_is_given_back_of_the_document_of_another_account(shop: Shop, command: Command):
    other, mine = bought(shop), shop.account()
    with pytest.raises(UnknownDocument):
        act(shop.services, vendor(mine), command)
    assert len(audited(shop, other)) == 1


@pytest.mark.parametrize("document", [0, -1, 2**31, 10**30])
def test_nothing_is_given_back_of_a_document_that_there_cannot_be(shop: Shop, document: int):
    account = bought(shop)
    with pytest.raises(UnknownDocument):
        act(shop.services, vendor(account), GiveBack(document))
    with pytest.raises(UnknownDocument):
        act(shop.services, vendor(account), GiveCredit(eur("1.00"), document, 1))


def test_the_plan_of_another_seller_is_unknown(shop: Shop, database: databases.Database):
    with opened_shop(database) as another:
        theirs = another.plan
    account = bought(shop)
    with pytest.raises(UnknownPlan):
        act(shop.services, admin(account), ChangePlan("a", theirs))


def test_another_answer_has_another_fingerprint(shop: Shop, plans: Plans):
    account = bought(shop, to=ON)
    commands = (
        ChangePlan("a", plans.premium, "renewal"),
        ChangePlan("a", plans.premium, "renewal", "restart"),
        ChangePlan("a", plans.yearly, "renewal"),
        MoveAnchor("a", 20),
        MoveAnchor("a", 21),
        SetRenewal("a", renews=False),
        CancelSubscription("a", "period_end"),
        GiveCredit(eur("10.00")),
        GiveCredit(eur("11.00")),
        GiveDiscount("a", Fraction(10)),
        GiveDiscount("a", Fraction(20)),
        GiveDiscount("a", Fraction(10), long=every("month")),
        GiveDiscount(None, Fraction(10)),
        Late(ChangeLicences("a", 12), date(2026, 1, 20)),
        Late(ChangeLicences("a", 12), date(2026, 1, 21)),
        ChangeLicences("a", 12),
    )
    shown = [preview(shop.services, vendor(account), command).fingerprint for command in commands]
    assert len(set(shown)) == len(commands)


@pytest.mark.parametrize(
    "meanwhile",
    [
        PauseSubscription("a"),
        MoveAnchor("a", 20),
        SetRenewal("a", renews=False),
        GiveDiscount("a", Fraction(10)),
        GiveCredit(eur("10.00")),
        GiveBack(1, eur("10.00")),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_somebody_did_in_between_is_noticed(shop: Shop, meanwhile: Command):
    account = bought(shop, to=ON)
    shown = preview(shop.services, admin(account), ChangeLicences("a", 12))
    act(shop.services, vendor(account), meanwhile)
    with pytest.raises(ChangedMeanwhile):
        act(shop.services, admin(account, seen=shown.fingerprint), ChangeLicences("a", 12))
    assert subscription(shop, account).licences == 10


def test_an_extended_trial_and_a_stopped_conversion_are_told_apart(shop: Shop, plans: Plans):
    account = first_trial_end_is_near(shop, plans)
    shown = {preview(shop.services, admin(account), said.command).fingerprint for said in OF_TRIAL}
    assert len(shown) == len(OF_TRIAL)


def test_several_verbs_in_one_act_are_noted_each(shop: Shop, plans: Plans):
    account = bought(shop, to=ON)
    act(shop.services, admin(account), ChangePlan("a", plans.premium), ChangeLicences("a", 12))
    assert [entry.action for entry in audited(shop, account)[:2]] == ["licences.change", "plan.change"]
    found = subscription(shop, account)
    assert (found.plan.name, found.licences) == ("premium", 12)


def test_a_scheduled_plan_is_undone(shop: Shop, plans: Plans):
    account = bought(shop, to=ON)
    act(shop.services, admin(account), ChangePlan("a", plans.premium, "renewal"))
    waits = subscription(shop, account).pending_plan
    assert waits is not None
    assert (waits.effective, waits.plan.name) == (date(2026, 2, 15), "premium")
    act(shop.services, admin(account), UndoChange("a"))
    assert subscription(shop, account).pending_plan is None


def test_a_renewal_that_is_off_ends_with_the_term(shop: Shop):
    account = bought(shop, to=ON)
    act(shop.services, admin(account), SetRenewal("a", renews=False))
    ran = advance_clock(shop.services, admin(account), to=date(2026, 2, 15))
    assert [(turn.on, turn.state) for turn in ran.turned] == [(date(2026, 2, 15), "expired")]
    act(shop.services, admin(account), ReactivateSubscription("a"))
    assert subscription(shop, account).state == "active"
