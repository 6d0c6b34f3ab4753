"""Keeping a demo and real data apart: in the one everybody may be anybody, in the other nobody without a sign-in."""

from __future__ import annotations

from prorata.store import accounts, installation, sellers
from prorata.store.engine import Connection
from prorata.store.installation import HoldsDemo, HoldsOwnData, Kind
from prorata.usecases.act import Services
from prorata.usecases.demo_data import SELLER_NAME


def use_for_demo(services: Services) -> None:
    """Let the database be a demo's. Raises `HoldsOwnData`."""
    if _settled(services, "demo") == "own":
        raise HoldsOwnData(
            "This database holds data of your own, and in the demo everybody may be anybody. Let PRORATA_DATA_DIR name "
            "another folder."
        )


def use_for_own(services: Services) -> None:
    """Let the database be one of real data. Raises `HoldsDemo`."""
    if _settled(services, "own") == "demo":
        raise HoldsDemo(
            "This database holds a demo, with made-up data in which everybody could be anybody. Let "
            "PRORATA_DATABASE_URL name another database."
        )


def _settled(services: Services, wanted: Kind) -> Kind:
    with services.database.owner() as conn:
        before = _before(conn)
        return installation.settle(conn, before or wanted, at=services.clock.now())


def _before(conn: Connection) -> Kind | None:
    """What data are that are older than the note of what they are for; None where there are none."""
    found = sellers.listed(conn)
    if not found:
        return None
    made_up = all(seller.test and seller.name == SELLER_NAME for seller in found)
    return "demo" if made_up and all(row.test and row.clock_at for row in accounts.listed(conn)) else "own"
