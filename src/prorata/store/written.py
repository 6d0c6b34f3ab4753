"""What a batch of a billing run has written, read back and checked while it is fresh.

Of each account of the batch the documents that its run has issued are made again, and its ledger as a whole. What is
older is verified each night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, text

from prorata.store.tables.runs import RUN_BATCHES
from prorata.store.verifying.credits_ import check_credits
from prorata.store.verifying.documents import check_documents
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.ledger import check_ledger
from prorata.store.verifying.reading import Whole, load

__all__ = ["Finding", "Written", "accounts_of", "check_accounts"]


@dataclass(frozen=True, slots=True)
class Written:
    """What was looked at of an account, and what was found."""

    account_id: int
    documents: int
    findings: tuple[Finding, ...]


def accounts_of(conn: Connection, *, run_id: int, place: int) -> tuple[int, ...] | None:
    """The accounts of a batch; None where there is no such batch."""
    query = select(RUN_BATCHES.c.account_ids).where(RUN_BATCHES.c.run_id == run_id, RUN_BATCHES.c.place == place)
    found = conn.scalar(query)
    return None if found is None else tuple(found)


def check_accounts(conn: Connection, account_ids: Sequence[int], *, run_id: int) -> Iterator[Written]:
    """Check what a run has written for some accounts. Wants the owner's transaction, one that sees one moment."""
    issued = _issued(conn, account_ids, run_id=run_id)
    for whole in load(conn, [account_id for account_id in account_ids if account_id in issued]):
        account_id = whole.account.account_id
        mine = issued[account_id]
        yield Written(account_id, len(mine), tuple(_findings(whole, ids=mine)))


def _findings(whole: Whole, *, ids: set[int]) -> Iterator[Finding]:
    fresh = replace(
        whole,
        documents=[row for row in whole.documents if row.id in ids],
        lines=[row for row in whole.lines if row.document_id in ids],
        taxes=[row for row in whole.taxes if row.document_id in ids],
    )
    yield from check_documents(fresh)
    if any(line.corrects_document is not None for line in fresh.lines):
        yield from check_credits(whole)
    yield from check_ledger(whole)


def _issued(conn: Connection, account_ids: Sequence[int], *, run_id: int) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for account_id, document in conn.execute(_ISSUED, {"ids": list(account_ids), "run": run_id}):
        found[account_id].add(document)
    return found


# Whose number a run has taken, that it has issued. One look into the ranges for each document: they do not overlap.
_ISSUED = text("""
    SELECT document.account_id, document.id
    FROM documents AS document, LATERAL (
        SELECT last, run_id FROM numbers_taken AS taken
        WHERE taken.seller_id = document.seller_id AND taken.series = document.series AND taken.year = document.year
          AND taken.first <= document.place
        ORDER BY taken.first DESC LIMIT 1
    ) AS taken
    WHERE document.account_id = ANY(CAST(:ids AS bigint[])) AND taken.run_id = :run AND taken.last >= document.place
""")
