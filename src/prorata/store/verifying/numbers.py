"""The numbers of documents, by set queries: however many there are, only what is wrong comes back.

Within a series every place up to its counter has one document, the ranges that were taken lie end to end up to it, and
each document lies in a range that was taken for it, on its own day. That a later number never has an earlier day is
not asked across accounts: two zones have two days at once, and accounts with clocks of their own have any day. Instead
each document's day is that of the decision, or of the run, that took its number, so that none is dated back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Connection, TextClause, text

from prorata.core.calendar import business_date
from prorata.core.documents.numbers import document_number
from prorata.store.rows import AnyRow
from prorata.store.verifying.fetching import fetch
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.reading import Whole

MOST: Final = 1000
"""Of each kind of finding about numbers so many are named: a missing range takes all after it along."""


def check_series(conn: Connection) -> Iterator[Finding]:
    """All series of all sellers."""
    for row in _rows(conn, _PLACES):
        yield _place(row)
    for row in _rows(conn, _ENDS):
        if row.last < row.next - 1:
            yield Finding("number_missing", _numbers(row, row.last + 1, row.next - 1), f"at seller {row.seller_id}")
        else:
            where = _numbers(row, row.next, row.last)
            yield Finding(
                "number_not_counted", where, f"the next document of seller {row.seller_id} would have {row.next}"
            )
    for row in _rows(conn, _RANGES):
        detail = f"{row.first} to {row.last} were taken after {row.before}, and {row.next} is next"
        yield Finding("range_differs", _numbers(row, row.first, row.last), f"{detail}, at seller {row.seller_id}")


class _Taken(NamedTuple):
    """A document, and what was taken that has its number; `taken_on`: the first day that it may be of."""

    account_id: int
    number: str
    issued_on: date
    first: int | None
    of_another: bool | None
    taken_on: date | None


def check_taken(conn: Connection, account_ids: Sequence[int]) -> Iterator[tuple[int, Finding]]:
    """Whether the numbers of these accounts' documents were taken for them, on the day that stands on them."""
    for row in fetch(conn, _TAKEN, of=account_ids, kind=_Taken):
        yield row.account_id, _not_taken(row, row.taken_on)


def check_taken_for(conn: Connection, whole: Whole) -> Iterator[tuple[int, Finding]]:
    """The same for one account whose zone the database does not know."""
    account_id = whole.account.account_id
    for row in conn.execute(_TAKEN_AT, {"ids": [account_id]}):
        first, last = _days(row, whole)
        is_taken = row.first is not None and not row.of_another
        if not is_taken or first is None or not first <= row.issued_on <= (last or date.max):
            yield account_id, _not_taken(row, first)


def _days(row: AnyRow, whole: Whole) -> tuple[date | None, date | None]:
    """The first and the last day that a document may be of: what `_TAKEN` says."""
    if row.first is not None and row.run_id is not None and whole.account.clock_at is not None:
        return row.issued_on, None
    ends = (row.at, row.at) if row.run_id is None else (row.opened_at, row.finished_at)
    first, last = [None if at is None else business_date(at, whole.rules.zone) for at in ends]
    return first, last


def _not_taken(row: _Taken | AnyRow, taken_on: date | None) -> Finding:
    if row.first is None:
        return Finding("number_not_taken", row.number, "no range was taken that has it")
    if row.of_another:
        return Finding("number_not_taken", row.number, "another account has taken it")
    return Finding("date_differs", row.number, f"it is of {row.issued_on}, its number of {taken_on}")


def check_strays(conn: Connection) -> Iterator[Finding]:
    """Rows of accounts that there are not."""
    for row in _rows(conn, _STRAYS):
        yield Finding("row_without_owner", f"{row.kind} of account {row.account_id}", "there is no such account")


def _rows(conn: Connection, query: TextClause) -> Sequence[AnyRow]:
    return conn.execute(query, {"most": MOST}).all()


def _place(row: AnyRow) -> Finding:
    if row.place == row.before:
        return Finding("number_twice", row.number, f"two documents of seller {row.seller_id} have it")
    return Finding("number_missing", _numbers(row, row.before + 1, row.place - 1), f"at seller {row.seller_id}")


def _numbers(row: AnyRow, first: int, last: int) -> str:  # noqa: PLR0917 - first to last
    ends = [document_number(row.series, row.year, place=place) for place in (first, last)]
    return ends[0] if first >= last else " to ".join(ends)


# Each document's place comes right after the one before: else there is a hole, or it is there twice.
_PLACES = text("""
    SELECT * FROM (
        SELECT seller_id, series, year, place, number, lag(place, 1, CAST(0 AS bigint)) OVER (
            PARTITION BY seller_id, series, year ORDER BY place) AS before
        FROM documents
    ) AS document
    WHERE place <> before + 1
    ORDER BY seller_id, series, year, place LIMIT :most
""")

# Up to the counter, not to the last document: one that is missing at the end is missing too.
_ENDS = text("""
    SELECT seller_id, series, year, coalesce(counted.next, 1) AS next, coalesce(issued.last, 0) AS last
    FROM number_ranges AS counted FULL JOIN (
        SELECT seller_id, series, year, max(place) AS last FROM documents GROUP BY seller_id, series, year
    ) AS issued USING (seller_id, series, year)
    WHERE coalesce(counted.next, 1) - 1 <> coalesce(issued.last, 0)
    ORDER BY seller_id, series, year LIMIT :most
""")

_RANGES = text("""
    SELECT * FROM (
        SELECT taken.seller_id, taken.series, taken.year, taken.first, taken.last, coalesce(counted.next, 1) AS next,
               lag(taken.last, 1, CAST(0 AS bigint)) OVER series AS before,
               lead(taken.first) OVER series AS after
        FROM numbers_taken AS taken LEFT JOIN number_ranges AS counted USING (seller_id, series, year)
        WINDOW series AS (PARTITION BY taken.seller_id, taken.series, taken.year ORDER BY taken.first)
    ) AS taken
    WHERE first <> before + 1 OR last < first OR coalesce(after, next) <> last + 1
    ORDER BY seller_id, series, year, first LIMIT :most
""")

# Whoever decides for one account takes its numbers at that instant. A run takes them for many accounts, of which those
# that live in real time have their documents dated between its opening and its end.
_COLUMNS = """
               document.account_id, document.number, document.issued_on, taken.first,
               taken.account_id <> document.account_id AS of_another"""
_FROM = """
        FROM documents AS document
        JOIN accounts AS account ON account.account_id = document.account_id
        LEFT JOIN LATERAL (
            SELECT * FROM numbers_taken AS range
            WHERE range.seller_id = document.seller_id AND range.series = document.series
              AND range.year = document.year AND range.first <= document.place
            ORDER BY range.first DESC LIMIT 1
        ) AS taken ON taken.last >= document.place
        LEFT JOIN runs AS run ON run.id = taken.run_id
        WHERE document.account_id = ANY({})"""
_TAKEN = f"""
    SELECT account_id, number, issued_on, first, of_another, taken_on FROM (
        SELECT {_COLUMNS}, document.id,
               CASE WHEN taken.run_id IS NULL THEN CAST(taken.at AT TIME ZONE account.zone AS date)
                    WHEN account.clock_at IS NULL THEN CAST(run.opened_at AT TIME ZONE account.zone AS date)
                    ELSE document.issued_on END AS taken_on,
               CASE WHEN taken.run_id IS NULL THEN CAST(taken.at AT TIME ZONE account.zone AS date)
                    WHEN account.clock_at IS NULL THEN CAST(run.finished_at AT TIME ZONE account.zone AS date)
                    END AS taken_to {_FROM.format("$1")}
    ) AS document
    WHERE first IS NULL OR of_another OR taken_on IS NULL
       OR issued_on NOT BETWEEN taken_on AND coalesce(taken_to, CAST('infinity' AS date))
    ORDER BY account_id, id LIMIT {MOST}
"""  # noqa: S608 - our own text
_TAKEN_AT = text(f"""
    SELECT {_COLUMNS}, taken.at, taken.run_id, run.opened_at, run.finished_at {_FROM.format("CAST(:ids AS bigint[])")}
    ORDER BY document.id
""")

_STRAYS = text(
    " UNION ALL ".join(
        f"""
    (SELECT '{table}' AS kind, account_id FROM (SELECT DISTINCT account_id FROM {table}) AS kept
     WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.account_id = kept.account_id)
     ORDER BY account_id LIMIT :most)
    """  # noqa: S608 - names of our own tables
        for table in ("subscriptions", "documents", "standings", "document_lines", "document_taxes", "transfers")
    )
)
