"""Who holds a licence, made again from the ledger of who got one and who lost it.

The database replays the ledger and tells only what does not fit: of most accounts that is nothing, and some have a
hundred thousand entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from prorata.store.verifying.finding import Finding
from prorata.store.verifying.rows import SeatRow, SubscriptionRow


def check_holders(odd: Sequence[SeatRow], subscriptions: Sequence[SubscriptionRow]) -> Iterator[Finding]:
    """What the ledger and the rows of now do not agree on."""
    names: Mapping[int, str] = {row.id: row.name for row in subscriptions}
    for row in odd:
        name = names.get(row.subscription_id)
        if name is None:
            where = f"licences of subscription {row.subscription_id}"
            yield Finding("row_without_owner", where, "the account has no such subscription")
        elif row.member_id is None:
            yield Finding("row_missing", f"ledger of holders of {name}", "it is not counted up from 1")
        else:
            code, detail = _WRONG[row.what]
            yield Finding(code, f"{name} member {row.member_id}", detail)


_WRONG: Final[Mapping[str, tuple[str, str]]] = {
    "gets": ("holders_contradict", "by the ledger they get a licence that they have"),
    "loses": ("holders_contradict", "by the ledger they lose a licence that they do not have"),
    "unheld": ("holders_differ", "by the ledger they hold a licence, and they do not"),
    "unentered": ("holders_differ", "they hold a licence, and by the ledger they do not"),
    "since": ("holders_differ", "by the ledger they hold a licence since another moment"),
}

ODD_SEATS: Final = """
    WITH entry AS (
        SELECT account_id, subscription_id, member_id, place, at, holds,
               lag(holds, 1, false) OVER (
                   PARTITION BY account_id, subscription_id, member_id ORDER BY place) AS held,
               lead(place) OVER (
                   PARTITION BY account_id, subscription_id, member_id ORDER BY place) IS NULL AS is_last
        FROM seat_changes WHERE account_id = ANY($1)
    )
    SELECT account_id, subscription_id, NULL AS member_id, 'places' AS what
    FROM entry GROUP BY account_id, subscription_id HAVING count(*) <> max(place) OR min(place) <> 1
    UNION ALL
    SELECT account_id, subscription_id, member_id, CASE WHEN holds THEN 'gets' ELSE 'loses' END
    FROM entry WHERE holds = held
    UNION ALL
    SELECT coalesce(entry.account_id, now.account_id), coalesce(entry.subscription_id, now.subscription_id),
           coalesce(entry.member_id, now.member_id),
           CASE WHEN now.member_id IS NULL THEN 'unheld' WHEN entry.member_id IS NULL THEN 'unentered' ELSE 'since' END
    FROM (SELECT * FROM entry WHERE is_last AND holds) AS entry
    FULL JOIN (SELECT * FROM licence_assignments WHERE account_id = ANY($1)) AS now
      ON now.account_id = entry.account_id AND now.subscription_id = entry.subscription_id
     AND now.member_id = entry.member_id
    WHERE now.since IS DISTINCT FROM entry.at
    ORDER BY 1, 2, 3
"""
