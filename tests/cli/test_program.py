"""The program as it is started: by its name, with its own embedded database, in a process of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from prorata.bootstrap import DEMO_DATABASE
from prorata.store.embedded import OWNER, start
from support.databases import new_folder
from support.tree import ROOT

PROGRAM = Path(sys.executable).with_name("prorata")
VERIFIED = r"(?m)^5 accounts, \d+ documents, \d+ lines verified: nothing found(, \d subscriptions? parked)?\.$"
STORY = ROOT / "stories" / "first-bill" / "cancelled-in-march-with-februarys-bill-unpaid.yaml"


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    folder = new_folder()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def running(data_dir: Path) -> Iterator[Path]:
    """The same folder, whose server runs from here on: what is typed joins it, and need not start it each time."""
    with start(data_dir / "postgres"):
        yield data_dir


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRORATA_")}
    return {**kept, "PRORATA_DATA_DIR": str(data_dir), **more}


def prorata(data_dir: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *words], capture_output=True, text=True, env=environment(data_dir, **more), check=False, timeout=100
    )


@contextmanager
def demo(data_dir: Path, *words: str, ends_with: tuple[int, str] = (0, VERIFIED)) -> Generator[tuple[str, str]]:
    """A running demo: what it says, and its address. In the end its data are sound, and it says so."""
    process = subprocess.Popen(
        [PROGRAM, "demo", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(data_dir),
        bufsize=1,
    )
    ended = ""
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"http://\S+/", said)
        assert found, said
        yield said, found[0]
    finally:
        process.send_signal(signal.SIGINT)
        ended = process.stdout.read()
        process.wait(timeout=100)
        process.stdout.close()
    code, says = ends_with
    assert re.search(says, ended), ended
    assert process.returncode == code, ended


def page(address: str) -> str:
    with urlopen(address) as answer:  # noqa: S310 - our own demo on this machine
        return answer.read().decode()


def test_the_demo_says_where_it_is_and_keeps_its_data(data_dir: Path):
    with demo(data_dir) as (said, address):
        assert re.match(VERIFIED, said)
        assert "What to try first" in said
        assert "New data." in said
        people = page(f"{address}people")
        assert "Bakkerij De Korenbloem" in people
        assert "Noordzee Logistiek B.V." in people
    with demo(data_dir) as (said, _):
        assert "Your data are as you left them." in said
    with demo(data_dir, "--reset") as (said, _):
        assert "New data." in said
    verified = prorata(data_dir, "verify", "--demo")
    assert re.match(r"\d accounts, \d+ documents, \d+ lines verified: nothing found", verified.stdout)
    assert verified.returncode == 0


def test_a_demo_whose_data_are_not_sound_names_what_it_found_and_ends_with_1(data_dir: Path):
    # Ten licences that the history of its licences says nothing of.
    changed = "UPDATE subscriptions SET licences = licences + 10 WHERE account_id = 1"
    with (
        demo(data_dir, ends_with=(1, r"account 1: .*\n.* lines verified: [1-9]\d* findings?, ")),
        start(data_dir / "postgres") as server,
        psycopg.connect(server.url(DEMO_DATABASE, user=OWNER).replace("+psycopg", "")) as conn,
    ):
        conn.execute(changed)
    with demo(data_dir, "--reset"):
        pass


def test_a_story_is_the_same_played_live(data_dir: Path):
    in_memory = prorata(data_dir, "play", "--json", str(STORY))
    live = prorata(data_dir, "play", "--json", "--live", "--expect", str(STORY))
    assert (live.returncode, live.stderr) == (0, "")
    assert live.stdout == in_memory.stdout


def test_an_empty_database_is_run_and_verified(data_dir: Path):
    ran = prorata(data_dir, "run")
    assert (ran.returncode, ran.stdout) == (0, "There is no seller yet, and so nothing to bill.\n")
    worked = prorata(data_dir, "work")
    assert (worked.returncode, worked.stdout, worked.stderr) == (0, "Nothing was in the queue.\n", "")
    assert prorata(data_dir, "db", "migrate").returncode == 0
    verified = prorata(data_dir, "verify")
    assert (verified.returncode, verified.stdout) == (0, "0 accounts, 0 documents, 0 lines verified: nothing found.\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "--seller", "77"), "There is no seller 77."),
        (("run", "--workers", "0"), "--workers: 0 is not in the range"),
        (("run", "--workers", "two"), "--workers: 'two' is not a whole number.\n"),
        (("run", "--as-of", "2026-02-30"), "--as-of: 2026-02-30 is not a day. Write it as 2026-03-01.\n"),
        (("run", "--batch-size", "0"), "A batch cannot have 0 accounts."),
        (("parked", "mend", "77", "team"), "There is no such account"),
        (("verify", "--account", "0"), "0 is not in the range"),
        (("verify", "--account", "77"), "There is no such account"),
        (("verify", "--account", "99999999999999999999"), "is not in the range"),
        (("demo", "--port", "70000"), "70000 is not in the range"),
        (("play", "no-such-file.yaml"), "no-such-file.yaml: No such file or directory"),
        (("bill",), "No such command 'bill'"),
        (("run", "--workres", "2"), "See `prorata run --help`."),
        (("run", "2026-03-01"), "See `prorata run --help`."),
        (("play",), "See `prorata play --help`."),
        (("parked", "mend", "0", "team"), "ACCOUNT: 0 is not in the range"),
        (("parked", "mend", "77"), "Name ACCOUNT and SUBSCRIPTION, or --all"),
        (("parked", "--seller", "77"), "There is no seller 77."),
    ],
)
def test_a_wrong_command_says_what_is_wrong_and_does_nothing(running: Path, words: tuple[str, ...], says: str):
    refused = prorata(running, *words)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert refused.stdout == ""


def test_where_there_is_no_room_for_what_it_says_it_tells_so_in_one_line(data_dir: Path):
    with Path("/dev/full").open("wb") as full:
        there = environment(data_dir)
        ended = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, env=there, check=False)
    said = b"What there is to say could not all be written: No space left on device.\n"
    assert (ended.returncode, ended.stderr) == (1, said)


STOPPED_WHILE_IT_IS_READ = """
import sys
class CtrlC:
    def find_spec(self, name, *_):
        if name == "prorata.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, CtrlC())
from prorata.__main__ import main
main()
"""


def test_stopped_before_it_has_begun_it_says_so_in_one_line():
    ended = subprocess.run(
        [sys.executable, "-c", STOPPED_WHILE_IT_IS_READ], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "Stopped.\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRORATA_PORT", "eighty"),
        ("PRORATA_DATA_DIR", "relative/folder"),
        ("PRORATA_DATABASE_URL", "mysql://x"),
        ("PRORATA_DATABSE_URL", "postgresql://x/y"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(data_dir: Path, name: str, value: str):
    refused = prorata(data_dir, "run", "--as-of", "2026-01-15", **{name: value})
    assert refused.returncode == 2
    assert refused.stderr.startswith(name)
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("staff", "create", "eva@kadans.example", "--name", "Eva"),
        ("staff", "link", "eva@kadans.example"),
        (
            "account", "create", "De Korenbloem", "--address", "Twijnstraat 8", "--currency", "EUR",
            "--owner", "daan@x.example", "--owner-name", "Daan",
        ),
    ],
)  # fmt: skip
def test_no_link_is_made_that_leads_nowhere(running: Path, words: tuple[str, ...]):
    done = prorata(running, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "PRORATA_BASE_URL is missing: links that let somebody in begin with it.\n"


def test_a_taken_port_is_named_with_the_way_out(data_dir: Path):
    with demo(data_dir) as (_, address):
        port = address.rstrip("/").rpartition(":")[2]
        refused = prorata(data_dir, "demo", "--port", port)
        assert refused.returncode == 2
        assert f"port {port}" in refused.stderr
        assert "--port" in refused.stderr


def test_the_demo_is_for_this_machine_only(data_dir: Path):
    refused = prorata(data_dir, "demo", PRORATA_HOST="0.0.0.0")  # noqa: S104 - what is refused
    assert refused.returncode == 2
    assert "no sign-in" in refused.stderr
    assert refused.stdout == ""
