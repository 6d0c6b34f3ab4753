"""What the vendor's people do among themselves stands in the vendor's own audit, and how they came and went."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prorata.store import audit
from prorata.store.audit import THE_VENDORS, AuditEntry
from prorata.store.screens import audit as screen
from prorata.store.screens.audit import Chosen
from prorata.store.verifying.chain import check_chain, check_vendors_chain
from prorata.usecases.act_on_behalf import begin_on_behalf, end_on_behalf
from prorata.usecases.door import passkeys
from prorata.usecases.door.links import use_link
from prorata.usecases.door.own_sessions import end_other_sessions, end_session, look_at
from prorata.usecases.door.sessions import Seen, who
from prorata.usecases.door.sign_in import sign_out
from prorata.usecases.door.staff import (
    LastStaffOwner,
    NewStaff,
    change_staff_role,
    create_staff,
    end_staff,
    staff_link,
)
from prorata.usecases.permissions import Origin, operator, staff_actor
from support.authenticator import Device
from support.entrance import HERE, Entrance

OPERATOR = operator("Operator")
ELSEWHERE = Seen("Safari/iPhone", "198.51.100.4")
WHY = "asked by telephone"
TOM = NewStaff(email="Tom@kadans.example", name="Tom Becker", role="support")


def entries(entrance: Entrance) -> list[AuditEntry]:
    """The vendor's own, the first first; its chain holds."""
    with entrance.services.database.owner(read_only=True) as conn:
        found = screen.page(conn, THE_VENDORS, chosen=Chosen(), limit=100, offset=0)
        assert list(check_vendors_chain(conn)) == []
    return list(reversed(found))


def noted(entrance: Entrance) -> list[tuple[str, str, str]]:
    return [(one.actor_name, one.action, one.subject) for one in entries(entrance)]


def in_account(entrance: Entrance, account: int = 1) -> list[tuple[str, str | None, str]]:
    """What the account's audit says, the first first; its chain holds."""
    with entrance.services.database.owner(read_only=True) as conn:
        found = audit.page(conn, account)
        assert list(check_chain(conn, [account])) == []
    return [(one.action, one.on_behalf, one.address) for one in reversed(found)]


def acting(entrance: Entrance, *, seen: Seen = HERE) -> str:
    """The token of a session of Eva, who acts for the first account."""
    entrance.owner()
    token = entrance.session(entrance.staff(), seen=seen)
    actor = entrance.known(token).actor
    assert actor
    session = entrance.known(token).session.id
    begin_on_behalf(entrance.services, actor, account=1, reason=WHY, session=session)
    return token


def test_who_is_taken_on_changed_and_let_go_at_the_command_line(entrance: Entrance) -> None:
    create_staff(entrance.services, OPERATOR, new=TOM)
    staff_link(entrance.services, OPERATOR, email="tom@kadans.example")
    change_staff_role(entrance.services, OPERATOR, email="tom@kadans.example", role="finance")
    end_staff(entrance.services, OPERATOR, email="tom@kadans.example")
    assert noted(entrance) == [
        ("Operator", "staff.create", "tom@kadans.example as support"),
        ("Operator", "staff.link", "tom@kadans.example"),
        ("Operator", "staff.change_role", "tom@kadans.example as finance"),
        ("Operator", "staff.end", "tom@kadans.example"),
    ]
    created, _, changed, _ = entries(entrance)
    assert (created.way, created.address, created.actor_id) == ("cli", "", None)
    assert (created.detail, changed.detail) == ({"name": "Tom Becker"}, {"before": "support"})


def test_what_is_refused_is_not_noted(entrance: Entrance) -> None:
    create_staff(entrance.services, OPERATOR, new=replace(TOM, role="owner"))
    for refused in (
        lambda: end_staff(entrance.services, OPERATOR, email="tom@kadans.example"),
        lambda: change_staff_role(entrance.services, OPERATOR, email="tom@kadans.example", role="support"),
    ):
        with pytest.raises(LastStaffOwner):
            refused()
    assert len(entries(entrance)) == 1


def test_who_comes_in_and_goes_with_from_where_and_how(entrance: Entrance) -> None:
    link = create_staff(entrance.services, OPERATOR, new=TOM)
    token = use_link(entrance.services, link.rsplit("/", 1)[1], seen=HERE)
    sign_out(entrance.services, token)
    sign_out(entrance.services, token)
    assert noted(entrance)[1:] == [
        ("Tom Becker", "staff.sign_in", "tom@kadans.example by link"),
        ("Tom Becker", "staff.sign_out", "tom@kadans.example"),
    ]
    came, went = entries(entrance)[1:]
    person = entrance.person("tom@kadans.example").id
    assert (came.actor_id, came.address, came.way) == (person, "192.0.2.1", "web")
    assert (went.actor_id, went.address, went.detail) == (person, "192.0.2.1", {"why": "signed_out"})


def test_who_does_something_at_the_console_is_noted_as_themselves(entrance: Entrance) -> None:
    eva = entrance.staff()
    actor = entrance.known(entrance.session(eva)).actor
    assert actor
    create_staff(entrance.services, actor, new=TOM)
    last = entries(entrance)[-1]
    assert (last.actor_id, last.actor_name, last.address, last.way) == (eva.id, "Eva Lindhout", "192.0.2.1", "web")


def test_of_the_people_of_accounts_nothing_is_noted(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    sign_out(entrance.services, token)
    # Nor of one of the vendor's whom an account's own directory lets in to that account.
    eva = entrance.staff()
    entrance.member(eva.email, account=1)
    sign_out(entrance.services, entrance.session(eva, method="directory", only_account=1))
    assert entries(entrance) == []


def test_acting_for_a_customer_stands_in_both_audits(entrance: Entrance) -> None:
    token = acting(entrance)
    known = entrance.known(token)
    assert known.actor
    end_on_behalf(entrance.services, known.actor, account=1, session=known.session.id)
    assert [one[:2] for one in in_account(entrance)] == [("behalf.begin", WHY), ("behalf.end", WHY)]
    began, ended = entries(entrance)[1:]
    assert (began.action, began.on_behalf, began.detail) == ("behalf.begin", WHY, {"account": 1})
    assert (ended.action, ended.on_behalf, ended.detail) == ("behalf.end", WHY, {"account": 1})
    # By its number: what a customer is called is erased once they have closed their account, and this is kept for good.
    assert {began.subject, ended.subject} == {"account 1"}


def test_who_signs_out_acts_for_nobody_any_more_and_both_audits_say_so(entrance: Entrance) -> None:
    token = acting(entrance, seen=ELSEWHERE)
    sign_out(entrance.services, token)
    assert in_account(entrance)[-1] == ("behalf.end", WHY, "198.51.100.4")
    assert [one.action for one in entries(entrance)][-2:] == ["behalf.end", "staff.sign_out"]
    assert [one.on_behalf for one in entries(entrance)][-2:] == [WHY, None]
    # Once more ends nothing, and says nothing.
    sign_out(entrance.services, token)
    assert len(in_account(entrance)) == 2


def test_a_session_that_is_ended_from_elsewhere_says_so_from_there(entrance: Entrance) -> None:
    token = acting(entrance, seen=ELSEWHERE)
    session = entrance.known(token).session.id
    desk = entrance.known(entrance.session(entrance.person("eva@kadans.example")))
    end_session(entrance.services, desk, session=session)
    assert in_account(entrance)[-1] == ("behalf.end", WHY, "192.0.2.1")
    last = entries(entrance)[-1]
    assert (last.action, last.address, last.detail) == ("staff.sign_out", "192.0.2.1", {"why": "revoked"})


def test_ending_all_other_sessions_ends_acting_in_each(entrance: Entrance) -> None:
    acting(entrance, seen=ELSEWHERE)
    eva = entrance.person("eva@kadans.example")
    entrance.owner("piet@else.example")
    phone = entrance.known(entrance.session(eva, seen=ELSEWHERE))
    assert phone.actor
    begin_on_behalf(entrance.services, phone.actor, account=2, reason="by mail", session=phone.session.id)
    assert end_other_sessions(entrance.services, entrance.known(entrance.session(eva))) == 2
    assert in_account(entrance)[-1][:2] == ("behalf.end", WHY)
    assert in_account(entrance, 2)[-1][:2] == ("behalf.end", "by mail")
    assert [one.action for one in entries(entrance)][-4:] == ["behalf.end"] * 2 + ["staff.sign_out"] * 2


def test_whoever_signs_in_over_a_session_ends_it_and_what_was_done_in_it(entrance: Entrance) -> None:
    token = acting(entrance)
    entrance.session(entrance.person("eva@kadans.example"), seen=replace(HERE, session=token))
    assert in_account(entrance)[-1][:2] == ("behalf.end", WHY)
    assert [one.action for one in entries(entrance)][-3:] == ["behalf.end", "staff.sign_out", "staff.sign_in"]


def test_who_looks_at_another_account_stops_acting(entrance: Entrance) -> None:
    token = acting(entrance)
    entrance.owner("piet@else.example")
    entrance.member("eva@kadans.example", account=2)
    look_at(entrance.services, entrance.known(token), account=2)
    assert in_account(entrance)[-1][:2] == ("behalf.end", WHY)
    assert entries(entrance)[-1].action == "behalf.end"


def test_who_is_let_go_while_they_act_for_a_customer_has_stopped(entrance: Entrance) -> None:
    token = acting(entrance)
    entrance.staff("ada@kadans.example")
    at_the_console = staff_actor("Ada", "owner", proved=True, origin=Origin("203.0.113.9", "web"))
    end_staff(entrance.services, at_the_console, email="eva@kadans.example")
    assert who(entrance.services, token, seen=HERE) is None
    assert in_account(entrance)[-1] == ("behalf.end", WHY, "203.0.113.9")
    assert noted(entrance)[-2:] == [
        ("Eva Lindhout", "behalf.end", "account 1"),
        ("Ada", "staff.end", "eva@kadans.example"),
    ]


def test_what_they_come_in_with_is_noted_and_of_nobody_else(entrance: Entrance) -> None:
    services = replace(entrance.services, address="https://billing.example")
    for person in (entrance.owner(), entrance.staff()):
        known = entrance.known(entrance.session(person))
        device = Device(id=person.email.encode())
        asked = passkeys.ask_for_new(services, known, token="")
        answer = device.make(asked.options)
        key = passkeys.add(services, known, token=asked.token, answer=answer, name="Laptop")
        passkeys.rename(services, known, passkey=key.id, name="Old laptop")
        passkeys.remove(services, known, passkey=key.id)
    assert noted(entrance)[1:] == [
        ("Eva Lindhout", "passkey.add", "Laptop"),
        ("Eva Lindhout", "passkey.rename", "Old laptop"),
        ("Eva Lindhout", "passkey.remove", "Old laptop"),
    ]
