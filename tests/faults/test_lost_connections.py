"""Connections that are cut at any message, above all at the commit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from faults.attacks import must_be_whole
from faults.proxy import Cut, Proxy, is_answered, is_commit, never, proxy_to
from faults.site import Ground, Site
from prorata.store.engine import Database
from prorata.store.errors import DatabaseUnreachable
from prorata.usecases import run_billing
from prorata.usecases.act import Services
from prorata.usecases.run_summary import summarise


@pytest.fixture
def proxy(ground: Ground) -> Iterator[Proxy]:
    with proxy_to(Path(ground.server.folder) / "socket") as made:
        yield made


@pytest.fixture
def through(site: Site, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services of a site whose connections lead through the proxy."""
    monkeypatch.setattr(run_billing, "WAITS", (0.0,) * 20)
    database = Database(proxy.url(site.owner_url), app_url=proxy.url(site.app_url))
    yield Services(database, site.clock, site.services.batch_size)
    database.dispose()


def _every(many: int, cut: Cut, *, of: Callable[[bytes], bool] = lambda _: True) -> Callable[[bytes], Cut]:
    """Cut at every so manieth message of a kind."""
    seen = 0

    def rule(message: bytes) -> Cut:
        nonlocal seen
        seen += of(message)
        return cut if of(message) and seen % many == 0 else "no"

    return rule


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_connection_lost_at_a_commit_loses_nothing_and_doubles_nothing(
    ground: Ground, site: Site, proxy: Proxy, through: Services, cut: Cut
):
    (run,) = run_billing.open_runs(through, as_of=None, seller=site.seller, batch_size=None)
    # Not every commit, so that the batch that is done again after it gets through.
    proxy.rule = _every(4, cut, of=is_commit)
    run_billing.work(through, run)
    assert proxy.cuts >= 6
    assert summarise(site.services, run.id).well
    must_be_whole(site, ground, numbers=False)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_run_whose_opening_got_no_answer_is_opened_once(
    ground: Ground, site: Site, proxy: Proxy, through: Services, cut: Cut
):
    proxy.rule = lambda message: cut if is_commit(message) else "no"
    with pytest.raises(DatabaseUnreachable, match="does not answer"):
        run_billing.open_runs(through, as_of=None, seller=site.seller, batch_size=None)
    proxy.rule = never
    run_billing.run_billing(through, seller=site.seller)
    assert site.sql("SELECT count(*) FROM runs WHERE as_of = '2026-06-15'") == [(1,)]
    must_be_whole(site, ground, numbers=False)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_connections_cut_at_any_message_leave_nothing_by_halves(
    ground: Ground, site: Site, proxy: Proxy, through: Services, cut: Cut
):
    dice = Random(5)  # noqa: S311 - a reproducible draw
    (run,) = run_billing.open_runs(through, as_of=None, seller=site.seller, batch_size=None)
    # A batch takes about a hundred messages. The server answers those that ask for it.
    share = 0.004 if cut == "before" else 0.012
    proxy.rule = lambda message: cut if (cut == "before" or is_answered(message)) and dice.random() < share else "no"
    run_billing.work(through, run)
    proxy.rule = never
    assert proxy.cuts >= 3
    must_be_whole(site, ground, numbers=False)
