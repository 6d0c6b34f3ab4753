"""An account's own directory: who may set it, what is kept of it, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from prorata.core.errors import DomainError
from prorata.store import audit
from prorata.usecases.act import Request
from prorata.usecases.door.directories import (
    DirectoryIncomplete,
    NoDirectory,
    NotARoleForNew,
    Wish,
    directory_page,
    remove_directory,
    set_directory,
    try_directory,
)
from prorata.usecases.door.sessions import who
from prorata.usecases.permissions import NotAllowed, ProofNeeded, Role, member_actor
from prorata.usecases.vouching import DirectoryAddressRefused, DirectoryUnreachable, NoDirectoryThere, OtherDirectory
from support.entrance import HERE, Entrance
from support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider, says


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def account(entrance: Entrance) -> int:
    return entrance.accounts(entrance.owner())[0]


def owner(account: int, *, role: Role = "owner", proved: bool = True) -> Request:
    return Request(account, member_actor("Daan Visser", role, member=1, proved=proved))


def wish(there: Provider) -> Wish:
    return Wish(
        name="Bakery directory",
        issuer=there.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        role_for_new="reader",
    )


def test_an_owner_sets_it_and_is_told_the_addresses_to_copy(entrance: Entrance, account: int, there: Provider) -> None:
    before = directory_page(entrance.services, owner(account))
    assert before.directory is None
    assert before.redirect == f"{entrance.address}/sign-in/with/{account}/back"
    set_directory(entrance.services, owner(account), wish=wish(there))
    found = directory_page(entrance.services, owner(account)).directory
    assert found is not None
    assert (found.name, found.issuer, found.client_id, found.role_for_new) == (
        "Bakery directory",
        there.issuer,
        CLIENT_ID,
        "reader",
    )
    assert found.sign_in.startswith(f"{entrance.address}/sign-in/with/{account}-1-")
    assert len(found.sign_in.rsplit("/", 1)[1]) == len(f"{account}-1-") + 16


def test_the_secret_lies_sealed_in_the_database(entrance: Entrance, account: int, there: Provider) -> None:
    set_directory(entrance.services, owner(account), wish=wish(there))
    with entrance.services.database.owner() as conn:
        kept = conn.execute(text("SELECT client_secret FROM directories")).scalar_one()
        told = conn.execute(text("SELECT string_agg(audit::text, ' ') FROM audit")).scalar_one()
    assert CLIENT_SECRET not in kept
    assert entrance.services.keys.unseal(kept) == CLIENT_SECRET
    assert CLIENT_SECRET not in told


def test_what_was_done_stands_in_the_audit(entrance: Entrance, account: int, there: Provider) -> None:
    set_directory(entrance.services, owner(account), wish=wish(there))
    set_directory(entrance.services, owner(account), wish=replace(wish(there), name="New name", role_for_new=""))
    remove_directory(entrance.services, owner(account))
    with entrance.services.database.account(account) as conn:
        entries = audit.page(conn, account)
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("remove_directory", "New name"),
        ("change_directory", "New name"),
        ("set_directory", "Bakery directory"),
    ]
    assert entries[2].actor_name == "Daan Visser"
    assert dict(entries[2].detail) == {
        "issuer": there.issuer,
        "client_id": CLIENT_ID,
        "role_for_new": "reader",
        "documents": [],
    }


def test_a_change_keeps_its_address_its_issuer_and_an_unwritten_secret(
    entrance: Entrance, account: int, there: Provider
) -> None:
    set_directory(entrance.services, owner(account), wish=wish(there))
    before = directory_page(entrance.services, owner(account)).directory
    changed = Wish(name="Ours", issuer="https://elsewhere.example", client_id="another", role_for_new="")
    set_directory(entrance.services, owner(account), wish=changed)
    after = directory_page(entrance.services, owner(account)).directory
    assert before is not None
    assert after == replace(before, name="Ours", client_id="another", role_for_new=None)
    with entrance.services.database.owner() as conn:
        kept = conn.execute(text("SELECT client_secret FROM directories")).scalar_one()
    assert entrance.services.keys.unseal(kept) == CLIENT_SECRET


def test_another_secret_takes_the_place_of_the_old_one(entrance: Entrance, account: int, there: Provider) -> None:
    set_directory(entrance.services, owner(account), wish=wish(there))
    set_directory(entrance.services, owner(account), wish=replace(wish(there), client_secret="rye"))
    with entrance.services.database.owner() as conn:
        kept = conn.execute(text("SELECT client_secret FROM directories")).scalar_one()
    assert entrance.services.keys.unseal(kept) == "rye"


@pytest.mark.parametrize("role", ["billing_admin", "licence_admin", "invoice_manager", "reader", "member"])
def test_only_owners_see_set_try_and_remove_it(entrance: Entrance, account: int, there: Provider, role: Role) -> None:
    asks = owner(account, role=role)
    with pytest.raises(NotAllowed):
        directory_page(entrance.services, asks)
    with pytest.raises(NotAllowed):
        set_directory(entrance.services, asks, wish=wish(there))
    with pytest.raises(NotAllowed):
        try_directory(entrance.services, asks)
    with pytest.raises(NotAllowed):
        remove_directory(entrance.services, asks)
    assert there.asked == []


def test_who_sets_or_removes_it_has_just_shown_who_they_are(entrance: Entrance, account: int, there: Provider) -> None:
    asks = owner(account, proved=False)
    directory_page(entrance.services, asks)
    with pytest.raises(ProofNeeded):
        directory_page(entrance.services, asks, change=True)
    with pytest.raises(ProofNeeded):
        set_directory(entrance.services, asks, wish=wish(there))
    with pytest.raises(ProofNeeded):
        remove_directory(entrance.services, asks)
    assert there.asked == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, "name"),
        ({"client_secret": ""}, "client_secret"),
        ({"issuer": "", "client_id": ""}, "issuer,client_id"),
        ({"name": "x" * 301}, "name"),
    ],
)
def test_what_is_missing_or_too_long_is_named(
    entrance: Entrance, account: int, there: Provider, changes: dict[str, str], fields: str
) -> None:
    with pytest.raises(DirectoryIncomplete) as caught:
        set_directory(entrance.services, owner(account), wish=replace(wish(there), **changes))
    assert caught.value.parameters == {"fields": fields, "most": 300}


@pytest.mark.parametrize("role", ["owner", "king", "custom:1"])
def test_new_people_become_no_owners_and_nothing_unheard_of(
    entrance: Entrance, account: int, there: Provider, role: str
) -> None:
    with pytest.raises(NotARoleForNew):
        set_directory(entrance.services, owner(account), wish=replace(wish(there), role_for_new=role))


@pytest.mark.parametrize(
    ("issuer", "kind"),
    [
        ("http://login.bakery.example", DirectoryAddressRefused),
        ("https://10.0.0.1", DirectoryAddressRefused),
        ("https://169.254.169.254/latest", DirectoryAddressRefused),
        ("file:///etc/passwd", DirectoryAddressRefused),
        ("http://127.0.0.1:1", DirectoryUnreachable),
    ],
)
def test_a_directory_that_cannot_be_asked_is_not_kept(
    entrance: Entrance, account: int, there: Provider, issuer: str, kind: type[DomainError]
) -> None:
    with pytest.raises(kind):
        set_directory(entrance.services, owner(account), wish=replace(wish(there), issuer=issuer))
    assert directory_page(entrance.services, owner(account)).directory is None


def test_what_is_no_directory_or_calls_itself_otherwise_is_not_kept(
    entrance: Entrance, account: int, there: Provider
) -> None:
    with pytest.raises(OtherDirectory):
        set_directory(entrance.services, owner(account), wish=replace(wish(there), issuer=f"{there.issuer}/"))
    there.answers["/keys"] = says(b"<html>")
    with pytest.raises(NoDirectoryThere):
        set_directory(entrance.services, owner(account), wish=wish(there))
    assert directory_page(entrance.services, owner(account)).directory is None


def test_trying_it_tells_whether_it_answers(entrance: Entrance, account: int, there: Provider) -> None:
    with pytest.raises(NoDirectory):
        try_directory(entrance.services, owner(account))
    set_directory(entrance.services, owner(account), wish=wish(there))
    try_directory(entrance.services, owner(account))
    there.answers["/keys"] = says(b"{}", status=503)
    with pytest.raises(DirectoryUnreachable):
        try_directory(entrance.services, owner(account))


def test_removing_it_ends_the_sessions_of_who_came_in_by_it(entrance: Entrance, account: int, there: Provider) -> None:
    set_directory(entrance.services, owner(account), wish=wish(there))
    eva = entrance.member("eva@korenbloem.example", account=account, role="reader")
    by_directory = entrance.session(eva, method="directory", only_account=account)
    by_code = entrance.session(eva)
    by_link = entrance.session(eva, method="link", only_account=account)
    remove_directory(entrance.services, owner(account))
    assert directory_page(entrance.services, owner(account)).directory is None
    assert who(entrance.services, by_directory, seen=HERE) is None
    assert entrance.known(by_code).account == account
    assert entrance.known(by_link).account == account
    with pytest.raises(NoDirectory):
        remove_directory(entrance.services, owner(account))


def test_another_account_sees_nothing_of_it(entrance: Entrance, account: int, there: Provider) -> None:
    set_directory(entrance.services, owner(account), wish=wish(there))
    other = entrance.accounts(entrance.owner("noor@x.example"))[0]
    assert directory_page(entrance.services, owner(other)).directory is None
    with pytest.raises(NoDirectory):
        remove_directory(entrance.services, owner(other))
    assert directory_page(entrance.services, owner(account)).directory is not None
