"""Accounts as the vendor's staff look for them; for the owner."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from prorata.store.rows import fetch


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account in the list. `running`: how many subscriptions are in use or in a trial; `people`: how many may do
    something there; `closed`: it has no name any more.
    """

    id: int
    name: str
    seller: str
    country: str
    test: bool
    running: int
    people: int
    closed: bool = False


def search(conn: Connection, *, words: str, most: int) -> tuple[FoundAccount, ...]:
    """Accounts with these words in their name, or with this number, in the order in which they were opened."""
    number = int(words) if words.isascii() and words.isdecimal() and len(words) <= 18 else None
    escaped = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    asked = {"like": f"%{escaped}%", "number": number, "most": most}
    return tuple(
        FoundAccount(row.account_id, row.name, row.seller, row.country, row.test, row.running, row.people, row.closed)
        for row in fetch(conn, _FOUND, asked=asked)
    )


_FOUND = text("""
    SELECT account.account_id, account.name, account.country, account.test, seller.name AS seller,
           account.closed_at IS NOT NULL AS closed,
           (SELECT count(*) FROM subscriptions AS bought
            WHERE bought.account_id = account.account_id AND bought.state IN ('trial', 'active')) AS running,
           (SELECT count(*) FROM members AS member
            WHERE member.account_id = account.account_id
              AND member.left_at IS NULL AND member.role <> 'member') AS people
    FROM accounts AS account JOIN sellers AS seller ON seller.id = account.seller_id
    WHERE account.name ILIKE :like OR account.account_id = CAST(:number AS bigint)
    ORDER BY account.account_id
    LIMIT :most
""")
