"""Sessions: how long they last, what they are about, and how they end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from prorata.store import audit, people
from prorata.store.engine import see_account
from prorata.store.errors import NoSuchAccount
from prorata.usecases.act_on_behalf import begin_on_behalf
from prorata.usecases.door.own_sessions import (
    SessionOver,
    end_other_sessions,
    end_session,
    look_at,
    own_accounts,
    own_sessions,
    speak,
)
from prorata.usecases.door.sessions import who
from prorata.usecases.door.sign_in import sign_out
from support.entrance import HERE, Entrance

PHONE = replace(HERE, agent="Safari/iPhone", address="198.51.100.7")


def test_a_session_is_known_by_its_token_and_by_nothing_else(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    assert entrance.known(token).email == "daan@korenbloem.example"
    for other in ("", token[:-1], f"{token}x", token.swapcase()):
        assert who(entrance.services, other, seen=HERE) is None
    with entrance.services.database.owner() as conn:
        stored = conn.execute(text("SELECT to_jsonb(sessions)::text FROM sessions")).scalar_one()
    assert token not in stored


def test_a_session_ends_eight_hours_after_it_was_last_used(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    entrance.clock.at += timedelta(hours=7, minutes=59)
    assert entrance.known(token)
    entrance.clock.at += timedelta(hours=7, minutes=59)
    assert entrance.known(token)
    entrance.clock.at += timedelta(hours=8)
    assert who(entrance.services, token, seen=HERE) is None


def test_a_session_ends_after_seven_days_however_busy_it_was(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    for _ in range(27):
        entrance.clock.at += timedelta(hours=6)
        assert entrance.known(token)
    entrance.clock.at += timedelta(hours=6)
    assert who(entrance.services, token, seen=HERE) is None


def test_when_somebody_was_last_here_is_noted_once_a_minute(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    began = entrance.clock.at
    entrance.clock.at += timedelta(seconds=59)
    entrance.known(token)
    assert entrance.known(token).session.seen_at == began
    entrance.clock.at += timedelta(seconds=1)
    entrance.known(token)
    assert entrance.known(token).session.seen_at == began + timedelta(seconds=60)


def test_a_sign_in_ends_the_session_that_the_browser_had(entrance: Entrance) -> None:
    daan = entrance.owner()
    first = entrance.session(daan)
    second = entrance.session(daan, seen=replace(HERE, session=first))
    assert who(entrance.services, first, seen=HERE) is None
    assert entrance.known(second)


def test_somebody_is_proved_for_ten_minutes(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    entrance.clock.at += timedelta(minutes=9, seconds=59)
    actor = entrance.known(token).actor
    assert actor is not None
    assert actor.proved
    entrance.clock.at += timedelta(seconds=1)
    actor = entrance.known(token).actor
    assert actor is not None
    assert not actor.proved
    assert actor.origin.address == "192.0.2.1"
    assert actor.origin.way == "web"


def test_who_has_left_the_account_is_out_at_once(entrance: Entrance) -> None:
    daan = entrance.owner()
    token = entrance.session(daan)
    with entrance.services.database.door() as conn:
        see_account(conn, 1)
        conn.execute(text("UPDATE members SET left_at = now()"))
    found = entrance.known(token)
    assert (found.actor, found.account, found.here) == (None, None, None)
    assert own_accounts(entrance.services, found) == []


def test_a_role_that_changes_counts_from_the_next_request_on(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    with entrance.services.database.door(1) as conn:
        conn.execute(text("UPDATE members SET role = 'reader'"))
    actor = entrance.known(token).actor
    assert actor is not None
    assert (actor.may("see"), actor.may("buy")) == (True, False)


def test_a_role_of_the_accounts_own_gives_what_it_says(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    with entrance.services.database.account(1) as conn:
        conn.execute(
            text("INSERT INTO account_roles (account_id, id, name, permissions) VALUES (1, 7, 'Buyer', '{see,buy}')")
        )
    with entrance.services.database.door(1) as conn:
        conn.execute(text("UPDATE members SET role = 'custom:7'"))
    actor = entrance.known(token).actor
    assert actor is not None
    assert actor.permissions == frozenset({"see", "buy"})
    assert actor.own_role == "Buyer"
    with entrance.services.database.account(1) as conn:
        conn.execute(text("UPDATE account_roles SET removed_at = now()"))
    actor = entrance.known(token).actor
    assert actor is not None
    assert actor.permissions == frozenset()


def test_who_has_several_accounts_chooses_one_of_their_own(entrance: Entrance) -> None:
    daan = entrance.owner()
    second = entrance.shop.account(clock=date(2026, 1, 15), members_too=0)
    entrance.member("daan@korenbloem.example", account=second, role="reader")
    strange = entrance.shop.account(clock=date(2026, 1, 15), members_too=0)
    token = entrance.session(daan)
    known = entrance.known(token)
    assert known.actor is None
    assert [one.account for one in own_accounts(entrance.services, known)] == [1, second]
    look_at(entrance.services, known, account=second)
    actor = entrance.known(token).actor
    assert actor is not None
    assert actor.role == "reader"
    for other in (strange, 10**9, None):
        with pytest.raises(NoSuchAccount):
            look_at(entrance.services, known, account=other)
    assert entrance.known(token).account == second


def test_who_came_by_a_directory_is_known_to_that_account_alone(entrance: Entrance) -> None:
    daan = entrance.owner()
    second = entrance.shop.account(clock=date(2026, 1, 15), members_too=0)
    entrance.member("daan@korenbloem.example", account=second)
    with entrance.services.database.door() as conn:
        people.employ(conn, daan.id, role="owner", at=entrance.clock.now())
    by_code = entrance.known(entrance.session(daan, seen=PHONE))
    known = entrance.known(entrance.session(daan, method="directory", only_account=second))
    assert (known.account, known.staff) == (second, False)
    assert [one.account for one in own_accounts(entrance.services, known)] == [second]
    with pytest.raises(NoSuchAccount):
        look_at(entrance.services, known, account=1)
    with pytest.raises(NoSuchAccount):
        look_at(entrance.services, known, account=None)
    assert [one.row.id for one in own_sessions(entrance.services, known)] == [known.session.id]
    with pytest.raises(SessionOver):
        end_session(entrance.services, known, session=by_code.session.id)
    assert end_other_sessions(entrance.services, known) == 0
    speak(entrance.services, known, language="it")
    assert entrance.known(entrance.session(daan)).session.language == "en"


def test_the_vendors_people_come_to_the_console(entrance: Entrance) -> None:
    eva = entrance.staff(role="support")
    known = entrance.known(entrance.session(eva))
    assert known.actor is not None
    assert (known.actor.side, known.actor.role, known.vendor, known.account) == ("vendor", "support", "Kadans", None)
    with entrance.services.database.door() as conn:
        people.dismiss(conn, eva.id, at=entrance.clock.now())
    assert entrance.known(entrance.session(eva)).actor is None


def test_one_of_the_vendors_people_acts_for_a_customer_with_a_reason(entrance: Entrance) -> None:
    entrance.owner()
    token = entrance.session(entrance.staff(role="support"))
    with entrance.services.database.owner() as conn:
        conn.execute(
            text("UPDATE sessions SET account_id = 1, behalf_reason = 'asked by telephone' WHERE id = :id"),
            {"id": entrance.known(token).session.id},
        )
    known = entrance.known(token)
    assert known.actor is not None
    assert (known.account, known.actor.side, known.actor.behalf) == (1, "vendor", "asked by telephone")
    assert not known.actor.may("pay")


def test_who_goes_back_to_the_console_acts_for_nobody_any_more_and_the_audit_says_so(entrance: Entrance) -> None:
    entrance.owner()
    token = entrance.session(entrance.staff())
    known = entrance.known(token)
    assert known.actor is not None
    reason = "asked by telephone"
    begin_on_behalf(entrance.services, known.actor, account=1, reason=reason, session=known.session.id)
    look_at(entrance.services, entrance.known(token), account=None)
    assert (entrance.known(token).account, entrance.known(token).session.behalf) == (None, None)
    with entrance.services.database.account(1) as conn:
        noted = [(entry.action, entry.on_behalf) for entry in audit.page(conn, 1)]
    assert noted == [("behalf.end", reason), ("behalf.begin", reason)]


def test_sessions_are_listed_and_ended_one_by_one_or_all(entrance: Entrance) -> None:
    daan = entrance.owner()
    desk, phone, tablet = (entrance.session(daan, seen=seen) for seen in (HERE, PHONE, PHONE))
    here = entrance.known(desk)
    assert [(one.row.agent, one.this) for one in own_sessions(entrance.services, here)].count(
        ("Chrome/Linux", True)
    ) == 1
    end_session(entrance.services, here, session=entrance.known(phone).session.id)
    assert who(entrance.services, phone, seen=HERE) is None
    assert entrance.known(tablet)
    assert end_other_sessions(entrance.services, here) == 1
    assert who(entrance.services, tablet, seen=HERE) is None
    assert entrance.known(desk)
    sign_out(entrance.services, desk)
    assert who(entrance.services, desk, seen=HERE) is None


def test_nobody_ends_the_session_of_somebody_else(entrance: Entrance) -> None:
    daan = entrance.known(entrance.session(entrance.owner()))
    other = entrance.session(entrance.owner("piet@else.example"))
    for session in (entrance.known(other).session.id, 0, 10**15):
        with pytest.raises(SessionOver):
            end_session(entrance.services, daan, session=session)
    assert entrance.known(other)


def test_a_browser_that_somebody_never_used_is_told_by_mail(entrance: Entrance) -> None:
    daan = entrance.owner(language="it")
    entrance.session(daan)
    entrance.session(daan)
    assert entrance.mails() == []
    entrance.session(daan, seen=PHONE)
    mail = entrance.mails()[0]
    assert (mail.kind, mail.recipient, mail.language) == ("new_sign_in", "daan@korenbloem.example", "it")
    assert mail.data == {"when": "2026-01-15T12:00:00+00:00", "agent": "Safari/iPhone", "address": "198.51.100.7"}


def test_a_language_is_kept_for_pages_and_mails(entrance: Entrance) -> None:
    token = entrance.session(entrance.owner())
    speak(entrance.services, entrance.known(token), language="nl")
    assert entrance.known(token).session.language == "nl"
