"""Many accounts like one: for questions of which it matters how many others there are, and not how they have lived."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, text

from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.members import MEMBER_KEYS, MEMBERS
from prorata.store.tables.profiles import BILLING_PROFILES
from prorata.store.tables.subscriptions import LICENCE_ASSIGNMENTS, SUBSCRIPTIONS

_COPIED: Final = (ACCOUNTS, BILLING_PROFILES, SUBSCRIPTIONS, MEMBERS, MEMBER_KEYS, LICENCE_ASSIGNMENTS)
_OWN: Final = {
    "account_id": "new.account_id",
    "pepper": "uuid_send(gen_random_uuid())",
    "email_key": """sha256(
        (SELECT pepper FROM accounts WHERE accounts.account_id = new.account_id)
        || convert_to(concat('holder@account-', new.account_id, '.example'), 'UTF8'))""",
}
"""What is another one in each account."""


def address(account_id: int) -> str:
    """The address of the one member of one of the many accounts."""
    return f"holder@account-{account_id}.example"


def multiply(conn: Connection, account_id: int, *, size: int) -> range:
    """Add so many accounts with what one account has: a subscription, and one member who holds a licence.
    Returns their ids.

    They are there to be asked after: they have no bills and no ledgers, and what is sealed of their members opens for
    nobody. For the owner, where nobody else adds accounts.
    """
    last = conn.scalar(text("SELECT max(account_id) FROM accounts")) or 0
    ids = range(last + 1, last + 1 + size)
    asked = {"account": account_id, "first": ids.start, "last": ids.stop - 1}
    for table in _COPIED:
        conn.execute(text(_copy(table)), asked)
    conn.execute(text("SELECT setval('accounts_account_id_seq', :last)"), {"last": asked["last"]})
    return ids


def _copy(table: Table) -> str:
    names = table.c.keys()
    values = ", ".join(_OWN.get(name, f'old."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return f"""
        INSERT INTO {table.name} ({columns}) SELECT {values}
        FROM {table.name} AS old, generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS new (account_id)
        WHERE old.account_id = :account
    """  # noqa: S608 - names of our own tables and columns
