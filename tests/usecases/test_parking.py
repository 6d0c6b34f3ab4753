"""What cannot be billed stops alone, says why, and is billed by the next run once it is mended."""

import logging
import threading
from datetime import date

import pytest

from prorata.core.subscriptions.change import AlreadyEnded
from prorata.store import audit, parked, subscriptions
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.mend_parked import NotParked, StillParked, mend
from prorata.usecases.pages.listed import Part, subscription_list
from prorata.usecases.permissions import NotAllowed, member_actor, staff_actor
from prorata.usecases.plan_billing import plan_billing
from prorata.usecases.run_batch import RunStopped
from prorata.usecases.undo_change import UndoChange
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

FINANCE = staff_actor("Sanne", "finance")


@pytest.fixture
def billing(own_shop: Shop) -> Billing:
    return billing_on(own_shop, "2026-01-15")


def parked_of(billing: Billing, account: int) -> set[str]:
    """The names of an account's parked subscriptions."""
    with billing.shop.services.database.account(account) as conn:
        return {row.subscription for row in parked.of_account(conn, account)}


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
    (found,) = summary.parked
    assert (found.account_id, found.subscription, found.why.code) == (account, "bad", code)
    assert ("Traceback" in found.why.trace) == (code == "unexpected")

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


def test_a_program_reads_the_others_of_an_account_part_by_part(billing: Billing):
    account = two_subscriptions(billing)
    third = BuySubscription(billing.shop.plan, 1, "third")
    act(billing.shop.services, admin(account), third)
    billing.sql(OTHER_VERSION, a=account)
    billing.run("2026-02-15")
    found: list[list[str]] = []
    after = 0
    while after is not None:
        part = subscription_list(billing.shop.services, admin(account), part=Part(after, 1))
        found.append([one.facts.subscription.name for one in part.items])
        after = part.after
    # The second is "bad", which nobody can read: its part is empty, and the list goes on behind it.
    assert found == [["team"], [], ["third"]]


def test_what_lies_between_subscriptions_parks_all_of_the_account_and_nothing_else(billing: Billing):
    account, other = two_subscriptions(billing), billing.customer()
    # The counter of documents is wound back: whatever is written for this account collides with what it has.
    billing.sql("UPDATE accounts SET next_document = 1 WHERE account_id = :a", a=account)
    summary = billing.run("2026-02-15")
    assert [one.subscription for one in summary.parked] == ["team", "bad"]
    assert {one.why.code for one in summary.parked} == {"unexpected"}
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
    assert [(one.account_id, one.why.code) for one in summary.parked] == [(account, "unexpected")]
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
        mend(billing.shop.services, member_actor("Daan", "owner", member=1), account=account, subscription="team")
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
    assert parked_of(billing, account) == set()


def test_an_end_takes_effect_on_its_day_while_parked_and_cannot_be_undone_after_it(billing: Billing):
    account = two_subscriptions(billing)
    act(billing.shop.services, admin(account), CancelSubscription("bad", "period_end"))
    billing.sql(OTHER_CURRENCY, a=account)
    billing.sql(
        "UPDATE subscriptions SET unwritten_start = '2026-01-15', unwritten_due = '2026-02-01'"
        " WHERE account_id = :a AND name = 'bad'",
        a=account,
    )
    billing.sql("UPDATE accounts SET due_on = '2026-02-01' WHERE account_id = :a", a=account)
    assert billing.run("2026-02-02").parked_now == 1
    assert billing.due(account) == date(2026, 2, 15)
    billing.run("2026-02-15")
    with billing.shop.services.database.account(account) as conn:
        assert subscriptions.by_name(conn, account, name="bad").state == "disabled"
    with pytest.raises(AlreadyEnded):
        act(billing.shop.services, admin(account), UndoChange("bad"))
    billing.sql(OWN_CURRENCY, a=account)
    assert mend(billing.shop.services, FINANCE, account=account, subscription="bad").documents == ()


def test_an_account_that_nobody_can_read_is_told_by_a_dry_run_and_stays_parked_when_it_is_tried_again(billing: Billing):
    account = billing.customer()
    billing.sql("UPDATE accounts SET tax_rate = 'NaN' WHERE account_id = :a", a=account)
    billing.clock.set("2026-02-15")
    (planned,) = plan_billing(billing.shop.services, seller=billing.shop.seller)
    assert [(who, one.code) for who, one in planned.would_park] == [(account, "unexpected")]
    billing.run()
    with pytest.raises(StillParked):
        mend(billing.shop.services, FINANCE, account=account, subscription="team")
    billing.sql("UPDATE accounts SET tax_rate = 21 WHERE account_id = :a", a=account)
    mend(billing.shop.services, FINANCE, account=account, subscription="team")
    billing.run()
    # 10 × 12.50 and 21 %
    assert billing.bills(account)[1:] == ["2026-02-15 151.25"]


def test_what_fails_for_everybody_in_the_same_way_parks_nobody(billing: Billing):
    customers = [billing.customer(licences=1) for _ in range(20)]
    billing.sql("ALTER TABLE document_lines ADD CONSTRAINT nobody CHECK (cause <> 'period') NOT VALID")
    try:
        with pytest.raises(RunStopped) as stopped:
            billing.run("2026-02-15")
    finally:
        billing.sql("ALTER TABLE document_lines DROP CONSTRAINT nobody")
    assert stopped.value.parameters == {"accounts": 20, "failure": "DataRefused"}
    assert billing.run().parked_count == 0
    assert {len(billing.bills(account)) for account in customers} == {2}


def test_what_the_database_says_of_a_row_is_not_kept(billing: Billing):
    account, _ = billing.customer(), billing.customer()
    billing.sql(f"ALTER TABLE documents ADD CONSTRAINT not_this CHECK (account_id <> {account}) NOT VALID")
    try:
        (found,) = billing.run("2026-02-15").parked
    finally:
        billing.sql("ALTER TABLE documents DROP CONSTRAINT not_this")
    assert "not_this" in found.why.trace
    assert "De Korenbloem" not in found.why.trace
    assert "Twijnstraat" not in found.why.trace


def test_whoever_waits_for_an_account_gets_it_only_when_its_batch_is_done(billing: Billing):
    account, other = billing.customer(), billing.customer()
    never = f"account_id <> {account} OR cause <> 'period'"
    billing.sql(f"ALTER TABLE document_lines ADD CONSTRAINT not_this CHECK ({never}) NOT VALID")
    # The customer acts while the batch is done once more, account by account, and holds all of them.
    held = threading.Event()

    def buy() -> None:
        held.wait(10)
        act(billing.shop.services, admin(account), BuySubscription(billing.shop.plan, 2, "new"))

    class Waiting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - that it is told is enough
            held.set()

    log, handler = logging.getLogger("prorata.usecases.run_batch"), Waiting()
    log.addHandler(handler)
    buyer = threading.Thread(target=buy)
    buyer.start()
    try:
        billing.run("2026-02-15")
        billing.sql("ALTER TABLE document_lines DROP CONSTRAINT not_this")
        buyer.join(20)
    finally:
        log.removeHandler(handler)
    assert len(billing.bills(other)) == 2
    # Whoever came first: what is there has its day, or is parked and told of.
    with billing.shop.services.database.account(account) as conn:
        there = {one.name for one in subscriptions.all_of(conn, account)}
    told = parked_of(billing, account)
    assert "team" in told
    assert (billing.due(account) is not None) == bool(there - told)
