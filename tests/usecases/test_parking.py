"""What cannot be billed stops alone, says why, and is billed by the next run once it is mended."""

import pytest

from prorata.store import audit
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.mend_parked import NotParked, StillParked, mend, parked_subscriptions
from prorata.usecases.permissions import Actor, NotAllowed
from support.billing import Billing, billing_on
from support.shop import Shop, admin
from support.spoiling import (
    A_CALENDAR,
    LEDGER,
    NO_CALENDAR,
    NO_LEDGER,
    NOT_TOO_DEAR,
    OTHER_CURRENCY,
    OTHER_VERSION,
    OWN_CURRENCY,
    SAME_VERSION,
    TOO_DEAR,
    two_subscriptions,
)

DAMAGES = "some subscriptions stay as contradictory as the tests made them"

FINANCE = Actor("vendor", "Sanne")


@pytest.fixture
def billing(own_shop: Shop) -> Billing:
    return billing_on(own_shop, "2026-01-15")


@pytest.mark.parametrize(
    ("spoil", "repair", "code"),
    [
        (OTHER_CURRENCY, OWN_CURRENCY, "other_currency"),
        (NO_LEDGER, LEDGER, "ledger_incomplete"),
        (OTHER_VERSION, SAME_VERSION, "unreadable"),
        (TOO_DEAR, NOT_TOO_DEAR, "amount_too_large"),
        (NO_CALENDAR, A_CALENDAR, "unexpected"),
    ],
    ids=["price in another currency", "ledger with a hole", "terms nobody can read", "a bound exceeded", "a bug"],
)
def test_a_contradictory_subscription_stops_itself_alone(billing: Billing, spoil: str, repair: str, code: str):
    account, other = two_subscriptions(billing), billing.customer(licences=2)
    billing.sql(spoil, a=account)
    summary = billing.run("2026-02-15")
    # The account's other subscription, 10 × 12.50, and the other account, 2 × 12.50, go on.
    assert billing.bills(other)[1:] == ["2026-02-15 25.00"]
    assert billing.bills(account)[2:] == ["2026-02-15 125.00"]
    assert (summary.parked_now, summary.parked_count, summary.well) == (1, 1, False)
    assert summary.unexpected == (code == "unexpected")
    (parked,) = summary.parked
    assert (parked.account_id, parked.subscription, parked.why.code) == (account, "bad", code)
    assert ("Traceback" in parked.why.trace) == (code == "unexpected")

    # Next month the same: parked it stays, and everything else is billed.
    assert billing.run("2026-03-15").parked_now == 0
    assert billing.bills(account)[3:] == ["2026-03-15 125.00"]

    with pytest.raises(StillParked):
        mend(billing.shop.services, FINANCE, account=account, subscription="bad")
    billing.sql(repair, a=account)
    mended = mend(billing.shop.services, FINANCE, account=account, subscription="bad")
    # Two periods of 4 × 12.50 were left out.
    assert [str(document.total) for document in mended.documents] == ["100.00"]
    assert billing.run().well
    assert billing.bills(account)[4:] == ["2026-03-15 100.00"]
    billing.run("2026-04-15")
    # From here on both are on one bill again: (10 + 4) × 12.50.
    assert billing.bills(account)[5:] == ["2026-04-15 175.00"]
    assert billing.findings(account, other) == []


def test_what_lies_between_subscriptions_parks_all_of_the_account_and_nothing_else(billing: Billing):
    account, other = two_subscriptions(billing), billing.customer()
    # The counter of documents is wound back: whatever is written for this account collides with what it has.
    billing.sql("UPDATE accounts SET next_document = 1 WHERE account_id = :a", a=account)
    summary = billing.run("2026-02-15")
    assert [parked.subscription for parked in summary.parked] == ["team", "bad"]
    assert {parked.why.code for parked in summary.parked} == {"unexpected"}
    assert (summary.billed, summary.unexpected, len(billing.bills(other))) == (1, 2, 2)
    assert billing.bills(account) == ["2026-01-15 125.00", "2026-01-15 50.00"]

    billing.sql("UPDATE accounts SET next_document = 3 WHERE account_id = :a", a=account)
    for name in ("team", "bad"):
        mend(billing.shop.services, FINANCE, account=account, subscription=name)
    assert billing.run().well
    assert billing.bills(account)[2:] == ["2026-02-15 175.00"]
    assert billing.findings(account, other) == []


def test_an_account_that_nobody_can_read_does_not_stop_the_others(billing: Billing):
    account, other = billing.customer(), billing.customer()
    billing.sql("UPDATE accounts SET zone = 'Nowhere/Atlantis' WHERE account_id = :a", a=account)
    summary = billing.run("2026-02-15")
    assert (summary.billed, len(billing.bills(other))) == (1, 2)
    assert [(parked.account_id, parked.why.code) for parked in summary.parked] == [(account, "unexpected")]
    billing.sql("UPDATE accounts SET zone = 'Europe/Amsterdam' WHERE account_id = :a", a=account)
    mend(billing.shop.services, FINANCE, account=account, subscription="team")
    billing.run()
    assert billing.bills(account)[1:] == ["2026-02-15 125.00"]


def test_cancelling_works_while_parked_and_the_final_document_follows(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(TOO_DEAR, a=account)
    billing.run("2026-02-15")
    billing.clock.set("2026-02-20")
    done = act(billing.shop.services, admin(account), CancelSubscription("bad"))
    assert done.issued == ()
    billing.sql(NOT_TOO_DEAR, a=account)
    mend(billing.shop.services, FINANCE, account=account, subscription="bad")
    billing.run("2026-02-20")
    # 15 to 20 February, 5 of the 28 days of that period: 4 × 12.50 × 5/28 = 8.93 (8.928…), which no bill had charged.
    assert billing.bills(account)[3:] == ["2026-02-20 8.93"]
    assert billing.issued(account)[3].document.final


def test_other_documents_do_not_take_a_parked_subscription_along(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(TOO_DEAR, a=account)
    billing.run("2026-02-15")
    act(billing.shop.services, admin(account), BuySubscription(billing.shop.plan, 1, "third"))
    assert billing.bills(account)[3:] == ["2026-02-15 12.50"]


def test_mending_is_for_the_vendor_and_for_what_is_parked(billing: Billing):
    account = billing.customer()
    with pytest.raises(NotAllowed):
        mend(billing.shop.services, Actor("admin", "Daan", "owner", 1), account=account, subscription="team")
    with pytest.raises(NotParked):
        mend(billing.shop.services, FINANCE, account=account, subscription="team")


def test_mending_is_in_the_audit(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(OTHER_CURRENCY, a=account)
    billing.run("2026-02-15")
    billing.sql(OWN_CURRENCY, a=account)
    mend(billing.shop.services, FINANCE, account=account, subscription="bad")
    with billing.shop.services.database.account(account) as conn:
        last = audit.page(conn, account)[0]
    assert (last.action, last.subject, last.actor_name) == ("subscription.mend", "bad", "Sanne")
    assert [row for row in parked_subscriptions(billing.shop.services) if row.account_id == account] == []
