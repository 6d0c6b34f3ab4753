"""Who may touch what, said in the same words for every table.

`of_accounts`   rows that an account owns: the application sees and writes those of one account at a time
`for_reading`   the application only reads
"""

from __future__ import annotations

from alembic import op

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


def make_role() -> None:
    """Make the application's role, and let the owner take it."""
    op.execute(_ROLE)


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
