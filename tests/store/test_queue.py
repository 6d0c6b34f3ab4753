"""The queue's tables: those that procrastinate expects, and closed to the application but for one door."""

from importlib.resources import files

import pytest
from sqlalchemy import Connection, text

from prorata.store import jobs
from prorata.store.engine import Database
from prorata.store.errors import RoleRefused
from prorata.store.jobs import Rescued

# What a schema is made of, without its own name and without how its texts are laid out.
_MADE_OF = """
    SELECT 'column', table_name, column_name || ' ' || udt_name || ' ' || is_nullable
           || coalesce(' ' || replace(column_default, :schema || '.', ''), '')
    FROM information_schema.columns WHERE table_schema = :schema
    UNION ALL
    SELECT 'function', proname, pg_get_function_identity_arguments(oid) || ' ' || prosrc
    FROM pg_proc WHERE pronamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'index', tablename, replace(indexdef, :schema || '.', '') FROM pg_indexes WHERE schemaname = :schema
    UNION ALL
    SELECT 'constraint', conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'trigger', tgname, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = to_regnamespace(:schema) AND NOT tgisinternal
    UNION ALL
    SELECT 'label', typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
    WHERE typnamespace = to_regnamespace(:schema)
"""


def _made_of(conn: Connection, schema: str) -> set[tuple[str, ...]]:
    conn.execute(text("SELECT set_config('search_path', :schema, true)"), {"schema": schema})
    rows = conn.execute(text(_MADE_OF), {"schema": schema})
    return {tuple(str(value).replace(f"{schema}.", "") for value in row) for row in rows}


def _status(db: Database, job: int) -> str | None:
    with db.owner() as conn:
        query = "SELECT CAST(status AS text) FROM procrastinate.procrastinate_jobs WHERE id = :job"
        return conn.scalar(text(query), {"job": job})


def _sql(db: Database, statement: str, **asked: int) -> None:
    with db.owner() as conn:
        conn.execute(text("SET LOCAL search_path TO procrastinate"))
        conn.execute(text(statement), asked)


def _take(db: Database, job: int, *, heartbeat: str) -> None:
    """A worker that lived so long ago takes the job."""
    worker = f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '{heartbeat}') RETURNING id"
    _sql(
        db,
        f"WITH worker AS ({worker}) UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id "
        "FROM worker WHERE procrastinate_jobs.id = :job",
        job=job,
    )


def test_the_tables_are_those_that_the_installed_version_wants(db: Database):
    wanted = files("procrastinate.sql").joinpath("schema.sql").read_text(encoding="utf-8")
    with db.owner() as conn:
        conn.execute(text("CREATE SCHEMA wanted"))
        conn.execute(text("SET LOCAL search_path TO wanted"))
        conn.execute(text(wanted))
        assert _made_of(conn, "procrastinate") == _made_of(conn, "wanted")
        conn.execute(text("DROP SCHEMA wanted CASCADE"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM procrastinate.procrastinate_jobs",
        "DELETE FROM procrastinate.procrastinate_jobs",
        "SELECT procrastinate.procrastinate_fetch_job_v2(NULL, 1)",
        "SELECT procrastinate.procrastinate_finish_job_v1(1, 'failed', true)",
        "CREATE TABLE procrastinate.mine (id integer)",
    ],
)
def test_the_application_may_put_jobs_in_and_nothing_else(db: Database, statement: str):
    with db.app() as conn:
        assert jobs.defer(conn, "nothing", args={}) > 0
    with pytest.raises(RoleRefused, match="permission denied"), db.app() as conn:
        conn.execute(text(statement))


def test_a_job_keeps_what_it_was_given(db: Database):
    with db.account(1) as conn:
        job = jobs.defer(conn, "greet", args={"run": 7, "names": ["Anna", "50% off: é"]}, queue="post", lock="one")
    with db.owner() as conn:
        row = conn.execute(text("SELECT * FROM procrastinate.procrastinate_jobs WHERE id = :job"), {"job": job}).one()
    assert (row.task_name, row.queue_name, row.lock, row.status) == ("greet", "post", "one", "todo")
    assert row.args == {"run": 7, "names": ["Anna", "50% off: é"]}


def test_a_job_of_a_transaction_that_fails_does_not_exist(db: Database):
    jobs_made: list[int] = []

    def act_and_fail() -> None:
        with db.app() as conn:
            jobs_made.append(jobs.defer(conn, "never", args={}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert _status(db, jobs_made[0]) is None


def test_jobs_of_a_dead_worker_come_back_once_and_those_of_a_living_one_stay(db: Database):
    with db.app() as conn:
        dead, living = (jobs.defer(conn, "long", args={}) for _ in range(2))
    _take(db, dead, heartbeat="40 seconds")
    _take(db, living, heartbeat="20 seconds")
    with db.owner() as conn:
        assert jobs.rescue(conn, most_attempts=4) == Rescued(again=1, given_up=0)
    with db.owner() as conn:
        assert jobs.rescue(conn, most_attempts=4) == Rescued(again=0, given_up=0)
    assert (_status(db, dead), _status(db, living)) == ("todo", "doing")


def test_a_job_that_has_killed_its_workers_four_times_is_given_up(db: Database):
    with db.app() as conn:
        job = jobs.defer(conn, "deadly", args={})
    for status in ("todo", "todo", "todo", "failed"):
        _take(db, job, heartbeat="1 hour")
        with db.owner() as conn:
            jobs.rescue(conn, most_attempts=4)
        assert _status(db, job) == status


def test_a_job_whose_like_waits_already_is_not_put_back_beside_it(db: Database):
    with db.app() as conn:
        job, other = (jobs.defer(conn, "daily", args={}) for _ in range(2))
    _take(db, job, heartbeat="1 hour")
    _sql(db, "UPDATE procrastinate_jobs SET queueing_lock = 'daily' WHERE id IN (:job, :other)", job=job, other=other)
    with db.owner() as conn:
        assert jobs.rescue(conn, most_attempts=4) == Rescued(again=0, given_up=1)
    assert (_status(db, job), _status(db, other)) == ("aborted", "todo")


def test_jobs_are_forgotten_a_week_after_they_were_done_and_a_month_after_they_failed(db: Database):
    ages = {"succeeded": (6, 8), "failed": (29, 31)}
    made: dict[int, str] = {}
    for status, days in ages.items():
        for age in days:
            with db.app() as conn:
                job = jobs.defer(conn, "old", args={})
            _sql(db, f"UPDATE procrastinate_jobs SET status = '{status}' WHERE id = :job", job=job)
            past = "UPDATE procrastinate_events SET at = now() - make_interval(days => :age) WHERE job_id = :job"
            _sql(db, past, age=age, job=job)
            made[job] = status
    with db.app() as conn:
        waiting = jobs.defer(conn, "old", args={})
    _sql(db, "UPDATE procrastinate_events SET at = now() - interval '1 year' WHERE job_id = :job", job=waiting)
    with db.owner() as conn:
        assert jobs.forget(conn, done_days=7, failed_days=30) == 2
    assert [_status(db, job) for job in made] == ["succeeded", None, "failed", None]
    assert _status(db, waiting) == "todo"
