"""Checking what a batch of a billing run has just written: a job that the batch itself leaves behind."""

from __future__ import annotations

import logging
from typing import Final

from prorata.store import written
from prorata.usecases.act import Services

ACCOUNTS_AT_ONCE: Final = 100
"""A bound on the memory of a check."""

_log = logging.getLogger(__name__)


class UnknownBatch(Exception):
    """There is no such batch of a run: nothing to check, and nothing that would come of trying again."""


class BatchUnsound(Exception):
    """Something that a batch has written is not as it should be; the log says what and where."""


def check_batch(services: Services, *, run: int, batch: int) -> int:
    """Read back the documents that a batch has issued, and check them; how many there were.

    Changes nothing, so it may come twice. Raises `BatchUnsound` once everything was looked at, and `UnknownBatch`.
    """
    with services.database.owner(read_only=True) as conn:
        accounts = written.accounts_of(conn, run_id=run, place=batch)
    if accounts is None:
        raise UnknownBatch(f"run {run} has no batch {batch}")
    documents = findings = 0
    for begin in range(0, len(accounts), ACCOUNTS_AT_ONCE):
        some = accounts[begin : begin + ACCOUNTS_AT_ONCE]
        with services.database.owner(read_only=True) as conn:
            for one in written.check_accounts(conn, some, run_id=run):
                documents += one.documents
                findings += len(one.findings)
                for found in one.findings:
                    _log.error(
                        "run %s, batch %s, account %s: %s: %s: %s",
                        *(run, batch, one.account_id, found.where, found.code, found.detail),
                    )
    if findings:
        raise BatchUnsound(f"run {run}, batch {batch}: {findings} findings in {documents} documents")
    return documents
