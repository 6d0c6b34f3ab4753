"""How the licences of a subscription stand: bought now, bought at the next renewal, and held by whom since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from prorata.core.licences.seats import SeatChange, holders_at
from prorata.core.records import record
from prorata.core.subscriptions.model import Subscription


@record
class Standing:
    """`renewal`: the day from which `at_renewal` licences are bought; None where nothing renews any more, and then
    there are none. `since`: the members who hold one, by whom since when.
    """

    bought: int
    renewal: date | None
    at_renewal: int
    assigned: int
    since: Mapping[int, datetime]

    @property
    def free(self) -> int:
        """How many licences nobody holds; none while more are assigned than there are."""
        return max(self.bought - self.assigned, 0)


def standing_of(subscription: Subscription, changes: Iterable[SeatChange], *, today: date) -> Standing:
    """How it stands on a day. Raises ValueError where the ledger contradicts itself."""
    renewal = _renewal(subscription, today=today)
    pending = subscription.pending
    later = pending.licences if pending and renewal and pending.effective <= renewal else subscription.licences
    return Standing(
        bought=subscription.licences,
        renewal=renewal,
        at_renewal=later if renewal else 0,
        assigned=subscription.assigned,
        since=holders_at(changes),
    )


def _renewal(subscription: Subscription, *, today: date) -> date | None:
    """The first day of the next period, or of the first one after a trial; None where it has ended by then."""
    if not subscription.is_running:
        return None
    trial = subscription.trial if subscription.state == "trial" else None
    following = trial.ends if trial else subscription.grid.next_boundary(today)
    ending = subscription.ending
    return None if ending and ending.on <= following else following
