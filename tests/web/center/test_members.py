"""Members over HTTP, behind the real door: inviting, roles, ending access, roles of the account's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from prorata.usecases.permissions import Role
from support.databases import Database, findings_in
from support.entrance import Entrance, opened_entrance
from web.center.reading import boxes, field, words

DAAN, ANNA = "daan@korenbloem.example", "anna@korenbloem.example"
INVITED = {"name": "Anna Vos", "email": ANNA, "role": "invoice_manager", "language": "nl"}


@pytest.fixture
def entrance(own_database: Database) -> Iterator[Entrance]:
    with opened_entrance(own_database) as found:
        yield found
    assert findings_in(own_database) == ()


@dataclass(frozen=True)
class House:
    """An account whose owner, Daan, has just signed in."""

    entrance: Entrance
    account: int
    owner: httpx.Client

    def link(self, email: str = ANNA) -> str:
        """The path of the link that was mailed last."""
        mail = next(one for one in self.entrance.mails(to=email) if one.kind == "invitation")
        return urlsplit(str(mail.data["link"])).path

    def colleague(self, email: str = ANNA, role: Role = "reader") -> httpx.Client:
        """The browser of somebody else of the account, who has just signed in."""
        self.entrance.member(email, account=self.account, role=role)
        return self.entrance.signed_in(email)


@pytest.fixture
def house(entrance: Entrance) -> House:
    person = entrance.owner(DAAN)
    return House(entrance, entrance.accounts(person)[0], entrance.signed_in(DAAN))


def test_who_is_invited_stands_on_the_page_until_they_come(house: House) -> None:
    sent = house.owner.post("/members/invite", data=INVITED)
    assert sent.headers["location"] == "/members?news=invited"
    said = words(house.owner.get("/members?news=invited"))
    assert said.startswith("The invitation is on its way. Its link works for seven days.")
    assert "1 person belongs to this account." in said
    assert f"Anna Vos {ANNA} invoice manager until 22 January 2026 Invite again : Anna Vos Take back : Anna Vos" in said
    browser = house.entrance.browser(language="nl")
    page = browser.get(house.link())
    assert "Daan Visser nodigt u uit voor het account De Korenbloem." in words(page)
    assert f"Anna Vos, {ANNA}" in words(page)
    assert "Ziet alles en betaalt facturen." in words(page)
    let_in = browser.post(house.link())
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/")
    home = browser.get("/")
    assert '<html lang="nl">' in home.text
    assert "Anna Vos, " in home.text
    said = words(house.owner.get("/members"))
    assert "Invited, not yet come" not in said
    assert "2 people belong to this account." in said


def test_looking_at_a_link_spends_nothing_and_using_it_does(house: House) -> None:
    house.owner.post("/members/invite", data=INVITED)
    browser = house.entrance.browser()
    for _ in range(3):
        assert browser.get(house.link()).status_code == 200
    assert browser.post(house.link()).status_code == 303
    again = house.entrance.browser().post(house.link())
    assert again.status_code == 410
    assert "This invitation was accepted already. Sign in with the address that it was sent to." in words(again)


def test_links_that_are_old_taken_back_or_wrong_each_have_their_sentence(house: House) -> None:
    house.owner.post("/members/invite", data=INVITED)
    link = house.link()
    stranger = house.entrance.browser()
    for wrong in (link[:-2], "/invitation/x", "/invitation/1-1-", "/invitation/-", "/invitation/9-9-" + "a" * 43):
        for answer in (stranger.get(wrong), stranger.post(wrong)):
            assert answer.status_code == 404
            assert "No invitation has this link." in words(answer)
    house.owner.post("/members/invitations/1/again")
    assert "No invitation has this link." in words(stranger.get(link))
    house.entrance.clock.at += timedelta(days=7)
    old = stranger.post(house.link())
    assert old.status_code == 410
    assert "This invitation is too old: its link works for seven days. Ask Daan Visser to send it again." in words(old)
    daan = house.entrance.signed_in(DAAN)
    assert "The link is too old" in words(daan.get("/members"))
    daan.post("/members/invitations/1/take-back")
    gone = stranger.get(house.link())
    assert gone.status_code == 410
    assert "This invitation was taken back. Ask Daan Visser if that should not be." in words(gone)


def test_whoever_is_somebody_else_here_is_told_so_and_stays_who_they_are(house: House) -> None:
    house.owner.post("/members/invite", data=INVITED)
    shown = house.owner.get(house.link())
    assert f"In this browser {DAAN} is signed in. Sign out first" in words(shown)
    refused = house.owner.post(house.link())
    assert refused.status_code == 409
    assert "Daan Visser, owner" in house.owner.get("/").text
    house.owner.post("/sign-out")
    assert house.owner.post(house.link()).status_code == 303
    assert "Anna Vos, " in house.owner.get("/").text


@pytest.mark.parametrize(
    ("wrong", "field_name", "said"),
    [
        ({"name": ""}, "name", "Write"),
        ({"email": "anna"}, "email", "This is not a mail address. Write it like this: name@example.com."),
        ({"role": "emperor"}, "role", "This account has no such role. Choose one from the list."),
        ({"role": ""}, "role", "This account has no such role. Choose one from the list."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    house: House, wrong: dict[str, str], field_name: str, said: str
) -> None:
    sent = {**INVITED, **wrong}
    answer = house.owner.post("/members/invite", data=sent)
    assert answer.status_code == 422
    assert f'href="#f-{field_name}"' in answer.text
    assert said in words(answer)
    assert (field(answer, "name"), field(answer, "email")) == (sent["name"], sent["email"])
    assert "Invited, not yet come" not in words(house.owner.get("/members"))


def test_an_address_that_is_invited_or_there_already_is_refused(house: House) -> None:
    house.owner.post("/members/invite", data=INVITED)
    again = house.owner.post("/members/invite", data=INVITED)
    assert f"{ANNA} has an invitation that waits for an answer." in words(again)
    house.entrance.browser().post(house.link())
    there = house.owner.post("/members/invite", data=INVITED)
    assert f"{ANNA} belongs to somebody else in this account. Choose another address." in words(there)


def test_after_ten_minutes_one_shows_who_one_is_and_what_was_typed_is_still_there(house: House) -> None:
    house.entrance.clock.at += timedelta(minutes=10)
    asked = house.owner.get("/members/invite")
    assert asked.headers["location"].startswith("/proof?next=%2Fmembers%2Finvite")
    sent = house.owner.post("/members/invite", data=INVITED)
    assert sent.headers["location"].startswith("/proof?next=%2Fmembers%2Finvite%3Fsealed%3D")
    assert ("Anna" in sent.headers["location"], "example" in sent.headers["location"]) == (False, False)
    proof = house.owner.get(sent.headers["location"])
    house.owner.post("/proof", data={"next": field(proof, "next")})
    back = house.owner.post("/proof/code", data={"code": house.entrance.code(DAAN), "next": field(proof, "next")})
    form = house.owner.get(back.headers["location"])
    assert (field(form, "name"), field(form, "email")) == ("Anna Vos", ANNA)
    assert 'value="invoice_manager" checked' in form.text
    assert house.owner.post("/members/invite", data=INVITED).headers["location"] == "/members?news=invited"


def test_another_role_holds_at_once(house: House) -> None:
    anna = house.colleague(role="reader")
    assert "does not allow this" in words(anna.get("/buy"))
    assert "Billing admin" not in words(house.owner.get("/members/2"))
    changed = house.owner.post("/members/2", data={"role": "billing_admin"})
    assert changed.headers["location"] == "/members/2?news=role"
    assert words(house.owner.get("/members/2")).startswith("Members Daan Visser Billing admin. Buys")
    assert "does not allow this" not in words(anna.get("/buy"))


def test_the_only_owner_cannot_go_and_the_page_says_why(house: House) -> None:
    said = words(house.owner.get("/members/1"))
    assert said.count("Daan Visser is the only owner of this account. Let somebody else be an owner first.") == 2
    for path, data in (("/members/1", {"role": "reader"}), ("/members/1/end", {})):
        answer = house.owner.post(path, data=data)
        assert answer.status_code == 422
        assert "Daan Visser is the only owner of this account." in words(answer)


def test_whose_access_ends_is_out_and_shown_as_such(house: House) -> None:
    anna = house.colleague(role="billing_admin")
    asked = words(house.owner.get("/members/2/end"))
    assert "From their next click on they can do nothing in this account, on any device." in asked
    ended = house.owner.post("/members/2/end")
    assert ended.headers["location"] == "/members?news=removed"
    assert ANNA not in words(house.owner.get("/members"))
    assert f"{ANNA} has left" in words(house.owner.get("/members?role=left"))
    assert "Daan Visser has no access to this account any more." in words(house.owner.get("/members/2"))
    out = anna.get("/bills")
    assert out.status_code == 303
    assert "De Korenbloem" not in anna.get("/").text
    for again in (house.owner.post("/members/2/end"), house.owner.post("/members/2", data={"role": "owner"})):
        assert again.status_code == 422
        assert "has no access to this account any more. To let them come back, invite them." in words(again)


def test_who_leaves_by_themselves_is_out(house: House) -> None:
    house.colleague(role="owner")
    assert "This is you: you leave this account at once" in words(house.owner.get("/members/1/end"))
    house.owner.post("/members/1/end")
    assert house.owner.get("/bills").status_code == 303


@pytest.mark.parametrize("path", ["/members/99", "/members/x", "/members/-1", "/members/99999999999999999999"])
def test_nobody_is_at_an_address_that_is_nobodys(house: House, path: str) -> None:
    for answer in (
        house.owner.get(path),
        house.owner.post(path, data={"role": "reader"}),
        house.owner.get(f"{path}/end"),
    ):
        assert answer.status_code == 404


def test_people_invitations_and_roles_of_another_account_are_not_there(house: House) -> None:
    other = house.entrance.owner("bram@elsewhere.example")
    bram = house.entrance.signed_in("bram@elsewhere.example")
    house.owner.post("/members/invite", data=INVITED)
    house.owner.post("/members/roles/new", data={"name": "Front desk", "may": "pay"})
    house.colleague("carla@korenbloem.example")
    assert house.entrance.accounts(other) != [house.account]
    said = words(bram.get("/members")) + words(bram.get("/members/roles"))
    assert all(foreign not in said for foreign in (ANNA, "carla@", "Front desk"))
    for answer in (
        bram.get("/members/2"),
        bram.post("/members/2", data={"role": "reader"}),
        bram.post("/members/2/end"),
        bram.post("/members/invitations/1/again"),
        bram.post("/members/invitations/1/take-back"),
        bram.get("/members/roles/1"),
        bram.post("/members/roles/1", data={"name": "X", "may": "see"}),
        bram.post("/members/roles/1/remove"),
    ):
        assert answer.status_code == 404


def test_who_may_not_decide_sees_who_may(house: House) -> None:
    admin = house.colleague(role="billing_admin")
    page = words(admin.get("/members"))
    assert "Your role (billing admin) does not allow this; owners can do it." in page
    assert "Your role (billing admin) does not allow this; owners can do it." in words(admin.get("/members/1"))
    for answer in (
        admin.get("/members/invite"),
        admin.post("/members/invite", data=INVITED),
        admin.post("/members/1", data={"role": "reader"}),
        admin.post("/members/roles/new", data={"name": "X", "may": "see"}),
    ):
        assert answer.status_code == 403
        assert "Your role (billing admin) does not allow this; owners can do it." in words(answer)


def test_a_reader_sees_nobody_and_is_told_who_does(house: House) -> None:
    reader = house.colleague(role="reader")
    assert 'href="/members"' not in reader.get("/").text
    answer = reader.get("/members")
    assert answer.status_code == 403
    assert "Your role (reader) does not allow this; owners, billing admins and licence admins can do it." in words(
        answer
    )


def test_a_plain_member_is_in_and_told_that_there_is_nothing_to_see(house: House) -> None:
    member = house.colleague(role="member")
    answer = member.get("/")
    assert answer.status_code == 403
    assert "Your role (member) does not allow this; " in words(answer)
    assert 'href="/security"' in answer.text


def test_a_role_of_ones_own_is_made_given_changed_and_removed(house: House) -> None:
    form = house.owner.get("/members/roles/new")
    assert boxes(form, "may")["Pay bills"] is False
    made = house.owner.post("/members/roles/new", data={"name": "Front desk", "may": ["pay", "assign"]})
    assert made.headers["location"] == "/members/roles?news=made"
    said = words(house.owner.get("/members/roles"))
    assert (
        "Front desk see subscriptions, bills and payments, assign licences to members, pay bills and see who belongs "
        "to the account 0"
    ) in said
    anna = house.colleague(role="reader")
    house.owner.post("/members/2", data={"role": "custom:1"})
    assert "Daan Visser, Front desk" in anna.get("/").text
    used = house.owner.post("/members/roles/1/remove")
    assert used.status_code == 422
    assert "1 person has the role Front desk or is invited to it. Give them another one first." in words(used)
    house.owner.post("/members/roles/1", data={"name": "Desk", "may": "see"})
    assert "Daan Visser, Desk" in anna.get("/").text
    house.owner.post("/members/2", data={"role": "reader"})
    assert house.owner.post("/members/roles/1/remove").headers["location"] == "/members/roles?news=removed"
    assert "No role of your own yet" in words(house.owner.get("/members/roles"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "Front desk"}, "A role allows something. Tick at least one thing, or use the role member."),
        ({"name": "", "may": "pay"}, "Write"),
        ({"name": "X", "may": ["pay", "fly"]}, "fly is nothing that a role of an account can have."),
        ({"name": "X", "may": "set_price"}, "set_price is nothing that a role of an account can have."),
    ],
)
def test_a_role_that_cannot_be_is_refused_and_what_was_ticked_stays(
    house: House, sent: dict[str, str | list[str]], said: str
) -> None:
    answer = house.owner.post("/members/roles/new", data=sent)
    assert answer.status_code == 422
    assert said in words(answer)
    assert field(answer, "name") == sent["name"]
    assert boxes(answer, "may")["Pay bills"] is ("pay" in sent.get("may", ""))


def test_the_data_of_who_has_left_are_erased_after_one_more_question(house: House) -> None:
    house.colleague()
    assert house.owner.get("/members/2/erase").headers["location"] == "/members/2"
    house.owner.post("/members/2/end")
    assert 'href="/members/2/erase"' in house.owner.get("/members/2").text
    assert "Nobody can bring them back." in words(house.owner.get("/members/2/erase"))
    assert house.owner.post("/members/2/erase").headers["location"] == "/members/2"
    page = house.owner.get("/members/2")
    assert "Former member 2" in words(page)
    assert "Their personal data were erased." in words(page)
    assert "/erase" not in page.text
    said = words(house.owner.get("/audit"))
    assert "Personal data erased Former member 2" in said
    assert "Access ended Former member 2" in said
    assert ANNA not in said
