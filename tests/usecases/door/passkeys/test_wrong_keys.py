"""New passkeys that are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from prorata.core.errors import DomainError
from prorata.usecases.act import Services
from prorata.usecases.door import passkeys
from prorata.usecases.door.passkey_answers import (
    PasskeyNotGenuine,
    PasskeyNotVerified,
    PasskeyOtherOrigin,
    PasskeyOtherSite,
)
from prorata.usecases.door.passkeys import (
    PasskeysNotHere,
    PasskeyThereAlready,
    TooManyPasskeys,
)
from prorata.usecases.door.sessions import Known
from prorata.usecases.permissions import ProofNeeded
from support.authenticator import HELD, PRESENT, SYNCED, Device
from support.clocks import TestClock
from usecases.door.passkeys.ground import added, comes_in, new_device, signed_in


def test_a_new_key_is_only_made_by_who_has_just_shown_who_they_are(
    services: Services, anna: Known, device: Device, clock: TestClock
):
    asked = passkeys.ask_for_new(services, anna, token="")
    clock.at += timedelta(minutes=10)
    with pytest.raises(ProofNeeded):
        passkeys.ask_for_new(services, anna, token="")
    with pytest.raises(ProofNeeded):
        passkeys.add(services, anna, token=asked.token, answer=device.make(asked.options), name="Mine")


def test_who_came_by_a_directory_neither_sees_nor_adds_any(services: Services, anna: Known, device: Device):
    by_directory = replace(anna, session=replace(anna.session, method="directory", only_account=7))
    passkey = added(services, anna, device)
    with pytest.raises(PasskeysNotHere):
        passkeys.listed(services, by_directory)
    with pytest.raises(PasskeysNotHere):
        passkeys.ask_for_new(services, by_directory, token="")
    with pytest.raises(PasskeysNotHere):
        passkeys.add(services, by_directory, token="any", answer="", name="Mine")
    with pytest.raises(PasskeysNotHere):
        passkeys.rename(services, by_directory, passkey=passkey.id, name="Mine")
    with pytest.raises(PasskeysNotHere):
        passkeys.remove(services, by_directory, passkey=passkey.id)


@pytest.mark.parametrize(
    ("lie", "refused"),
    [
        ({"origin": "https://evil.example"}, PasskeyOtherOrigin),
        ({"host": "evil.example"}, PasskeyOtherSite),
        ({"flags": PRESENT}, PasskeyNotVerified),
        ({"flags": HELD | SYNCED}, PasskeyNotGenuine),
        ({"id": b"x" * 1024}, PasskeyNotGenuine),
        ({"id": b""}, PasskeyNotGenuine),
    ],
)
def test_a_new_key_that_lies_is_refused(
    services: Services, anna: Known, device: Device, lie: dict[str, object], refused: type[DomainError]
):
    for name, value in lie.items():
        setattr(device, name, value)
    with pytest.raises(refused):
        added(services, anna, device)
    assert passkeys.listed(services, anna) == []


def test_a_key_of_the_longest_name_is_welcome(services: Services, anna: Known, device: Device):
    device.id = b"x" * 1023
    added(services, anna, device)
    assert comes_in(services, device).person == anna.person


def test_a_key_is_added_once_and_by_one_person(services: Services, anna: Known, device: Device):
    ben = signed_in(services, "Ben")
    added(services, anna, device)
    with pytest.raises(PasskeyThereAlready):
        added(services, anna, device)
    with pytest.raises(PasskeyThereAlready):
        added(services, ben, device)
    assert [one.id for one in passkeys.listed(services, anna)] == [device.id]
    assert passkeys.listed(services, ben) == []


def test_a_person_has_twenty_at_most(services: Services, anna: Known):
    for _ in range(20):
        last = new_device()
        added(services, anna, last)
    with pytest.raises(TooManyPasskeys) as refused:
        added(services, anna, Device(id=b"one-too-many"))
    assert refused.value.parameters == {"most": 20}
    assert len(passkeys.listed(services, anna)) == 20
