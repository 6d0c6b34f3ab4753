"""An invitation by mail, what becomes of its link, and what may not be asked for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from prorata.store import people
from prorata.store.account_roles import UnknownRole
from prorata.store.errors import NoSuchAccount
from prorata.store.invitations import UnknownInvitation, all_waiting, find
from prorata.store.members import EmailTaken
from prorata.usecases.door.codes import NotAnEmail
from prorata.usecases.door.own_sessions import look_at
from prorata.usecases.door.staff import NameNeeded
from prorata.usecases.people import invite as inviting
from prorata.usecases.people.accept_invitation import (
    InvitationExpired,
    InvitationNotValid,
    InvitationTakenBack,
    InvitationUsed,
    accept,
    invited,
)
from prorata.usecases.people.change_role import change_role
from prorata.usecases.people.end_access import end_access
from prorata.usecases.people.invite import (
    AlreadyInvited,
    Invitee,
    TooManyInvitations,
    invite,
    invite_again,
    take_back,
)
from prorata.usecases.people.rules import BeyondYourRole
from prorata.usecases.permissions import NotAllowed, ProofNeeded, member_actor
from prorata.usecases.ports import Message, NotSent
from prorata.usecases.send_mails import tend_mails
from usecases.people.ground import NOON, SEEN, House


class NoPost:
    """Takes no mail."""

    def send(self, message: Message) -> None:
        raise NotSent(f"mail {message.id} waits", again=True)


ANNA = Invitee(name="Anna Vos", email="anna@example.com", role="reader", language="nl")


def test_who_is_invited_gets_a_link_comes_in_by_it_and_is_signed_in(ours: House):
    ours.invite(role="invoice_manager")
    (mail,) = ours.mails("anna@example.com", "invitation")
    assert mail.secret
    assert mail.language == "nl"
    assert mail.data["account"] == "De Korenbloem"
    assert mail.data["by"] == "Daan"
    assert mail.data["role"] == "invoice_manager"
    assert mail.data["days"] == 7
    assert str(mail.data["link"]).startswith(f"https://billing.example.com/invitation/{ours.account}-1-")
    found = invited(ours.services, ours.link())
    assert (found.account, found.row.by_name, found.row.role) == ("De Korenbloem", "Daan", "invoice_manager")
    joined = ours.accept(ours.link())
    assert joined.account == ours.account
    known = ours.who(joined.token)
    assert known is not None
    assert known.email == "anna@example.com"
    assert known.account == ours.account
    assert known.actor is not None
    assert (known.actor.role, known.actor.member) == ("invoice_manager", joined.member)
    assert ours.member_of("anna@example.com") == joined.member


def test_both_the_invitation_and_the_coming_in_stand_in_the_audit(ours: House):
    invited = ours.invite()
    noted = ours.noted()
    assert (noted.action, noted.subject, noted.actor_name) == ("people.invite", f"invitation {invited}", "Daan")
    assert noted.detail == {"role": "reader", "own_role": "", "documents": []}
    joined = ours.accept(ours.link())
    noted = ours.noted()
    assert (noted.action, noted.actor_name, noted.actor_id) == ("people.join", "Anna Vos", joined.member)
    assert noted.subject == f"member {joined.member}"
    assert noted.detail == {"invitation": invited, "role": "reader", "own_role": "", "by": 1, "documents": []}


def test_an_address_is_the_same_in_capital_letters(ours: House):
    joined = ours.join("anna@example.com")
    with pytest.raises(EmailTaken):
        ours.invite("ANNA@Example.COM")
    assert ours.member(joined.member).email == "anna@example.com"


def test_a_link_lets_in_once(ours: House):
    ours.invite()
    link = ours.link()
    ours.accept(link)
    for again in (lambda: ours.accept(link), lambda: invited(ours.services, link)):
        with pytest.raises(InvitationUsed):
            again()


def test_a_link_works_for_seven_days_to_the_second(ours: House):
    ours.invite()
    ours.later(days=7, seconds=-1)
    assert invited(ours.services, ours.link())
    ours.later(seconds=1)
    with pytest.raises(InvitationExpired) as refusal:
        ours.accept(ours.link())
    assert refusal.value.parameters == {"by": "Daan"}


def test_an_invitation_that_is_sent_again_has_another_link_and_another_week(ours: House):
    invitation = ours.invite()
    before = ours.link()
    ours.later(days=10)
    invite_again(ours.services, ours.request(), invitation=invitation)
    with pytest.raises(InvitationNotValid):
        ours.accept(before)
    ours.later(days=6)
    assert ours.accept(ours.link()).account == ours.account


def test_who_never_answers_is_forgotten_a_month_after_their_link_was_too_old(ours: House):
    invitation = ours.invite()
    link = ours.link()
    ours.later(days=7 + 30)
    tend_mails(ours.services, NoPost())
    assert _known(ours, invitation) == ("Anna Vos", "anna@example.com", True)
    ours.later(seconds=1)
    tend_mails(ours.services, NoPost())
    assert _known(ours, invitation) == ("", "", False)
    # To who still has the link it is what it is: too old.
    with pytest.raises(InvitationExpired) as refusal:
        ours.accept(link)
    assert refusal.value.parameters == {"by": "Daan"}
    assert ours.invite() == invitation + 1


def test_who_was_invited_once_more_is_remembered(ours: House):
    invitation = ours.invite()
    ours.later(days=30)
    invite_again(ours.services, ours.request(), invitation=invitation)
    ours.later(days=8)
    tend_mails(ours.services, NoPost())
    assert _known(ours, invitation) == ("Anna Vos", "anna@example.com", True)


def _known(ours: House, invitation: int) -> tuple[str, str, bool]:
    """For whom an invitation is, and whether it waits for an answer."""
    with ours.services.database.account(ours.account) as conn:
        found = find(conn, ours.account, invitation=invitation)
        assert found is not None
        return found.name, found.email, found in all_waiting(conn, ours.account)


def test_an_invitation_that_is_taken_back_lets_nobody_in(ours: House):
    invitation = ours.invite()
    take_back(ours.services, ours.request(), invitation=invitation)
    with pytest.raises(InvitationTakenBack):
        ours.accept(ours.link())
    for deed in (take_back, invite_again):
        with pytest.raises(UnknownInvitation):
            deed(ours.services, ours.request(), invitation=invitation)
    assert ours.invite() == invitation + 1


SPOILT: dict[str, Callable[[str], str]] = {
    "empty": lambda link: link[:0],
    "two dashes": lambda link: link[:0] + "--",
    "cut short": lambda link: link[:-1],
    "longer": lambda link: link + "x",
    "without its secret": lambda link: link.rpartition("-")[0] + "-",
    "of another invitation": lambda link: link.replace("-1-", "-2-", 1),
    "of an invitation beyond numbers": lambda link: link.replace("-1-", "-99999999999999999999-", 1),
    "of no account": lambda link: "x" + link,
    "digits that are none": lambda link: "²" + link,
    "letters that are none": lambda link: link + "é",
    "very long": lambda link: link + "a" * 10_000,
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_link_that_is_not_whole_says_nothing(ours: House, how: str):
    ours.invite()
    with pytest.raises(InvitationNotValid):
        ours.accept(SPOILT[how](ours.link()))
    assert ours.member_of("anna@example.com") is None


def test_a_link_fits_no_other_account_and_no_other_invitation(ours: House, theirs: House):
    ours.invite()
    theirs.invite("bram@example.com")
    mine, other = ours.link(), theirs.link("bram@example.com")
    mixed = f"{theirs.account}-1-{mine.split('-', 2)[2]}"
    for link in (mixed, f"{ours.account}-1-{other.split('-', 2)[2]}"):
        with pytest.raises(InvitationNotValid):
            ours.accept(link)


def test_who_does_not_have_the_right_link_is_not_told_what_became_of_an_invitation(ours: House):
    invitation = ours.invite()
    wrong = ours.link()[:-1] + "_"
    take_back(ours.services, ours.request(), invitation=invitation)
    with pytest.raises(InvitationNotValid):
        invited(ours.services, wrong)


@pytest.mark.parametrize(
    ("invitee", "refusal"),
    [
        (replace(ANNA, name="  "), NameNeeded),
        (replace(ANNA, name="A" * 101), NameNeeded),
        (replace(ANNA, name="Anna\u202eVos"), NameNeeded),
        (replace(ANNA, email=""), NotAnEmail),
        (replace(ANNA, email="anna"), NotAnEmail),
        (replace(ANNA, email="anna@example.com, bram@example.com"), NotAnEmail),
        (replace(ANNA, email="anna@example.com\nBcc: all@example.com"), NotAnEmail),
        (replace(ANNA, role="emperor"), UnknownRole),
        (replace(ANNA, role="custom:1"), UnknownRole),
        (replace(ANNA, role="custom:99999999999"), UnknownRole),
        (replace(ANNA, email="daan@example.com"), AlreadyInvited),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_sent(ours: House, invitee: Invitee, refusal: type[Exception]):
    ours.invite("daan@example.com")
    with pytest.raises(refusal):
        invite(ours.services, ours.request(), invitee=invitee)
    with ours.services.database.account(ours.account) as conn:
        assert len(all_waiting(conn, ours.account)) == 1


def test_no_more_wait_than_there_may(ours: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inviting, "MOST_OPEN", 2)
    first = ours.invite("a@example.com")
    ours.invite("b@example.com")
    with pytest.raises(TooManyInvitations):
        ours.invite("c@example.com")
    take_back(ours.services, ours.request(), invitation=first)
    assert ours.invite("c@example.com") == first + 2


def test_who_decides_nothing_invites_nobody_and_who_has_not_shown_who_they_are_neither(ours: House):
    with pytest.raises(NotAllowed):
        invite(ours.services, ours.request("billing_admin"), invitee=ANNA)
    with pytest.raises(ProofNeeded):
        invite(ours.services, ours.by(member_actor("Daan", "owner", member=1)), invitee=ANNA)


def test_nobody_invites_to_more_than_they_may_themselves(ours: House):
    actor = member_actor(
        "Hans", "custom:1", member=9, own=("see", "see_people", "manage_people", "pay", "move_clock"), proved=True
    )
    with pytest.raises(BeyondYourRole):
        invite(ours.services, ours.by(actor), invitee=replace(ANNA, role="owner"))
    assert invite(ours.services, ours.by(actor), invitee=replace(ANNA, role="invoice_manager")) == 1


def test_somebody_of_the_account_who_has_never_come_in_is_invited_to_what_they_are(ours: House):
    ours.invite("daan@example.com", role="reader", name="Somebody")
    assert ours.mails("daan@example.com", "invitation")[0].data["role"] == "owner"
    joined = ours.accept(ours.link("daan@example.com"))
    assert joined.member == 1
    assert (ours.member(1).role, ours.member(1).name) == ("owner", "Daan")
    with pytest.raises(EmailTaken):
        ours.invite("daan@example.com")


def test_who_had_left_comes_back_as_the_same_member_with_the_role_of_the_invitation(ours: House):
    member = ours.join(role="billing_admin").member
    end_access(ours.services, ours.request(), member=member)
    back = ours.join(role="reader")
    assert back.member == member
    row = ours.member(member)
    assert (row.role, row.left_at) == ("reader", None)
    known = ours.who(back.token)
    assert known is not None
    assert known.actor is not None


def test_one_person_belongs_to_several_accounts(ours: House, theirs: House):
    ours.join(role="owner")
    joined = theirs.join(role="reader")
    assert (ours.member_of("anna@example.com"), theirs.member_of("anna@example.com")) == (2, joined.member)
    known = theirs.who(joined.token)
    assert known is not None
    assert known.actor is not None
    assert known.actor.role == "reader"


def test_of_who_belongs_elsewhere_too_a_link_opens_its_own_account_alone(ours: House, theirs: House):
    ours.join("carla@example.com")
    known = theirs.who(theirs.join("carla@example.com").token)
    assert known is not None
    assert known.session.only_account == theirs.account
    with pytest.raises(NoSuchAccount):
        look_at(ours.services, known, account=ours.account)


def test_of_one_of_the_vendors_people_a_link_opens_an_account_and_not_the_console(ours: House):
    with ours.services.database.door() as conn:
        person = people.ensure(conn, email="eva@example.com", name="Eva", language="en", at=NOON)
        people.employ(conn, person.id, role="owner", at=NOON)
    known = ours.who(ours.join("eva@example.com").token)
    assert known is not None
    assert known.actor is not None
    assert (known.staff, known.actor.side) == (False, "admin")


def test_whoever_is_in_already_goes_on_as_they_were(ours: House, theirs: House):
    first = ours.join("dirk@example.com")
    known = ours.who(first.token)
    assert known is not None
    assert known.session.only_account is None
    theirs.invite("dirk@example.com")
    second = accept(theirs.services, theirs.link("dirk@example.com"), seen=replace(SEEN, session=first.token))
    known = theirs.who(second.token)
    assert known is not None
    assert (known.session.only_account, known.account) == (None, theirs.account)


def test_the_session_that_the_browser_had_ends_with_the_coming_in(ours: House, theirs: House):
    before = ours.join().token
    theirs.invite()
    joined = accept(theirs.services, theirs.link(), seen=replace(SEEN, session=before))
    assert ours.who(before) is None
    assert theirs.who(joined.token) is not None


def test_an_invitation_of_another_account_is_not_there(ours: House, theirs: House):
    invitation = theirs.invite()
    for deed in (invite_again, take_back):
        with pytest.raises(UnknownInvitation):
            deed(ours.services, ours.request(), invitation=invitation)
    change_role(theirs.services, theirs.request(), member=1, role="owner")
