"""Every table, in one of three classes.

DISTRIBUTED  an account owns it: the primary key begins with `account_id`, foreign keys and unique keys contain it, and
             row-level security shows the application no other account's rows.
REFERENCE    small and read everywhere: who sells, and what. The application only reads it.
LOCAL        belongs to no account and is needed in one place only. The tables of the queue are local too, and not
             listed here: they are procrastinate's, in a schema of that name, and `store.jobs` is the way to them.

Rows move between machines by account, so there are no triggers, no exclusion constraints over distributed tables, and
no query joins accounts.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table

from prorata.store.tables.access import ACCOUNT_ROLES, API_KEYS, DIRECTORIES, DIRECTORY_SUBJECTS, INVITATIONS
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.audit import AUDIT, VENDOR_AUDIT, VENDOR_AUDIT_HEAD
from prorata.store.tables.catalogue import AGREEMENTS, PLAN_PRICES, PLANS, PRODUCTS
from prorata.store.tables.columns import METADATA
from prorata.store.tables.discounts import DISCOUNTS
from prorata.store.tables.documents import DOCUMENT_LINES, DOCUMENT_TAXES, DOCUMENTS, STANDINGS
from prorata.store.tables.door import (
    CHALLENGES,
    LINKS,
    PASSKEYS,
    PEOPLE,
    PERSON_ACCOUNTS,
    SESSIONS,
    STAFF,
    THROTTLES,
)
from prorata.store.tables.installation import INSTALLATION
from prorata.store.tables.ledger import CREDIT_LOTS, LOT_BALANCES, PAYMENT_BALANCES, PAYMENTS, TRANSFERS
from prorata.store.tables.life import (
    ANNOUNCEMENTS,
    CANCELLATION_REASONS,
    CLOSURES,
    EXPORT_PIECES,
    EXPORTS,
    RETENTION,
)
from prorata.store.tables.members import MEMBER_KEYS, MEMBERS
from prorata.store.tables.numbers import NUMBER_RANGES, NUMBERS_TAKEN
from prorata.store.tables.outbox import OUTBOX
from prorata.store.tables.parked import PARKED
from prorata.store.tables.profiles import BILLING_PROFILES
from prorata.store.tables.runs import RUN_BATCHES, RUN_TOTALS, RUNS
from prorata.store.tables.sellers import SELLERS
from prorata.store.tables.subscriptions import (
    LICENCE_ASSIGNMENTS,
    LICENCE_CHANGES,
    PLAN_CHANGES,
    SEAT_CHANGES,
    SUBSCRIPTIONS,
)
from prorata.store.tables.verifications import VERIFICATIONS

__all__ = ["DISTRIBUTED", "DOOR", "LOCAL", "METADATA", "REFERENCE"]

DISTRIBUTED: Final[tuple[Table, ...]] = (
    ACCOUNTS,
    MEMBERS,
    MEMBER_KEYS,
    BILLING_PROFILES,
    SUBSCRIPTIONS,
    LICENCE_CHANGES,
    PLAN_CHANGES,
    LICENCE_ASSIGNMENTS,
    DISCOUNTS,
    PARKED,
    DOCUMENTS,
    DOCUMENT_LINES,
    DOCUMENT_TAXES,
    STANDINGS,
    TRANSFERS,
    PAYMENTS,
    PAYMENT_BALANCES,
    CREDIT_LOTS,
    LOT_BALANCES,
    AUDIT,
    ACCOUNT_ROLES,
    INVITATIONS,
    DIRECTORIES,
    DIRECTORY_SUBJECTS,
    API_KEYS,
    SEAT_CHANGES,
    ANNOUNCEMENTS,
    EXPORTS,
    EXPORT_PIECES,
    CLOSURES,
    CANCELLATION_REASONS,
)

REFERENCE: Final[tuple[Table, ...]] = (SELLERS, AGREEMENTS, PRODUCTS, PLANS, PLAN_PRICES, RETENTION)

DOOR: Final[tuple[Table, ...]] = (
    PEOPLE,
    PERSON_ACCOUNTS,
    STAFF,
    PASSKEYS,
    CHALLENGES,
    LINKS,
    SESSIONS,
    THROTTLES,
)
"""Those of the local ones that only the door's role may touch."""

LOCAL: Final[tuple[Table, ...]] = (
    NUMBER_RANGES,
    NUMBERS_TAKEN,
    RUNS,
    RUN_BATCHES,
    RUN_TOTALS,
    VERIFICATIONS,
    OUTBOX,
    INSTALLATION,
    VENDOR_AUDIT,
    VENDOR_AUDIT_HEAD,
    *DOOR,
)
