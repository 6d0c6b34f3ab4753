"""Whatever is sent that the description allows, or nearly does: the answer is one that the description names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode

from prorata.clock import SystemClock
from prorata.store.engine import Database as Opened
from prorata.usecases.act import Services
from prorata.web.api.v1.app import create_api
from prorata.web.api.v1.limits import Buckets
from support.databases import Database
from support.serving import serving
from web.api.ground import Ground, open_ground
from web.center.bills_ground import NAME, Account


class Asked(Protocol):
    """A request that was made up."""

    def call_and_validate(self, *, base_url: str, headers: dict[str, str]) -> object: ...


class Operation(Protocol):
    """A method of an address."""

    label: str

    def as_strategy(self, *, generation_mode: GenerationMode) -> SearchStrategy[Asked]: ...


# Nothing is asked of this database: the description comes from the code alone.
_NOWHERE = Services(Opened("postgresql+psycopg://nowhere/none"), SystemClock())
# Schemathesis leaves open what its schemas, operations and cases are made of.
_SCHEMA = cast("Any", schemathesis.openapi.from_dict(create_api(_NOWHERE).openapi()))
OPERATIONS: list[Operation] = [found.ok() for found in _SCHEMA.get_all_operations()]
ANNA = "anna.visser@example.com"


@pytest.fixture(scope="module")
def ground(database: Database) -> Iterator[Ground]:
    with open_ground(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def account(ground: Ground) -> Account:
    made = ground.account()
    anna = made.add("Anna Visser")
    made.buy(10)
    made.assign(anna)
    made.until("2026-02-20")
    made.change(12)
    return made


@pytest.fixture(scope="module")
def key(ground: Ground, account: Account) -> str:
    return ground.key(account)


@pytest.fixture(scope="module")
def address(ground: Ground) -> Iterator[str]:
    # As many as there are, at once: how often a key may be used is not asked here.
    with serving(create_api(ground.services, buckets=Buckets(ground.services.clock.now, most=1_000_000))) as found:
        yield found


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_one_that_is_described(operation: Operation, mode: GenerationMode, address: str, key: str):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def asked(case: Asked) -> None:
        case.call_and_validate(base_url=address, headers={"Authorization": f"Bearer {key}"})

    asked()


def test_there_is_something_to_find(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        assert program.get(f"/subscriptions/{NAME}").status_code == 200
        assert program.get("/entitlements", params={"member": ANNA, "product": "team"}).json()["allowed"]
