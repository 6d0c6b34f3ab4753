"""Documents against the audit: each was made by something that somebody did, and nothing else is said to have been."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from prorata.store.verifying.fetching import fetch
from prorata.store.verifying.finding import Finding


class _Audited(NamedTuple):
    """A document of which the audit says something else: `entry` is the first of it that names it."""

    account_id: int
    number: str
    is_issued: bool
    entry: int | None


def check_audit(conn: Connection, account_ids: Sequence[int]) -> Iterator[tuple[int, Finding]]:
    """Each document of these accounts is named by what was done at one instant, and by nothing else.

    Acts that were done together each name what came of all of them. An account of which nothing was ever noted was not
    acted on through use cases: nothing can be said of it.
    """
    for row in fetch(conn, _AUDITED, of=account_ids, kind=_Audited):
        if not row.is_issued:
            detail = f"entry {row.entry} of the audit names it, and the account has no such document"
        elif row.entry:
            detail = f"several acts are said to have made it, the first is entry {row.entry} of the audit"
        else:
            detail = "no entry of the audit names it"
        yield row.account_id, Finding("audit_differs", row.number, detail)


# What an entry names may have been changed into anything; only a list has elements.
_AUDITED = """
    SELECT coalesce(issued.account_id, noted.account_id) AS account_id, coalesce(issued.number, noted.number) AS number,
           issued.number IS NOT NULL AS is_issued, noted.entry
    FROM (
        SELECT document.account_id, document.number
        FROM documents AS document JOIN accounts AS account USING (account_id)
        WHERE document.account_id = ANY($1) AND account.next_audit > 1
    ) AS issued FULL JOIN (
        SELECT account_id, number, min(id) AS entry, min(at) AS first, max(at) AS last
        FROM audit, LATERAL jsonb_array_elements_text(
            CASE jsonb_typeof(detail -> 'documents') WHEN 'array' THEN detail -> 'documents' ELSE '[]' END
        ) AS named (number)
        WHERE account_id = ANY($1) GROUP BY account_id, number
    ) AS noted USING (account_id, number)
    WHERE issued.number IS NULL OR noted.number IS NULL OR noted.first <> noted.last
    ORDER BY 1, 2
"""
