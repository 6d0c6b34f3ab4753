"""Words on their way through an address: only who wrote them reads them again, where they wrote them."""

from dataclasses import replace

import pytest

from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.keys import Keys
from prorata.usecases.permissions import member_actor
from prorata.web.center.kept_words import LONGEST, sealed, unsealed
from prorata.web.visits import Visit
from support.clocks import TestClock
from usecases.closing_ground import NOON

SERVICES = Services(Database("postgresql+psycopg://nowhere/none"), TestClock(NOON))
MINE = Visit(SERVICES, 7, member_actor("Eva", "owner", member=1))
SAID = "Eva’s team: too dear & too quiet"


def test_they_come_back_to_who_wrote_them_and_stand_in_the_address_unreadable():
    kept = sealed(MINE, SAID)
    assert unsealed(MINE, kept) == SAID
    assert "Eva" not in kept


def test_nothing_stays_nothing_and_what_is_too_long_is_left_out():
    assert [sealed(MINE, text) for text in ("", "x" * (LONGEST + 1))] == ["", ""]


@pytest.mark.parametrize(
    "other",
    [
        replace(MINE, account=8),
        replace(MINE, actor=replace(MINE.actor, member=2)),
        replace(MINE, actor=replace(MINE.actor, member=None, person=1)),
        replace(MINE, services=replace(SERVICES, keys=Keys())),
    ],
    ids=["another account", "another member", "the vendor", "another installation"],
)
def test_to_anybody_else_they_say_nothing(other: Visit):
    assert unsealed(other, sealed(MINE, SAID)) == ""


@pytest.mark.parametrize("text", ["", "x", "é", "gAAAAABl", sealed(MINE, SAID)[:-3]])
def test_what_is_no_seal_says_nothing(text: str):
    assert unsealed(MINE, text) == ""
