"""The embedded PostgreSQL, started for real: each test has a data folder of its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from prorata.store.embedded import ADMIN, APP, OWNER, EmbeddedServer, EmbeddedServerError, start
from prorata.store.embedded_host import find_host
from support.databases import new_folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = new_folder()
    yield folder
    _kill(folder)
    shutil.rmtree(folder)


def _pid(data_dir: Path) -> int | None:
    file = data_dir / "cluster" / "postmaster.pid"
    return int(file.read_text().splitlines()[0]) if file.exists() else None


def _kill(data_dir: Path) -> None:
    """End a server that a failed test has left behind."""
    pid = _pid(data_dir)
    if pid:
        os.kill(pid, signal.SIGQUIT)
        while _works_in(data_dir / "cluster"):
            time.sleep(0.05)


def _works_in(folder: Path) -> bool:
    return bool(find_host(folder).processes_in(folder))


def _query(server: EmbeddedServer, statement: str, *, user: str = OWNER) -> str:
    server.ensure_database("kept")
    url = server.url("kept", user=user).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return " ".join(str(value) for value in row or ())


def _fast(data_dir: Path) -> EmbeddedServer:
    return start(data_dir, durable=False)


def test_a_server_of_postgresql_18_starts_in_an_empty_folder(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        assert _query(server, "SHOW server_version_num").startswith("18")
        assert _query(server, "SHOW server_encoding") == "UTF8"
        assert _query(server, "SELECT DISTINCT datlocprovider, datlocale FROM pg_database") == "b C.UTF-8"


def test_a_database_is_made_once(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        assert server.ensure_database("prorata") is True
        assert server.ensure_database("prorata") is False


def test_a_database_is_removed_though_both_roles_are_connected(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        server.ensure_database("kept")
        urls = [server.url("kept", user=role).replace("+psycopg", "") for role in (APP, OWNER)]
        with psycopg.connect(urls[0]), psycopg.connect(urls[1]):
            server.drop_database("kept")
        assert server.ensure_database("kept") is True


def test_what_was_written_is_there_after_a_restart(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        _query(server, "CREATE TABLE kept AS SELECT 7 AS number")
    with _fast(data_dir) as server:
        assert _query(server, "SELECT number FROM kept") == "7"


def test_commits_are_safe_unless_the_data_are_to_be_thrown_away(data_dir: Path) -> None:
    with start(data_dir) as server:
        assert [_query(server, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]
    with _fast(data_dir) as server:
        assert [_query(server, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["off", "off"]


def test_two_servers_run_side_by_side(data_dir: Path) -> None:
    other = new_folder()
    try:
        with _fast(data_dir) as one, _fast(other) as two:
            _query(one, "CREATE TABLE here AS SELECT 1")
            assert _query(one, "SELECT to_regclass('here') IS NULL") == "False"
            assert _query(two, "SELECT to_regclass('here') IS NULL") == "True"
    finally:
        shutil.rmtree(other)


def test_a_second_user_joins_the_running_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    first, second = _fast(data_dir), _fast(data_dir)
    pid = _pid(data_dir)
    first.stop()
    assert _query(second, "SELECT 1") == "1"
    assert _pid(data_dir) == pid
    second.stop()
    assert not _works_in(data_dir / "cluster")


def test_stopping_twice_is_no_harm(data_dir: Path) -> None:
    server = _fast(data_dir)
    server.stop()
    server.stop()
    assert not _works_in(data_dir / "cluster")


def test_stopping_twice_does_not_stop_it_for_another_user(data_dir: Path) -> None:
    first, second = _fast(data_dir), _fast(data_dir)
    first.stop()
    first.stop()
    assert _query(second, "SELECT 1") == "1"
    second.stop()


def test_a_server_whose_process_was_killed_starts_again_with_its_data(data_dir: Path) -> None:
    server = start(data_dir)
    _query(server, "CREATE TABLE kept AS SELECT 7 AS number")
    pid = _pid(data_dir)
    assert pid
    os.kill(pid, signal.SIGKILL)
    with start(data_dir) as again:
        assert _pid(data_dir) != pid
        assert _query(again, "SELECT number FROM kept") == "7"
    server.stop()


def test_a_number_left_behind_that_another_process_has_got_does_not_stop_the_start(data_dir: Path) -> None:
    _fast(data_dir).stop()
    left = data_dir / "cluster" / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n{data_dir}/cluster\n1767225600\n5432\n{data_dir}/socket\n\n1 1\nready\n")
    with _fast(data_dir) as server:
        assert _query(server, "SELECT 1") == "1"


def test_a_server_left_by_a_killed_process_is_joined_and_stopped_by_the_next(data_dir: Path) -> None:
    script = (
        "import os, signal, sys, pathlib\n"
        "from prorata.store.embedded import start\n"
        "start(pathlib.Path(sys.argv[1]), durable=False)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", script, str(data_dir)]
    ended = subprocess.run(command, check=False, timeout=100)
    assert ended.returncode == -signal.SIGKILL
    pid = _pid(data_dir)
    server = _fast(data_dir)
    assert _pid(data_dir) == pid
    server.stop()
    assert not _works_in(data_dir / "cluster")


def test_a_start_that_was_killed_while_making_the_database_is_begun_anew(data_dir: Path) -> None:
    (data_dir / "lock").touch()
    (data_dir / "cluster.new").mkdir()
    (data_dir / "cluster.new" / "PG_VERSION").write_text("18\n")
    with _fast(data_dir) as server:
        assert _query(server, "SELECT 1") == "1"


@pytest.mark.parametrize("role", [ADMIN, OWNER, APP])
def test_nobody_enters_without_the_password(data_dir: Path, role: str) -> None:
    with _fast(data_dir) as server:
        for password in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(
                    host=str(server.socket_dir),
                    user=role,
                    password=password,
                    dbname="postgres",
                    passfile="/dev/null",
                )


def _password_in(url: str) -> str:
    return url.split("@", maxsplit=1)[0].rsplit(":", maxsplit=1)[1]


def test_who_has_the_applications_password_cannot_come_in_as_another(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        of_app = _password_in(server.url("postgres", user=APP))
        for role in (ADMIN, OWNER):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(
                    host=str(server.socket_dir), user=role, password=of_app, dbname="postgres", passfile="/dev/null"
                )


def test_a_cluster_whose_roles_had_one_password_goes_on_with_three(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        shared = (data_dir / "password").read_text()
        with psycopg.connect(
            host=str(server.socket_dir), user=ADMIN, password=shared, dbname="postgres", autocommit=True
        ) as admin:
            for role in (OWNER, APP):
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
                admin.execute(statement.format(sql.Identifier(role), sql.Literal(shared)))
    with _fast(data_dir) as server:
        assert _query(server, "SELECT 1", user=OWNER) == "1"
        assert _query(server, "SELECT 1", user=APP) == "1"


def test_the_two_roles_are_no_superusers_and_the_application_cannot_pass_row_security(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        of_role = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert _query(server, of_role, user=OWNER) == "False True True"
        assert _query(server, of_role, user=APP) == "False False False"


def test_the_password_and_the_data_are_closed_to_others(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        password = (data_dir / "password").stat()
        assert stat.S_IMODE(password.st_mode) == 0o600
        assert password.st_uid == os.geteuid()
        assert stat.S_IMODE((data_dir / "cluster").stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(data_dir.stat().st_mode) & 0o007 == 0
        assert not (data_dir / "password.initdb").exists()
        assert (data_dir / "password").read_text() not in repr(server)


def test_the_server_listens_on_no_port(data_dir: Path) -> None:
    with _fast(data_dir) as server:
        assert _query(server, "SHOW listen_addresses") == ""


def test_as_root_the_server_runs_as_its_own_user_and_else_as_ours(data_dir: Path) -> None:
    with _fast(data_dir):
        owner = (data_dir / "cluster").owner()
        pid = _pid(data_dir)
        assert Path(f"/proc/{pid}").owner() == owner
        assert owner == ("prorata-pg" if os.geteuid() == 0 else data_dir.owner())


def test_a_path_that_is_too_long_for_a_socket_gets_one_elsewhere(data_dir: Path) -> None:
    deep = data_dir / ("a folder with 'quotes', $dollars and a name that goes on " + "and on " * 12)
    data_dir.chmod(0o755)
    with _fast(deep) as server:
        elsewhere = server.socket_dir
        assert len(str(elsewhere)) < 60
        assert _query(server, "SELECT 1") == "1"
    assert not elsewhere.exists()


def test_only_a_folder_that_was_made_for_the_socket_is_removed(data_dir: Path) -> None:
    # The server's account writes this file, and whoever got hold of that account must not lead us to remove anything.
    elsewhere = new_folder()
    (elsewhere / "kept").touch()
    with _fast(data_dir) as server:
        (elsewhere / ".s.PGSQL.5432").symlink_to(server.socket_dir / ".s.PGSQL.5432")
        file = data_dir / "cluster" / "postmaster.pid"
        file.write_text(file.read_text().replace(str(server.socket_dir), str(elsewhere)))
        second = _fast(data_dir)
    second.stop()
    assert _pid(data_dir) is None
    assert (elsewhere / "kept").exists()
    shutil.rmtree(elsewhere)


def test_a_folder_with_something_else_in_it_is_refused_and_left_as_it_is(data_dir: Path) -> None:
    (data_dir / "thesis.txt").write_text("years of work")
    with pytest.raises(EmbeddedServerError, match="holds something else than Prorata's data: choose an empty one"):
        _fast(data_dir)
    assert [each.name for each in data_dir.iterdir()] == ["thesis.txt"]


def test_a_cluster_of_another_postgresql_is_refused_by_name(data_dir: Path) -> None:
    _fast(data_dir).stop()
    (data_dir / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerError, match="was not made by PostgreSQL 18: bring it over with pg_dump"):
        _fast(data_dir)


def test_a_lost_password_is_said(data_dir: Path) -> None:
    _fast(data_dir).stop()
    (data_dir / "password").unlink()
    with pytest.raises(EmbeddedServerError, match="password is lost"):
        _fast(data_dir)


def test_a_server_that_cannot_start_says_its_last_words(data_dir: Path) -> None:
    _fast(data_dir).stop()
    with (data_dir / "cluster" / "postgresql.auto.conf").open("a") as file:
        file.write("max_connections = many\n")
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL did not start: .*server\.log"):
        _fast(data_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_as_root_a_folder_that_the_servers_user_cannot_enter_is_refused(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedServerError, match="runs as prorata-pg, who cannot enter"):
        _fast(closed / "data")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
