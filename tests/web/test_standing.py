"""What the site tells monitors: whether it can work, and how the work goes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from starlette.types import ASGIApp

from prorata.clock import SystemClock
from prorata.store.engine import Database
from prorata.store.outbox import MailCounts
from prorata.store.screens.metrics import FinishedRun, LastVerification, LatestRun
from prorata.usecases.act import Services
from prorata.usecases.metrics import Metrics
from prorata.web.auth.door import SessionDoor
from prorata.web.exposition import exposition
from prorata.web.outside import Outside
from prorata.web.served import served
from support import databases
from support.asking import Asker
from support.serving import NO_TLS, serving

EMPTY = Metrics(runs={}, latest=(), finished=(), issued={}, parked={}, jobs={}, workers=0, verification=None)


NEAR = ("127.0.0.1", 5)
TOKEN = "n0tGuessableByAnyb0dyAtAll-4711-q"


def site(db: Database, *, address: str = "http://localhost:8000", token: str | None = None) -> ASGIApp:
    services = Services(db, SystemClock(), address=address)
    proxies = (ip_network("10.0.0.7"),)
    return served(services, door=SessionDoor(services), outside=Outside(address, proxies, token))


def samples(metrics: Metrics) -> list[str]:
    return [line for line in exposition(metrics).splitlines() if not line.startswith("#")]


@pytest.fixture(scope="module")
def db(database: databases.Database) -> Iterator[Database]:
    opened = Database(database.owner_url, app_url=database.app_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def address(db: Database) -> Iterator[str]:
    with serving(site(db)) as found:
        yield found


def test_it_is_not_ready_while_the_tables_are_those_of_another_program(db: Database, address: str):
    def be(version: str) -> None:
        with db.owner() as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    with db.owner() as conn:
        current = conn.scalar(text("SELECT version_num FROM alembic_version")) or ""
    assert httpx.get(f"{address}/ready", verify=NO_TLS).status_code == 200
    try:
        be("0001")
        older = httpx.get(f"{address}/ready", verify=NO_TLS)
        be("9999")
        newer = httpx.get(f"{address}/ready", verify=NO_TLS)
    finally:
        be(current)
    assert (older.status_code, newer.status_code) == (503, 503)
    assert "prorata db migrate" in older.text
    assert "update Prorata" in newer.text
    assert httpx.get(f"{address}/ready", verify=NO_TLS).status_code == 200


def test_it_lives_but_is_not_ready_without_a_database(tmp_path: Path):
    gone = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with serving(site(gone)) as address:
        assert httpx.get(f"{address}/health", verify=NO_TLS).status_code == 200
        for path in ("/ready", "/metrics"):
            answer = httpx.get(f"{address}{path}", verify=NO_TLS)
            assert answer.status_code == 503
            assert "does not answer" in answer.text


def test_what_is_wrong_with_the_database_is_told_to_this_machine_alone(tmp_path: Path):
    gone = site(Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}"))
    assert "does not answer" in Asker(gone, "http://localhost:8000", NEAR).get("/ready").text
    far = Asker(gone, "http://localhost:8000", ("192.0.2.1", 5)).get("/ready")
    assert (far.status_code, far.text) == (503, "not ready\n")


def test_nothing_is_done_by_asking(address: str):
    for path in ("/health", "/ready", "/metrics"):
        assert (
            httpx.post(f"{address}{path}", headers={"sec-fetch-site": "same-origin"}, verify=NO_TLS).status_code == 405
        )


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        (NEAR, {}, 200),
        (("::1", 5), {}, 200),
        (("10.0.0.7", 5), {}, 403),
        (("192.0.2.1", 5), {}, 403),
        (("10.0.0.7", 5), {"x-forwarded-for": "127.0.0.1"}, 403),
        (NEAR, {"x-forwarded-for": "192.0.2.1"}, 403),
    ],
)
def test_the_metrics_are_for_this_machine(db: Database, peer: tuple[str, int], headers: dict[str, str], status: int):
    told = Asker(site(db), "http://localhost:8000", peer).get("/metrics", headers=headers)
    assert told.status_code == status
    assert ("prorata_workers" in told.text) == (status == 200)


@pytest.mark.parametrize(
    ("shown", "status"),
    [(f"Bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 401), ("Bearer ", 401), ("", 401), (f"Basic {TOKEN}", 401)],
)
def test_with_a_token_the_metrics_are_for_who_shows_it_from_anywhere(db: Database, shown: str, status: int):
    address = "https://billing.kadans.example"
    way = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1", "x-forwarded-host": "billing.kadans.example"}
    monitor = Asker(site(db, address=address, token=TOKEN), "http://10.0.0.2:8000", ("10.0.0.7", 5))
    told = monitor.get("/metrics", headers={**way, "authorization": shown})
    assert told.status_code == status
    assert told.headers.get("www-authenticate") == (None if status == 200 else "Bearer")


def test_who_has_set_a_token_wants_it_on_this_machine_too(db: Database):
    assert Asker(site(db, token=TOKEN), "http://localhost:8000", NEAR).get("/metrics").status_code == 401


def test_mails_are_told_by_what_became_of_them():
    told = samples(replace(EMPTY, mails=MailCounts(waiting=3, sent=120, given_up=1)))
    assert told == [
        'prorata_mails{state="waiting"} 3',
        'prorata_mails{state="sent"} 120',
        'prorata_mails{state="given_up"} 1',
        "prorata_workers 0",
    ]


def test_runs_are_told_by_seller():
    at = datetime(2026, 3, 1, 0, 5, tzinfo=UTC)
    told = samples(
        Metrics(
            runs={(1, "finished"): 30, (1, "open"): 1, (2, "finished"): 4},
            latest=(LatestRun(1, date(2026, 3, 2), batches=10, waiting=4, billed=2950, parked=3, unexpected=1),),
            finished=(FinishedRun(1, date(2026, 3, 1), at),),
            issued={(1, ""): 60000, (1, "TC"): 2},
            parked={"price_missing": 2},
            jobs={("check_batch", "failed"): 1},
            workers=2,
            verification=None,
        )
    )
    # 1 March 2026, 00:00 UTC is 20 513 days after the epoch: 20 513 × 86 400 = 1 772 323 200; five minutes are 300.
    assert told == [
        'prorata_runs{seller="1",state="finished"} 30',
        'prorata_runs{seller="1",state="open"} 1',
        'prorata_runs{seller="2",state="finished"} 4',
        'prorata_last_run_finished_seconds{seller="1"} 1772323500',
        'prorata_last_run_day_seconds{seller="1"} 1772323200',
        'prorata_run_batches{seller="1",state="done"} 6',
        'prorata_run_batches{seller="1",state="waiting"} 4',
        'prorata_run_accounts_billed{seller="1"} 2950',
        'prorata_run_parked{seller="1",unexpected="false"} 2',
        'prorata_run_parked{seller="1",unexpected="true"} 1',
        'prorata_documents_issued_total{seller="1",series=""} 60000',
        'prorata_documents_issued_total{seller="1",series="TC"} 2',
        'prorata_parked_subscriptions{code="price_missing"} 2',
        'prorata_jobs{task="check_batch",status="failed"} 1',
        "prorata_workers 2",
    ]


def test_the_last_verification_is_told():
    began = datetime(2026, 3, 1, 3, 30, tzinfo=UTC)
    ended = datetime(2026, 3, 1, 3, 45, tzinfo=UTC)
    last = LastVerification(began, ended, documents=60000, lines=240000, findings=0)
    told = samples(
        Metrics(runs={}, latest=(), finished=(), issued={}, parked={}, jobs={}, workers=0, verification=last)
    )
    # 03:45 is 13 500 seconds after midnight: 1 772 323 200 + 13 500
    assert told == [
        "prorata_workers 0",
        "prorata_verification_ended_seconds 1772336700",
        "prorata_verification_duration_seconds 900",
        "prorata_verification_documents 60000",
        "prorata_verification_lines 240000",
        "prorata_verification_findings 0",
    ]


def test_where_there_is_nothing_yet_each_metric_is_named_all_the_same():
    lines = exposition(EMPTY).splitlines()
    assert "# TYPE prorata_last_run_finished_seconds gauge" in lines
    assert "# TYPE prorata_documents_issued_total counter" in lines
    assert samples(EMPTY) == ["prorata_workers 0"]


def test_what_would_end_a_label_is_written_so_that_it_does_not():
    odd = Metrics(
        runs={}, latest=(), finished=(), issued={}, parked={'a"b\\c\nd': 1}, jobs={}, workers=0, verification=None
    )
    assert samples(odd)[0] == r'prorata_parked_subscriptions{code="a\"b\\c\nd"} 1'
