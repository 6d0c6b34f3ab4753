"""Two accounts, one of them with a row in every table; and what the roles may do, as the database itself says."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import pytest
from psycopg import errors
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError

from prorata.core.events import Cancel, ChangeLicences, GiveDiscount
from prorata.store import assignments, audit, members
from prorata.store.audit import AuditEntry
from prorata.store.errors import RoleRefused
from store.ground import Ground, noon, purchase

READ: Final = frozenset({"SELECT"})
ADD: Final = frozenset({"SELECT", "INSERT"})
CHANGE: Final = frozenset({"SELECT", "INSERT", "UPDATE"})
REMOVE: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


@dataclass(frozen=True)
class Two:
    """One account with rows in every table, and another."""

    ground: Ground
    full: int
    other: int


def two_accounts(ground: Ground) -> Two:
    """Open them; the full one has issued, paid, credited, parked and noted something, and lets people in."""
    full = ground.open_account(tax_rate=None)
    other = ground.open_account(name="Officina Rossi S.r.l.")
    _live(ground, full)
    _let_in(ground, full)
    return Two(ground, full, other)


def _live(ground: Ground, account: int) -> None:
    with ground.db.owner() as conn:
        conn.execute(text("UPDATE accounts SET tax_rate = 21 WHERE account_id = :a"), {"a": account})
    ground.act(account, purchase(licences=10), on="2026-01-15")
    # Fewer licences become account credit with the next document, which is a credit note.
    ground.act(account, ChangeLicences("team", 4), on="2026-01-20")
    ground.act(account, Cancel("team", when="now", refund="credit"), on="2026-01-21")
    ground.act(account, purchase("second"), on="2026-01-22")
    ground.act(account, GiveDiscount("second", percent=Fraction(10)), on="2026-01-22")
    with ground.db.owner() as conn:
        parked = """
            INSERT INTO parked (account_id, subscription_id, at, as_of, code, parameters, trace)
            VALUES (:a, 1, now(), '2026-01-15', 'unexpected', '{}', '')
        """
        conn.execute(text(parked), {"a": account})


def _let_in(ground: Ground, account: int) -> None:
    with ground.db.account(account) as conn:
        member = members.create(conn, account, name="Anna", email="anna@example.test", role="owner", language="it")
        assignments.set_holders(conn, account, subscription="second", members=[member], since=noon("2026-01-22"))
        entry = AuditEntry(
            at=noon("2026-01-22"),
            actor_kind="admin",
            actor_name="Anna",
            action="buy",
            subject="second",
            actor_id=member,
        )
        audit.write(conn, account, entry=entry)
        for statement in _LETTING_IN:
            conn.execute(text(statement), {"a": account, "member": member})
        for statement in _LIFE:
            conn.execute(text(statement), {"a": account, "member": member})


_LETTING_IN: Final = (
    """INSERT INTO account_roles (account_id, id, name, permissions)
       VALUES (:a, :member, 'Bookkeeping', ARRAY['see', 'pay'])""",
    """INSERT INTO invitations (account_id, id, token_hash, name, email, role, language, invited_by, invited_by_name,
                                at, expires_at)
       VALUES (:a, 1, sha256('a'), 'Bram', 'bram@example.test', 'reader', 'nl', :member, 'Anna', now(), now())""",
    """INSERT INTO directories (account_id, id, key, name, issuer, client_id, client_secret, at)
       VALUES (:a, :member, 'key', 'Login', 'https://login.example.test', 'prorata', 'sealed', now())""",
    """INSERT INTO directory_subjects (account_id, directory_id, subject, member_id)
       VALUES (:a, :member, 'x', :member)""",
    """INSERT INTO api_keys (account_id, id, token_hash, name, scopes, last_four, made_by, made_by_name, at, expires_at)
       VALUES (:a, 1, sha256('b'), 'Backup', ARRAY['read'], 'abcd', :member, 'Anna', now(), now())""",
)
_LIFE: Final = (
    """INSERT INTO seat_changes (account_id, subscription_id, place, at, member_id, holds, why, by_side)
       VALUES (:a, 1, 1, now(), :member, true, 'asked', 'admin')""",
    """INSERT INTO announcements (account_id, subscription_id, what, on_day, days_before, at, mails)
       VALUES (:a, 1, 'deleted', '2026-04-21', 30, now(), 1)""",
    """INSERT INTO exports (account_id, id, at, language, state) VALUES (:a, 1, now(), 'nl', 'waiting')""",
    """INSERT INTO export_pieces (account_id, export_id, place, data) VALUES (:a, 1, 1, 'PK')""",
    """INSERT INTO closures (account_id, id, at, on_day, language, backup)
       VALUES (:a, 1, now(), '2026-05-01', 'nl', 'waived')""",
    """INSERT INTO cancellation_reasons (account_id, subscription_id, at, reason, words)
       VALUES (:a, 1, now(), 'too_expensive', '')""",
)


def refused(error: pytest.ExceptionInfo[RoleRefused]) -> bool:
    """Whether it was the database that did not let the role do it."""
    cause = error.value.__cause__
    return isinstance(cause, DBAPIError) and isinstance(cause.orig, errors.InsufficientPrivilege)


def may(conn: Connection, role: str) -> dict[str, set[str]]:
    """What a role may do with whole tables."""
    found: dict[str, set[str]] = {}
    for row in conn.execute(_WHOLE, {"role": role}):
        found.setdefault(row.relname, set()).add(row.privilege)
    return found


def may_in_columns(conn: Connection, role: str) -> dict[str, set[tuple[str, str]]]:
    """What a role may do with some columns of a table only."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in conn.execute(_COLUMNS, {"role": role}):
        found.setdefault(row.relname, set()).add((row.privilege, row.attname))
    return found


def changeable(conn: Connection, role: str, *, table: Table) -> set[str]:
    """The columns of a table that a role may change."""
    return set(conn.scalars(_CHANGEABLE, {"table": table.name, "role": role}))


def protected(conn: Connection) -> Mapping[str, bool]:
    """Every table that says whose its rows are: whether each role sees one account's rows alone."""
    return {row.relname: row.protected for row in conn.execute(_PROTECTED)}


_TABLES: Final = "relnamespace = CAST('public' AS regnamespace) AND relkind IN ('r', 'p')"
_WHOLE: Final = text(f"""
    SELECT relname, privilege FROM pg_class, unnest(
        ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) AS privilege
    WHERE {_TABLES} AND has_table_privilege(:role, pg_class.oid, privilege)
""")
_COLUMNS: Final = text(f"""
    SELECT relname, privilege, attname
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped,
         unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS privilege
    WHERE {_TABLES} AND has_column_privilege(:role, pg_class.oid, attnum, privilege)
      AND NOT has_table_privilege(:role, pg_class.oid, privilege)
""")
_CHANGEABLE: Final = text("""
    SELECT attname FROM pg_attribute
    WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped
      AND has_column_privilege(:role, attrelid, attnum, 'UPDATE')
""")
_PROTECTED: Final = text(f"""
    SELECT relname, relrowsecurity AND (
        SELECT count(*) = 1 AND bool_and(
            policyname = 'own_account' AND permissive = 'PERMISSIVE' AND cmd = 'ALL'
            AND roles = CAST(ARRAY['public'] AS name[]) AND qual = with_check
            AND qual LIKE '%account_id = %prorata.account_id%')
        FROM pg_policies WHERE schemaname = 'public' AND tablename = relname) AS protected
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE {_TABLES} AND attname = 'account_id'
""")
