"""Acting for a customer: with a reason, noted, and with the rights of one's own role."""

from dataclasses import replace
from datetime import date

import pytest

from prorata.core.money import money
from prorata.store import audit
from prorata.store.audit import AuditEntry
from prorata.store.errors import NoSuchAccount
from prorata.usecases.act import Request, act
from prorata.usecases.act_on_behalf import ReasonNeeded, ReasonTooLong, begin_on_behalf, end_on_behalf
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.give_back import GiveBack
from prorata.usecases.give_credit import GiveCredit
from prorata.usecases.pay_document import PayDocument, SetPaymentMode
from prorata.usecases.permissions import NotAllowed, StaffRole, staff_actor
from prorata.usecases.set_renewal import SetRenewal
from support.shop import EUR, Shop, admin

SUPPORT = staff_actor("Sanne", "support", proved=True)
WHY = "Asked by phone why the bill of January is higher"


def noted(shop: Shop, account: int) -> AuditEntry:
    with shop.services.database.account(account) as conn:
        return audit.page(conn, account, limit=1)[0]


def test_beginning_and_ending_stand_in_the_audit_with_the_reason(shop: Shop):
    account = shop.account()
    kept = begin_on_behalf(shop.services, SUPPORT, account=account, reason=f"  {WHY} ", session=None)
    assert kept == WHY
    entry = noted(shop, account)
    assert (entry.action, entry.actor_kind, entry.actor_name, entry.on_behalf) == (
        "behalf.begin", "vendor", "Sanne", WHY,
    )  # fmt: skip
    end_on_behalf(shop.services, replace(SUPPORT, behalf=WHY), account=account, session=None)
    assert (noted(shop, account).action, noted(shop, account).on_behalf) == ("behalf.end", WHY)


def test_whatever_is_done_for_a_customer_says_why(shop: Shop):
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 3, "team"))
    actor = replace(SUPPORT, behalf=WHY)
    act(shop.services, Request(account, actor), SetRenewal("team", renews=False))
    entry = noted(shop, account)
    assert (entry.action, entry.actor_name, entry.on_behalf) == ("subscription.renewal", "Sanne", WHY)


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("", ReasonNeeded), ("   ", ReasonNeeded), ("x" * 301, ReasonTooLong), ("asked\u202e", ReasonTooLong)],
)
def test_without_a_reason_that_can_be_read_nobody_begins(shop: Shop, reason: str, refusal: type[Exception]):
    with pytest.raises(refusal):
        begin_on_behalf(shop.services, SUPPORT, account=shop.account(), reason=reason, session=None)


def test_an_account_that_there_is_not_is_refused(shop: Shop):
    with pytest.raises(NoSuchAccount):
        begin_on_behalf(shop.services, SUPPORT, account=999_999, reason=WHY, session=None)


@pytest.mark.parametrize("role", ["catalogue"])
def test_who_keeps_the_catalogue_acts_for_nobody(shop: Shop, role: StaffRole):
    with pytest.raises(NotAllowed):
        begin_on_behalf(shop.services, staff_actor("C", role), account=shop.account(), reason=WHY, session=None)


def test_nobody_of_an_account_acts_for_another(shop: Shop):
    with pytest.raises(NotAllowed):
        begin_on_behalf(shop.services, admin(shop.account()).actor, account=shop.account(), reason=WHY, session=None)


def test_support_moves_no_money_whatever_it_tries(shop: Shop):
    account = shop.account(clock=date(2026, 1, 15))
    act(shop.services, admin(account), BuySubscription(shop.plan, 3, "team"))
    one = money("1.00", EUR)
    actor = replace(SUPPORT, behalf=WHY)
    for command in (
        BuySubscription(shop.plan, 1, "more"),
        ChangeLicences("team", 5),
        CancelSubscription("team", "now"),
        PayDocument(1),
        SetPaymentMode("none"),
        GiveBack(1),
        GiveCredit(one),
    ):
        with pytest.raises(NotAllowed):
            act(shop.services, Request(account, actor), command)
