"""The mails that were put aside, as the demo shows them in place of sending them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prorata.store import outbox
from prorata.store.outbox import StoredMail
from prorata.usecases.act import Services

MOST_SHOWN: Final = 100
_LARGEST_ID: Final = 2**63 - 1


def mailbox(services: Services) -> Sequence[StoredMail]:
    """Everybody's mails, newest first. For the demo alone: nobody asks here who reads them."""
    with services.database.owner(read_only=True) as conn:
        return outbox.latest(conn, most=MOST_SHOWN)


def mail_in_box(services: Services, mail: int) -> StoredMail | None:
    """One of them; None where it is not there. For the demo alone, likewise."""
    if not 0 < mail <= _LARGEST_ID:
        return None
    with services.database.owner(read_only=True) as conn:
        return outbox.find(conn, mail)
