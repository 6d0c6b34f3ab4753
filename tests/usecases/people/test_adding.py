"""Adding people who hold licences: one by one, and from a list with a report of each refused row."""

import pytest

from prorata.core.errors import DomainError
from prorata.core.history import UnknownSubscription
from prorata.core.licences.assignment import NotEnoughLicences
from prorata.core.subscriptions.change import AlreadyEnded
from prorata.store import assignments, members, subscriptions
from prorata.store.errors import ChangedMeanwhile
from prorata.store.members import EmailTaken
from prorata.usecases.act import act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.door.codes import NotAnEmail
from prorata.usecases.door.staff import NameNeeded
from prorata.usecases.people.add_member import Addition, add_member
from prorata.usecases.people.end_access import NobodyChosen, end_access, remove_members
from prorata.usecases.people.import_members import Shortage, check_import, import_members
from prorata.usecases.people.member_file import ColumnMissing
from prorata.usecases.people.picking import Filter, Pick, seen_of
from prorata.usecases.people.rules import LastOwner
from prorata.usecases.permissions import NotAllowed, ProofNeeded, member_actor
from support.shop import Shop
from usecases.people.ground import House

ANNA = Addition(name=" Anna  Vos ", email="Anna@example.com", language="nl")


def _buy(house: House, shop: Shop, licences: int = 3, name: str = "team") -> None:
    act(house.services, house.request(), BuySubscription(shop.plan, licences, name))


def _holders(house: House, name: str = "team") -> set[int]:
    with house.services.database.account(house.account) as conn:
        held = assignments.holders(conn, house.account, subscription=name)
        assert subscriptions.by_name(conn, house.account, name=name).assigned == len(held)
    return set(held)


def _emails(house: House) -> list[str]:
    with house.services.database.account(house.account) as conn:
        return [row.email for row in members.all_of(conn, house.account) if not row.left_at]


def test_who_is_added_holds_licences_does_nothing_here_and_is_told_nothing(ours: House, shop: Shop):
    _buy(ours, shop)
    member = add_member(
        ours.services,
        ours.request("licence_admin"),
        new=Addition(name=" Anna  Vos ", email="Anna@example.com", language="nl", licences=("team",)),
    )
    row = ours.member(member)
    assert (row.name, row.email, row.role, row.language, row.person) == (
        "Anna Vos", "anna@example.com", "member", "nl", None,
    )  # fmt: skip
    assert _holders(ours) == {member}
    assert ours.mails("anna@example.com", "invitation") == []
    assert (ours.noted().action, ours.noted().subject) == ("people.add", f"member {member}")


def test_who_was_added_can_be_invited_to_sign_in_later(ours: House):
    member = add_member(ours.services, ours.request(), new=ANNA)
    assert ours.join("anna@example.com").member == member


def test_who_had_left_is_back_as_somebody_who_only_holds_licences(ours: House):
    joined = ours.join("anna@example.com", role="billing_admin")
    end_access(ours.services, ours.request(), member=joined.member)
    assert add_member(ours.services, ours.request(), new=ANNA) == joined.member
    row = ours.member(joined.member)
    assert (row.role, row.person, row.left_at) == ("member", None, None)
    assert ours.who(joined.token) is None or ours.member_of("anna@example.com") is None


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (Addition(name=" ", email="a@example.com", language="nl"), NameNeeded),
        (Addition(name="Anna", email="anna", language="nl"), NotAnEmail),
        (Addition(name="Anna", email="DAAN@example.com", language="nl"), EmailTaken),
        (Addition(name="Anna", email="a@example.com", language="nl", licences=("nothing",)), UnknownSubscription),
        (Addition(name="Anna", email="a@example.com", language="nl", licences=("over",)), AlreadyEnded),
        (Addition(name="Anna", email="a@example.com", language="nl", licences=("team",)), NotEnoughLicences),
    ],
)
def test_what_cannot_be_added_changes_nothing(ours: House, shop: Shop, new: Addition, refusal: type[DomainError]):
    _buy(ours, shop, 1)
    act(ours.services, ours.request(), AssignLicences("team", add=frozenset({1})))
    _buy(ours, shop, 1, "over")
    act(ours.services, ours.request(), CancelSubscription("over", when="now"))
    with pytest.raises(refusal):
        add_member(ours.services, ours.request(), new=new)
    assert _emails(ours) == ["daan@example.com"]


LIST = """Naam;E-mail;Taal;Licentie;Afdeling
Anna Vos;anna@example.com;nl;team;Verkoop
Bram Visser;BRAM@example.com;;team;
;carla@example.com;;;
Dirk;dirk-at-example.com;;;
Emma;emma@example.com;klingon;;
Finn;finn@example.com;en;unknown;
Gijs;daan@example.com;;;
Hanna;anna@example.com;;;

Iris;iris@example.com;Italiano;TEAM;
Jan;jan@example.com;;team;
"""


def test_good_rows_are_added_and_every_other_is_reported_with_its_line(ours: House, shop: Shop):
    _buy(ours, shop, 2)
    request = ours.request("licence_admin")
    looked = check_import(ours.services, request, text=LIST, language="it")
    assert _emails(ours) == ["daan@example.com"]
    report = import_members(ours.services, request, text=LIST, language="it")
    for one in (looked, report):
        assert (one.added, one.back, one.assigned) == (4, 0, {"team": 2})
        # Two licences are free, four rows want one; two and two more would be four.
        assert one.short == (Shortage("team", missing=2, total=4),)
        assert one.unused == ("Afdeling",)
        assert [(row.line, row.why.code) for row in one.refused] == [
            (4, "name_needed"),
            (5, "not_an_email"),
            (6, "unknown_language"),
            (7, "no_such_licence"),
            (8, "email_taken"),
            (9, "twice_in_file"),
        ]
    assert report.refused[3].whole == "Finn, finn@example.com, en, unknown"
    assert report.refused[5].why.parameters == {"email": "anna@example.com", "line": 2}
    assert _emails(ours) == [f"{name}@example.com" for name in ("daan", "anna", "bram", "iris", "jan")]
    assert [ours.member(member).language for member in (2, 3, 4, 5)] == ["nl", "it", "it", "it"]
    # The first rows get what there is.
    assert _holders(ours) == {2, 3}
    assert (ours.noted().action, ours.noted().subject) == ("people.import", "4 members")
    assert ours.noted().detail["members"] == [2, 3, 4, 5]


def test_who_had_left_comes_back_by_a_list_and_the_same_list_again_adds_nobody(ours: House):
    text = "name,email\nAnna,anna@example.com\nBram,bram@example.com\n"
    import_members(ours.services, ours.request(), text=text, language="nl")
    end_access(ours.services, ours.request(), member=2)
    again = import_members(ours.services, ours.request(), text=text, language="nl")
    assert (again.added, again.back, [row.why.code for row in again.refused]) == (1, 1, ["email_taken"])
    assert ours.member(2).left_at is None
    none = import_members(ours.services, ours.request(), text=text, language="nl")
    assert (none.added, len(none.refused)) == (0, 2)


def test_the_product_names_the_subscription_where_only_one_has_it(ours: House, shop: Shop):
    _buy(ours, shop, 5, "a")
    text = "name,email,licence\nAnna,anna@example.com,Team\n"
    assert check_import(ours.services, ours.request(), text=text, language="nl").assigned == {"a": 1}
    _buy(ours, shop, 5, "b")
    refused = check_import(ours.services, ours.request(), text=text, language="nl").refused
    assert [row.why.code for row in refused] == ["no_such_licence"]


def test_ten_thousand_rows_are_added_at_once(ours: House, shop: Shop):
    _buy(ours, shop, 5000)
    rows = [f"Member {place},m{place}@example.com,team" for place in range(1, 10_001)]
    report = import_members(ours.services, ours.request(), text="\n".join(["name,email,licence", *rows]), language="nl")
    assert (report.added, report.assigned, report.refused) == (10_000, {"team": 5000}, ())
    assert report.short == (Shortage("team", missing=5000, total=10_000),)
    assert _holders(ours) == set(range(2, 5002))
    # All of them are found again, and removed at once.
    everybody = Pick(filter=Filter(text="member m"), count=10_000, seen=seen_of(range(2, 10_002)))
    removed = remove_members(ours.services, ours.request("licence_admin"), pick=everybody)
    assert (removed.people, removed.freed) == (10_000, {"team": 5000})
    assert _holders(ours) == set()


def test_nobody_is_added_by_a_list_that_is_none(ours: House):
    for deed in (check_import, import_members):
        with pytest.raises(ColumnMissing):
            deed(ours.services, ours.request(), text="Anna;anna@example.com\n", language="nl")


def test_who_may_not_assign_adds_people_without_licences(ours: House, shop: Shop):
    _buy(ours, shop)
    clerk = ours.by(member_actor("Kim", "custom:1", member=9, own=("see", "see_people", "add_people")))
    with pytest.raises(NotAllowed):
        import_members(ours.services, clerk, text="name,email,licence\nA,a@example.com,team", language="nl")
    with pytest.raises(NotAllowed):
        add_member(ours.services, clerk, new=Addition(name="A", email="a@x.com", language="nl", licences=("team",)))
    assert import_members(ours.services, clerk, text="name,email\nA,a@example.com", language="nl").added == 1


def test_many_are_removed_at_once_and_their_licences_are_free(ours: House, shop: Shop):
    _buy(ours, shop, 3)
    _buy(ours, shop, 2, "over")
    for name in ("anna", "bram", "carla"):
        ours.join(f"{name}@example.com", role="member")
    act(ours.services, ours.request(), AssignLicences("team", add=frozenset({2, 3, 4})))
    act(ours.services, ours.request(), AssignLicences("over", add=frozenset({2})))
    # What has ended keeps its holders, until they go.
    act(ours.services, ours.request(), CancelSubscription("over", when="now"))
    removed = remove_members(ours.services, ours.request("licence_admin"), pick=Pick(frozenset({2, 3})))
    assert (removed.people, removed.freed) == (2, {"team": 2, "over": 1})
    assert (_holders(ours), _holders(ours, "over")) == ({4}, set())
    assert _emails(ours) == ["daan@example.com", "carla@example.com"]
    assert ours.member_of("anna@example.com") is None
    assert len(ours.mails("bram@example.com", "access_ended")) == 1
    assert (ours.noted().action, ours.noted().subject) == ("people.end_access", "2 members")


def test_a_licence_admin_removes_only_who_holds_licences_and_nothing_else(ours: House):
    ours.join("anna@example.com", role="member")
    ours.join("bram@example.com", role="reader")
    with pytest.raises(NotAllowed):
        remove_members(ours.services, ours.request("licence_admin"), pick=Pick(frozenset({2, 3})))
    assert ours.member(2).left_at is None
    with pytest.raises(NotAllowed):
        remove_members(ours.services, ours.request("reader"), pick=Pick(frozenset({2})))
    with pytest.raises(ProofNeeded):
        remove_members(ours.services, ours.by(member_actor("Daan", "owner", member=1)), pick=Pick(frozenset({3})))
    # Nobody's rights are decided on: no proof is asked for.
    remove_members(ours.services, ours.by(member_actor("Daan", "owner", member=1)), pick=Pick(frozenset({2})))


def test_all_of_a_filter_are_those_that_were_shown_or_nobody(ours: House):
    ours.join("anna@example.com", role="member")
    ours.join("bram@example.com", role="member")
    both, others = seen_of([2, 3]), seen_of([2, 4])
    with pytest.raises(ChangedMeanwhile):
        remove_members(ours.services, ours.request(), pick=Pick(filter=Filter(role="member"), count=1, seen=both))
    with pytest.raises(ChangedMeanwhile):
        # As many as were shown, but one of them is somebody else.
        remove_members(ours.services, ours.request(), pick=Pick(filter=Filter(role="member"), count=2, seen=others))
    with pytest.raises(NobodyChosen):
        remove_members(ours.services, ours.request(), pick=Pick(filter=Filter(text="zebra"), seen=seen_of([])))
    with pytest.raises(LastOwner):
        remove_members(ours.services, ours.request(), pick=Pick(filter=Filter(), count=3, seen=seen_of([1, 2, 3])))
    removed = remove_members(ours.services, ours.request(), pick=Pick(filter=Filter(role="member"), count=2, seen=both))
    assert removed.people == 2
