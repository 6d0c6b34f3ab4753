"""Mailed codes: who gets one, what it is good for, and what is told of it to whom."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, text

from prorata.core.errors import DomainError
from prorata.usecases.door.codes import Answer, Ask, CodeOver, NotACode, NotAnEmail, WrongCode, ask_code, asked
from prorata.usecases.door.proof import ask_proof, prove
from prorata.usecases.door.sessions import who
from prorata.usecases.door.sign_in import NowhereToGo, sign_in
from prorata.usecases.door.throttle import TooOften
from support.entrance import HERE, Entrance

DAAN = "daan@korenbloem.example"


def ask(entrance: Entrance, email: str = DAAN, *, old: str = "", address: str = "192.0.2.1") -> str:
    return ask_code(entrance.services, Ask(email, replace(HERE, address=address), old))


def answer(entrance: Entrance, token: str, code: str, *, address: str = "192.0.2.1") -> str:
    return sign_in(entrance.services, Answer(token, code, replace(HERE, address=address)))


def wrong(code: str) -> str:
    """Another code than that."""
    return f"{(int(code) + 1) % 1_000_000:06}"


@contextmanager
def statements() -> Generator[list[str]]:
    """What is asked of the database meanwhile."""
    found: list[str] = []

    def note(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def rows(entrance: Entrance, table: str) -> int:
    with entrance.services.database.owner() as conn:
        return conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_the_code_that_was_mailed_lets_in(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN, language="nl")
    token = ask(entrance)
    mail = entrance.mails(to=DAAN)[0]
    assert (mail.kind, mail.language, mail.secret) == ("code", "nl", True)
    assert (mail.data["minutes"], mail.data["browser"]) == (10, "Chrome/Linux")
    found = who(entrance.services, answer(entrance, token, entrance.code(DAAN)), seen=HERE)
    assert found is not None
    assert (found.person, found.account) == (daan.id, 1)


def test_a_code_may_be_written_with_blanks_and_an_address_in_capitals(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    token = ask(entrance, "  DAAN@Korenbloem.Example ")
    code = entrance.code(DAAN)
    assert answer(entrance, token, f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize(
    "typed",
    ["", "daan", "daan@", "@korenbloem.example", "a@b@c", "daan @x.example", "x" * 250 + "@x.nl", "d\r\nBcc: e@x.nl"],
)
def test_what_is_no_address_is_not_mailed_to(entrance: Entrance, typed: str) -> None:
    with pytest.raises(NotAnEmail):
        ask(entrance, typed)
    assert entrance.mails() == []


def test_an_address_that_nobody_has_is_answered_alike_with_the_same_work(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    ask(entrance, "who@is.example")
    with statements() as of_unknown:
        unknown = ask(entrance, "nobody@is.example")
    questions, counted = rows(entrance, "challenges"), rows(entrance, "throttles")
    with statements() as of_known:
        known = ask(entrance)
    # The mail to nobody is put aside like any other, and then taken back.
    kept, taken_back = "RELEASE SAVEPOINT sa_savepoint_1", "ROLLBACK TO SAVEPOINT sa_savepoint_1"
    assert of_known == [kept if each == taken_back else each for each in of_unknown]
    assert len(known) == len(unknown)
    assert rows(entrance, "challenges") == questions + 1
    assert rows(entrance, "throttles") == counted + 2
    assert [mail.recipient for mail in entrance.mails()] == [DAAN]


def test_a_wrong_code_is_answered_alike_where_nobody_has_the_address(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    known, unknown = ask(entrance), ask(entrance, "nobody@is.example")
    code = wrong(entrance.code(DAAN))
    with statements() as of_known, pytest.raises(WrongCode) as told_known:
        answer(entrance, known, code)
    with statements() as of_unknown, pytest.raises(WrongCode) as told_unknown:
        answer(entrance, unknown, code)
    assert of_known == of_unknown
    assert told_known.value.parameters == told_unknown.value.parameters == {"left": 4}


def test_no_code_at_all_lets_in_where_nobody_has_the_address(entrance: Entrance) -> None:
    with entrance.services.database.owner() as conn:
        conn.execute(text("SELECT 1"))
    token = ask(entrance, "nobody@is.example")
    with entrance.services.database.owner() as conn:
        known_hash = entrance.services.keys.of_code("123456", about=f"sign_in {token}")
        conn.execute(text("UPDATE challenges SET answer_hash = :hash"), {"hash": known_hash})
    with pytest.raises(WrongCode):
        answer(entrance, token, "123456")


def test_a_code_is_good_once(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    token = ask(entrance)
    code = entrance.code(DAAN)
    answer(entrance, token, code)
    with pytest.raises(CodeOver):
        answer(entrance, token, code)


def test_a_code_is_good_for_ten_minutes(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    first, code = ask(entrance), entrance.code(DAAN)
    entrance.clock.at += timedelta(minutes=9, seconds=59)
    second, later = ask(entrance), entrance.code(DAAN)
    assert answer(entrance, first, code)
    entrance.clock.at += timedelta(minutes=10)
    with pytest.raises(CodeOver):
        answer(entrance, second, later)


def test_a_code_is_good_in_the_browser_that_asked(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    entrance.person("mallory@else.example")
    ask(entrance)
    code = entrance.code(DAAN)
    others = ask(entrance, "mallory@else.example")
    with pytest.raises(WrongCode):
        answer(entrance, others, code)
    with pytest.raises(CodeOver):
        answer(entrance, "", code)
    with pytest.raises(CodeOver):
        answer(entrance, "tampered", code)


def test_the_fifth_wrong_try_ends_a_code(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    token = ask(entrance)
    code = entrance.code(DAAN)
    told: list[DomainError] = []
    for _ in range(5):
        with pytest.raises((WrongCode, CodeOver)) as refused:
            answer(entrance, token, wrong(code))
        told.append(refused.value)
    assert [(one.code, one.parameters.get("left")) for one in told] == [
        ("wrong_code", 4),
        ("wrong_code", 3),
        ("wrong_code", 2),
        ("wrong_code", 1),
        ("code_over", None),
    ]
    assert asked(entrance.services, token) is None
    with pytest.raises(CodeOver):
        answer(entrance, token, code)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
def test_what_is_no_code_is_said_and_costs_no_try(entrance: Entrance, typed: str) -> None:
    entrance.owner(DAAN)
    token = ask(entrance)
    for _ in range(6):
        with pytest.raises(NotACode):
            answer(entrance, token, typed)
    assert answer(entrance, token, entrance.code(DAAN))


def test_a_new_code_ends_the_one_before_in_the_same_browser(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    first = ask(entrance)
    old = entrance.code(DAAN)
    second = ask(entrance, old=first)
    with pytest.raises(CodeOver):
        answer(entrance, first, old)
    assert answer(entrance, second, entrance.code(DAAN))


def test_five_codes_an_hour_go_to_one_address_from_one_place(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    for _ in range(5):
        ask(entrance, address="192.0.2.9")
    entrance.clock.at += timedelta(minutes=14, seconds=30)
    with pytest.raises(TooOften) as refused:
        ask(entrance, address="192.0.2.9")
    assert refused.value.parameters == {"minutes": 46}
    assert len(entrance.mails(to=DAAN)) == 5
    entrance.clock.at += timedelta(minutes=46)
    assert ask(entrance, address="192.0.2.9")


def test_thirty_codes_an_hour_are_asked_for_from_one_place(entrance: Entrance) -> None:
    for place in range(30):
        ask(entrance, f"p{place}@x.example")
    with pytest.raises(TooOften) as refused:
        ask(entrance, "p30@x.example")
    assert refused.value.parameters == {"minutes": 60}
    assert ask(entrance, "p30@x.example", address="198.51.100.7")


def test_ten_thousand_wrong_codes_from_one_place_are_fifty_tries(entrance: Entrance) -> None:
    tokens = [ask(entrance, f"p{place}@x.example") for place in range(30)]
    told: dict[str, int] = {}
    for each in range(10_000):
        with pytest.raises((WrongCode, CodeOver, TooOften)) as refused:
            answer(entrance, tokens[each % 30], f"{each:06}")
        told[refused.value.code] = told.get(refused.value.code, 0) + 1
    assert told == {"wrong_code": 50, "too_often": 9_950}


def test_who_belongs_nowhere_is_told_so_only_after_the_right_code(entrance: Entrance) -> None:
    entrance.person("gone@x.example")
    token = ask(entrance, "gone@x.example")
    with pytest.raises(WrongCode):
        answer(entrance, token, wrong(entrance.code("gone@x.example")))
    with pytest.raises(NowhereToGo):
        answer(entrance, token, entrance.code("gone@x.example"))
    with pytest.raises(CodeOver):
        answer(entrance, token, entrance.code("gone@x.example"))


def test_what_was_asked_long_ago_is_forgotten(entrance: Entrance) -> None:
    ask(entrance, "nobody@is.example")
    entrance.clock.at += timedelta(days=3)
    ask(entrance, "somebody@is.example")
    assert (rows(entrance, "challenges"), rows(entrance, "throttles")) == (1, 3)


def test_a_code_proves_once_more_who_is_in(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    before = entrance.session(daan)
    entrance.clock.at += timedelta(minutes=10)
    known = entrance.known(before)
    assert known.actor is not None
    assert not known.actor.proved
    token = ask_proof(entrance.services, known, seen=HERE, old="")
    after = prove(entrance.services, known, token=token, code=entrance.code(DAAN), seen=HERE)
    again = entrance.known(after)
    assert again.actor is not None
    assert again.actor.proved
    assert again.session.id == known.session.id
    assert who(entrance.services, before, seen=HERE) is None


def test_a_code_for_signing_in_proves_nothing_and_one_of_proof_lets_nobody_in(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    known = entrance.known(entrance.session(daan))
    to_sign_in = ask(entrance)
    with pytest.raises(CodeOver):
        prove(entrance.services, known, token=to_sign_in, code=entrance.code(DAAN), seen=HERE)
    to_prove = ask_proof(entrance.services, known, seen=HERE, old="")
    with pytest.raises(CodeOver):
        answer(entrance, to_prove, entrance.code(DAAN))


def test_the_proof_of_one_session_is_none_for_another(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    here, there = (entrance.known(entrance.session(daan)) for _ in range(2))
    token = ask_proof(entrance.services, here, seen=HERE, old="")
    with pytest.raises(CodeOver):
        prove(entrance.services, there, token=token, code=entrance.code(DAAN), seen=HERE)
