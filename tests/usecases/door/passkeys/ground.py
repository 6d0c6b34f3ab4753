"""People who have just come in, and what they do with their passkeys."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from prorata.store import people
from prorata.store.passkeys import Passkey
from prorata.usecases.act import Services
from prorata.usecases.door import passkeys
from prorata.usecases.door.sessions import Known, Seen, begin, who
from support.authenticator import Device

SEEN = Seen(agent="Chrome/Linux", address="192.0.2.7")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
_NUMBERS = count(1)


def new_device() -> Device:
    """A device whose passkey is called as no other."""
    return Device(id=f"device-{next(_NUMBERS)}".encode())


def signed_in(services: Services, name: str) -> Known:
    """Somebody of the vendor who has just come in with a code."""
    with services.database.door() as conn:
        email = f"{name}{next(_NUMBERS)}@kadans.example"
        person = people.ensure(conn, email=email, name=name, language="nl", at=NOON)
        people.employ(conn, person.id, role="support", at=NOON)
        token = begin(services, conn, person=person.id, method="code", seen=SEEN)
    return known(services, token)


def known(services: Services, token: str) -> Known:
    found = who(services, token, seen=SEEN)
    assert found
    return found


def added(services: Services, person: Known, device: Device) -> Passkey:
    asked = passkeys.ask_for_new(services, person, token="")
    answer = device.make(asked.options)
    return passkeys.add(services, person, token=asked.token, answer=answer, name="Chrome on Linux")


def comes_in(services: Services, device: Device, *, handle: bytes | None = None, **otherwise: object) -> Known:
    asked = passkeys.ask_to_sign_in(services, token="", seen=SEEN)
    answer = device.answer(asked.options, handle=handle, **otherwise)
    return known(services, passkeys.sign_in(services, token=asked.token, answer=answer, seen=SEEN))
