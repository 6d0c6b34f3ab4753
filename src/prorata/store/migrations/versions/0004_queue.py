"""The queue of jobs: procrastinate's own tables in a schema of their own, and the one way into them.

Their text lies beside this step. The package ships it too, but changes it with its versions: a database that is made
next year must be the same as one that was made today and brought up to date since. A later version of the package that
wants other tables gets a step of its own, with the changes that the package names.

The tables are not in `public`: they have triggers, which our own tables may not have, and the application has no
business there. It calls `defer_job`, which works with the rights of the owner and does nothing but add one job.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"

_DEFER_JOB = """
CREATE FUNCTION defer_job(task TEXT, args JSONB, queue TEXT, lock TEXT) RETURNS BIGINT
LANGUAGE sql SECURITY DEFINER SET search_path = procrastinate, pg_temp
AS $$
    SELECT (procrastinate_defer_jobs_v1(ARRAY[
        ROW(queue, task, 0, lock, NULL, args, NULL)::procrastinate_job_to_defer_v1
    ]))[1]
$$;
REVOKE ALL ON FUNCTION defer_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION defer_job TO prorata_app;
"""


def upgrade() -> None:
    connection = op.get_bind()
    path = connection.scalar(text("SELECT current_setting('search_path')"))
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path TO procrastinate")
    op.execute(Path(__file__).with_name("0004_queue.sql").read_text(encoding="utf-8"))
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})
    op.execute(_DEFER_JOB)
