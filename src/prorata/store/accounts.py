"""Accounts: opened, found, and moved in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Literal, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, text, update

from prorata.core.events import PaymentMode
from prorata.core.history import Account, Next
from prorata.core.money import Currency, currency
from prorata.core.records import record
from prorata.store.bulk import Change, array
from prorata.store.bulk import update as update_rows
from prorata.store.engine import see_account
from prorata.store.errors import NoSuchAccount
from prorata.store.rows import AnyRow, decimal_of, fetch, fraction_of
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.sellers import SELLERS

Kind = Literal["business", "consumer"]
Billing = Literal["daily", "manual"]
_MAX_LISTED = 1000


@record
class AccountRow:
    """An account. `tax_rate` in percent; `clock_at` its own clock, for test accounts; `due_on` the next day on which
    a run has something to do, None where nothing is to come; `version` counts what was decided for it; `closed_at`:
    since when nobody belongs to it.
    """

    account_id: int
    seller_id: int
    seller_test: bool
    name: str
    country: str
    kind: Kind
    currency: Currency
    zone: ZoneInfo
    tax_rate: Fraction | None
    billing: Billing
    payment_mode: PaymentMode
    test: bool
    clock_at: datetime | None
    version: int
    due_on: date | None
    closed_at: datetime | None = None

    @property
    def apart(self) -> bool:
        """Whether its documents are numbered apart: a test account of a real seller."""
        return self.test and not self.seller_test

    @property
    def account(self) -> Account:
        """What the rules ask of it."""
        closed = self.closed_at is not None
        return Account(self.zone, self.currency, self.tax_rate, self.kind, self.country, self.billing, closed)


def create(
    conn: Connection,
    *,
    seller_id: int,
    name: str,
    country: str,
    currency: Currency,
    zone: ZoneInfo,
    kind: Kind = "business",
    tax_rate: Fraction | None = None,
    billing: Billing = "daily",
    payment_mode: PaymentMode = "automatic",
    test: bool = False,
    clock_at: datetime | None = None,
) -> int:
    """Open an account; returns its id. From here on the transaction is for this account, and sees only its rows.

    Wants a transaction of `Database.app` or `Database.owner`; raises ValueError in one that is for another account.
    """
    if conn.scalar(text("SELECT current_setting('prorata.account_id', true)")):
        raise ValueError("this transaction is for an account already")
    account_id = cast("int", conn.scalar(text("SELECT nextval('accounts_account_id_seq')")))
    see_account(conn, account_id)
    conn.execute(
        insert(ACCOUNTS).values(
            account_id=account_id,
            seller_id=seller_id,
            name=name,
            country=country,
            kind=kind,
            currency=currency.code,
            zone=zone.key,
            tax_rate=decimal_of(tax_rate),
            billing=billing,
            payment_mode=payment_mode,
            test=test,
            clock_at=clock_at,
        )
    )
    return account_id


def find(conn: Connection, account_id: int) -> AccountRow:
    """The account; raises `NoSuchAccount`."""
    return _account_of(_row(conn, account_id, lock=False))


def locked(conn: Connection, account_id: int, *, closed: bool = False) -> AccountRow:
    """The account, held until the transaction ends; raises `NoSuchAccount`, and `Busy` after ten seconds.

    One that is closed is as if it did not exist, unless it is asked for with `closed`.
    """
    row = _account_of(_row(conn, account_id, lock=True))
    if row.closed_at and not closed:
        raise NoSuchAccount(account=account_id)
    return row


def listed(conn: Connection, *, seller_id: int | None = None) -> tuple[AccountRow, ...]:
    """The first thousand accounts, of one seller or of all, in the order in which they were opened; for the owner."""
    query = _query().order_by(ACCOUNTS.c.account_id).limit(_MAX_LISTED)
    if seller_id is not None:
        query = query.where(ACCOUNTS.c.seller_id == seller_id)
    return tuple(_account_of(row) for row in conn.execute(query))


def set_clock(conn: Connection, account_id: int, *, at: datetime) -> None:
    """Move the clock of a test account; raises `NoSuchAccount` where it is none."""
    moved = conn.execute(
        update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id, ACCOUNTS.c.test).values(clock_at=at)
    )
    if moved.rowcount != 1:
        raise NoSuchAccount(account=account_id)


def set_due(conn: Connection, due: Mapping[int, date | None]) -> None:
    """Say on which day a run comes next to accounts, where nothing else was written that says so."""
    update_rows(conn, ACCOUNTS, changes=(Change({"account_id": one}, {"due_on": on}) for one, on in due.items()))


def check_now(conn: Connection) -> None:
    """Look at once at what is otherwise looked at when the transaction ends: whether rows refer to rows that exist."""
    conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    conn.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def take_id(conn: Connection, account_id: int, *, counter: str) -> int:
    """The next id of a kind of row (`next_member`, ...), taken; holds the account until the transaction ends."""
    column = ACCOUNTS.c[counter]
    taken = conn.scalar(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.account_id == account_id, ACCOUNTS.c.closed_at.is_(None))
        .values({column: column + 1})
        .returning(column)
    )
    if taken is None:
        raise NoSuchAccount(account=account_id)
    return cast("int", taken) - 1


def take_ids(conn: Connection, account_id: int, *, counter: str, count: int) -> range:
    """The next ids of a kind of row, as `take_id` takes one."""
    column = ACCOUNTS.c[counter]
    query = update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values({column: column + count})
    after = conn.scalar(query.returning(column))
    if after is None:
        raise NoSuchAccount(account=account_id)
    return range(cast("int", after) - count, cast("int", after))


@dataclass(frozen=True, slots=True)
class Counted:
    """An account as the core loads it: with the next free ids; `next_audit` is that of its audit, `audit_hash` the hash
    of the last entry there.
    """

    row: AccountRow
    next: Next
    next_audit: int
    audit_hash: bytes | None


def counted(conn: Connection, account_id: int, *, lock: bool) -> Counted:
    """The account with its counters; raises `NoSuchAccount`."""
    return _counted_of(_row(conn, account_id, lock=lock))


def _counted_of(row: AnyRow) -> Counted:
    following = Next(
        row.next_subscription,
        row.next_document,
        row.next_payment,
        row.next_lot,
        row.next_transfer,
        row.next_discount,
    )
    return Counted(_account_of(row), following, row.next_audit, row.audit_hash)


def lock_all(conn: Connection, account_ids: Sequence[int]) -> tuple[Counted, ...]:
    """Those of the accounts that there are and are not closed, in the order of their ids, held until the transaction
    ends; for the owner.

    A lock over several shards is not to be had by SELECT FOR UPDATE: writing a row in place holds it as well. Raises
    `Busy` after ten seconds.
    """
    rows = fetch(conn, _LOCK_ALL, asked={"ids": array(account_ids)})
    return tuple(_counted_of(row) for row in sorted(rows, key=attrgetter("account_id")))


def hold_all(conn: Connection, account_ids: Sequence[int]) -> None:
    """Hold accounts as `lock_all` does, without reading what stands in them; for the owner. Raises `Busy`."""
    conn.execute(_HOLD_ALL, {"ids": array(account_ids)})


_HOLD_ALL = text("UPDATE accounts SET version = version WHERE account_id = ANY(CAST(:ids AS bigint[]))")


def some(conn: Connection, account_ids: Sequence[int]) -> tuple[Counted, ...]:
    """The same without holding them, for looking only."""
    query = _query().where(ACCOUNTS.c.account_id.in_(account_ids)).order_by(ACCOUNTS.c.account_id)
    return tuple(_counted_of(row) for row in conn.execute(query))


_LOCK_ALL = text("""
    UPDATE accounts SET version = accounts.version FROM sellers
    WHERE accounts.account_id = ANY(CAST(:ids AS bigint[])) AND sellers.id = accounts.seller_id
      AND accounts.closed_at IS NULL
    RETURNING accounts.*, sellers.test AS seller_test
""")


def _query():  # noqa: ANN202 - SQLAlchemy's type for every column of two tables says nothing to a reader
    return select(ACCOUNTS, SELLERS.c.test.label("seller_test")).join(SELLERS)


def _row(conn: Connection, account_id: int, *, lock: bool) -> AnyRow:
    query = _query().where(ACCOUNTS.c.account_id == account_id)
    if lock:
        # NO KEY: what only refers to the account need not wait.
        query = query.with_for_update(key_share=True, of=ACCOUNTS)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NoSuchAccount(account=account_id)
    return row


def _account_of(row: AnyRow) -> AccountRow:
    return AccountRow(
        account_id=row.account_id,
        seller_id=row.seller_id,
        seller_test=row.seller_test,
        name=row.name,
        country=row.country,
        kind=row.kind,
        currency=currency(row.currency),
        zone=ZoneInfo(row.zone),
        tax_rate=fraction_of(cast("Decimal | None", row.tax_rate)),
        billing=row.billing,
        payment_mode=row.payment_mode,
        test=row.test,
        clock_at=row.clock_at,
        version=row.version,
        due_on=row.due_on,
        closed_at=row.closed_at,
    )
