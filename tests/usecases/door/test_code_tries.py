"""How often codes are mailed and tried: nobody's letter box is filled, and no stranger keeps somebody out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from prorata.core.errors import DomainError
from prorata.usecases.door.code_tries import Whose, may_try, was_wrong
from prorata.usecases.door.codes import Answer, Ask, CodeOver, WrongCode, ask_code
from prorata.usecases.door.passkeys import ask_to_sign_in
from prorata.usecases.door.places import place_of
from prorata.usecases.door.proof import ask_proof, prove
from prorata.usecases.door.sign_in import sign_in
from prorata.usecases.door.throttle import TooOften
from support.entrance import HERE, Entrance

DAAN = "daan@korenbloem.example"
OFFICE, HOTEL, STRANGER = "192.0.2.1", "198.51.100.7", "203.0.113.66"


def ask(entrance: Entrance, *, address: str, email: str = DAAN) -> str:
    return ask_code(entrance.services, Ask(email, replace(HERE, address=address)))


def answer(entrance: Entrance, token: str, code: str, *, address: str) -> str:
    return sign_in(entrance.services, Answer(token, code, replace(HERE, address=address)))


def refusals(deed: Callable[[], object], *, times: int) -> list[str]:
    """What is said each time that something is refused."""
    told: list[str] = []
    for _ in range(times):
        try:
            deed()
        except DomainError as error:
            told.append(error.code)
    return told


def asked_by_a_stranger(entrance: Entrance) -> None:
    """A stranger asks for all the codes that strangers get."""
    for _ in range(2):
        assert refusals(lambda: ask(entrance, address=STRANGER), times=6)
    assert refusals(lambda: ask(entrance, address="203.0.113.67"), times=6)


def tried_by_a_stranger(entrance: Entrance) -> None:
    """A stranger tries all the wrong codes that strangers may."""
    told: list[str] = []
    while "too_often" not in told:
        token = ask(entrance, address=STRANGER)
        never = f"{(int(entrance.code(DAAN)) + 1) % 1_000_000:06}"
        told += refusals(lambda: answer(entrance, token, never, address=STRANGER), times=5)  # noqa: B023 - at once
        entrance.clock.at += timedelta(minutes=61)


def test_who_has_signed_in_from_a_place_gets_codes_there_whatever_strangers_ask_for(entrance: Entrance) -> None:
    entrance.session(entrance.owner(DAAN), seen=replace(HERE, address=OFFICE))
    asked_by_a_stranger(entrance)
    assert refusals(lambda: ask(entrance, address=OFFICE), times=6) == ["too_often"]
    token = ask(entrance, address=HOTEL)
    assert answer(entrance, token, entrance.code(DAAN), address=HOTEL)


def test_the_first_code_from_a_new_place_comes_whatever_a_stranger_asks_for(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    asked_by_a_stranger(entrance)
    assert ask(entrance, address=HOTEL)
    with pytest.raises(TooOften):
        ask(entrance, address=HOTEL)


def test_twenty_codes_an_hour_reach_somebody_from_all_strangers_together(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    told = [refusals(lambda: ask(entrance, address=f"203.0.113.{place}"), times=6) for place in range(30)]  # noqa: B023
    assert len(entrance.mails(to=DAAN)) == 20
    assert sum(map(len, told)) == 160


def test_an_address_that_nobody_has_is_throttled_alike(entrance: Entrance) -> None:
    told = [
        refusals(lambda: ask(entrance, address=f"203.0.113.{place}", email="nobody@is.example"), times=6)  # noqa: B023
        for place in range(30)
    ]
    assert sum(map(len, told)) == 160


def test_a_stranger_who_tries_codes_keeps_nobody_out(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    entrance.session(daan, seen=replace(HERE, address=OFFICE))
    tried_by_a_stranger(entrance)
    for address in (OFFICE, HOTEL):
        token = ask(entrance, address=address)
        assert answer(entrance, token, entrance.code(DAAN), address=address)


def test_a_stranger_who_may_try_no_more_is_refused_with_the_right_code_too(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    tried_by_a_stranger(entrance)
    token = ask(entrance, address=STRANGER)
    with pytest.raises(TooOften):
        answer(entrance, token, entrance.code(DAAN), address=STRANGER)


@pytest.mark.parametrize(("known", "most"), [(False, 60), (True, 30)])
def test_so_many_wrong_codes_are_taken_in_a_day(entrance: Entrance, *, known: bool, most: int) -> None:
    keys, at = entrance.services.keys, entrance.clock.now()
    taken = 0
    with entrance.services.database.door() as conn:
        for place in range(1 if known else 20):
            whose = Whose(email=DAAN, place=f"203.0.113.{place}", known=known, session=False)
            for _ in range(40):
                if may_try(conn, keys, whose=whose, at=at) is None:
                    was_wrong(conn, keys, whose=whose, at=at)
                    taken += 1
    assert taken == most


def test_where_an_accounts_directory_let_them_in_they_have_not_been(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    entrance.session(daan, seen=replace(HERE, address=STRANGER), method="directory", only_account=1)
    asked_by_a_stranger(entrance)
    with pytest.raises(TooOften):
        ask(entrance, address=STRANGER)


def test_a_stolen_session_guesses_thirty_codes_a_day_wherever_it_is(entrance: Entrance) -> None:
    known = entrance.known(entrance.session(entrance.owner(DAAN)))
    told: list[str] = []
    for hour in range(8):
        for place in range(5):
            seen = replace(HERE, address=f"203.0.113.{hour * 5 + place}")
            token = ask_proof(entrance.services, known, seen=seen, old="")
            with pytest.raises((WrongCode, CodeOver, TooOften)) as refused:
                prove(entrance.services, known, token=token, code=wrong_one(entrance), seen=seen)
            told.append(refused.value.code)
        entrance.clock.at += timedelta(minutes=61)
    assert told == ["wrong_code"] * 30 + ["too_often"] * 10
    token = ask(entrance, address=HERE.address)
    assert answer(entrance, token, entrance.code(DAAN), address=HERE.address)


def wrong_one(entrance: Entrance) -> str:
    return f"{(int(entrance.code(DAAN)) + 1) % 1_000_000:06}"


def test_no_stranger_keeps_somebody_who_is_in_from_showing_it_once_more(entrance: Entrance) -> None:
    known = entrance.known(entrance.session(entrance.owner(DAAN), seen=replace(HERE, address=OFFICE)))
    asked_by_a_stranger(entrance)
    here = replace(HERE, address=HOTEL)
    assert refusals(lambda: ask_proof(entrance.services, known, seen=here, old=""), times=6) == ["too_often"]


def test_an_accounts_directory_does_not_use_up_what_somebody_has_of_their_own(entrance: Entrance) -> None:
    daan = entrance.owner(DAAN)
    vouched = entrance.known(entrance.session(daan, method="directory", only_account=1))
    assert refusals(lambda: ask_proof(entrance.services, vouched, seen=HERE, old=""), times=6) == ["too_often"]
    own = entrance.known(entrance.session(daan))
    assert ask_proof(entrance.services, own, seen=HERE, old="")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_a_place_is_what_one_household_has(address: str, place: str) -> None:
    assert place_of(address) == place


def test_another_address_of_the_same_network_is_the_same_place(entrance: Entrance) -> None:
    for last in range(30):
        ask(entrance, address=f"2001:db8::{last:x}", email=f"p{last}@x.example")
    with pytest.raises(TooOften):
        ask(entrance, address="2001:db8::ffff", email="p30@x.example")
    assert ask(entrance, address="2001:db8:0:1::1", email="p30@x.example")
    for last in range(100):
        ask_to_sign_in(entrance.services, token="", seen=replace(HERE, address=f"2001:db8::{last:x}"))
    with pytest.raises(TooOften):
        ask_to_sign_in(entrance.services, token="", seen=replace(HERE, address="2001:db8::ffff"))
