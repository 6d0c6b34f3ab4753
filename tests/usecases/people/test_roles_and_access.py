"""Other roles, roles of the account's own, and taking access away."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from prorata.store import assignments, invitations, subscriptions
from prorata.store.account_roles import UnknownRole, all_of
from prorata.store.members import UnknownMember
from prorata.usecases.act import Request, act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.door.own_sessions import look_at
from prorata.usecases.people.accept_invitation import InvitationTakenBack, accept
from prorata.usecases.people.add_member import Addition, add_member
from prorata.usecases.people.change_role import change_role
from prorata.usecases.people.end_access import end_access
from prorata.usecases.people.own_roles import (
    NothingAllowed,
    RoleInUse,
    RoleNameTaken,
    UnknownPermission,
    change_own_role,
    make_role,
    remove_role,
)
from prorata.usecases.people.rules import BeyondYourRole, HasLeft, LastOwner
from prorata.usecases.permissions import NotAllowed, ProofNeeded, member_actor
from support.shop import Shop
from usecases.people.ground import SEEN, House

HR = member_actor(
    "Hans",
    "custom:9",
    member=9,
    own=("see", "see_people", "manage_people", "add_people", "assign", "move_clock", "check_use"),
    proved=True,
)


def test_another_role_holds_from_the_next_request_on_and_is_told_by_mail(ours: House):
    joined = ours.join(role="reader")
    change_role(ours.services, ours.request(), member=joined.member, role="billing_admin")
    known = ours.who(joined.token)
    assert known is not None
    assert known.actor is not None
    assert known.actor.may("buy")
    (mail,) = ours.mails("anna@example.com", "role_changed")
    assert mail.data == {"account": "De Korenbloem", "by": "Daan", "role": "billing_admin"}
    noted = ours.noted()
    assert (noted.action, noted.subject) == ("people.change_role", f"member {joined.member}")
    assert noted.detail["before"] == "reader"
    assert noted.detail["role"] == "billing_admin"


def test_the_same_role_again_changes_nothing_and_tells_nobody(ours: House):
    joined = ours.join(role="reader")
    change_role(ours.services, ours.request(), member=joined.member, role="reader")
    assert ours.mails("anna@example.com", "role_changed") == []
    assert ours.noted().action == "people.join"


def test_the_last_owner_stays_one(ours: House):
    for deed in (
        lambda: change_role(ours.services, ours.request(), member=1, role="reader"),
        lambda: end_access(ours.services, ours.request(), member=1),
    ):
        with pytest.raises(LastOwner) as refusal:
            deed()
        assert refusal.value.parameters == {"name": "Daan"}
    ours.join(role="owner")
    change_role(ours.services, ours.request(), member=1, role="reader")
    assert ours.member(1).role == "reader"


def test_an_owner_who_has_left_does_not_count(ours: House):
    joined = ours.join(role="owner")
    end_access(ours.services, ours.request(), member=joined.member)
    with pytest.raises(LastOwner):
        end_access(ours.services, ours.request(), member=1)


def test_nobody_raises_themselves_or_brings_down_who_may_do_more(ours: House):
    for deed in (
        lambda: change_role(ours.services, ours.by(HR), member=1, role="member"),
        lambda: end_access(ours.services, ours.by(HR), member=1),
    ):
        with pytest.raises(BeyondYourRole):
            deed()
    joined = ours.join(role="member")
    with pytest.raises(BeyondYourRole):
        change_role(ours.services, ours.by(HR), member=joined.member, role="owner")
    change_role(ours.services, ours.by(HR), member=joined.member, role="licence_admin")
    assert ours.member(joined.member).role == "licence_admin"


@pytest.mark.parametrize("role", ["", "emperor", "custom:", "custom:x", "custom:1", "custom:-1"])
def test_a_role_that_the_account_does_not_have_is_refused(ours: House, role: str):
    joined = ours.join()
    with pytest.raises(UnknownRole):
        change_role(ours.services, ours.request(), member=joined.member, role=role)


def test_a_member_of_another_account_is_not_there(ours: House, theirs: House):
    theirs.join()
    for deed in (
        lambda: change_role(ours.services, ours.request(), member=2, role="reader"),
        lambda: end_access(ours.services, ours.request(), member=2),
    ):
        with pytest.raises(UnknownMember):
            deed()


def test_whose_access_ends_is_out_at_once_and_told(ours: House):
    joined = ours.join(role="billing_admin")
    end_access(ours.services, ours.request(), member=joined.member)
    known = ours.who(joined.token)
    assert known is None or known.actor is None
    assert ours.member_of("anna@example.com") is None
    assert ours.member(joined.member).left_at is not None
    assert [mail.data for mail in ours.mails("anna@example.com", "access_ended")] == [
        {"account": "De Korenbloem", "by": "Daan"}
    ]
    assert (ours.noted().action, ours.noted().subject) == ("people.end_access", f"member {joined.member}")
    with pytest.raises(HasLeft):
        change_role(ours.services, ours.request(), member=joined.member, role="reader")
    with pytest.raises(HasLeft):
        end_access(ours.services, ours.request(), member=joined.member)


def test_the_link_of_an_invitation_lets_nobody_in_who_was_removed_meanwhile(ours: House):
    """Added without being told, invited, and removed before they came: what was mailed is void."""
    new = Addition(name="Anna Vos", email="anna@example.com", language="nl")
    member = add_member(ours.services, ours.request(), new=new)
    invitation = ours.invite("Anna@Example.com")
    other = ours.invite("bram@example.com", name="Bram")
    link = ours.link()
    end_access(ours.services, ours.request(), member=member)
    with pytest.raises(InvitationTakenBack):
        ours.accept(link)
    assert ours.member(member).left_at is not None
    with ours.services.database.account(ours.account) as conn:
        assert [one.id for one in invitations.all_waiting(conn, ours.account)] == [other]
        assert invitations.names(conn, ours.account, ids={invitation}) == {}


def test_of_other_accounts_nothing_is_lost(ours: House, theirs: House):
    first = ours.join("emma@example.com")
    theirs.invite("emma@example.com")
    second = accept(theirs.services, theirs.link("emma@example.com"), seen=replace(SEEN, session=first.token))
    end_access(theirs.services, theirs.request(), member=second.member)
    after = theirs.who(second.token)
    assert after is not None
    assert after.actor is None
    assert ours.member_of("emma@example.com") == first.member
    look_at(ours.services, after, account=ours.account)
    known = ours.who(second.token)
    assert known is not None
    assert known.actor is not None


def test_a_session_for_that_account_alone_ends_with_the_access(ours: House, theirs: House):
    ours.join()
    joined = theirs.join()
    assert theirs.who(joined.token) is not None
    end_access(theirs.services, theirs.request(), member=joined.member)
    assert theirs.who(joined.token) is None


def test_the_licences_of_who_leaves_are_free_at_once_and_they_get_no_other(ours: House, shop: Shop):
    joined = ours.join(role="member")
    other = ours.join("bram@example.com", role="member")
    act(ours.services, ours.request(), BuySubscription(shop.plan, 3, "team"))
    act(ours.services, ours.request(), AssignLicences("team", add=frozenset({joined.member})))
    removed = [end_access(ours.services, ours.request(), member=one.member) for one in (joined, other)]
    assert [(one.people, one.freed) for one in removed] == [(1, {"team": 1}), (1, {})]
    with ours.services.database.account(ours.account) as conn:
        assert assignments.holders(conn, ours.account, subscription="team") == set()
        assert subscriptions.by_name(conn, ours.account, name="team").assigned == 0
        gave, took = assignments.changes_of(conn, ours.account, subscription_id=1)
    assert (gave.holds, gave.why, took.holds, took.why) == (True, "asked", False, "left")
    with pytest.raises(UnknownMember):
        act(ours.services, ours.request(), AssignLicences("team", add=frozenset({other.member})))


def test_a_role_of_the_accounts_own_allows_what_it_says_and_follows_its_changes(ours: House):
    made = make_role(ours.services, ours.request(), name=" Front  desk ", permissions=("pay", "assign"))
    # Paying needs seeing; assigning needs seeing who there is.
    assert (made.key, made.name, made.permissions) == ("custom:1", "Front desk", ("see", "assign", "pay", "see_people"))
    joined = ours.join(role=made.key)
    assert ours.mails("anna@example.com", "invitation")[0].data["role"] == "Front desk"
    known = ours.who(joined.token)
    assert known is not None
    assert known.actor is not None
    assert known.actor.permissions == {"see", "assign", "pay", "see_people"}
    assert known.actor.own_role == "Front desk"
    change_own_role(ours.services, ours.request(), role=made.id, name="Front desk", permissions=("see",))
    known = ours.who(joined.token)
    assert known is not None
    assert known.actor is not None
    assert known.actor.permissions == {"see"}
    assert ours.noted().detail["permissions_before"] == ["see", "assign", "pay", "see_people"]


def test_a_role_is_removed_once_nobody_has_it_and_nobody_is_invited_to_it(ours: House):
    made = make_role(ours.services, ours.request(), name="Front desk", permissions=("see",))
    ours.invite(role=made.key)
    with pytest.raises(RoleInUse) as refusal:
        remove_role(ours.services, ours.request(), role=made.id)
    assert refusal.value.parameters == {"role": "Front desk", "people": 1}
    joined = ours.accept(ours.link())
    with pytest.raises(RoleInUse):
        remove_role(ours.services, ours.request(), role=made.id)
    change_role(ours.services, ours.request(), member=joined.member, role="reader")
    remove_role(ours.services, ours.request(), role=made.id)
    with ours.services.database.account(ours.account) as conn:
        assert all_of(conn, ours.account) == ()
    with pytest.raises(UnknownRole):
        change_role(ours.services, ours.request(), member=joined.member, role=made.key)


@pytest.mark.parametrize(
    ("permissions", "refusal"),
    [
        ((), NothingAllowed),
        (("see", "fly"), UnknownPermission),
        (("set_price",), UnknownPermission),
        (("act_on_behalf",), UnknownPermission),
    ],
)
def test_a_role_of_nothing_or_of_what_is_the_vendors_is_refused(
    ours: House, permissions: tuple[str, ...], refusal: type[Exception]
):
    with pytest.raises(refusal):
        make_role(ours.services, ours.request(), name="Strange", permissions=permissions)


def test_two_roles_do_not_have_the_same_name(ours: House):
    make_role(ours.services, ours.request(), name="Front desk", permissions=("see",))
    other = make_role(ours.services, ours.request(), name="Back desk", permissions=("see",))
    for deed in (
        lambda: make_role(ours.services, ours.request(), name="FRONT DESK", permissions=("see",)),
        lambda: change_own_role(ours.services, ours.request(), role=other.id, name="front desk", permissions=("see",)),
    ):
        with pytest.raises(RoleNameTaken):
            deed()


def test_nobody_makes_a_role_of_what_they_lack_or_changes_one_that_may_do_more(ours: House):
    with pytest.raises(BeyondYourRole):
        make_role(ours.services, ours.by(HR), name="Buyer", permissions=("buy",))
    buyer = make_role(ours.services, ours.request(), name="Buyer", permissions=("buy",))
    for deed in (
        lambda: change_own_role(ours.services, ours.by(HR), role=buyer.id, name="Buyer", permissions=("see",)),
        lambda: remove_role(ours.services, ours.by(HR), role=buyer.id),
    ):
        with pytest.raises(BeyondYourRole):
            deed()


def test_a_role_of_another_account_is_not_there(ours: House, theirs: House):
    made = make_role(theirs.services, theirs.request(), name="Front desk", permissions=("see",))
    for deed in (
        lambda: change_own_role(ours.services, ours.request(), role=made.id, name="X", permissions=("see",)),
        lambda: remove_role(ours.services, ours.request(), role=made.id),
    ):
        with pytest.raises(UnknownRole):
            deed()


def test_deciding_who_may_do_what_wants_the_right_and_a_proof(ours: House):
    asked: tuple[Callable[[Request], object], ...] = (
        lambda request: change_role(ours.services, request, member=1, role="reader"),
        lambda request: end_access(ours.services, request, member=1),
        lambda request: make_role(ours.services, request, name="X", permissions=("see",)),
        lambda request: change_own_role(ours.services, request, role=1, name="X", permissions=("see",)),
        lambda request: remove_role(ours.services, request, role=1),
    )
    for deed in asked:
        with pytest.raises(NotAllowed):
            deed(ours.request("billing_admin"))
        with pytest.raises(ProofNeeded):
            deed(ours.by(member_actor("Daan", "owner", member=1)))
