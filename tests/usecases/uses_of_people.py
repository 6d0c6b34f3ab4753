"""The use cases of who belongs to an account, with the permission that each asks for."""

from collections.abc import Mapping

from prorata.usecases.pages import members as members_pages
from prorata.usecases.pages import seats
from prorata.usecases.people import (
    add_member,
    change_role,
    end_access,
    erase_member,
    import_members,
    invite,
    own_roles,
    picking,
)
from usecases.use import NAME, Use

PEOPLE: Mapping[str, Use] = {
    "pages.members.invite_page": Use("manage_people", lambda p: members_pages.invite_page(p.services, p.request)),
    "pages.members.member_page": Use(
        "see_people", lambda p: members_pages.member_page(p.services, p.request, member=2), foreign=True
    ),
    "pages.members.members_page": Use("see_people", lambda p: members_pages.members_page(p.services, p.request)),
    "pages.members.own_role_page": Use(
        "manage_people", lambda p: members_pages.own_role_page(p.services, p.request, role=1), foreign=True
    ),
    "pages.members.removal_page": Use(
        "add_people",
        lambda p: members_pages.removal_page(p.services, p.request, pick=picking.Pick(frozenset({2}))),
        foreign=True,
    ),
    "pages.members.roles_page": Use("see_people", lambda p: members_pages.roles_page(p.services, p.request)),
    "pages.seats.seats_page": Use(
        "see_people", lambda p: seats.seats_page(p.services, p.request, name=NAME), foreign=True
    ),
    "people.add_member.add_member": Use(
        "add_people",
        lambda p: add_member.add_member(
            p.services, p.request, new=add_member.Addition(name="", email="", language="en")
        ),
    ),
    "people.change_role.change_role": Use(
        "manage_people",
        lambda p: change_role.change_role(p.services, p.request, member=2, role="member"),
        foreign=True,
    ),
    "people.end_access.end_access": Use(
        "add_people", lambda p: end_access.end_access(p.services, p.request, member=2), foreign=True
    ),
    "people.end_access.remove_members": Use(
        "add_people",
        lambda p: end_access.remove_members(p.services, p.request, pick=picking.Pick(members=frozenset({2, 3}))),
        foreign=True,
    ),
    "people.erase_member.erase_member": Use(
        "manage_people", lambda p: erase_member.erase_member(p.services, p.request, member=2), foreign=True
    ),
    "people.import_members.check_import": Use(
        "add_people", lambda p: import_members.check_import(p.services, p.request, text="", language="en")
    ),
    "people.import_members.import_members": Use(
        "add_people", lambda p: import_members.import_members(p.services, p.request, text="", language="en")
    ),
    "people.invite.invite": Use(
        "manage_people",
        lambda p: invite.invite(
            p.services, p.request, invitee=invite.Invitee(name="", email="", role="member", language="en")
        ),
    ),
    "people.invite.invite_again": Use(
        "manage_people", lambda p: invite.invite_again(p.services, p.request, invitation=1), foreign=True
    ),
    "people.invite.take_back": Use(
        "manage_people", lambda p: invite.take_back(p.services, p.request, invitation=1), foreign=True
    ),
    "people.own_roles.change_own_role": Use(
        "manage_people",
        lambda p: own_roles.change_own_role(p.services, p.request, role=1, name="X", permissions=("see",)),
        foreign=True,
    ),
    "people.own_roles.make_role": Use(
        "manage_people", lambda p: own_roles.make_role(p.services, p.request, name="", permissions=())
    ),
    "people.own_roles.remove_role": Use(
        "manage_people", lambda p: own_roles.remove_role(p.services, p.request, role=1), foreign=True
    ),
}
