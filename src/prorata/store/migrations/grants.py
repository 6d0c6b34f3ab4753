"""Who may touch what, said in the same words for every table.

`of_accounts`   rows that an account owns: the application sees and writes those of one account at a time
`let_app`       what the application may do with rows that no account owns
`let_door`      what the door may do: the role that lets people in, and does nothing else
`let_app_change`, `let_door_change`   which columns alone they may change; `let_app_keep`: which they may not
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

_OWN = "account_id = nullif(current_setting('prorata.account_id', true), '')::bigint"

# Two databases of one cluster may be migrated at once, and share their roles: who comes second finds it made. An owner
# with CREATEROLE may give itself what it has made; where the role was made by somebody else, who made it must give it.
_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'prorata_app') THEN
        BEGIN
            CREATE ROLE prorata_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    FOR attempt IN 1..20 LOOP
        EXIT WHEN pg_has_role(current_user, 'prorata_app', 'SET');
        BEGIN
            EXECUTE format('GRANT prorata_app TO %I WITH INHERIT FALSE, SET TRUE', current_user);
        EXCEPTION WHEN unique_violation OR internal_error THEN
            PERFORM pg_sleep(0.05);
        END;
    END LOOP;
END
$$
"""

# Whoever may take the application's role may take the door's, and has to say so: neither reads what is the other's.
_DOOR = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'prorata_door') THEN
        BEGIN
            CREATE ROLE prorata_door NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    FOR attempt IN 1..20 LOOP
        EXIT WHEN pg_has_role('prorata_app', 'prorata_door', 'SET')
            AND pg_has_role(current_user, 'prorata_door', 'SET');
        BEGIN
            GRANT prorata_door TO prorata_app WITH INHERIT FALSE, SET TRUE;
            EXECUTE format('GRANT prorata_door TO %I WITH INHERIT FALSE, SET TRUE', current_user);
        EXCEPTION WHEN unique_violation OR internal_error THEN
            PERFORM pg_sleep(0.05);
        END;
    END LOOP;
END
$$
"""


def make_role() -> None:
    """Make the application's role, and let the owner take it."""
    op.execute(_ROLE)


def make_door() -> None:
    """Make the door's role, and let the application and the owner take it."""
    op.execute(_DOOR)


def of_accounts(*tables: str, may: str) -> None:
    """Protect tables that accounts own, and let the application do this with the rows of its account."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_account ON {table} USING ({_OWN}) WITH CHECK ({_OWN})")
        op.execute(f"GRANT {may} ON {table} TO prorata_app")


def let_app(*tables: str, may: str) -> None:
    """Let the application do this with tables that no account owns."""
    for table in tables:
        op.execute(f"GRANT {may} ON {table} TO prorata_app")


def let_door(*tables: str, may: str) -> None:
    """Let the door do this; with an account's own tables, with the rows of one account at a time."""
    for table in tables:
        op.execute(f"GRANT {may} ON {table} TO prorata_door")


def let_app_change(table: str, *columns: str) -> None:
    """Let the application change these columns of a table, and no others."""
    _let_change("prorata_app", table, columns=columns)


def let_app_keep(table: str, *columns: str) -> None:
    """Let the application change a table as it is, but for these columns."""
    query = text("""
        SELECT attname FROM pg_attribute
        WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    """)
    names = op.get_bind().scalars(query, {"table": table}).all()
    let_app_change(table, *(name for name in names if name not in columns))


def let_door_change(table: str, *columns: str) -> None:
    """Let the door change these columns of a table, and no others."""
    _let_change("prorata_door", table, columns=columns)


def _let_change(role: str, table: str, *, columns: Sequence[str]) -> None:
    op.execute(f"REVOKE UPDATE ON {table} FROM {role}")
    op.execute(f"GRANT UPDATE ({', '.join(_quoted(columns))}) ON {table} TO {role}")


def _quoted(columns: Sequence[str]) -> Sequence[str]:
    return [f'"{column}"' for column in columns]
