"""What people are called, and what is said where it is refused to let somebody in, or to be something else."""

from __future__ import annotations

from typing import Final

from prorata.store.members import MemberRow
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

REFUSALS: Final = {
    "beyond_your_role": mark(
        "This role may do what yours may not, so it is not yours to give or to take. Somebody who may do as much can "
        "do it."
    ),
    "still_belongs": mark("{name} belongs to this account. Only who has left can be erased."),
    "last_owner": mark("{name} is the only owner of this account. Let somebody else be an owner first."),
    "has_left": mark("{name} has no access to this account any more. To let them come back, invite them."),
    "already_invited": mark(
        "{email} has an invitation that waits for an answer. Send it again, or take it back, on the page of members."
    ),
    "too_many_invitations": mark(
        "{most} invitations wait for an answer, and there cannot be more. Take back those that are not needed."
    ),
    "unknown_invitation": mark(
        "This invitation waits for no answer any more: it was accepted, or taken back. Choose one from the list."
    ),
    "unknown_role": mark("This account has no such role. Choose one from the list."),
    "unknown_permission": mark("{permission} is nothing that a role of an account can have. Choose from the list."),
    "role_name_taken": mark("There is a role {role} already. Choose another name."),
    "nothing_allowed": mark("A role allows something. Tick at least one thing, or use the role member."),
    "too_many_roles": mark("An account has at most {most} roles of its own. Remove one that is not needed."),
    "invitation_not_valid": mark(
        "No invitation has this link. It may have been cut short, or a newer one was sent: use the link of the newest "
        "mail, whole."
    ),
    "invitation_expired": mark("This invitation is too old: its link works for seven days. Ask {by} to send it again."),
    "invitation_used": mark("This invitation was accepted already. Sign in with the address that it was sent to."),
    "invitation_taken_back": mark("This invitation was taken back. Ask {by} if that should not be."),
    "reason_needed": mark("Say why you act for this customer. They can read it in their audit."),
    "reason_too_long": mark("The reason is longer than {most} characters. Make it shorter."),
}

IN_USE: Final = mark_plural(
    "{count} person has the role {role} or is invited to it. Give them another one first.",
    "{count} people have the role {role} or are invited to it. Give them another one first.",
)


def member_name(w: Wording, row: MemberRow) -> str:
    """What a member is called; also one whose name is gone."""
    return row.name or former_member(w, row.id)


def former_member(w: Wording, member: int) -> str:
    """What is said of somebody whose name is gone: "Former member 7"."""
    return w.t("Former member {member}", member=str(member))
