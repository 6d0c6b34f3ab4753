"""Exports are made by the worker, tried again when they fail, and deleted when their time is over."""

from __future__ import annotations

import pytest

from adapters.products import product, zipped
from jobs.workplace import AT_ONCE, Workplace
from prorata.adapters.product_files.http import HttpProduct
from prorata.jobs.tasks import TIDY_EXPORTS, tasks_of
from prorata.jobs.worker import work_off
from prorata.store import jobs
from prorata.usecases.export.content import Exporting
from prorata.usecases.ports import ProductFiles
from usecases.export.ground import PRINTER, Unpacked, asked, downloaded, row_of

SECRET = "tF8s0Zq-w2LrYpN6hXe9uBv4cJmKdAgQ"


def work(workplace: Workplace, files: ProductFiles | None = None) -> tuple[int, int]:
    connector, exporting = jobs.connector(workplace.owner_url), Exporting(PRINTER, files)
    services = workplace.shop.services
    return work_off(tasks_of(services, connector, schedule=None, patience=AT_ONCE, exporting=exporting))


def test_a_worker_makes_it_with_the_files_of_the_product(workplace: Workplace):
    """Done: the export itself, and the mail that has nowhere to go."""
    account = workplace.shop.account(clock=None)
    export = asked(workplace.shop, account)
    with product() as told:
        told.body = zipped(("notes/one.txt", b"=1"))
        assert work(workplace, HttpProduct(url=told.url, secret=SECRET)) == (2, 0)
    archive = Unpacked.of(downloaded(workplace.shop, account, export))
    assert archive.text("product/notes/one.txt") == "=1"
    assert archive.sums()["product/notes/one.txt"] == archive.sha256("product/notes/one.txt")


def test_a_product_that_fails_fails_the_export_after_three_tries(
    workplace: Workplace, caplog: pytest.LogCaptureFixture
):
    account = workplace.shop.account(clock=None)
    export = asked(workplace.shop, account)
    with product() as told:
        told.body = zipped(("../one.txt", b""))
        assert work(workplace, HttpProduct(url=told.url, secret=SECRET)) == (0, 3)
        assert len(told.asked) == 3
    row = row_of(workplace.shop, account, export)
    assert (row.state, row.problem, row.tries) == ("failed", "product_bad_name", 3)
    assert SECRET not in caplog.text


def test_the_tidying_is_a_job(workplace: Workplace):
    job = workplace.defer(TIDY_EXPORTS, timestamp=0)
    assert work(workplace) == (1, 0)
    assert workplace.job(job) == ("succeeded", 1)
