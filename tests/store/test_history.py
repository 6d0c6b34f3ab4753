"""What is loaded decides as everything in memory does, and what is saved is what was decided."""

from collections.abc import Generator
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from properties.lives import lives
from properties.living import Lived, begin, event_of
from properties.seat_book import DAY
from properties.wishes import Life, Wait
from prorata.core.calendar import business_date
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import with_terms
from prorata.core.decision import Decision
from prorata.core.documents.model import LineRef
from prorata.core.errors import DomainError
from prorata.core.events import (
    Bill,
    Cancel,
    ChangeLicences,
    ChangePlan,
    DayRun,
    Event,
    GiveBack,
    GiveCredit,
    Late,
    Pay,
    SetPayment,
    Subscribe,
    Together,
    singles_of,
)
from prorata.core.history import Account, History
from prorata.core.insights.forecast import end_of_day, next_run
from prorata.core.step import step
from prorata.core.stories.told import balances
from prorata.core.subscriptions.change_plan import at_newest
from prorata.store import accounts, catalogue, history, profiles, told
from prorata.store.engine import Database
from prorata.store.errors import ChangedMeanwhile, NoSuchAccount
from prorata.store.verify import verify_account
from store.ground import EUR, UTC_ZONE, Ground, euros, new_seller, noon, purchase
from store.histories import live, past
from store.selling import put_on_sale


def _opened(ground: Ground, begun: History) -> int:
    of = begun.account
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
            payment_mode=begun.mode,
            test=True,
        )
        for _ in range(2):  # as many as the made-up wishes know
            profiles.create(conn, account, name="A", address="")
    return account


def _decided(known: History, event: Event, at: datetime) -> Decision | DomainError:
    try:
        return step(known, event, at)
    except DomainError as refused:
        return refused


def _both(ground: Ground, account: int, *, whole: History, event: Event, at: datetime) -> Decision | None:
    """Decide on the whole history and on what is loaded; save if both say the same. None where both refuse."""
    today = business_date(at, whole.account.zone)
    event = _as_sold(event, whole, today)
    with ground.db.account(account) as conn:
        tail = history.load(conn, account, on=_counts_from(event, today), lock=True, documents=_named(event))
        expected, decision = _decided(whole, event, at), _decided(tail, event, at)
        if isinstance(expected, DomainError) or isinstance(decision, DomainError):
            assert repr(decision) == repr(expected)
            return None
        _assert_same(decision, expected)
        issued = history.save(conn, accounts.find(conn, account), decision=decision)
        assert tuple(one.document for one in issued) == expected.documents
        # A day with work that is not noted would wait for ever.
        assert accounts.find(conn, account).due_on in {today, next_run(expected.after, today)}
    _sell(ground, expected)
    return expected


def _as_sold(event: Event, whole: History, on: date) -> Event:
    """The event with what the catalogue says of its plan on its day: use cases look it up there."""
    match event:
        case Together():
            return replace(event, events=tuple(_as_sold(one, whole, on) for one in event.events))
        case Late():
            return replace(event, event=_as_sold(event.event, whole, event.effective))
        case Subscribe() | ChangePlan():
            return replace(event, plan=at_newest(event.plan, whole.prices, on=on))
        case _:
            return event


def _counts_from(event: Event, today: date) -> date:
    return min([today, *(one.effective for one in singles_of(event) if isinstance(one, Late))])


def _named(event: Event) -> set[int]:
    singles = (one.event if isinstance(one, Late) else one for one in singles_of(event))
    return {one.document for one in singles if isinstance(one, GiveBack | GiveCredit) and one.document}


def _sell(ground: Ground, decision: Decision) -> None:
    """Put new prices into the catalogue, from where every account has them."""
    for new in decision.after.prices[len(decision.before.prices) :]:
        with ground.db.owner() as conn:
            query = text("SELECT id FROM plans WHERE seller_id = :seller AND code = :code")
            plan = conn.scalar(query, {"seller": ground.seller, "code": new.plan}) or put_on_sale(ground, conn, new=new)
            added = catalogue.add_price(conn, plan, price=new.price.amount, valid_from=new.valid_from)
        assert added == new.price


def _assert_same(found: Decision, expected: Decision) -> None:
    assert found.documents == expected.documents
    assert found.transfers == expected.transfers
    assert (found.payments, found.lots) == (expected.payments, expected.lots)
    assert (found.after.next, found.after.mode) == (expected.after.next, expected.after.mode)
    stood = [
        [replace(s, changes=s.changes[-1:], plans=s.plans[-1:]) for s in one.after.subscriptions]
        for one in (found, expected)
    ]
    assert stood[0] == stood[1]


def _assert_told(ground: Ground, account: int, *, whole: History, on: date) -> None:
    with ground.db.account(account, read_only=True) as conn:
        found = told.told(conn, account, on=on)
        assert verify_account(conn, account) == ()
    assert found.subscriptions == whole.subscriptions
    assert tuple(issued.standing for issued in found.documents) == whole.standings
    assert found.credit.minor == sum(lot.left.minor for lot in whole.lots)
    assert found.paid.minor == sum(payment.amount.minor for payment in whole.payments)
    assert found.refunded.minor == sum((payment.amount - payment.left).minor for payment in whole.payments)


def _events(lived: Lived) -> Generator[tuple[Event, datetime]]:
    """The life's events in their order, with the runs of the days that pass; ends after 35 quiet days."""
    for wish in (*lived.life.wishes, Wait(35)):
        if isinstance(wish, Wait):
            for _ in range(wish.days):
                foretold = next_run(lived.history, lived.today - DAY)
                if foretold is not None and foretold <= lived.today:
                    yield DayRun(), end_of_day(lived.today, lived.history)
                lived.today += DAY
                lived.minute = 0
        else:
            event = event_of(lived, wish)
            lived.minute += 1
            if event is not None:
                yield event, lived.at


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives())
def test_the_open_tail_decides_as_the_whole_history_does(db: Database, life: Life):
    ground = Ground(db, new_seller(db))  # whose prices are this life's alone
    lived = begin(life)
    account = _opened(ground, lived.history)
    for event, at in _events(lived):
        decision = _both(ground, account, whole=lived.history, event=event, at=at)
        if decision:
            lived.keep(decision)
            lived.history = decision.after  # here the whole of it counts: nothing is cut off
    _assert_told(ground, account, whole=lived.history, on=lived.today)
    with ground.db.account(account, read_only=True) as conn:
        found = told.told(conn, account, on=lived.today)
    assert [issued.document for issued in found.documents] == lived.documents
    assert found.balances == balances(lived.transfers, lived.history.account.currency)


@pytest.mark.parametrize("seed", range(8))
def test_after_a_busy_past_too(ground: Ground, seed: int):
    begun = past(seed)
    account = _opened(ground, begun.history)

    def decide(before: History, event: Event, at: datetime) -> History:
        decision = _both(ground, account, whole=before, event=event, at=at)
        return decision.after if decision else before

    whole, today = live(begun, days=90, decide=decide)
    _assert_told(ground, account, whole=whole, on=today)


FROM_NOTHING = with_terms(CLASSIC, {"licences": {"min": 0}, "invoice_changes": "now"})

# All ends with seats that are taken back on the day on which they were charged: nothing of what is new is left.
FALLEN = {
    # 1 to 10 January was the last time with seats: 5 from 1 to 31 January, taken back from the 10th on.
    date(2026, 1, 10): ((5, "2026-01-01"), (0, "2026-01-10"), (5, "2026-04-01"), (0, "2026-04-01")),
    # As before, and seats came and went on 1 February: they are not the last.
    date(2026, 1, 20): (
        *((5, "2026-01-01"), (0, "2026-01-20"), (3, "2026-02-01"), (0, "2026-02-01")),
        *((5, "2026-04-01"), (0, "2026-04-01")),
    ),
    # There never was a day with a seat: the first day of the first line stands.
    date(2026, 1, 1): ((5, "2026-01-01"), (0, "2026-01-01"), (5, "2026-04-01"), (0, "2026-04-01")),
}


@pytest.mark.parametrize(("billed_to", "totals"), FALLEN.items(), ids=str)
def test_up_to_where_is_billed_is_known_however_long_ago(
    ground: Ground, billed_to: date, totals: tuple[tuple[int, str], ...]
):
    (licences, first), *others = totals
    whole = History(Account(UTC_ZONE, EUR))
    account = _opened(ground, whole)
    asked: list[tuple[str, Event]] = [(first, purchase(licences=licences, terms=FROM_NOTHING))]
    asked += [(day, ChangeLicences("team", total)) for total, day in others]
    asked += [(day, Bill()) for day in ("2026-02-01", "2026-03-01", "2026-04-01")]
    # What is asked for on a day comes before the day's bill, and each is billed by itself.
    for minute, (day, event) in enumerate(sorted(asked, key=lambda one: (one[0], isinstance(one[1], Bill)))):
        for one in (event, DayRun()):
            decision = _both(ground, account, whole=whole, event=one, at=noon(day) + timedelta(minutes=minute))
            assert decision is not None
            whole = decision.after
    assert whole.subscriptions[0].billed_to == billed_to


def test_money_goes_back_to_where_it_came_from_through_several_documents(ground: Ground):
    """Each bill takes back of the one before, and its credit pays the next: all of it came from the first payment.

    15 January: 10 × 12.50 = 125.00, paid. 16 January: 2 licences.
    15 February: 125.00 - 125.00 × 70/310 = 96.77 credited (28.23 kept: 10 for a day, then 2 for 30), 25.00 charged:
        71.77 to account credit. 16 February: 1 licence.
    15 March: 25.00 - 25.00 × 29/56 = 12.05 credited (12.95 kept), 12.50 charged: 0.45, from account credit.
    20 March: cancelled: 12.50 - 12.50 × 5/31 = 10.48 (2.02 kept), back to the method of the first payment.
    """
    account = ground.open_account()
    ground.act(account, purchase(licences=10), on="2026-01-15")
    ground.act(account, ChangeLicences("team", 2), on="2026-01-16")
    ground.run(account, on="2026-02-15")
    ground.act(account, ChangeLicences("team", 1), on="2026-02-16")
    ground.run(account, on="2026-03-15")
    ground.act(account, Cancel("team", when="now"), on="2026-03-20")
    with ground.db.account(account, read_only=True) as conn:
        found = told.told(conn, account, on=date(2026, 3, 20))
    assert [one.document.total.minor for one in found.documents] == [12500, -7177, 45, -1048]
    assert (found.paid, found.refunded, found.credit) == (euros(12500), euros(1048), euros(7132))


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


def test_a_bill_that_stayed_open_for_a_year_is_still_there_to_be_paid(ground: Ground):
    account = ground.open_account(mode="none")
    ground.act(account, purchase(terms=replace(CLASSIC, grace_days=400)), on="2025-01-15")
    for month in range(2, 13):
        ground.run(account, on=f"2025-{month:02}-15")
        ground.act(account, Pay(document=month), on=f"2025-{month:02}-16")
    ground.act(account, Pay(), on="2025-12-20")
    with ground.db.account(account, read_only=True) as conn:
        found = told.told(conn, account, on=date(2025, 12, 20))
    # Twelve months of 125.00.
    assert (found.owed, found.paid) == (euros(0), euros(150000))


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
