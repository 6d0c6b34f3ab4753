"""What runs say that they issued, against the documents that have the numbers which they took.

A population that is put there to measure takes the numbers of what accounts did on a day for that day's run too, before
it opens: so a run may be right with or without what was taken before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from prorata.store.verifying.finding import Finding


class _Key(NamedTuple):
    run_id: int
    test: bool
    currency: str


class _Sums(NamedTuple):
    """How many, and their sum with tax in minor units."""

    invoices: int
    invoiced: int
    credit_notes: int
    credited: int

    def __str__(self) -> str:
        return (
            f"{self.invoices} invoices of {self.invoiced} and {self.credit_notes} credit notes of {self.credited} "
            "minor units"
        )


_NOTHING: Final = _Sums(0, 0, 0, 0)


def check_runs(conn: Connection) -> Iterator[Finding]:
    """Each run's documents by test accounts and others, and by currency; and how many accounts it wrote something for.

    For the owner. Wants a transaction in which every query sees the same moment: a run may go on meanwhile.
    """
    issued: dict[_Key, tuple[_Sums, _Sums]] = {}
    accounts: dict[int, int] = {}
    for run_id, test, currency, whole, later, wrote in conn.execute(_ISSUED):
        if test is None:
            accounts[run_id] = wrote
        else:
            issued[_Key(run_id, test, currency)] = _sums(whole), _sums(later)
    said = {_Key(*row[:3]): _sums(row[3:]) for row in conn.execute(_SAID)}
    for key in sorted(issued.keys() | said.keys()):
        says, may_be = said.get(key, _NOTHING), issued.get(key, (_NOTHING, _NOTHING))
        if says not in may_be:
            where = f"run {key.run_id} in {key.currency}{' of test accounts' if key.test else ''}"
            yield Finding("run_differs", where, f"it says {says}, and issued {may_be[-1]}")
    billed = {row.run_id: row.billed for row in conn.execute(_BILLED)}
    for run_id, wrote in sorted(accounts.items()):
        if billed.get(run_id, 0) < wrote:
            detail = f"it wrote for {billed.get(run_id, 0)} accounts, and {wrote} have documents of it"
            yield Finding("run_differs", f"run {run_id}", detail)


def _sums(numbers: Sequence[int]) -> _Sums:
    return _Sums(*map(int, numbers))


def _sums_of(only: str) -> str:
    parts = (
        f"coalesce({what} FILTER (WHERE issued.kind = '{kind}' AND {only}), 0)"
        for kind in ("invoice", "credit_note")
        for what in ("count(*)", "sum(issued.total)")
    )
    return f"ARRAY[{', '.join(parts)}]"


# One look into the ranges for each document, since they do not overlap; and no look into the runs meanwhile.
_ISSUED = text(f"""
    WITH issued AS MATERIALIZED (
        SELECT document.account_id, document.kind, document.currency, document.total, taken.run_id, taken.at
        FROM documents AS document, LATERAL (
            SELECT last, run_id, at FROM numbers_taken AS range
            WHERE range.seller_id = document.seller_id AND range.series = document.series
              AND range.year = document.year AND range.first <= document.place
            ORDER BY range.first DESC LIMIT 1
        ) AS taken
        WHERE taken.last >= document.place AND taken.run_id IS NOT NULL
    )
    SELECT issued.run_id, account.test, issued.currency, {_sums_of("true")} AS whole,
           {_sums_of("issued.at >= run.opened_at")} AS later,
           CASE WHEN grouping(account.test) = 1
                THEN count(DISTINCT issued.account_id) FILTER (WHERE issued.at >= run.opened_at) END AS accounts
    FROM issued JOIN accounts AS account USING (account_id) JOIN runs AS run ON run.id = issued.run_id
    GROUP BY GROUPING SETS ((issued.run_id, account.test, issued.currency), (issued.run_id))
""")  # noqa: S608 - our own text

_SAID = text("""
    SELECT run_id, test, currency, sum(invoices), sum(invoiced), sum(credit_notes), sum(credited)
    FROM run_totals GROUP BY run_id, test, currency
""")

_BILLED = text("SELECT run_id, sum(billed) AS billed FROM run_batches GROUP BY run_id")
