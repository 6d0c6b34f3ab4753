"""Signing in by a directory: for which account, as whom, and once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from prorata.core.errors import DomainError
from prorata.store import audit, members, people
from prorata.store.errors import NoSuchAccount
from prorata.usecases.act import Request, Services
from prorata.usecases.door.directories import Wish, directory_page, remove_directory, set_directory
from prorata.usecases.door.directory_people import AccessEnded, DirectoryStranger, DirectoryWithoutEmail
from prorata.usecases.door.directory_sign_in import (
    Arrived,
    Back,
    DirectoryDeclined,
    NoSuchQuestion,
    NotStaffByDirectory,
    UnknownDirectory,
    ask,
    finish,
)
from prorata.usecases.door.directory_sign_in import (
    entrance as entrance_of,
)
from prorata.usecases.door.own_sessions import look_at, own_accounts
from prorata.usecases.door.sessions import Known
from prorata.usecases.door.throttle import TooOften
from prorata.usecases.keys import Keys, NotOurSeal
from prorata.usecases.permissions import member_actor
from prorata.usecases.vouching import AnswerUnreadable, Client, DirectoryRefusedUs, WrongIssuer, WrongNonce
from support.entrance import HERE, Entrance
from support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider

ANNA = "anna@bakery.example"


@dataclass
class Bakery:
    """An account with a directory. `place`: where its people begin."""

    entrance: Entrance
    account: int
    there: Provider
    place: str

    @property
    def services(self) -> Services:
        return self.entrance.services

    def asked(self, *, place: str | None = None, wanted: str = "/bills") -> Back:
        """Somebody goes to the directory, and is about to come back with a good answer."""
        away = ask(self.services, place or self.place, wanted=wanted, seen=HERE)
        fields = {name: values[-1] for name, values in parse_qs(urlsplit(away.address).query).items()}
        self.there.at, self.there.nonce = self.entrance.clock.now(), fields["nonce"]
        whose = fields["redirect_uri"].removesuffix("/back").rsplit("/", 1)[1]
        return Back(whose=whose, token=away.token, state=fields["state"], code="c", error="", issuer="", language="nl")

    def finish(self, back: Back) -> Arrived:
        return finish(self.services, back, seen=HERE)

    def arrived(self) -> Known:
        """Somebody has come in."""
        return self.entrance.known(self.finish(self.asked()).token)

    def refusal(self, back: Back) -> DomainError:
        with pytest.raises(DomainError) as caught:
            self.finish(back)
        return caught.value

    def member(self, email: str) -> members.MemberRow:
        with self.services.database.account(self.account) as conn:
            found = members.by_email(conn, self.account, email=email)
        assert found
        return found


@pytest.fixture
def bakery(entrance: Entrance) -> Iterator[Bakery]:
    account = entrance.accounts(entrance.owner())[0]
    with provider() as there:
        yield Bakery(entrance, account, there, directory_of(entrance, account, there=there))


def directory_of(entrance: Entrance, account: int, *, there: Provider, role_for_new: str = "") -> str:
    """Set an account's directory; its place."""
    asks = Request(account, member_actor("Daan Visser", "owner", member=1, proved=True))
    wish = Wish(
        name="Bakery directory",
        issuer=there.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        role_for_new=role_for_new,
    )
    set_directory(entrance.services, asks, wish=wish)
    found = directory_page(entrance.services, asks).directory
    assert found
    return found.sign_in.rsplit("/", 1)[1]


# ------------------------------------------------------------------------------------------ who comes in


def test_a_member_comes_in_to_this_account_and_no_other(bakery: Bakery) -> None:
    anna = bakery.entrance.member(ANNA, account=bakery.account, role="reader")
    elsewhere = bakery.entrance.accounts(bakery.entrance.owner("noor@x.example"))[0]
    bakery.entrance.member("other-anna@x.example", account=elsewhere)
    with bakery.services.database.door() as conn:
        people.join(conn, anna.id, account=elsewhere, member=2)
    found = bakery.arrived()
    assert (found.person, found.account, found.session.only_account) == (anna.id, bakery.account, bakery.account)
    assert found.session.method == "directory"
    assert found.actor is not None
    assert found.actor.role == "reader"
    assert [here.account for here in own_accounts(bakery.services, found)] == [bakery.account]
    with pytest.raises(NoSuchAccount):
        look_at(bakery.services, found, account=elsewhere)


def test_they_go_on_to_where_they_wanted_to_be(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    assert bakery.finish(bakery.asked(wanted="/bills?page=2")).wanted == "/bills?page=2"


def test_the_vendors_people_are_nobody_there_by_an_accounts_directory(bakery: Bakery) -> None:
    eva = bakery.entrance.staff(ANNA)
    bakery.entrance.member(ANNA, account=bakery.account, role="reader")
    found = bakery.arrived()
    assert (found.person, found.staff) == (eva.id, False)
    assert found.actor is not None
    assert (found.actor.side, found.actor.role) == ("admin", "reader")


def test_who_was_recognised_stays_who_they_are_whatever_their_address_becomes(bakery: Bakery) -> None:
    anna = bakery.entrance.member(ANNA, account=bakery.account, role="reader")
    bakery.entrance.member("bram@bakery.example", account=bakery.account, role="billing_admin")
    assert bakery.arrived().person == anna.id
    bakery.there.claims = {"email": "bram@bakery.example"}
    assert bakery.arrived().person == anna.id
    bakery.there.claims = {"email": None}
    assert bakery.arrived().person == anna.id


def test_an_address_that_changed_hands_opens_nothing_of_its_former_owner(bakery: Bakery) -> None:
    anna = bakery.entrance.member(ANNA, account=bakery.account, role="reader")
    assert bakery.arrived().person == anna.id
    bakery.there.claims = {"sub": "another", "email": "new@bakery.example"}
    assert isinstance(bakery.refusal(bakery.asked()), DirectoryStranger)


def test_an_address_counts_whatever_letters_it_is_written_in(bakery: Bakery) -> None:
    anna = bakery.entrance.member(ANNA, account=bakery.account)
    bakery.there.claims = {"email": "Anna@Bakery.Example"}
    assert bakery.arrived().person == anna.id


def test_a_member_who_never_came_in_has_a_person_from_then_on(bakery: Bakery) -> None:
    with bakery.services.database.account(bakery.account) as conn:
        members.create(conn, bakery.account, name="Anna B.", email=ANNA, role="reader", language="it")
    found = bakery.arrived()
    assert (found.email, found.session.name, found.session.language) == (ANNA, "Anna B.", "it")
    assert bakery.member(ANNA).person == found.person


def test_whom_the_account_does_not_know_is_told_whom_to_ask(bakery: Bakery) -> None:
    refusal = bakery.refusal(bakery.asked())
    assert isinstance(refusal, DirectoryStranger)
    assert refusal.parameters == {"email": ANNA, "account": "De Korenbloem", "ask": "Daan Visser"}
    with bakery.services.database.door() as conn:
        assert people.by_email(conn, ANNA) is None


@pytest.mark.parametrize("claims", [{"email": None}, {"email_verified": False}, {"email": "no address"}])
def test_without_a_checked_address_nobody_is_recognised(bakery: Bakery, claims: dict[str, object]) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    bakery.there.claims = claims
    assert isinstance(bakery.refusal(bakery.asked()), DirectoryWithoutEmail)


def test_who_has_left_is_not_let_in_again_by_address_or_by_name(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    bakery.arrived()
    with bakery.services.database.account(bakery.account) as conn:
        members.leave(conn, bakery.account, member=bakery.member(ANNA).id, at=bakery.entrance.clock.now())
    assert isinstance(bakery.refusal(bakery.asked()), AccessEnded)
    bakery.there.claims = {"sub": "another account of hers"}
    assert isinstance(bakery.refusal(bakery.asked()), AccessEnded)


def test_new_people_are_taken_in_as_the_owner_has_said_and_it_is_noted(bakery: Bakery) -> None:
    directory_of(bakery.entrance, bakery.account, there=bakery.there, role_for_new="reader")
    found = bakery.arrived()
    assert found.actor is not None
    assert (found.actor.name, found.actor.role) == ("Anna Bakker", "reader")
    member = bakery.member(ANNA)
    assert (member.name, member.language, member.person) == ("Anna Bakker", "nl", found.person)
    with bakery.services.database.account(bakery.account) as conn:
        entry = audit.page(conn, bakery.account)[0]
    assert (entry.action, entry.subject) == ("taken_in_by_directory", f"member {member.id}")
    assert entry.actor_name == "Anna Bakker"
    assert dict(entry.detail) == {
        "directory": "Bakery directory",
        "role": "reader",
        "documents": [],
    }
    assert bakery.arrived().person == found.person


def test_who_has_no_name_is_called_by_the_address(bakery: Bakery) -> None:
    directory_of(bakery.entrance, bakery.account, there=bakery.there, role_for_new="member")
    bakery.there.claims = {"name": None}
    assert bakery.arrived().session.name == "anna"


# ------------------------------------------------------------------------------------------ the question


def test_an_answer_counts_once(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    back = bakery.asked()
    bakery.finish(back)
    assert isinstance(bakery.refusal(back), NoSuchQuestion)


def test_a_refused_answer_is_used_up_too(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    back = bakery.asked()
    bakery.there.nonce = "another"
    assert isinstance(bakery.refusal(back), WrongNonce)
    assert isinstance(bakery.refusal(back), NoSuchQuestion)


def test_another_browsers_state_or_cookie_is_refused_and_spends_nothing(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    mine, other = bakery.asked(), bakery.asked()
    for wrong in (
        replace(mine, token=other.token),
        replace(mine, state=other.state),
        replace(mine, token=""),
        replace(mine, state=""),
        replace(mine, state="é"),
        replace(mine, whose="vendor"),
        replace(mine, whose=str(bakery.account + 1)),
    ):
        assert isinstance(bakery.refusal(wrong), NoSuchQuestion)
    assert bakery.finish(other).token


def test_after_ten_minutes_it_is_too_late(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    back = bakery.asked()
    bakery.entrance.clock.at += timedelta(minutes=10)
    assert isinstance(bakery.refusal(back), NoSuchQuestion)


def test_who_stops_at_the_directory_is_not_in(bakery: Bakery) -> None:
    assert isinstance(bakery.refusal(replace(bakery.asked(), code="", error="access_denied")), DirectoryDeclined)
    without_state = replace(bakery.asked(), code="", error="access_denied", state="")
    assert isinstance(bakery.refusal(without_state), DirectoryDeclined)
    assert isinstance(bakery.refusal(replace(bakery.asked(), code="", error="server_error")), DirectoryRefusedUs)
    assert isinstance(bakery.refusal(replace(bakery.asked(), code="")), AnswerUnreadable)
    assert isinstance(bakery.refusal(replace(bakery.asked(), code="x" * 4097)), AnswerUnreadable)


def test_an_answer_that_another_directory_says_is_its_own_is_refused(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    assert isinstance(bakery.refusal(replace(bakery.asked(), issuer="https://elsewhere.example")), WrongIssuer)
    assert bakery.finish(replace(bakery.asked(), issuer=bakery.there.issuer)).token


def test_a_directory_that_was_removed_meanwhile_lets_nobody_in(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    back = bakery.asked()
    remove_directory(
        bakery.services, Request(bakery.account, member_actor("Daan Visser", "owner", member=1, proved=True))
    )
    assert isinstance(bakery.refusal(back), UnknownDirectory)
    with pytest.raises(UnknownDirectory):
        bakery.asked()


def test_what_was_sealed_with_another_secret_lets_nobody_in(bakery: Bakery) -> None:
    bakery.entrance.member(ANNA, account=bakery.account)
    changed = replace(bakery.services, keys=Keys("another secret"))
    with pytest.raises(NotOurSeal):
        finish(changed, bakery.asked(), seen=HERE)


@pytest.mark.parametrize(
    "place",
    ["", "x", "1", "1-1", "1-1-", "1-1-wrong", "-1-1-x", "1-999-x", "999999-1-x", "9" * 30 + "-1-x", "1-1-é", "vendor"],
)
def test_an_address_that_names_no_directory_is_unknown(bakery: Bakery, place: str) -> None:
    with pytest.raises(UnknownDirectory):
        entrance_of(bakery.services, place)
    with pytest.raises(UnknownDirectory):
        ask(bakery.services, place, wanted="/", seen=HERE)


def test_another_accounts_key_opens_no_directory(bakery: Bakery) -> None:
    other = bakery.entrance.accounts(bakery.entrance.owner("noor@x.example"))[0]
    key = bakery.place.split("-", 2)[2]
    with pytest.raises(UnknownDirectory):
        entrance_of(bakery.services, f"{other}-1-{key}")


def test_nobody_makes_us_ask_without_end(bakery: Bakery) -> None:
    for _ in range(100):
        ask(bakery.services, bakery.place, wanted="/", seen=HERE)
    before = len(bakery.there.asked)
    with pytest.raises(TooOften) as caught:
        ask(bakery.services, bakery.place, wanted="/", seen=HERE)
    assert caught.value.parameters == {"minutes": 60}
    assert len(bakery.there.asked) == before


# ------------------------------------------------------------------------------------------ the vendor's own


@pytest.fixture
def vendor(bakery: Bakery) -> Bakery:
    own = Client(bakery.there.issuer, CLIENT_ID, CLIENT_SECRET, inside=True)
    entrance = replace(bakery.entrance, services=replace(bakery.services, vendor_directory=own))
    return replace(bakery, entrance=entrance, place="vendor")


def test_the_vendors_directory_lets_in_who_works_there(vendor: Bakery) -> None:
    eva = vendor.entrance.staff(ANNA, role="support")
    assert entrance_of(vendor.services, "vendor").account is None
    found = vendor.arrived()
    assert (found.person, found.staff, found.account, found.session.only_account) == (eva.id, True, None, None)
    assert found.actor is not None
    assert (found.actor.side, found.actor.role) == ("vendor", "support")


def test_the_vendors_directory_lets_in_nobody_else(vendor: Bakery) -> None:
    vendor.entrance.member(ANNA, account=vendor.account)
    refusal = vendor.refusal(vendor.asked())
    assert isinstance(refusal, NotStaffByDirectory)
    assert refusal.parameters == {"email": ANNA}
    vendor.there.claims = {"email_verified": False}
    assert isinstance(vendor.refusal(vendor.asked()), NotStaffByDirectory)


def test_who_has_left_the_vendor_is_not_let_in(vendor: Bakery) -> None:
    eva = vendor.entrance.staff(ANNA)
    with vendor.services.database.door() as conn:
        people.dismiss(conn, eva.id, at=vendor.entrance.clock.now())
    assert isinstance(vendor.refusal(vendor.asked()), NotStaffByDirectory)


def test_a_question_to_the_vendor_that_was_sealed_with_another_secret_is_over(vendor: Bakery) -> None:
    vendor.entrance.staff(ANNA)
    changed = replace(vendor.services, keys=Keys("another secret"))
    with pytest.raises(NoSuchQuestion):
        finish(changed, vendor.asked(), seen=HERE)


def test_an_answer_to_an_account_is_none_to_the_vendor(vendor: Bakery) -> None:
    vendor.entrance.staff(ANNA)
    vendor.entrance.member(ANNA, account=vendor.account)
    place = directory_of(vendor.entrance, vendor.account, there=vendor.there)
    back = vendor.asked(place=place)
    assert isinstance(vendor.refusal(replace(back, whose="vendor")), NoSuchQuestion)
