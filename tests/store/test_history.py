"""What is loaded decides as everything in memory does, and what is saved is what was decided."""

from collections.abc import Generator
from datetime import date, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from properties.living import DAY, Lived, begin, event_of
from properties.wishes import Life, Wait, lives
from prorata.core.decision import Decision
from prorata.core.documents.model import LineRef
from prorata.core.errors import DomainError
from prorata.core.events import Cancel, ChangeLicences, DayRun, Event, Pay, SetPayment
from prorata.core.insights.forecast import end_of_day, next_run
from prorata.core.step import step
from prorata.core.stories.told import balances
from prorata.store import accounts, history, profiles, told
from prorata.store.errors import ChangedMeanwhile, NoSuchAccount
from prorata.store.verify import verify_account
from store.ground import Ground, euros, noon, purchase


def _opened(ground: Ground, lived: Lived) -> int:
    of = lived.history.account
    with ground.db.app() as conn:
        account = accounts.create(
            conn,
            seller_id=ground.seller,
            name="A",
            country=of.country,
            currency=of.currency,
            zone=of.zone,
            tax_rate=of.tax_rate,
            billing=of.billing,
            payment_mode=lived.history.mode,
            test=True,
        )
        profiles.create(conn, account, name="A", address="")
    return account


def _events(lived: Lived) -> Generator[Event]:
    """The life's events in their order, with the runs of the days that pass; ends after 35 quiet days."""
    for wish in (*lived.life.wishes, Wait(35)):
        if isinstance(wish, Wait):
            for _ in range(wish.days):
                foretold = next_run(lived.history, lived.today - DAY)
                if foretold is not None and foretold <= lived.today:
                    yield DayRun()
                lived.today += DAY
                lived.minute = 0
        else:
            event = event_of(lived, wish)
            lived.minute += 1
            if event is not None:
                yield event


def _decided(lived: Lived, event: Event) -> Decision | DomainError:
    at = end_of_day(lived.today, lived.history) if isinstance(event, DayRun) else lived.at
    try:
        return step(lived.history, event, at)
    except DomainError as refused:
        return refused


def _the_same_from_the_tail(ground: Ground, account: int, *, event: Event, lived: Lived) -> None:
    """Decide from what is loaded, compare with what memory decided, and save."""
    whole = _decided(lived, event)
    with ground.db.account(account) as conn:
        tail = history.load(conn, account, on=lived.today, lock=True)
        at = end_of_day(lived.today, tail) if isinstance(event, DayRun) else lived.at
        if isinstance(whole, DomainError):
            with pytest.raises(type(whole)) as refused:
                step(tail, event, at)
            assert refused.value.parameters == whole.parameters
            return
        decision = step(tail, event, at)
        assert decision.documents == whole.documents
        assert decision.transfers == whole.transfers
        assert decision.payments == whole.payments
        assert decision.lots == whole.lots
        assert (decision.after.next, decision.after.mode) == (whole.after.next, whole.after.mode)
        issued = history.save(conn, accounts.find(conn, account), decision=decision)
        assert tuple(one.document for one in issued) == whole.documents
        # Where a run finds something to do on a day that was not foretold, the account would wait for ever.
        assert accounts.find(conn, account).due_on in {lived.today, next_run(whole.after, lived.today)}
    lived.keep(whole)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives())
def test_the_open_tail_decides_as_the_whole_history_does(ground: Ground, life: Life):
    lived = begin(life)
    account = _opened(ground, lived)
    for event in _events(lived):
        _the_same_from_the_tail(ground, account, event=event, lived=lived)
    with ground.db.account(account, read_only=True) as conn:
        found = told.told(conn, account, on=lived.today)
        assert verify_account(conn, account) == ()
    kept = lived.history
    assert found.subscriptions == kept.subscriptions
    assert [issued.document for issued in found.documents] == lived.documents
    assert tuple(issued.standing for issued in found.documents) == kept.standings
    assert found.balances == balances(lived.transfers, kept.account.currency)
    assert found.credit.minor == sum(lot.left.minor for lot in kept.lots)
    assert found.paid.minor == sum(payment.amount.minor for payment in kept.payments)
    assert found.refunded.minor == sum((payment.amount - payment.left).minor for payment in kept.payments)


def test_the_first_worked_example_is_stored_as_it_is_told(ground: Ground):
    """10 licences at 12.50, February unpaid, two added, cancelled in March."""
    account = ground.open_account()
    first = ground.act(account, purchase(), on="2026-01-15")
    ground.act(account, SetPayment("none"), on="2026-02-01")
    second = ground.run(account, on="2026-02-15")
    ground.act(account, ChangeLicences("team", 12), on="2026-02-20")
    third = ground.act(account, Cancel("team", when="now"), on="2026-03-03")
    assert [one.document.total for one in (*first, *second, *third)] == [euros(12500), euros(12500), euros(-4375)]
    assert third[0].document.lines[0].corrects == LineRef(2, 1)
    with ground.db.account(account, read_only=True) as conn:
        found = told.told(conn, account, on=date(2026, 3, 31))
    # 125.00 of February, less what the credit note is worth: 43.75.
    assert found.owed == euros(8125)
    assert (found.paid, found.refunded, found.credit) == (euros(12500), euros(0), euros(0))
    assert {name: amount.minor for name, amount in found.balances.items()} == {
        "receivable": 8125,
        "cash": 12500,
        "customer_credit": 0,
        "sales": -20625,
        "tax": 0,
    }


def test_only_the_open_tail_is_loaded(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2025-01-15")
    for month in range(2, 13):
        ground.run(account, on=f"2025-{month:02}-15")
    with ground.db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2025, 12, 20))
    # The period that runs, and the one before it, whose seats say up to where was billed.
    assert [charge.ref.document for charge in tail.charges] == [11, 12]
    assert [standing.document for standing in tail.standings] == [11, 12]
    assert len(tail.subscriptions) == 1
    assert tail.next.document == 13


def test_a_deleted_subscription_keeps_its_name_and_nothing_else(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2026-01-15")
    ground.act(account, Cancel("team", when="now"), on="2026-01-20")
    ground.run(account, on="2026-04-20")
    with ground.db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2026, 4, 21))
    assert [(s.name, s.state, s.licences) for s in tail.subscriptions] == [("team", "deleted", 10)]
    assert tail.charges == ()
    with pytest.raises(DomainError, match="name_taken"):
        ground.act(account, purchase(), on="2026-04-21")


def test_the_day_with_work_is_noted(ground: Ground):
    account = ground.open_account()

    def due_on() -> date | None:
        with ground.db.account(account, read_only=True) as conn:
            return accounts.find(conn, account).due_on

    assert due_on() is None
    ground.act(account, purchase(), on="2026-01-15")
    assert due_on() == date(2026, 2, 15)
    # Something happens on the day of the renewal, before its run: the run still has its work.
    ground.act(account, Pay(), on="2026-02-15")
    assert due_on() == date(2026, 2, 15)
    ground.run(account, on="2026-02-15")
    assert due_on() == date(2026, 3, 15)
    ground.act(account, Cancel("team", when="now"), on="2026-02-20")
    # 90 days later its data are deleted.
    assert due_on() == date(2026, 2, 20) + timedelta(days=90)
    ground.run(account, on="2026-05-21")
    assert due_on() is None


def test_a_decision_that_changes_nothing_leaves_the_version(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2026-01-15")
    with ground.db.account(account, read_only=True) as conn:
        before = accounts.find(conn, account).version
    assert ground.run(account, on="2026-01-16") == ()
    with ground.db.account(account, read_only=True) as conn:
        assert accounts.find(conn, account).version == before
    ground.act(account, SetPayment("none"), on="2026-01-17")
    with ground.db.account(account, read_only=True) as conn:
        row = accounts.find(conn, account)
    assert (row.version, row.payment_mode) == (before + 1, "none")


def test_an_unknown_account_is_refused(ground: Ground):
    with ground.db.account(999_999) as conn, pytest.raises(NoSuchAccount):
        history.load(conn, 999_999, on=date(2026, 1, 1), lock=True)


def test_a_decision_on_a_stale_history_is_refused(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2026-01-15")
    with ground.db.account(account, read_only=True) as conn:
        stale = history.load(conn, account, on=date(2026, 1, 16))
    ground.act(account, ChangeLicences("team", 12), on="2026-01-16")
    decision = step(stale, ChangeLicences("team", 15), noon("2026-01-17"))
    with pytest.raises(ChangedMeanwhile), ground.db.account(account) as conn:
        history.save(conn, accounts.find(conn, account), decision=decision)
    with ground.db.account(account, read_only=True) as conn:
        assert told.told(conn, account, on=date(2026, 1, 17)).subscriptions[0].licences == 12


def test_two_who_act_at_once_come_one_after_the_other(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(licences=10), on="2026-01-15")
    seen: list[int] = []

    def second() -> None:
        with ground.db.account(account) as conn:
            seen.append(history.load(conn, account, on=date(2026, 1, 16), lock=True).subscription("team").licences)

    with ground.db.account(account) as conn:
        tail = history.load(conn, account, on=date(2026, 1, 16), lock=True)
        other = Thread(target=second)
        other.start()
        with ground.db.owner() as watching:
            # The other waits for the account: a lock that is not granted.
            while not watching.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                other.join(0.01)
        decision = step(tail, ChangeLicences("team", 12), noon("2026-01-16"))
        history.save(conn, accounts.find(conn, account), decision=decision)
    other.join()
    assert seen == [12]
