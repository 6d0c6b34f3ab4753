"""Who was erased alone stands nowhere any more: not with what they did to others either, nor in mails about it."""

from datetime import date

from prorata.store import accounts
from prorata.usecases.api_keys import KeyWish, make_key
from prorata.usecases.close_account import Planned, Wish, close_account, take_back_closing
from prorata.usecases.export.ask import ask_export
from prorata.usecases.people.change_role import change_role
from prorata.usecases.people.end_access import end_access
from prorata.usecases.people.erase_member import erase_member
from prorata.usecases.people.invite import Invitee, invite
from prorata.usecases.permissions import Origin, member_actor
from usecases.people.ground import House
from usecases.sweep import places_of

WHO = ("Quirijn", "Zandwijk", "203.0.113.41")


def left_after(ours: House) -> int:
    """Somebody who has done much to others, and has left; their id."""
    carol = ours.join("carol@example.com").member
    ours.invite("quirijn@zandwijk.example", role="owner", name="Quirijn Zandwijk")
    him = ours.accept(ours.link("quirijn@zandwijk.example")).member
    origin = Origin("203.0.113.41", "web")
    act = ours.by(member_actor("Quirijn Zandwijk", "owner", member=him, proved=True, origin=origin))
    invite(ours.services, act, invitee=Invitee(name="Dirk", email="dirk@example.com", role="reader", language="nl"))
    change_role(ours.services, act, member=carol, role="licence_admin")
    make_key(ours.services, act, wish=KeyWish("warehouse", frozenset({"read"}), 30))
    ask_export(ours.services, act, language="nl")
    with ours.services.database.account(ours.account) as conn:
        name = accounts.find(conn, ours.account).name
    planned = close_account(ours.services, act, wish=Wish(name=name, on=date(2026, 3, 1), waive_backup=True))
    assert planned == Planned(date(2026, 3, 1))
    take_back_closing(ours.services, act)
    end_access(ours.services, act, member=carol)
    end_access(ours.services, ours.request(), member=him)
    return him


def places(ours: House) -> set[tuple[str, str]]:
    with ours.services.database.owner() as conn:
        return {(table, column) for table, column, _ in places_of(conn, WHO)}


def test_of_who_was_erased_no_name_and_no_address_is_left_in_any_table(ours: House):
    him = left_after(ours)
    assert {("people", "email"), ("outbox", "data"), ("outbox", "recipient")} <= places(ours)
    erase_member(ours.services, ours.request(), member=him)
    assert places(ours) == set()


def test_a_mail_that_waits_says_the_account_in_place_of_who_was_erased(ours: House):
    him = left_after(ours)
    erase_member(ours.services, ours.request(), member=him)
    (told,) = ours.mails("carol@example.com", "access_ended")
    assert told.data["by"] == told.data["account"]
