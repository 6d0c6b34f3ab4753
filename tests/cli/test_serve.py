"""`prorata serve` as it is started: a process of its own that works, tells how it goes, and stops when it is told."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from prorata.store import jobs
from prorata.store.engine import Database
from support import databases


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    # Not in pytest's own temporary folder: as root the server's account could not enter that.
    folder = Path(tempfile.mkdtemp(prefix="prorata-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRORATA_")}
    return {**kept, **settings}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "prorata", "serve", *words]


def on(database: databases.Database) -> dict[str, str]:
    def plain(url: str) -> str:
        return url.replace("postgresql+psycopg://", "postgresql://")

    return {
        "PRORATA_DATABASE_URL": plain(database.owner_url),
        "PRORATA_APP_DATABASE_URL": plain(database.app_url),
    }


class Server:
    """A running server: where it is, and what it said when it began."""

    def __init__(self, process: "subprocess.Popen[str]", *, said: str) -> None:
        self.process, self.said = process, said
        found = re.search(r"(http://\S+)/metrics", said)
        assert found, said
        self.address = found[1]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", headers=headers, timeout=20)

    def metric(self, sample: str) -> str | None:
        found = re.search(rf"^{re.escape(sample)} (.+)$", self.get("/metrics").text, flags=re.MULTILINE)
        return found[1] if found else None

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """The exit code, and the seconds that it took."""
        before = time.monotonic()
        self.process.send_signal(by)
        return self.process.wait(timeout=60), time.monotonic() - before


@contextmanager
def serving(**settings: str) -> Generator[Server]:
    process = subprocess.Popen(command(), stdout=subprocess.PIPE, text=True, env=environment(**settings), bufsize=1)
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        yield Server(process, said=said)
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come about in time")
        time.sleep(0.1)


def test_it_works_on_a_database_of_its_own_and_stops_when_it_is_told(data_dir: Path):
    with serving(PRORATA_DATA_DIR=str(data_dir)) as server:
        assert "every 10 minutes" in server.said
        assert (server.get("/health").status_code, server.get("/health").text) == (200, "ok\n")
        assert (server.get("/ready").status_code, server.get("/ready").text) == (200, "ready\n")
        # What should have come before it was started comes now.
        eventually(lambda: server.metric('prorata_jobs{task="nightly_verify",status="succeeded"}') is not None)
        eventually(lambda: server.metric('prorata_jobs{task="daily_run",status="succeeded"}') is not None)
        assert server.metric("prorata_workers") == "1"
        assert server.metric("prorata_verification_findings") == "0"
        code, seconds = server.stop()
        assert code == 0
        assert seconds < 10


def test_it_stops_by_ctrl_c_too(database: databases.Database):
    with serving(**on(database), PRORATA_SCHEDULE="off") as server:
        assert "The schedule is off." in server.said
        code, seconds = server.stop(signal.SIGINT)
        assert code == 0
        assert seconds < 10


@pytest.fixture(scope="module")
def served(database: databases.Database) -> Iterator[Server]:
    with serving(**on(database), PRORATA_SCHEDULE="off") as server:
        yield server


def test_it_tells_the_metrics_as_a_monitor_reads_them(served: Server):
    answer = served.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \d+')
    lines = answer.text.splitlines()
    assert [line for line in lines if not line.startswith("# ") and not sample.fullmatch(line)] == []
    told = re.findall(r"^# TYPE (\w+) (gauge|counter)$", answer.text, flags=re.MULTILINE)
    assert len({name for name, _ in told}) == len(told) >= 12


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "The admin center is not served here yet"),
        ("nl", "Het beheercentrum is hier nog niet bereikbaar"),
        ("it", "Il centro di amministrazione non è ancora disponibile qui"),
    ],
)
def test_every_other_page_says_why_it_is_not_there(served: Server, language: str, says: str):
    page = served.get("/", **{"accept-language": language})
    assert page.status_code == 200
    assert says in page.text
    assert "prorata demo" in page.text
    for path in ("/bills", "/people", "/gallery", "/health/x", "/metrics/"):
        other = served.get(path, **{"accept-language": language})
        assert other.status_code == 404
        assert says in other.text


def test_it_answers_under_its_own_names_only(served: Server):
    assert served.get("/metrics", host="prorata.example").status_code == 421


def test_a_job_of_another_process_is_done(served: Server, database: databases.Database):
    opened = Database(database.owner_url, app_url=database.app_url)
    with opened.app() as conn:
        jobs.defer(conn, "tidy_queue", args={"timestamp": 0})
    opened.dispose()
    eventually(lambda: served.metric('prorata_jobs{task="tidy_queue",status="succeeded"}') == "1")


def test_it_is_for_this_machine_only():
    settings = environment(PRORATA_HOST="0.0.0.0")  # noqa: S104 - what is refused
    refused = subprocess.run(command(), capture_output=True, text=True, env=settings, check=False, timeout=60)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Prorata does not listen on 0.0.0.0: it has no sign-in")
    assert refused.stderr.count("\n") == 1


def test_a_database_without_tables_is_refused(empty_database: databases.Database):
    refused = subprocess.run(
        command(), capture_output=True, text=True, env=environment(**on(empty_database)), check=False, timeout=60
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "prorata db migrate" in refused.stderr
