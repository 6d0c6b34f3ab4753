"""All that there is to tell about an account, read whole: the same as what is told of one that was played in memory."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from prorata.core.ledger.transfers import LEDGER
from prorata.core.money import Money
from prorata.core.stories.told import Told
from prorata.store import accounts, documents, subscriptions


def told(conn: Connection, account_id: int, *, on: date) -> Told:
    """The account as it stands, told as of a day; raises `NoSuchAccount`.

    Wants a transaction in which every query sees the same moment.
    """
    of = accounts.find(conn, account_id).currency
    money = conn.execute(_MONEY, {"account": account_id}).one()
    found = {row.name: Money(int(row.balance), of) for row in conn.execute(_BALANCES, {"account": account_id})}
    return Told(
        on=on,
        currency=of,
        documents=tuple(kept.issued for kept in documents.all_of(conn, account_id)),
        subscriptions=subscriptions.all_of(conn, account_id),
        paid=Money(int(money.paid), of),
        refunded=Money(int(money.refunded), of),
        credit=Money(int(money.credit), of),
        balances={name: found.get(name, Money(0, of)) for name in LEDGER},
    )


_MONEY = text("""
    SELECT
        (SELECT coalesce(sum(amount), 0) FROM payment_balances WHERE account_id = :account) AS paid,
        (SELECT coalesce(sum(amount - "left"), 0) FROM payment_balances WHERE account_id = :account) AS refunded,
        (SELECT coalesce(sum("left"), 0) FROM lot_balances WHERE account_id = :account) AS credit
""")

_BALANCES = text("""
    SELECT name, sum(amount) AS balance
    FROM (SELECT debit AS name, amount FROM transfers WHERE account_id = :account
          UNION ALL
          SELECT credit, -amount FROM transfers WHERE account_id = :account) AS moved
    GROUP BY name
""")
