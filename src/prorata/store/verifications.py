"""What came of verifying everything, kept: one row for each time. For the owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from prorata.store.tables.verifications import VERIFICATIONS
from prorata.store.verifying.finding import Finding

FIRST: Final = 100
"""So many findings are kept with each; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Verification:
    """One time: how much was looked at, and what was found: the first of it, by account (None: of no single one)."""

    began_at: datetime
    ended_at: datetime
    accounts: int
    documents: int
    lines: int
    parked: int
    findings: int
    first: tuple[tuple[int | None, Finding], ...]


def add(conn: Connection, verification: Verification) -> None:
    """Keep one more."""
    conn.execute(
        insert(VERIFICATIONS).values(
            began_at=verification.began_at,
            ended_at=verification.ended_at,
            accounts=verification.accounts,
            documents=verification.documents,
            lines=verification.lines,
            parked=verification.parked,
            findings=verification.findings,
            first_findings=[
                {"account": account, "code": found.code, "where": found.where, "detail": found.detail}
                for account, found in verification.first[:FIRST]
            ],
        )
    )


def last(conn: Connection) -> Verification | None:
    """The latest; None where everything was never verified."""
    row = conn.execute(
        select(VERIFICATIONS).order_by(VERIFICATIONS.c.ended_at.desc(), VERIFICATIONS.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Verification(
        began_at=row.began_at,
        ended_at=row.ended_at,
        accounts=row.accounts,
        documents=row.documents,
        lines=row.lines,
        parked=row.parked,
        findings=row.findings,
        first=_first(row.first_findings),
    )


def _first(stored: Sequence[Mapping[str, Any]]) -> tuple[tuple[int | None, Finding], ...]:
    return tuple((one["account"], Finding(one["code"], one["where"], one["detail"])) for one in stored)
