"""A step is pure from outside, and inside it every balance moves once for each transfer."""

from dataclasses import replace

import pytest

from core.build import a_plan, an_account, day
from prorata.core.catalog.presets import CLASSIC
from prorata.core.credits.model import CreditLot
from prorata.core.events import Assign, Cancel, ChangeLicences, DayRun, Pay, SetPayment, Subscribe, Together, Undo
from prorata.core.history import UnknownSubscription
from prorata.core.money import Money, currency, money, zero
from prorata.core.step import step

EUR = currency("EUR")
MONTHLY = a_plan("12.50", "month")


def euros(text: str) -> Money:
    return money(text, EUR)


def test_where_nothing_follows_the_history_is_the_very_one_that_was_given() -> None:
    life = an_account("2026-01-15")
    life.buy("s", MONTHLY)
    for event in (DayRun(), SetPayment("automatic"), Pay()):
        decision = life.preview(event)
        assert decision.after is decision.before is life.history


def test_whatever_is_decided_the_history_that_was_given_stays_as_it_was() -> None:
    life = an_account("2026-01-15", tax="21", payment="none")
    life.buy("a", MONTHLY, licences=10)
    life.days("2026-01-20")
    history, before = life.history, repr(life.history)
    events = Together(
        (
            ChangeLicences("a", 12),
            Assign("a", 3),
            Subscribe("b", MONTHLY, CLASSIC),
            Pay(1, euros("50.00")),
            SetPayment("automatic"),
            Cancel("b", when="period_end"),
            Undo("b"),
            Cancel("a", when="now"),
            DayRun(),
        )
    )
    first, second = step(history, events, life.at), step(history, events, life.at)
    assert first == second
    assert first.after != history
    assert repr(history) == before


def test_each_change_of_one_instant_is_a_version_of_its_own() -> None:
    life = an_account("2026-01-15")
    life.buy("s", MONTHLY)  # version 1, and 2 once its first bill has compared its days
    life.ask(ChangeLicences("s", 2), ChangeLicences("s", 3), Assign("s", 1))
    assert life.subscription("s").version == 5


def test_what_is_bought_is_known_to_the_events_of_the_same_instant() -> None:
    life = an_account("2026-01-15")
    life.ask(Subscribe("s", MONTHLY, CLASSIC, licences=5), Assign("s", 2))
    assert life.subscription("s").assigned == 2
    with pytest.raises(UnknownSubscription):
        life.preview(Assign("t", 1))


def test_a_gift_is_used_before_money_and_the_oldest_document_is_paid_first() -> None:
    life = an_account("2026-01-15", payment="none")
    life.buy("s", MONTHLY)
    (bought,) = life.history.standings
    life.history = replace(
        life.history,
        standings=(
            replace(bought, document=1, due=day("2026-02-10"), left=euros("4.00")),
            replace(bought, document=2, due=day("2026-02-01"), left=euros("6.00")),
        ),
        lots=(
            CreditLot(1, "paid", None, life.today, euros("5.00"), left=euros("5.00")),
            CreditLot(2, "goodwill", None, life.today, euros("3.00"), left=euros("3.00")),
        ),
        next=replace(life.history.next, document=3, lot=3),
    )
    decision = life.ask(Pay(1, euros("1.00")))
    # 1.00 of money leaves 3.00 of the first. The gift's 3.00 and 3.00 of the other lot pay the second, due earlier;
    # the last 2.00 go to the first, of which 1.00 stays open.
    moved = [(t.debit.name, t.debit.of, t.document, str(t.amount)) for t in decision.transfers]
    assert moved == [
        ("cash", 1, 1, "1.00"),
        ("customer_credit", 2, 2, "3.00"),
        ("customer_credit", 1, 2, "3.00"),
        ("customer_credit", 1, 1, "2.00"),
    ]
    assert life.settled(1) == ("2.00", "1.00", "1.00")
    assert life.settled(2) == ("6.00", "0.00", "0.00")
    assert [lot.left for lot in life.history.lots] == [zero(EUR), zero(EUR)]


def test_a_payment_and_a_credit_lot_are_new_with_all_that_they_are_worth() -> None:
    life = an_account("2026-01-15")
    life.buy("s", MONTHLY)
    life.days("2026-02-15")
    (payment,) = life.preview(DayRun()).payments
    assert payment.left == payment.amount == euros("12.50")
    life.evening()
    # All 28 days from 15 February on are credited but the first: 12.50 - 12.50 × 1/28 (0.45) = 12.05
    (lot,) = life.preview(Cancel("s", when="now", refund="credit")).lots
    assert lot.left == lot.amount == euros("12.05")
