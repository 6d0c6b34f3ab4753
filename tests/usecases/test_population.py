"""A made-up population is what the product itself would have written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from prorata.core.money import currency
from prorata.store import accounts, runs
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.benchmarks.places import StandingClock
from prorata.usecases.lives import LifeOptions, lives
from prorata.usecases.population import Populated, populate
from prorata.usecases.run_billing import run_billing
from prorata.usecases.verify import verify
from support import databases

ON = date(2026, 6, 15)
MIXED = LifeOptions(on=ON, months=4, anchoring="mixed", several=50, changes=30, lives=12, seed=7)


@pytest.fixture(scope="module")
def services(database: databases.Database) -> Iterator[Services]:
    opened = Database(database.owner_url, app_url=database.app_url)
    yield Services(opened, StandingClock(datetime(2026, 6, 15, 12, tzinfo=UTC)), 20)
    opened.dispose()


@pytest.fixture(scope="module")
def populated(services: Services) -> Populated:
    return populate(services, MIXED, size=30)


def test_verify_finds_nothing_on_it(services: Services, populated: Populated):
    verified = verify(services)
    assert (verified.accounts, verified.findings) == (30, ())
    assert verified.documents == populated.documents


def test_every_account_is_due_on_the_day_and_none_before(services: Services, populated: Populated):
    with services.database.owner(read_only=True) as conn:
        assert runs.due(conn, populated.seller, as_of=date(2026, 6, 14), after=0, limit=100) == ()
        assert runs.due(conn, populated.seller, as_of=ON, after=0, limit=100) == populated.accounts


def test_after_the_run_of_the_day_verify_still_finds_nothing(services: Services, populated: Populated):
    (summary,) = run_billing(services, seller=populated.seller)
    assert summary.well
    assert (summary.accounts, summary.billed) == (30, 30)
    assert sum(total.invoices for total in summary.totals) >= 30
    assert verify(services).findings == ()


def test_the_same_seed_gives_the_same_lives():
    assert lives(MIXED) == lives(MIXED)
    assert lives(MIXED) != lives(replace(MIXED, seed=8))


def test_without_tax_nobody_has_a_tax_rate():
    assert {life.tax_rate for life in lives(replace(MIXED, taxed=0))} == {None}


def test_a_renewal_after_four_months_has_four_bills_behind_it():
    # Bought on 15 February; renewed on 15 March, April and May; the next is due on 15 June.
    life, *_ = lives(
        LifeOptions(on=ON, months=4, lengths=("month",), changes=0, several=0, modes=("automatic",), lives=1)
    )
    assert list(life.days) == [date(2026, 2, 15), date(2026, 3, 15), date(2026, 4, 15), date(2026, 5, 15)]
    bought, *renewed = life.days.values()
    assert [len(act.decision.documents) for act in bought.acts] == [1]
    assert [day.run is not None and len(day.run.documents) for day in renewed] == [1, 1, 1]
    assert renewed[-1].due == ON


def test_accounts_are_in_their_own_currency(services: Services, populated: Populated):
    with services.database.owner(read_only=True) as conn:
        found = {one.row.currency for one in accounts.some(conn, populated.accounts)}
    assert found <= {currency("EUR"), currency("GBP"), currency("USD")}
    assert len(found) > 1
