"""`prorata serve` as it is started: a process of its own that serves the site, works, and stops when it is told."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from prorata.bootstrap import DEMO_DATABASE
from prorata.clock import SystemClock
from prorata.store import jobs, schema
from prorata.store.embedded import OWNER, EmbeddedServer, start
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.installation import use_for_demo, use_for_own
from support import databases
from support.serving import NO_TLS, free_port


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    folder = databases.new_folder()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


SITE = {
    "PRORATA_BASE_URL": "http://localhost:8000",
    "PRORATA_SECRET": "VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJuUDsmL9GrVPs",
    "PRORATA_MAIL_URL": "smtp://127.0.0.1:2525",
    "PRORATA_MAIL_FROM": "Kadans <billing@kadans.example>",
}
ENCRYPTED = {"PRORATA_BASE_URL": "https://billing.kadans.example", "PRORATA_TRUSTED_PROXIES": "127.0.0.1"}
PASSED_ON = {
    "host": "billing.kadans.example",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-proto": "https",
}


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRORATA_")}
    return {**kept, **SITE, "PRORATA_PORT": str(free_port()), **settings}


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
    """A running server: where it is, what it said when it began, and the file that it logs to."""

    def __init__(self, process: "subprocess.Popen[str]", *, said: str, log: Path) -> None:
        self.process, self.said, self.log = process, said, log
        found = re.search(r"(http://\S+)/metrics", said)
        assert found, said
        self.address = found[1]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", headers={"host": "localhost", **headers}, timeout=100, verify=NO_TLS)

    def logged(self) -> list[dict[str, object]]:
        """Its lines, each of which is JSON."""
        # The last line may be half written.
        whole = self.log.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def metric(self, sample: str) -> str | None:
        found = re.search(rf"^{re.escape(sample)} (.+)$", self.get("/metrics").text, flags=re.MULTILINE)
        return found[1] if found else None

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """The exit code. Whoever does not end by itself within a hundred seconds fails."""
        self.process.send_signal(by)
        return self.process.wait(timeout=100)


@contextmanager
def serving(**settings: str) -> Generator[Server]:
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(
            command(), stdout=subprocess.PIPE, stderr=log, text=True, env=environment(**settings), bufsize=1
        )
        assert process.stdout is not None
        try:
            said = ""
            for line in process.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            yield Server(process, said=said, log=Path(log.name))
        finally:
            process.terminate()
            process.wait(timeout=100)
            process.stdout.close()


def refusal(**settings: str) -> str:
    """What it says when it does not start, in one line."""
    refused = subprocess.run(
        command(), capture_output=True, text=True, env=environment(**settings), check=False, timeout=100
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    return refused.stderr


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 100
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
        assert server.stop() == 0


def test_it_stops_by_ctrl_c_too(database: databases.Database):
    with serving(**on(database), PRORATA_SCHEDULE="off") as server:
        assert "The schedule is off." in server.said
        assert server.stop(signal.SIGINT) == 0


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


def test_it_leads_to_the_sign_in_and_says_where_it_is(served: Server):
    assert served.said.startswith("Prorata is at http://localhost:8000 and at work. The schedule is off.")
    assert served.get("/bills").headers["location"] == "/sign-in?next=%2Fbills"
    assert served.get("/sign-in").status_code == 200


def test_each_request_is_a_line_of_its_log_without_what_was_asked_for(served: Server):
    answer = served.get("/bills?name=Giulia-Rossi")
    assert answer.status_code == 303
    own = {"request": answer.headers["x-request-id"]}
    # It is written once the answer has gone.
    eventually(lambda: any(line.items() >= own.items() for line in served.logged()))
    (line,) = [line for line in served.logged() if line.items() >= own.items()]
    assert line.items() >= {"level": "info", "method": "GET", "route": "/bills", "status": 303}.items()
    assert "Giulia" not in served.log.read_text(encoding="utf-8")


def test_it_answers_under_its_own_names_only(served: Server):
    assert served.get("/sign-in", host="prorata.example").status_code == 421
    assert served.get("/sign-in", host="127.0.0.1").status_code == 421


def test_behind_a_proxy_it_is_reached_by_tls_alone(database: databases.Database):
    with serving(**on(database), **ENCRYPTED, PRORATA_SCHEDULE="off") as server:
        page = server.get("/sign-in", **PASSED_ON)
        assert page.status_code == 200
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        assert server.get("/sign-in", **{**PASSED_ON, "x-forwarded-proto": "http"}).status_code == 421
        assert server.get("/sign-in", host="billing.kadans.example").status_code == 421
        assert server.get("/metrics", **PASSED_ON).status_code == 403
        assert [server.get(path).status_code for path in ("/health", "/ready", "/metrics")] == [200, 200, 200]


def test_a_proxy_that_nobody_has_named_is_not_believed(database: databases.Database):
    elsewhere = {**ENCRYPTED, "PRORATA_TRUSTED_PROXIES": "10.0.0.7"}
    with serving(**on(database), **elsewhere, PRORATA_SCHEDULE="off") as server:
        assert server.get("/sign-in", **PASSED_ON).status_code == 421


def test_no_request_is_cut_off_when_it_is_stopped(database: databases.Database):
    with serving(**on(database), PRORATA_SCHEDULE="off") as server:
        host, port = server.address.removeprefix("http://").split(":")
        head = (
            "POST /language HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nlang"
        )
        with socket.create_connection((host, int(port)), timeout=100) as slow:
            slow.sendall(head.encode())
            assert server.get("/health").status_code == 200  # by now the first request is being read
            server.process.send_signal(signal.SIGTERM)
            eventually(lambda: not listens(host, port))
            assert server.process.poll() is None
            slow.sendall(b"uage=it")
            answer = b"".join(iter(lambda: slow.recv(4096), b"")).decode()
        assert answer.startswith("HTTP/1.1 303 ")
        assert "language=it" in answer
        assert server.process.wait(timeout=100) == 0


def listens(host: str, port: str) -> bool:
    try:
        socket.create_connection((host, int(port)), timeout=100).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_job_of_another_process_is_done(served: Server, database: databases.Database):
    opened = Database(database.owner_url, app_url=database.app_url)
    with opened.app() as conn:
        jobs.defer(conn, "tidy_queue", args={"timestamp": 0})
    opened.dispose()
    eventually(lambda: served.metric('prorata_jobs{task="tidy_queue",status="succeeded"}') == "1")


@pytest.mark.parametrize("variable", ["PRORATA_BASE_URL", "PRORATA_SECRET", "PRORATA_MAIL_URL", "PRORATA_MAIL_FROM"])
def test_what_it_cannot_do_without_is_named(variable: str):
    assert refusal(**{variable: ""}).startswith(f"{variable} is missing: serve needs it to ")


def test_a_secret_that_can_be_guessed_is_refused_and_not_repeated():
    said = refusal(PRORATA_SECRET="changeme-changeme-changeme-changeme")
    assert said.startswith("PRORATA_SECRET must ")
    assert "changeme" not in said


def test_with_tls_it_wants_to_know_its_proxy():
    said = refusal(PRORATA_BASE_URL="https://billing.kadans.example")
    assert said.startswith("PRORATA_TRUSTED_PROXIES is missing")


def test_without_tls_it_is_for_this_machine_only():
    said = refusal(PRORATA_HOST="0.0.0.0")  # noqa: S104 - what is refused
    assert said.startswith("PRORATA_HOST must be 127.0.0.1, not '0.0.0.0', unless PRORATA_BASE_URL begins with")


def test_a_database_without_tables_is_refused(empty_database: databases.Database):
    assert "prorata db migrate" in refusal(**on(empty_database))


def test_a_database_of_a_demo_is_refused(server: EmbeddedServer, template: str):
    made = databases.new_database(server, template=template)
    opened = Database(made.owner_url, app_url=made.app_url)
    use_for_demo(Services(opened, SystemClock()))
    opened.dispose()
    assert refusal(**on(made)).startswith("This database holds a demo, with made-up data")
    server.drop_database(made.name)


def test_the_demo_refuses_a_database_of_real_data(data_dir: Path):
    with start(data_dir / "postgres") as cluster:
        cluster.ensure_database(DEMO_DATABASE)
        schema.migrate(cluster.url(DEMO_DATABASE, user=OWNER))
        opened = Database(cluster.url(DEMO_DATABASE, user=OWNER))
        use_for_own(Services(opened, SystemClock()))
        opened.dispose()
        refused = subprocess.run(
            [sys.executable, "-m", "prorata", "demo"],
            capture_output=True,
            text=True,
            env=environment(PRORATA_DATA_DIR=str(data_dir)),
            check=False,
            timeout=100,
        )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("This database holds data of your own, and in the demo everybody may be anybody.")
