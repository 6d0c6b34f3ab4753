"""Answers of passkeys that are refused, each by its own name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from prorata.store import people
from prorata.usecases.act import Services
from prorata.usecases.door import passkeys
from prorata.usecases.door.passkey_answers import (
    PasskeyCopied,
    PasskeyNotGenuine,
    PasskeyNotUnderstood,
    PasskeyNotVerified,
    PasskeyOtherOrigin,
    PasskeyOtherSite,
)
from prorata.usecases.door.passkey_questions import PasskeyQuestionOver
from prorata.usecases.door.passkeys import (
    PasskeyOfSomebodyElse,
    PasskeyUnknown,
)
from prorata.usecases.door.sessions import Known, Seen
from prorata.usecases.door.sign_in import NowhereToGo
from prorata.usecases.door.throttle import TooOften
from support.authenticator import HELD, PRESENT, SYNCED, VERIFIED, Device, text64
from support.clocks import TestClock
from usecases.door.passkeys.ground import NOON, SEEN, added, comes_in, new_device, signed_in


@pytest.mark.parametrize(
    "origin",
    [
        "https://billing.example.evil.example",
        "http://billing.example",
        "https://billing.example:8443",
        "https://evil.example",
        "null",
        ["https://billing.example"],
        None,
    ],
)
def test_a_passkey_that_was_asked_on_another_origin_is_refused(
    services: Services, anna: Known, device: Device, origin: object
):
    added(services, anna, device)
    with pytest.raises(PasskeyOtherOrigin) as refused:
        comes_in(services, device, origin=origin)
    assert refused.value.parameters == {"address": "https://billing.example"}


def test_a_passkey_that_was_asked_within_a_page_of_somebody_else_is_refused(
    services: Services, anna: Known, device: Device
):
    added(services, anna, device)
    with pytest.raises(PasskeyOtherOrigin):
        comes_in(services, device, crossOrigin=True)


def test_a_passkey_of_another_site_is_refused(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    device.host = "evil.example"
    with pytest.raises(PasskeyOtherSite):
        comes_in(services, device)


def test_an_answer_to_another_question_is_refused(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    with pytest.raises(PasskeyQuestionOver):
        comes_in(services, device, challenge=text64(b"a question of their own choosing"))


def test_an_answer_counts_once(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    answer = device.answer(asked.options)
    passkeys.sign_in(services, token=asked.token, answer=answer, seen=SEEN)
    with pytest.raises(PasskeyQuestionOver):
        passkeys.sign_in(services, token=asked.token, answer=answer, seen=SEEN)


def test_a_question_is_over_after_a_wrong_answer_too(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    wrong = device.answer(asked.options, origin="https://evil.example")
    with pytest.raises(PasskeyOtherOrigin):
        passkeys.sign_in(services, token=asked.token, answer=wrong, seen=SEEN)
    with pytest.raises(PasskeyQuestionOver):
        passkeys.sign_in(services, token=asked.token, answer=device.answer(asked.options), seen=SEEN)


def test_an_answer_is_in_time_for_five_minutes(services: Services, anna: Known, device: Device, clock: TestClock):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    clock.at = NOON + timedelta(minutes=5)
    with pytest.raises(PasskeyQuestionOver):
        passkeys.sign_in(services, token=asked.token, answer=device.answer(asked.options), seen=SEEN)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    clock.at += timedelta(minutes=4, seconds=59)
    assert passkeys.sign_in(services, token=asked.token, answer=device.answer(asked.options), seen=SEEN)


@pytest.mark.parametrize("token", ["", "somebody else’s"])
def test_an_answer_from_another_browser_is_refused(services: Services, anna: Known, device: Device, token: str):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    with pytest.raises(PasskeyQuestionOver):
        passkeys.sign_in(services, token=token, answer=device.answer(asked.options), seen=SEEN)


def test_an_answer_to_one_kind_of_question_is_none_to_another(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    with pytest.raises(PasskeyQuestionOver):
        passkeys.prove(services, anna, token=asked.token, answer=device.answer(asked.options))
    asked = passkeys.ask_to_prove(services, anna, token="")
    with pytest.raises(PasskeyQuestionOver):
        passkeys.sign_in(services, token=asked.token, answer=device.answer(asked.options), seen=SEEN)
    asked = passkeys.ask_for_new(services, anna, token="")
    with pytest.raises(PasskeyQuestionOver):
        passkeys.sign_in(services, token=asked.token, answer=device.answer(asked.options), seen=SEEN)


def test_nobody_answers_a_question_of_another_session(services: Services, anna: Known, device: Device):
    ben = signed_in(services, "Ben")
    asked = passkeys.ask_for_new(services, ben, token="kept")
    with pytest.raises(PasskeyQuestionOver):
        passkeys.add(services, anna, token="kept", answer=device.make(asked.options), name="Mine")


def test_a_key_that_nobody_has_added_is_refused(services: Services, device: Device):
    with pytest.raises(PasskeyUnknown):
        comes_in(services, device, handle=b"whoever")


def test_a_key_that_signs_with_another_key_is_refused(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    thief = Device(id=device.id, handle=device.handle, count=5)
    with pytest.raises(PasskeyNotGenuine):
        comes_in(services, thief)


def test_a_key_does_not_let_anybody_in_as_somebody_else(services: Services, anna: Known, device: Device):
    ben, own = signed_in(services, "Ben"), new_device()
    added(services, anna, device)
    added(services, ben, own)
    with pytest.raises(PasskeyOfSomebodyElse):
        comes_in(services, own, handle=device.handle)
    with pytest.raises(PasskeyOfSomebodyElse):
        comes_in(services, replace(own, handle=None))


def test_nobody_proves_who_they_are_with_the_key_of_somebody_else(services: Services, anna: Known, device: Device):
    ben, own = signed_in(services, "Ben"), new_device()
    added(services, anna, device)
    added(services, ben, own)
    asked = passkeys.ask_to_prove(services, anna, token="")
    with pytest.raises(PasskeyOfSomebodyElse):
        passkeys.prove(services, anna, token=asked.token, answer=own.answer(asked.options))


@pytest.mark.parametrize("flags", [PRESENT, VERIFIED, 0])
def test_a_device_that_did_not_make_sure_who_holds_it_is_refused(
    services: Services, anna: Known, device: Device, flags: int
):
    added(services, anna, device)
    device.flags = flags
    with pytest.raises(PasskeyNotVerified):
        comes_in(services, device)


def test_a_key_that_contradicts_itself_is_refused(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    device.flags = HELD | SYNCED  # on several devices, and not able to be
    with pytest.raises(PasskeyNotGenuine):
        comes_in(services, device)


@pytest.mark.parametrize("count_now", [6, 4, None])
def test_a_count_that_does_not_go_on_means_a_copy(
    services: Services, anna: Known, device: Device, count_now: int | None
):
    device.count = 6
    added(services, anna, device)
    comes_in(services, device)
    device.count = count_now
    with pytest.raises(PasskeyCopied):
        comes_in(services, device)
    assert [one.sign_count for one in passkeys.listed(services, anna)] == [7]
    device.count = 7
    comes_in(services, device)


def test_a_device_that_does_not_count_is_welcome(services: Services, anna: Known, device: Device):
    device.count = None
    added(services, anna, device)
    comes_in(services, device)
    comes_in(services, device)


def _with(answer: str, **changed: object) -> str:
    whole = json.loads(answer)
    return json.dumps({**whole, "response": {**whole["response"], **changed}})


GARBAGE = [
    "",
    "null",
    "[]",
    "{}",
    "not JSON",
    "{" * 10_000,
    "[" * 20_000,
    "x" * 20_001,
    '{"id": 1, "rawId": 2, "type": "public-key", "response": {}}',
    '{"id": "a", "rawId": "a", "type": "password", "response": {}}',
    '{"id": "a", "rawId": "a", "type": {}, "response": {"clientDataJSON": "a", "attestationObject": "a"}}',
]


@pytest.mark.parametrize("answer", GARBAGE)
def test_what_is_no_answer_is_not_understood(services: Services, anna: Known, answer: str):
    with pytest.raises(PasskeyNotUnderstood):
        passkeys.sign_in(services, token="any", answer=answer, seen=SEEN)
    with pytest.raises(PasskeyNotUnderstood):
        passkeys.prove(services, anna, token="any", answer=answer)
    with pytest.raises(PasskeyNotUnderstood):
        passkeys.add(services, anna, token="any", answer=answer, name="Mine")


@pytest.mark.parametrize(
    "changed",
    [
        {"clientDataJSON": ""},
        {"clientDataJSON": text64(b"\xff\xfe")},
        {"clientDataJSON": text64(b"[]")},
        {"clientDataJSON": text64(b'{"type": "webauthn.get", "challenge": 7, "origin": "https://billing.example"}')},
        {"clientDataJSON": "é"},
        {"authenticatorData": text64(b"short")},
        {"authenticatorData": text64(bytes(36) + b"\xff" + bytes(20))},
        {"signature": None},
        {"userHandle": 7},
    ],
)
def test_an_answer_of_broken_parts_is_not_understood(
    services: Services, anna: Known, device: Device, changed: dict[str, object]
):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    broken = _with(device.answer(asked.options), **changed)
    with pytest.raises((PasskeyNotUnderstood, PasskeyQuestionOver)):
        passkeys.sign_in(services, token=asked.token, answer=broken, seen=SEEN)


@pytest.mark.parametrize("changed", [{"signature": ""}, {"signature": text64(b"0" * 70)}])
def test_an_answer_without_a_signature_is_not_genuine(
    services: Services, anna: Known, device: Device, changed: dict[str, object]
):
    added(services, anna, device)
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    answer = _with(device.answer(asked.options), **changed)
    with pytest.raises(PasskeyNotGenuine):
        passkeys.sign_in(services, token=asked.token, answer=answer, seen=SEEN)


def test_an_answer_of_the_wrong_type_is_not_genuine(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    with pytest.raises(PasskeyNotGenuine):
        comes_in(services, device, type="webauthn.create")


def test_who_belongs_nowhere_is_told_so_and_the_question_is_spent(services: Services, anna: Known, device: Device):
    added(services, anna, device)
    with services.database.door() as conn:
        people.dismiss(conn, anna.person, at=NOON)
    with pytest.raises(NowhereToGo):
        comes_in(services, device)


def test_one_network_address_asks_a_hundred_times_an_hour(services: Services, clock: TestClock):
    there = Seen(agent="Chrome/Linux", address="198.51.100.4")
    for _ in range(100):
        passkeys.ask_to_sign_in(services, token="", seen=there)
    with pytest.raises(TooOften) as refused:
        passkeys.ask_to_sign_in(services, token="", seen=there)
    assert refused.value.parameters == {"minutes": 60}
    passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    clock.at += timedelta(hours=1)
    passkeys.ask_to_sign_in(services, token="", seen=there)
