"""What coming in proves by each way, what a session reaches, and how long it is remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from prorata.store import people, sessions
from prorata.store.passkeys import Passkey, add
from prorata.usecases.act_on_behalf import begin_on_behalf
from prorata.usecases.door.codes import Ask, ask_code
from prorata.usecases.door.own_sessions import look_at
from prorata.usecases.door.passkeys import PasskeysNotHere, ask_for_new, ask_to_prove
from prorata.usecases.door.proof import ask_proof
from prorata.usecases.door.proof import prove as prove_by_code
from prorata.usecases.door.sessions import Known, begin, who
from prorata.usecases.door.staff import NewStaff, change_staff_role, create_staff, staff_list
from prorata.usecases.permissions import ProofNeeded, operator
from support.entrance import HERE, Entrance

DAAN = "daan@korenbloem.example"
PHONE = replace(HERE, agent="Safari/iPhone")
OPERATOR = operator("Operator")


def proved(known: Known) -> tuple[bool, bool]:
    """For what is looked at, and wherever they belong."""
    assert known.actor
    return known.actor.proved, known.proved


def kept(entrance: Entrance) -> int:
    with entrance.services.database.owner() as conn:
        return conn.execute(text("SELECT count(*) FROM sessions")).scalar_one()


@pytest.mark.parametrize("method", ["code", "passkey", "link"])
def test_who_has_just_come_in_as_themselves_has_shown_who_they_are(entrance: Entrance, method: sessions.Method) -> None:
    assert proved(entrance.known(entrance.session(entrance.owner(), method=method))) == (True, True)


def test_an_accounts_directory_vouches_for_somebody_in_that_account(entrance: Entrance) -> None:
    daan = entrance.owner()
    known = entrance.known(entrance.session(daan, method="directory", only_account=1))
    assert proved(known) == (True, True)


def test_the_vendors_directory_vouches_for_its_people_at_the_vendor_only(entrance: Entrance) -> None:
    daan = entrance.owner()
    with entrance.services.database.door() as conn:
        people.employ(conn, daan.id, role="owner", at=entrance.clock.now())
    token = entrance.session(daan, method="directory")
    known = entrance.known(token)
    assert proved(known) == (True, False)
    with pytest.raises(ProofNeeded):
        ask_for_new(entrance.services, known, token="")
    look_at(entrance.services, known, account=1)
    assert proved(entrance.known(token)) == (False, False)
    entrance.clock.at += timedelta(seconds=30)
    asked = ask_proof(entrance.services, known, seen=HERE, old="")
    token = prove_by_code(entrance.services, known, token=asked, code=entrance.code(DAAN), seen=HERE)
    assert proved(entrance.known(token)) == (True, True)


def test_who_comes_by_an_invitation_has_not_shown_who_they_are(entrance: Entrance) -> None:
    daan = entrance.owner()
    with entrance.services.database.door() as conn:
        token = begin(entrance.services, conn, person=daan.id, method="link", seen=HERE, account=1)
    assert proved(entrance.known(token)) == (False, False)


def test_an_accounts_directory_does_not_learn_what_somebody_signs_in_with(entrance: Entrance) -> None:
    daan = entrance.owner()
    at = entrance.clock.now()
    with entrance.services.database.door() as conn:
        add(conn, Passkey(id=b"k", person=daan.id, public_key=b"p", sign_count=0, name="Phone", synced=False, at=at))
    known = entrance.known(entrance.session(daan, method="directory", only_account=1))
    with pytest.raises(PasskeysNotHere):
        ask_to_prove(entrance.services, known, token="")


def test_who_may_act_for_customers_no_more_is_out_of_their_accounts_and_finds_the_way_back(entrance: Entrance) -> None:
    entrance.owner()
    entrance.staff("owner@kadans.example")
    token = entrance.session(entrance.staff(role="support"))
    known = entrance.known(token)
    assert known.actor
    begin_on_behalf(entrance.services, known.actor, account=1, reason="by telephone", session=known.session.id)
    change_staff_role(entrance.services, OPERATOR, email="eva@kadans.example", role="catalogue")
    known = entrance.known(token)
    assert (known.actor, known.account, known.staff) == (None, None, True)
    look_at(entrance.services, known, account=None)
    actor = entrance.known(token).actor
    assert actor
    assert (actor.role, actor.behalf) == ("catalogue", None)


def test_who_leaves_an_account_still_acts_there_for_the_vendor(entrance: Entrance) -> None:
    daan = entrance.owner()
    with entrance.services.database.door() as conn:
        people.employ(conn, daan.id, role="owner", at=entrance.clock.now())
    token = entrance.session(daan)
    known = entrance.known(token)
    assert known.actor
    begin_on_behalf(entrance.services, known.actor, account=1, reason="by telephone", session=known.session.id)
    with entrance.services.database.door(1) as conn:
        sessions.leave(conn, person=daan.id, account=1, at=entrance.clock.now())
    assert entrance.known(token).account == 1


def test_what_the_vendor_calls_its_people_is_not_what_an_account_did(entrance: Entrance) -> None:
    entrance.person("tom@kadans.example", name="The Support of the Bank")
    create_staff(entrance.services, OPERATOR, new=NewStaff(email="tom@kadans.example", name="Tom Becker", role="owner"))
    assert [row.person.name for row in staff_list(entrance.services, OPERATOR)] == ["Tom Becker"]


def test_a_browser_that_another_accounts_directory_let_in_is_still_a_new_one(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    entrance.session(daan)
    entrance.session(daan, seen=PHONE, method="directory", only_account=1)
    before = len(entrance.mails(to=DAAN))
    entrance.session(daan, seen=PHONE)
    assert [mail.kind for mail in entrance.mails(to=DAAN)][before:] == ["new_sign_in"]
    entrance.session(daan, seen=PHONE)
    assert len(entrance.mails(to=DAAN)) == before + 1


def test_a_browser_that_signed_in_is_none_to_be_told_of_by_the_directory(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    entrance.session(daan)
    entrance.session(daan, method="directory", only_account=1)
    assert entrance.mails(to=DAAN) == []


def test_a_session_is_forgotten_ninety_days_after_its_end(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    first = entrance.session(daan)
    entrance.clock.at += timedelta(days=1)
    second = entrance.session(daan)
    entrance.clock.at += timedelta(days=96)
    ask_code(entrance.services, Ask("nobody@is.example", HERE))
    assert kept(entrance) == 2
    entrance.clock.at += timedelta(seconds=1)
    ask_code(entrance.services, Ask("nobody@is.example", HERE))
    assert kept(entrance) == 1
    assert [who(entrance.services, token, seen=HERE) for token in (first, second)] == [None, None]


def test_so_many_sessions_are_forgotten_at_a_time(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    for _ in range(3):
        entrance.session(daan)
    after = entrance.clock.now() + timedelta(days=8)
    with entrance.services.database.door() as conn:
        assert [sessions.forget(conn, before=after, most=2) for _ in range(3)] == [2, 1, 0]


def test_who_comes_back_when_all_is_forgotten_is_told_by_mail(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    entrance.session(daan)
    entrance.clock.at += timedelta(days=98)
    ask_code(entrance.services, Ask("nobody@is.example", HERE))
    assert kept(entrance) == 0
    entrance.session(daan)
    assert [mail.kind for mail in entrance.mails(to=DAAN)] == ["new_sign_in"]
