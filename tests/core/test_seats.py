"""Who holds a licence: the ledger replayed, how licences stand, and what may still be done when it has ended."""

from datetime import UTC, datetime

import pytest

from core.build import a_plan, an_account, day
from prorata.core.insights.standing import standing_of
from prorata.core.licences.seats import SeatChange, holders_at
from prorata.core.subscriptions.change import AlreadyEnded

MONTHLY = a_plan("12.50", "month")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=UTC)


def _change(on: str, member: int, *, holds: bool) -> SeatChange:
    return SeatChange(_at(on), member, holds, "asked", "admin")


CHANGES = (
    _change("2026-01-20", 1, holds=True),
    _change("2026-01-20", 2, holds=True),
    _change("2026-02-01", 1, holds=False),
    _change("2026-02-03", 1, holds=True),
)


def test_the_ledger_says_who_held_a_licence_at_an_instant_and_since_when():
    assert holders_at(CHANGES) == {2: _at("2026-01-20"), 1: _at("2026-02-03")}
    assert holders_at(CHANGES, _at("2026-02-02")) == {2: _at("2026-01-20")}
    assert holders_at(CHANGES, _at("2026-01-20")) == {1: _at("2026-01-20"), 2: _at("2026-01-20")}
    assert holders_at((), _at("2026-01-20")) == {}


@pytest.mark.parametrize("again", [_change("2026-02-04", 2, holds=True), _change("2026-02-04", 9, holds=False)])
def test_a_ledger_that_contradicts_itself_is_none(again: SeatChange):
    with pytest.raises(ValueError, match="2026-02-04"):
        holders_at((*CHANGES, again))


def test_how_licences_stand_now_and_at_the_renewal():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=10)
    life.assign("a", 2)
    standing = standing_of(life.subscription("a"), CHANGES, today=life.today)
    assert (standing.bought, standing.assigned, standing.free) == (10, 2, 8)
    assert (standing.renewal, standing.at_renewal) == (day("2026-02-15"), 10)
    assert set(standing.since) == {1, 2}
    # Fewer from the renewal on.
    life.licences("a", 6, when="renewal")
    standing = standing_of(life.subscription("a"), (), today=life.today)
    assert (standing.bought, standing.renewal, standing.at_renewal) == (10, day("2026-02-15"), 6)


def test_what_ends_before_its_renewal_has_none():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=10)
    life.cancel("a", day("2026-02-10"))
    standing = standing_of(life.subscription("a"), (), today=life.today)
    assert (standing.bought, standing.renewal, standing.at_renewal) == (10, None, 0)


def test_what_has_ended_gives_no_licences_but_takes_them_back():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=10)
    life.assign("a", 4)
    life.cancel("a", "now")
    for count in (5, 4):
        with pytest.raises(AlreadyEnded):
            life.assign("a", count)
    life.assign("a", 3)
    assert life.subscription("a").assigned == 3
