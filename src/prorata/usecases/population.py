"""A made-up population: a seller with as many accounts as wanted, each with its history, written as the product writes.

A few lives are lived in memory through the rules and written for many accounts by the store's own writers, day after
day, with the runs that these days had. So `verify` finds nothing on them, and the next run goes on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan as Sold
from prorata.core.catalog.plans import Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement
from prorata.core.decision import Decision
from prorata.core.planning import Plan
from prorata.store import accounts, catalogue, history, populating, runs, saving, sellers
from prorata.store.accounts import Counted
from prorata.store.audit import AuditEntry, place_of
from prorata.store.engine import Connection
from prorata.store.populating import NewAccount
from prorata.store.runs import Outcome, Run
from prorata.store.saving import Noted, Saving
from prorata.usecases.act import Services
from prorata.usecases.lives import (
    PRICES,
    PRODUCTS,
    Life,
    LifeOptions,
    acts_at,
    lives,
    plan_code,
    price_of,
    run_at,
)
from prorata.usecases.permissions import SYSTEM
from prorata.usecases.run_batch import Planned, Tally

_SELLER_ADDRESS = "Oude Vest 41\n2312 XS Leiden\nNederland"
_ZONE = ZoneInfo("Europe/Amsterdam")
_ON_SALE_FROM = date(2000, 1, 1)
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Populated:
    """A seller and its accounts, and how many documents they have; `on`: the day on which a run is due for all."""

    seller: int
    accounts: tuple[int, ...]
    documents: int
    on: date


@dataclass(slots=True)
class _Folk:
    """Who lives which life."""

    life_of: dict[int, Life] = field(default_factory=dict[int, Life])
    living: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def populate(
    services: Services, options: LifeOptions, *, size: int, progress: Callable[[date], None] | None = None
) -> Populated:
    """Add a seller with so many accounts, all with something due on the day of the options and nothing before it.

    `progress` is told each day of their history once it is written.
    """
    lived = lives(options)
    with services.database.owner() as conn:
        seller = _sell(conn, name=f"Kadans Software {options.months}")
        ids = populating.open_accounts(
            conn, [_account(lived[i % len(lived)], i) for i in range(size)], seller_id=seller
        )
    folk = _Folk()
    for place, account_id in enumerate(ids):
        folk.life_of[account_id] = lived[place % len(lived)]
        folk.living[place % len(lived)].append(account_id)
    documents = 0
    for on in sorted({on for life in lived for on in life.days}):
        acting = sorted(a for place, life in enumerate(lived) if on in life.days for a in folk.living[place])
        documents += _live_day(services, seller, on=on, acting=acting, folk=folk)
        if progress:
            progress(on)
    return Populated(seller, tuple(ids), documents, options.on)


def _sell(conn: Connection, *, name: str) -> int:
    """A seller with its catalogue."""
    seller = sellers.create(
        conn, name=name, address=_SELLER_ADDRESS, country="NL", zone=_ZONE, tax_ids=("NL000099998B57",)
    )
    agreement = catalogue.create_agreement(conn, seller_id=seller, name="classic", agreement=Agreement(CLASSIC))
    for product in PRODUCTS:
        product_id = catalogue.create_product(
            conn, seller_id=seller, code=product, names={"en": product.title()}, descriptions={}
        )
        for length, prices in PRICES.items():
            catalogue.create_plan(
                conn,
                seller_id=seller,
                product_id=product_id,
                agreement_id=agreement,
                plans=[
                    Sold(plan_code(product, length), every(length), Price(1, price_of(length, code))) for code in prices
                ],
                valid_from=_ON_SALE_FROM,
            )
    return seller


def _account(life: Life, place: int) -> NewAccount:
    market = life.market
    return NewAccount(
        name=f"Customer {place + 1}",
        address=market.address,
        country=market.country,
        currency=price_of("month", market.currency).currency,
        zone=market.zone,
        tax_rate=life.tax_rate,
        payment_mode=life.mode,
        language=market.language,
    )


def _live_day(services: Services, seller: int, *, on: date, acting: Sequence[int], folk: _Folk) -> int:
    """Save what accounts did on a day, then its run; returns how many documents that made."""
    with services.database.owner() as conn:
        run = runs.create(conn, seller, as_of=on, batch_size=_BATCH, at=run_at(on), by=SYSTEM.name)
    documents = 0
    for start in range(0, len(acting), _BATCH):
        with services.database.owner() as conn:
            documents += _save_acts(conn, acting[start : start + _BATCH], run=run, life_of=folk.life_of)
    while run.state == "open":
        with services.database.owner() as conn:
            batch = runs.claim(conn, run)
            if batch:
                outcome = _save_run(conn, batch.account_ids, run=run, life_of=folk.life_of)
                runs.done(conn, batch, at=run_at(on), outcome=outcome)
                documents += sum(total.invoices + total.credit_notes for total in outcome.totals)
            else:
                runs.finish(conn, run, at=run_at(on))
                # What was done on the day may have made something due on it.
                run = runs.reopen(conn, runs.get(conn, run.id) or run, batch_size=_BATCH)
    return documents


def _save_acts(conn: Connection, ids: Sequence[int], *, run: Run, life_of: Mapping[int, Life]) -> int:
    """Acts one after the other: the first of each account, then the second."""
    documents = 0
    on, place = run.as_of, 0
    while ids := [one for one in ids if len(life_of[one].days[on].acts) > place]:
        savings: list[Saving] = []
        for counted in accounts.lock_all(conn, ids):
            act = life_of[counted.row.account_id].days[on].acts[place]
            entry = AuditEntry(
                at=acts_at(on), actor_kind="admin", actor_name="Owner", action=act.action, subject=act.subject
            )
            savings.append(Saving(counted.row, act.decision, Noted(place_of(counted), entry)))
            documents += len(act.decision.documents)
        saving.save_all(conn, savings, how="copy", run_id=run.id)
        place += 1
    return documents


def _save_run(conn: Connection, ids: Sequence[int], *, run: Run, life_of: Mapping[int, Life]) -> Outcome:
    """What a batch of that day's run has decided: as `run_batch` saves it, but for the job that looks at it again."""
    on, tally = run.as_of, Tally()
    savings: list[Saving] = []
    idle: dict[int, date | None] = {}
    for counted in accounts.lock_all(conn, ids):
        day = life_of[counted.row.account_id].days[on]
        if day.run is None:
            idle[counted.row.account_id] = day.due
            continue
        tally.add(_planned(counted, day.run, on=on))
        savings.append(Saving(counted.row, day.run, Noted(place_of(counted), _ran(on))))
    if savings:
        saving.save_all(conn, savings, how="copy", run_id=run.id)
    accounts.set_due(conn, idle)
    return tally.outcome()


def _planned(counted: Counted, decision: Decision, *, on: date) -> Planned:
    return Planned(history.Loaded(counted, decision.before), Plan(decision), on, run_at(on))


def _ran(on: date) -> AuditEntry:
    return AuditEntry(
        at=run_at(on),
        actor_kind=SYSTEM.side,
        actor_name=SYSTEM.name,
        action="account.run",
        subject=on.isoformat(),
    )
