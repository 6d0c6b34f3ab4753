"""What a database is for: a demo, or somebody's own data. The first who uses it as either says so, for good."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from prorata.store.errors import StoreError
from prorata.store.tables.installation import INSTALLATION

Kind = Literal["demo", "own"]


class HoldsDemo(StoreError):
    """Everybody could be anybody in these data, and nothing in them is real."""

    code = "holds_demo"


class HoldsOwnData(StoreError):
    """Nobody may be let in to these data without a sign-in."""

    code = "holds_own_data"


def kind(conn: Connection) -> Kind | None:
    """What the database is for; None while nobody has said so."""
    return cast("Kind | None", conn.scalar(select(INSTALLATION.c.kind)))


def settle(conn: Connection, wanted: Kind, *, at: datetime) -> Kind:
    """Say what the database is for unless somebody has; what it is for. For the owner."""
    conn.execute(insert(INSTALLATION).values(kind=wanted, at=at).on_conflict_do_nothing())
    return kind(conn) or wanted
