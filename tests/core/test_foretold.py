"""The day of the next run is never later than the day on which there is something to write."""

from datetime import timedelta
from decimal import Decimal

from core.build import Life, a_plan, an_account, classic, day
from prorata.core.events import Event, Late, SetPayment, SetPrice, Subscribe
from prorata.core.insights.forecast import next_run
from prorata.core.money import UnitPrice, currency

MONTHLY = a_plan("31.00", "month")


def next_day(life: Life) -> str:
    """The day of the next run, today included."""
    found = next_run(life.history, life.at.date() - timedelta(days=1))
    return found.isoformat() if found else "never"


def late(life: Life, event: Event, on: str) -> None:
    life.ask(Late(event, day(on)))


def test_a_trial_entered_after_it_lapsed_is_settled_by_the_run_of_today() -> None:
    life = an_account("2026-01-15")
    life.ask(SetPayment("none"))
    life.days("2026-01-31")
    trial = a_plan("31.00", "month", trial="10 days")
    # From the 5th to the 15th; on 14 February, 30 days later, it is disabled.
    late(life, Subscribe("a", trial, classic(), licences=1), "2026-01-05")
    assert life.subscription("a").state == "expired"
    assert next_day(life) == "2026-01-31"
    life.days("2026-02-01")
    assert next_day(life) == "2026-02-14"


def test_a_price_entered_after_it_began_is_billed_by_the_run_of_today() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, terms=classic(price_change_notice=0))
    life.days("2026-02-20")
    late(life, SetPrice(MONTHLY, UnitPrice(Decimal(62), currency("EUR"))), "2026-02-10")
    assert next_day(life) == "2026-02-20"
