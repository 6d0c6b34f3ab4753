"""The audit against its own hashes: whether each entry is what was written, in its place, with none gone or added.

The database hashes each entry as `audit_chain` does, with the hash that is stored before it, so that what is found is
named where it begins; however many entries there are, only what is wrong comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from prorata.store.audit import THE_VENDORS
from prorata.store.verifying.fetching import fetch
from prorata.store.verifying.finding import Finding

_CODE: Final = "audit_chain_broken"


class _Broken(NamedTuple):
    """A place where the chain does not hold: at the entry `id`, 0 where the account has none, after the one `before`.

    `follows`: it is what was written after that one; `cut`: it stands last, and another one did.
    """

    account_id: int
    id: int
    before: int
    follows: bool
    cut: bool


def check_chain(conn: Connection, account_ids: Sequence[int]) -> Iterator[tuple[int, Finding]]:
    """Each entry of these accounts follows the one before it, from the first to the one that the account ends with."""
    for row in fetch(conn, _BROKEN, of=account_ids, kind=_Broken):
        for finding in _said(row):
            yield row.account_id, finding


def check_vendors_chain(conn: Connection) -> Iterator[Finding]:
    """The same of the vendor's own. For the owner."""
    for row in conn.exec_driver_sql(_BROKEN_OF_VENDOR):
        yield from _said(_Broken(*row), audit="vendor audit")


def _said(row: _Broken, *, audit: str = "audit") -> Iterator[Finding]:
    first, last = row.before + 1, row.id - 1
    if first <= last:
        gone = f"{audit} entry {first}" if first == last else f"{audit} entry {first} to {last}"
        yield Finding(_CODE, gone, "it was written once, and is not there any more")
    elif not row.follows:
        detail = "it is not what was written, or does not follow the one before it"
        yield Finding(_CODE, f"{audit} entry {row.id}", detail)
    if row.cut:
        yield Finding(_CODE, audit, f"it ends with entry {row.id}, which is not the last that was written")


# The text is that of `audit_chain`, letter by letter.
def _broken(accounts: str, entries: str) -> str:
    return rf"""
        SELECT account_id, coalesce(id, 0) AS id, coalesce(before, 0) AS before, coalesce(follows, true) AS follows,
               ends AND hash IS DISTINCT FROM audit_hash AS cut
        FROM (
            SELECT account.account_id, account.audit_hash, entry.id, entry.hash, lag(entry.id) OVER chain AS before,
                   lead(entry.id) OVER chain IS NULL AS ends,
                   entry.id IS NULL OR entry.hash IS NOT DISTINCT FROM sha256(
                       coalesce(lag(entry.hash) OVER chain, decode(repeat('00', 32), 'hex')) || convert_to(concat(
                           '{{"account_id":', entry.account_id,
                           ',"action":', to_json(entry.action),
                           ',"actor_id":', coalesce(CAST(entry.actor_id AS text), 'null'),
                           ',"actor_kind":', to_json(entry.actor_kind),
                           ',"actor_name":', to_json(entry.actor_name),
                           ',"address":', to_json(entry.address),
                           ',"at":"', to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
                           '","detail":', entry.detail,
                           ',"id":', entry.id,
                           ',"on_behalf":', coalesce(to_json(entry.on_behalf), 'null'),
                           ',"subject":', to_json(entry.subject),
                           ',"way":', to_json(entry.way),
                       '}}'), 'UTF8')) AS follows
            FROM ({accounts}) AS account
            LEFT JOIN ({entries}) AS entry USING (account_id)
            WINDOW chain AS (PARTITION BY account.account_id ORDER BY entry.id)
        ) AS chained
        WHERE NOT follows OR id > coalesce(before, 0) + 1 OR ends AND hash IS DISTINCT FROM audit_hash
        ORDER BY account_id, id
    """  # noqa: S608 - our own text


_BROKEN: Final = _broken(
    "SELECT account_id, audit_hash FROM accounts WHERE account_id = ANY($1)",
    "SELECT * FROM audit WHERE account_id = ANY($1)",
)
# One row, even where that of the head is gone.
_BROKEN_OF_VENDOR: Final = _broken(
    f"SELECT {THE_VENDORS} AS account_id, (SELECT hash FROM vendor_audit_head) AS audit_hash",  # noqa: S608 - ours
    f"SELECT {THE_VENDORS} AS account_id, * FROM vendor_audit",  # noqa: S608 - ours
)
