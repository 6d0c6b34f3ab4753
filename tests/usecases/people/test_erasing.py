"""Who has left can be erased for good: what they did stays, and names nobody."""

import pytest
from sqlalchemy import text

from prorata.store import outbox
from prorata.store.outbox import StoredMail
from prorata.usecases.pages.audit import audit_page
from prorata.usecases.people.end_access import end_access
from prorata.usecases.people.erase_member import StillBelongs, erase_member
from prorata.usecases.people.rules import BeyondYourRole
from prorata.usecases.permissions import ProofNeeded, member_actor
from usecases.people.ground import House


def test_who_has_left_is_a_number_from_then_on_and_may_come_back_as_somebody_new(ours: House):
    member = ours.join("anna@example.com", role="reader").member
    with pytest.raises(StillBelongs):
        erase_member(ours.services, ours.request(), member=member)
    end_access(ours.services, ours.request(), member=member)
    erase_member(ours.services, ours.request(), member=member)
    gone = ours.member(member)
    assert (gone.name, gone.email, gone.person) == ("", "", None)
    assert (ours.noted().action, ours.noted().subject) == ("people.erase", f"member {member}")
    # Once more does nothing, and notes nothing.
    erase_member(ours.services, ours.request(), member=member)
    page = audit_page(ours.services, ours.request())
    assert [row.entry.action for row in page.rows] == [
        "people.erase",
        "people.end_access",
        "people.join",
        "people.invite",
    ]
    assert page.members == {member: ""}
    assert page.invited == {}
    assert ours.join("anna@example.com").member == member + 1


FOUND = {
    "people": "SELECT count(*) FROM people WHERE email = 'eva@lindhout.example'",
    "outbox": "SELECT count(*) FROM outbox WHERE recipient = 'eva@lindhout.example'",
}


def found(house: House) -> dict[str, int]:
    with house.services.database.owner() as conn:
        return {table: conn.scalar(text(query)) or 0 for table, query in FOUND.items()}


def test_who_belongs_nowhere_else_is_gone_from_the_door_too(ours: House, theirs: House):
    """In two accounts: erased in the one she is known at the door for the other, and erased there too for nobody."""
    here, there = (house.join("eva@lindhout.example") for house in (ours, theirs))
    end_access(ours.services, ours.request(), member=here.member)
    erase_member(ours.services, ours.request(), member=here.member)
    assert found(ours)["people"] == 1
    assert {mail.account for mail in all_mails(ours)} == {theirs.account}
    assert theirs.who(there.token) is not None
    end_access(theirs.services, theirs.request(), member=there.member)
    erase_member(theirs.services, theirs.request(), member=there.member)
    assert found(ours) == {"people": 0, "outbox": 0}
    assert theirs.who(there.token) is None


def all_mails(house: House) -> list[StoredMail]:
    with house.services.database.owner() as conn:
        return [one for one in outbox.latest(conn, most=1000) if one.recipient == "eva@lindhout.example"]


def test_one_of_the_vendors_people_who_was_a_member_stays_one(ours: House):
    member = ours.join("eva@lindhout.example").member
    ours.sql(
        "INSERT INTO staff (person_id, role, since) SELECT id, 'support', now() FROM people WHERE email = :email",
        email="eva@lindhout.example",
    )
    end_access(ours.services, ours.request(), member=member)
    erase_member(ours.services, ours.request(), member=member)
    assert found(ours)["people"] == 1


def test_it_wants_a_proof_and_somebody_who_may_do_as_much(ours: House):
    member = ours.join("anna@example.com", role="owner").member
    end_access(ours.services, ours.request(), member=member)
    with pytest.raises(ProofNeeded):
        erase_member(ours.services, ours.by(member_actor("Daan", "owner", member=1)), member=member)
    some = member_actor("Daan", "custom:1", member=1, own=("manage_people",), proved=True)
    with pytest.raises(BeyondYourRole):
        erase_member(ours.services, ours.by(some), member=member)
    assert ours.member(member).name == "Anna Vos"
