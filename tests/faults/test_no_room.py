"""A database that has no room left: on its disk, or for a file that cannot grow."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.attacks import IMPATIENT, must_be_whole, work_on
from faults.site import Ground, Site
from faults.workers import Program, working
from prorata.store.tables.documents import DOCUMENT_LINES

_KILOBYTE = 1024


@dataclass(frozen=True)
class SmallDisk:
    """A disk of a few megabytes, and a file on it that leaves as much room as is wanted."""

    folder: Path

    def leave(self, kilobytes: int) -> None:
        filler = self.folder / "filler"
        filler.unlink(missing_ok=True)
        found = os.statvfs(self.folder)
        with filler.open("wb") as file:
            file.write(bytes(max(0, found.f_bavail * found.f_bsize - kilobytes * _KILOBYTE)))

    def empty(self) -> None:
        (self.folder / "filler").unlink()


@pytest.fixture
def small_disk(ground: Ground, site: Site) -> Iterator[SmallDisk]:
    """Where the tables of documents of a site lie."""
    folder = ground.server.folder / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "prorata-test", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("a small disk takes root, and a machine that lets it mount one")
    try:
        place = folder / "tables"
        place.mkdir()
        ground.server.give(place)
        ground.server.admin(f"CREATE TABLESPACE small LOCATION '{place}'", "GRANT CREATE ON TABLESPACE small TO PUBLIC")
        for table in ("documents", "document_lines", "document_taxes", "transfers"):
            site.sql(f"ALTER TABLE {table} SET TABLESPACE small")
        yield SmallDisk(folder)
        for table in ("documents", "document_lines", "document_taxes", "transfers"):
            site.sql(f"ALTER TABLE {table} SET TABLESPACE pg_default")
        ground.server.admin("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - as above
        folder.rmdir()


def test_a_run_that_fills_the_disk_stops_with_a_sentence_and_goes_on_when_there_is_room(
    ground: Ground, site: Site, small_disk: SmallDisk
):
    small_disk.leave(64)
    with working(work_on(site)) as (worker,):
        assert worker.ended() == 2
        *_, last = worker.said.splitlines()
    assert last.startswith("The database has no room left (could not extend file")
    assert site.sql("SELECT count(*) FROM parked") == [(0,)]
    done = site.batches_done()
    assert 0 < done < 30

    # The program itself: one sentence, and no trace.
    settings = {"PRORATA_DATABASE_URL": site.owner_url, "PRORATA_APP_DATABASE_URL": site.app_url}
    with working(Program(("run", "--as-of", "2026-06-15"), settings)) as (program,):
        assert program.ended() == 2
        *_, last = program.said.splitlines()
    assert last.startswith("The database has no room left (could not extend file")
    assert site.batches_done() - done in {0, 1}

    small_disk.empty()
    with working(work_on(site)) as (worker,):
        assert worker.ended() == 0, worker.said
    must_be_whole(site, ground, numbers=True)


def test_a_run_whose_files_may_not_grow_stops_with_a_sentence_and_goes_on_when_they_may(ground: Ground, site: Site):
    # Rows that were never committed make a file longer than a process may write from here on. What is free in it is not
    # much, and a page takes two new rows.
    columns = [column.name for column in DOCUMENT_LINES.c]
    values = ["10000 + n" if name == "line" else name for name in columns]
    site.sql("ALTER TABLE document_lines SET (fillfactor = 10)")
    with site.database.owner() as conn:
        conn.exec_driver_sql(
            f"INSERT INTO document_lines ({', '.join(columns)}) SELECT {', '.join(values)}"
            " FROM (SELECT * FROM document_lines LIMIT 1) AS one, generate_series(1, 5000) AS n"
        )
        conn.rollback()
    most = 16 * _KILOBYTE * _KILOBYTE  # the files of the database's own log are as long, and must still be written
    if not ground.server.limit_files(str(most)):
        pytest.skip("there is no program prlimit, or it may not limit the server")
    try:
        site.database.dispose()
        with working(work_on(site, patience=IMPATIENT)) as (worker,):
            assert worker.ended() == 2
            *_, last = worker.said.splitlines()
    finally:
        ground.server.limit_files("unlimited")
    assert last.startswith("The database failed by itself (could not extend file")
    site.database.dispose()
    assert site.sql("SELECT count(*) FROM parked") == [(0,)]
    with working(work_on(site)) as (worker,):
        assert worker.ended() == 0, worker.said
    must_be_whole(site, ground, numbers=True)
