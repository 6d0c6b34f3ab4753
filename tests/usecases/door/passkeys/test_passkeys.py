"""Passkeys: made, used to come in and to show once more who one is, and kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from prorata.store import passkeys as stored
from prorata.usecases.act import Services
from prorata.usecases.door import passkeys
from prorata.usecases.door.passkey_answers import (
    PasskeyCopied,
    Site,
)
from prorata.usecases.door.passkeys import (
    PasskeyNeedsName,
    PasskeyUnknown,
)
from prorata.usecases.door.sessions import Known, begin, who
from prorata.usecases.permissions import ProofNeeded
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence
from support.authenticator import HELD, MAY_SYNC, SYNCED, Device, bytes64, text64
from support.clocks import TestClock
from usecases.door.passkeys.ground import NOON, SEEN, added, comes_in, known, signed_in


def test_who_has_added_a_passkey_comes_in_with_it_without_saying_who_they_are(
    services: Services, anna: Known, device: Device, clock: TestClock
):
    added(services, anna, device)
    clock.set("2026-01-20")
    asked = json.loads(passkeys.ask_to_sign_in(services, token="", seen=SEEN).options)
    assert (asked["rpId"], asked["allowCredentials"]) == ("billing.example", [])
    assert (asked["userVerification"], asked["timeout"]) == ("required", 300_000)
    found = comes_in(services, device)
    assert (found.person, found.session.method, found.session.name) == (anna.person, "passkey", "Anna")
    (passkey,) = passkeys.listed(services, found)
    assert (passkey.name, passkey.sign_count, passkey.synced) == ("Chrome on Linux", 1, False)
    assert (passkey.at, passkey.used_at) == (NOON, datetime(2026, 1, 20, 12, tzinfo=UTC))


def test_a_new_passkey_is_asked_for_with_all_that_makes_it_one(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    asked = json.loads(passkeys.ask_for_new(services, anna, token="").options)
    assert asked["rp"] == {"id": "billing.example", "name": "Prorata"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == (anna.email, "Anna")
    assert bytes64(asked["user"]["id"]) == device.handle
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert [one["id"] for one in asked["excludeCredentials"]] == [text64(device.id)]


def test_devices_know_a_person_by_a_name_that_says_nothing(services: Services, anna: Known):
    ben = signed_in(services, "Ben")
    with services.database.door() as conn:
        handles = [stored.handle(conn, person.person) for person in (anna, ben)]
    assert [len(handle) for handle in handles] == [16, 16]
    assert len(set(handles)) == 2


def test_who_adds_one_is_told_by_mail(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    with services.database.owner() as conn:
        query = text("SELECT kind, language, data, secret FROM outbox WHERE recipient = :to")
        rows = conn.execute(query, {"to": anna.email}).all()
    data = {"name": "Chrome on Linux", "when": "2026-01-15T12:00:00+00:00"}
    assert [tuple(row) for row in rows] == [("passkey_added", "nl", data, False)]


def test_who_removes_one_is_told_by_mail(services: Services, anna: Known, device: Device):
    passkeys.remove(services, anna, passkey=added(services, anna, device).id)
    with services.database.owner() as conn:
        query = text("SELECT kind, language, data, secret FROM outbox WHERE recipient = :to ORDER BY id DESC LIMIT 1")
        rows = conn.execute(query, {"to": anna.email}).all()
    data = {"name": "Chrome on Linux", "when": "2026-01-15T12:00:00+00:00"}
    assert [tuple(row) for row in rows] == [("passkey_removed", "nl", data, False)]


def test_a_passkey_shows_once_more_who_one_is(services: Services, anna: Known, device: Device, clock: TestClock):
    added(services, anna, device)
    clock.set("2026-01-15 12:30")
    with services.database.door() as conn:
        token = begin(services, conn, person=anna.person, method="code", seen=SEEN)
    clock.set("2026-01-15 12:45")
    later = known(services, token)
    assert later.actor
    assert not later.actor.proved
    asked = passkeys.ask_to_prove(services, later, token="")
    assert [one["id"] for one in json.loads(asked.options)["allowCredentials"]] == [text64(device.id)]
    fresh = passkeys.prove(services, later, token=asked.token, answer=device.answer(asked.options))
    assert who(services, token, seen=SEEN) is None
    after = known(services, fresh)
    assert after.session.id == later.session.id
    assert after.actor
    assert after.actor.proved


def test_who_has_none_cannot_be_asked_for_one(services: Services, anna: Known):
    with pytest.raises(PasskeyUnknown):
        passkeys.ask_to_prove(services, anna, token="")


def test_a_browser_keeps_what_it_has_while_it_is_asked_twice(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    first = passkeys.ask_to_sign_in(services, token="kept", seen=SEEN)
    second = passkeys.ask_to_sign_in(services, token="kept", seen=SEEN)
    assert (first.token, second.token) == ("kept", "kept")
    for asked in (first, second):
        assert passkeys.sign_in(services, token="kept", answer=device.answer(asked.options), seen=SEEN)


def test_whether_a_key_is_on_several_devices_is_learned_with_each_use(services: Services, anna: Known, device: Device):
    device.flags, device.count = HELD | MAY_SYNC, None
    assert not added(services, anna, device).synced
    device.flags = HELD | MAY_SYNC | SYNCED
    comes_in(services, device)
    assert [one.synced for one in passkeys.listed(services, anna)] == [True]


def test_a_key_is_called_what_its_owner_calls_it(services: Services, anna: Known, device: Device):
    passkey = added(services, anna, device)
    passkeys.rename(services, anna, passkey=passkey.id, name="  Phone   of the shop ")
    assert passkeys.one(services, anna, passkey=passkey.id).name == "Phone of the shop"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "bell\x07"])
def test_a_key_needs_a_name_that_fits_a_line(services: Services, anna: Known, device: Device, name: str):
    passkey = added(services, anna, device)
    with pytest.raises(PasskeyNeedsName):
        passkeys.rename(services, anna, passkey=passkey.id, name=name)
    assert passkeys.one(services, anna, passkey=passkey.id).name == "Chrome on Linux"


def test_a_key_that_was_removed_lets_nobody_in(services: Services, anna: Known, device: Device):
    passkey = added(services, anna, device)
    passkeys.remove(services, anna, passkey=passkey.id)
    assert passkeys.listed(services, anna) == []
    with pytest.raises(PasskeyUnknown):
        comes_in(services, device)
    with pytest.raises(PasskeyUnknown):
        passkeys.remove(services, anna, passkey=passkey.id)


def test_a_key_is_only_removed_by_who_has_just_shown_who_they_are(
    services: Services, anna: Known, device: Device, clock: TestClock
):
    passkey = added(services, anna, device)
    clock.at += timedelta(minutes=10)
    with pytest.raises(ProofNeeded):
        passkeys.remove(services, anna, passkey=passkey.id)


def test_the_keys_of_others_are_not_there(services: Services, anna: Known, device: Device):
    ben = signed_in(services, "Ben")
    passkey = added(services, anna, device)
    with pytest.raises(PasskeyUnknown):
        passkeys.one(services, ben, passkey=passkey.id)
    with pytest.raises(PasskeyUnknown):
        passkeys.rename(services, ben, passkey=passkey.id, name="Mine")
    with pytest.raises(PasskeyUnknown):
        passkeys.remove(services, ben, passkey=passkey.id)
    assert comes_in(services, device).person == anna.person


@pytest.mark.parametrize(
    ("address", "origin", "host"),
    [
        ("https://billing.example", "https://billing.example", "billing.example"),
        ("https://Billing.Example:443", "https://billing.example", "billing.example"),
        ("https://billing.example:8443", "https://billing.example:8443", "billing.example"),
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
        ("https://example.org/billing", "https://example.org", "example.org"),
    ],
)
def test_the_site_is_the_one_of_the_settings(address: str, origin: str, host: str):
    assert Site.of(address) == Site(origin, host)


def test_a_refusal_says_the_way_on():
    said = sentence(PasskeyCopied(), wording_for(Language.EN))
    assert said.endswith("Sign in with a mailed code, remove this passkey and add a new one.")
