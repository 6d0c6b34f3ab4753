"""The vendor's people, and the links that let them in."""

from datetime import timedelta

import pytest

from prorata.usecases.door.codes import NotAnEmail
from prorata.usecases.door.links import LinkExpired, LinkUnknown, LinkUsed, look_at_link, use_link
from prorata.usecases.door.sessions import who
from prorata.usecases.door.staff import (
    LastStaffOwner,
    NameNeeded,
    NewStaff,
    StaffAlready,
    UnknownStaff,
    change_staff_role,
    create_staff,
    end_staff,
    staff_link,
    staff_list,
)
from prorata.usecases.permissions import NotAllowed, ProofNeeded, operator, staff_actor
from support.entrance import HERE, Entrance

OPERATOR = operator("Operator")
EVA = NewStaff(email="eva@kadans.example", name="Eva Lindhout", role="owner", language="nl")
TOM = NewStaff(email="tom@kadans.example", name="Tom Becker", role="support")


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def test_the_first_of_the_vendors_people_comes_in_by_a_link(entrance: Entrance) -> None:
    link = create_staff(entrance.services, OPERATOR, new=EVA)
    assert link.startswith(f"{entrance.services.address}/sign-in/link/")
    assert look_at_link(entrance.services, token_of(link)) == "Eva Lindhout"
    known = entrance.known(use_link(entrance.services, token_of(link), seen=HERE))
    assert known.actor is not None
    assert (known.actor.role, known.session.method, known.session.language) == ("owner", "link", "nl")
    assert entrance.mails() == []


def test_a_link_lets_in_once_and_looking_spends_nothing(entrance: Entrance) -> None:
    token = token_of(create_staff(entrance.services, OPERATOR, new=EVA))
    for _ in range(3):
        look_at_link(entrance.services, token)
    use_link(entrance.services, token, seen=HERE)
    with pytest.raises(LinkUsed):
        use_link(entrance.services, token, seen=HERE)
    with pytest.raises(LinkUsed):
        look_at_link(entrance.services, token)


def test_a_link_is_good_for_a_day(entrance: Entrance) -> None:
    token = token_of(create_staff(entrance.services, OPERATOR, new=EVA))
    entrance.clock.at += timedelta(hours=23, minutes=59)
    look_at_link(entrance.services, token)
    entrance.clock.at += timedelta(minutes=1)
    with pytest.raises(LinkExpired):
        use_link(entrance.services, token, seen=HERE)


def test_a_new_link_ends_the_one_before(entrance: Entrance) -> None:
    first = token_of(create_staff(entrance.services, OPERATOR, new=EVA))
    second = token_of(staff_link(entrance.services, OPERATOR, email=" EVA@kadans.example", mailed=True))
    with pytest.raises(LinkUnknown):
        use_link(entrance.services, first, seen=HERE)
    assert use_link(entrance.services, second, seen=HERE)
    mail = entrance.mails()[0]
    assert (mail.kind, mail.secret, mail.data["days"]) == ("staff_link", True, 1)
    assert token_of(str(mail.data["link"])) == second


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "../../etc/passwd"])
def test_a_link_that_was_never_made_is_unknown(entrance: Entrance, token: str) -> None:
    with pytest.raises(LinkUnknown):
        use_link(entrance.services, token, seen=HERE)


def test_who_is_let_go_is_out_at_once_and_their_link_is_no_more(entrance: Entrance) -> None:
    create_staff(entrance.services, OPERATOR, new=EVA)
    token = use_link(entrance.services, token_of(create_staff(entrance.services, OPERATOR, new=TOM)), seen=HERE)
    waiting = token_of(staff_link(entrance.services, OPERATOR, email=TOM.email))
    end_staff(entrance.services, OPERATOR, email=TOM.email)
    assert who(entrance.services, token, seen=HERE) is None
    with pytest.raises(LinkUnknown):
        use_link(entrance.services, waiting, seen=HERE)
    with pytest.raises(UnknownStaff):
        staff_link(entrance.services, OPERATOR, email=TOM.email)
    rows = staff_list(entrance.services, OPERATOR)
    assert [(row.person.email, row.until is None) for row in rows] == [(EVA.email, True), (TOM.email, False)]


def test_who_comes_back_is_taken_on_again(entrance: Entrance) -> None:
    create_staff(entrance.services, OPERATOR, new=EVA)
    create_staff(entrance.services, OPERATOR, new=TOM)
    end_staff(entrance.services, OPERATOR, email=TOM.email)
    assert create_staff(entrance.services, OPERATOR, new=TOM)


def test_one_owner_stays_at_the_vendor(entrance: Entrance) -> None:
    create_staff(entrance.services, OPERATOR, new=EVA)
    create_staff(entrance.services, OPERATOR, new=TOM)
    with pytest.raises(LastStaffOwner):
        end_staff(entrance.services, OPERATOR, email=EVA.email)
    with pytest.raises(LastStaffOwner):
        change_staff_role(entrance.services, OPERATOR, email=EVA.email, role="support")
    change_staff_role(entrance.services, OPERATOR, email=TOM.email, role="owner")
    change_staff_role(entrance.services, OPERATOR, email=EVA.email, role="support")
    assert [row.role for row in staff_list(entrance.services, OPERATOR)] == ["support", "owner"]


def test_what_cannot_be_taken_on_is_said(entrance: Entrance) -> None:
    create_staff(entrance.services, OPERATOR, new=EVA)
    with pytest.raises(StaffAlready):
        create_staff(entrance.services, OPERATOR, new=EVA)
    with pytest.raises(NotAnEmail):
        create_staff(entrance.services, OPERATOR, new=NewStaff(email="eva", name="Eva", role="owner"))
    for name in ("", "  ", "x" * 101, "a\x00b"):
        with pytest.raises(NameNeeded):
            create_staff(entrance.services, OPERATOR, new=NewStaff(email="x@x.example", name=name, role="owner"))


@pytest.mark.parametrize("role", ["finance", "support", "catalogue"])
def test_only_an_owner_decides_who_works_there(entrance: Entrance, role: str) -> None:
    actor = staff_actor("Tom Becker", role, proved=True)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        create_staff(entrance.services, actor, new=TOM)
    with pytest.raises(NotAllowed):
        staff_list(entrance.services, actor)
    with pytest.raises(ProofNeeded):
        create_staff(entrance.services, staff_actor("Eva", "owner"), new=TOM)
