"""A run's part of an account: what it is to write, what stops it, and what is left alone meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.build import Life, a_plan, an_account, classic, day, lines
from prorata.core.billing.due import due_on
from prorata.core.calendar import LAST_DAY, Every, Grid
from prorata.core.catalog.plans import Plan, Price
from prorata.core.credits.model import CreditLot
from prorata.core.decision import Decision
from prorata.core.errors import Parameter
from prorata.core.events import Cancel, Subscribe
from prorata.core.insights.forecast import end_of_day, next_documents, next_run
from prorata.core.money import UnitPrice, currency, money, zero
from prorata.core.planning import UNEXPECTED, Parked, plan
from prorata.core.planning import Plan as Planned
from prorata.core.subscriptions.model import Subscription

Spoil = Callable[[Subscription], Subscription]

MONTHLY = a_plan("12.50", "month")
EUR, USD = currency("EUR"), currency("USD")


def planned(life: Life, as_of: str | None = None) -> Planned:
    """The run of a day (or of today), decided this evening."""
    on = day(as_of) if as_of else life.today
    return plan(life.history, as_of=on, at=end_of_day(life.today, life.history))


def decided(life: Life, as_of: str | None = None) -> Decision:
    found = planned(life, as_of)
    assert found.parked == ()
    assert found.decision
    return found.decision


def spoil(life: Life, name: str, how: Spoil) -> None:
    """Let the history say something else of a subscription than what came about."""
    spoiled = (how(s) if s.name == name else s for s in life.history.subscriptions)
    life.history = replace(life.history, subscriptions=tuple(spoiled))


def park(life: Life, *ids: int) -> None:
    life.history = replace(life.history, parked=frozenset(ids))


def sold_as(subscription: Subscription, *, plan: Plan, grid: Grid) -> Subscription:
    """As if it had been sold so from the first day."""
    (first,) = subscription.plans
    return replace(subscription, plans=(replace(first, plan=plan, grid=grid),))


def with_price(amount: UnitPrice) -> Spoil:
    return lambda s: sold_as(s, plan=Plan("plan", s.plan.every, Price(1, amount)), grid=s.grid)


def with_every(every: Every) -> Spoil:
    return lambda s: sold_as(s, plan=s.plan, grid=Grid(s.grid.base, every, s.grid.day))


def good_and_bad() -> Life:
    """`good` is billed in advance and has its first document, `bad` in arrears and has none; both are due today."""
    life = an_account("2026-01-15", tax="21")
    life.buy("good", MONTHLY, licences=10)
    life.buy("bad", MONTHLY, licences=10, terms=classic(billed="arrears"))
    life.days("2026-02-15")
    return life


def only_good() -> Life:
    life = an_account("2026-01-15", tax="21")
    life.buy("good", MONTHLY, licences=10)
    life.days("2026-02-15")
    return life


CONTRADICTIONS: list[tuple[Spoil, str, dict[str, Parameter]]] = [
    (lambda s: replace(s, changes=()), "ledger_incomplete", {"subscription": "bad", "day": "2026-01-15"}),
    (
        lambda s: replace(s, changes=(replace(s.changes[0], effective=date(2026, 1, 20)),)),
        "ledger_incomplete",
        {"subscription": "bad", "day": "2026-01-15"},
    ),
    (
        with_price(UnitPrice(Decimal("12.50"), USD)),
        "other_currency",
        {"subscription": "bad", "price": "USD", "currency": "EUR"},
    ),
    (
        lambda s: replace(s, covered_to=date(1969, 12, 15)),
        "outside_the_calendar",
        {"subscription": "bad", "day": "1969-12-15"},
    ),
    # 10 × 1 000 000 000 000.00 euros are 10^15 cents, the most that one amount may be; a cent more each is too much.
    (
        with_price(UnitPrice(Decimal("1000000000000.01"), EUR)),
        "amount_too_large",
        {"licences": 10, "amount": "10000000000000.00", "currency": "EUR"},
    ),
]


@pytest.mark.parametrize(("how", "code", "parameters"), CONTRADICTIONS)
def test_facts_that_contradict_each_other_park_their_subscription(
    how: Spoil, code: str, parameters: dict[str, Parameter]
) -> None:
    life = good_and_bad()
    spoil(life, "bad", how)
    parked = planned(life).parked
    assert parked == (Parked(2, code, parameters),)
    assert not parked[0].unexpected
    assert parked[0].trace == ""


@pytest.mark.parametrize(("how", "code"), [(how, code) for how, code, _ in CONTRADICTIONS])
def test_what_is_parked_does_not_touch_what_the_others_are_billed(how: Spoil, code: str) -> None:
    life, alone = good_and_bad(), only_good()
    spoil(life, "bad", how)
    found, undisturbed = planned(life), decided(alone)
    assert [parked.code for parked in found.parked] == [code]
    decision = found.decision
    assert decision
    # 10 × 12.50 = 125.00, and 21 % of it are 26.25.
    assert [(d.id, d.date, str(d.total)) for d in decision.documents] == [(2, day("2026-02-15"), "151.25")]
    assert decision.documents == undisturbed.documents
    assert decision.transfers == undisturbed.transfers
    assert decision.payments == undisturbed.payments
    assert decision.after.standings == undisturbed.after.standings
    assert decision.after.charges == undisturbed.after.charges
    assert decision.after.subscriptions[0] == undisturbed.after.subscriptions[0]
    assert decision.after.subscriptions[1] == life.subscription("bad")


def test_an_amount_as_large_as_the_bound_is_billed() -> None:
    life = good_and_bad()
    spoil(life, "bad", with_price(UnitPrice(Decimal("1000000000000.00"), EUR)))
    assert str(decided(life).documents[0].net) == "10000000000125.00"


def test_the_last_day_of_the_calendar_is_where_billing_stops() -> None:
    # From 15 November the next month ends within the calendar, the one after that does not.
    life = an_account("2199-11-15")
    life.buy("s", MONTHLY)
    life.days("2199-12-15")
    assert day("2199-12-31") == LAST_DAY
    found = planned(life)
    assert found.decision is None
    assert found.parked == (Parked(1, "outside_the_calendar", {"subscription": "s", "day": "2200-01-15"}),)


@pytest.mark.parametrize(
    ("how", "failure"),
    [
        (with_every(Every(9000, "year")), "ValueError"),  # dates end with the year 9999
        (with_every(Every(0, "month")), "ZeroDivisionError"),
    ],
)
def test_what_no_rule_foresaw_parks_its_subscription_with_the_trace_of_it(how: Spoil, failure: str) -> None:
    life, alone = good_and_bad(), only_good()
    spoil(life, "bad", how)
    found = planned(life)
    assert [(parked.subscription, parked.code) for parked in found.parked] == [(2, UNEXPECTED)]
    parked = found.parked[0]
    assert parked.unexpected
    assert parked.parameters == {"failure": failure}
    assert parked.trace.startswith("Traceback")
    assert failure in parked.trace.splitlines()[-1]
    assert found.decision
    assert found.decision.documents == decided(alone).documents


def test_several_are_parked_each_for_a_reason_of_its_own() -> None:
    life = good_and_bad()
    spoil(life, "good", with_every(Every(0, "month")))
    spoil(life, "bad", lambda s: replace(s, changes=()))
    found = planned(life)
    assert [(parked.subscription, parked.code) for parked in found.parked] == [
        (1, UNEXPECTED),
        (2, "ledger_incomplete"),
    ]
    assert found.decision is None


def test_what_is_wrong_with_the_account_parks_whatever_it_would_write() -> None:
    # Credit in dollars cannot pay a document in euros.
    life = good_and_bad()
    five = money("5.00", USD)
    lot = CreditLot(1, "goodwill", None, day("2026-02-01"), five, left=five)
    life.history = replace(life.history, lots=(lot,))
    found = planned(life)
    assert [(parked.subscription, parked.parameters) for parked in found.parked] == [
        (1, {"failure": "MixedCurrencies"}),
        (2, {"failure": "MixedCurrencies"}),
    ]
    assert found.decision is None


def test_where_nothing_is_due_there_is_nothing_to_save_and_nothing_to_park() -> None:
    life = only_good()
    life.days("2026-02-16")
    assert planned(life) == Planned(None)


def test_a_contradiction_is_found_only_once_days_are_to_be_billed() -> None:
    life = only_good()
    life.days("2026-02-16")
    spoil(life, "good", lambda s: replace(s, changes=()))
    assert planned(life) == Planned(None)
    life.today = day("2026-03-15")
    assert [parked.code for parked in planned(life).parked] == ["ledger_incomplete"]


def test_what_is_parked_stays_parked_and_is_not_reported_again() -> None:
    life = good_and_bad()
    spoil(life, "bad", lambda s: replace(s, changes=()))
    park(life, 2)
    decision = decided(life)
    assert [line[:3] for line in lines(decision.documents[0])] == [("recurring", "2026-02-15", "2026-03-15")]
    assert decision.after.parked == {2}


def with_a_waiting_change() -> Life:
    """`first` went from 10 to 12 licences on the 20th; the two seats wait for the next bill."""
    life = an_account("2026-01-15")
    life.buy("first", MONTHLY, licences=10)
    life.days("2026-01-20")
    life.licences("first", 12)
    return life


def test_a_document_on_the_spot_leaves_alone_what_is_parked() -> None:
    life = with_a_waiting_change()
    purchase = Subscribe("second", MONTHLY, classic(), licences=1)
    # 26 of the 31 days from 15 January on are left: 2 × 12.50 × 26/31 = 20.97
    assert [line[0:4:3] + line[4:] for line in lines(life.preview(purchase).documents[0])] == [
        ("recurring", 2, "20.97"),
        ("recurring", 1, "12.50"),
    ]
    park(life, 1)
    decision = life.preview(purchase)
    assert lines(decision.documents[0]) == [("recurring", "2026-01-20", "2026-02-20", 1, "12.50")]
    assert decision.after.subscription("first") == life.subscription("first")


def test_a_run_takes_nothing_along_of_what_is_parked() -> None:
    life = with_a_waiting_change()
    life.buy("second", MONTHLY, licences=1, terms=classic(billed="arrears"))
    park(life, 1)
    life.days("2026-02-20")
    assert lines(decided(life).documents[0]) == [("recurring", "2026-01-20", "2026-02-20", 1, "12.50")]


def test_what_is_parked_is_not_due_and_not_forecast() -> None:
    life = good_and_bad()
    today, later = life.today, day("2026-04-01")
    assert due_on(life.history, today) == today
    assert next_run(life.history, today) == day("2026-02-16")
    park(life, 1, 2)
    assert due_on(life.history, today) is None
    assert next_run(life.history, today) is None
    assert next_documents(life.history, today, until=later, most=9) == ()


def test_only_the_others_are_due_and_forecast() -> None:
    life = good_and_bad()
    life.evening()
    park(life, 2)
    assert due_on(life.history, life.today) == day("2026-03-15")
    (document,) = next_documents(life.history, life.today, until=day("2026-04-01"), most=9)
    assert lines(document) == [("recurring", "2026-03-15", "2026-04-15", 10, "125.00")]


def test_a_parked_subscription_can_be_cancelled_but_its_final_document_waits_until_it_is_mended() -> None:
    life = an_account("2026-01-15")
    life.buy("s", MONTHLY, licences=10)
    life.days("2026-01-25")
    park(life, 1)
    decision = life.ask(Cancel("s", when="now"))
    assert decision.documents == ()
    assert decision.transfers == ()
    assert life.subscription("s").state == "disabled"
    assert planned(life).decision is None
    life.days("2026-02-20")
    assert len(life.documents) == 1
    park(life)
    (note,) = decided(life).documents
    # 10 of 31 days are kept: 125.00 × 10/31 = 40.32; 125.00 - 40.32 = 84.68 come back, on the day it is written.
    assert note.final
    assert note.date == day("2026-02-20")
    assert lines(note) == [("credit", "2026-01-25", "2026-02-15", 10, "-84.68")]
    assert note.statement
    assert str(note.statement.paid_back) == "84.68"


def neglected() -> Life:
    """Nobody has run anything since the purchase on 15 January; it is 20 March."""
    life = an_account("2026-01-15")
    life.buy("s", MONTHLY, licences=10)
    life.today = day("2026-03-20")
    return life


def test_a_run_as_of_an_earlier_day_bills_what_was_due_by_then_and_dates_it_today() -> None:
    life = neglected()
    (document,) = decided(life, "2026-02-20").documents
    assert lines(document) == [("recurring", "2026-02-15", "2026-03-15", 10, "125.00")]
    assert document.date == document.due == day("2026-03-20")


def test_a_run_as_of_a_day_before_anything_was_due_finds_nothing() -> None:
    assert planned(neglected(), "2026-02-14") == Planned(None)


def test_a_run_as_of_today_bills_all_that_was_missed() -> None:
    (document,) = decided(neglected()).documents
    assert lines(document) == [
        ("recurring", "2026-02-15", "2026-03-15", 10, "125.00"),
        ("recurring", "2026-03-15", "2026-04-15", 10, "125.00"),
    ]


def test_a_run_never_looks_beyond_the_day_on_which_it_is_decided() -> None:
    life = neglected()
    assert decided(life, "2026-06-20").documents == decided(life).documents


def test_payments_of_a_run_as_of_an_earlier_day_are_of_today() -> None:
    decision = decided(neglected(), "2026-02-20")
    assert [(p.on, str(p.amount)) for p in decision.payments] == [(day("2026-03-20"), "125.00")]
    assert {transfer.on for transfer in decision.transfers} == {day("2026-03-20")}
    assert decision.after.standings[-1].left == zero(EUR)
