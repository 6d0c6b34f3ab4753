"""`prorata bench` on a population so small that its figures say nothing but that they are there."""

import json
from contextlib import nullcontext
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prorata.cli import main
from prorata.cli.wiring import Wiring
from prorata.store.embedded import EmbeddedServer

WITH_YARDSTICK = {"plan", "run_1", "run_2", "verify", "verify_aged", "renewal_after_6", "worker_memory", "entitlement"}


def _nothing(*_: object) -> None:
    raise AssertionError("not for this command")


def bench(server: EmbeddedServer, *words: str) -> Result:
    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, _nothing)
    wiring = Wiring(**(others | {"server": lambda: nullcontext(server)}))
    return CliRunner().invoke(main, ["bench", *words], obj=wiring)


@pytest.fixture(scope="module")
def measured(server: EmbeddedServer) -> Result:
    return bench(server, "--quick", "--profile", "--json")


@pytest.fixture(scope="module")
def found(measured: Result) -> dict[str, Any]:
    assert measured.exit_code == 0, measured.output
    return json.loads(measured.stdout)


def test_every_figure_is_there_and_positive(found: dict[str, Any]):
    figures = {figure["key"]: figure for figure in found["figures"]}
    assert figures.keys() >= WITH_YARDSTICK
    assert [key for key, figure in figures.items() if figure["value"] <= 0] == []


def test_every_figure_that_has_one_stands_beside_its_yardstick(found: dict[str, Any]):
    figures = [figure for figure in found["figures"] if figure["key"] in WITH_YARDSTICK]
    assert [figure["key"] for figure in figures if figure["yardstick"] <= 0 or figure["ratio"] <= 0] == []


def test_verify_finds_nothing_on_what_was_billed(found: dict[str, Any]):
    assert found["findings"] == 0


def test_the_parts_of_a_batch_are_all_of_it(found: dict[str, Any]):
    assert sum(share["of_all"] for share in found["shares"]) == pytest.approx(1)


def test_it_says_that_settings_which_are_not_durable_make_it_look_better(found: dict[str, Any]):
    # The server of the tests gives up safety for speed.
    assert dict(found["server"]["settings"])["fsync"] == "off"


def test_what_begins_is_said_beside_the_figures(measured: Result):
    assert "population of 200 accounts, months: 2 ..." in measured.stderr
    assert "population" not in measured.stdout


def test_a_number_that_makes_no_sense_is_refused(server: EmbeddedServer):
    assert bench(server, "--accounts", "0").exit_code == 2
    assert bench(server, "--workers", "0").exit_code == 2
