"""A seller is set up, and an account opened whose owner comes in by an invitation; and what may not be asked for."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import text

from prorata.core.errors import DomainError
from prorata.store import accounts, audit, members, outbox, profiles, sellers
from prorata.store.engine import Database
from prorata.store.outbox import StoredMail
from prorata.usecases.act import Services
from prorata.usecases.door.sessions import Seen
from prorata.usecases.open_account import NewAccount, open_account
from prorata.usecases.open_seller import NewSeller, open_seller, sellers_page
from prorata.usecases.people.accept_invitation import accept
from prorata.usecases.permissions import NotAllowed, ProofNeeded, operator, staff_actor
from support import databases
from support.shop import StandingClock

KADANS = NewSeller(
    name="Kadans B.V.",
    address=("Oude Vest 41", "2312 XR  Leiden"),
    country="nl",
    zone="Europe/Amsterdam",
    tax_ids=("NL123456789B01",),
)
KORENBLOEM = NewAccount(
    name="De Korenbloem",
    address=("Twijnstraat 8", "3511 ZK Utrecht"),
    currency="eur",
    owner="Daan@Korenbloem.example",
    owner_name="Daan Visser",
    tax_rate="21",
    language="nl",
)
SEEN = Seen("Firefox/Linux", "192.0.2.7")
OPERATOR = operator("Operator")


@pytest.fixture
def services(database: databases.Database) -> Iterator[Services]:
    """On a database without a seller."""
    opened = Database(database.owner_url, app_url=database.app_url)
    with opened.owner() as conn:
        conn.execute(text("TRUNCATE sellers, accounts, outbox CASCADE"))
    yield Services(opened, StandingClock(), address="https://billing.example.com")
    opened.dispose()


def mails(services: Services) -> list[StoredMail]:
    with services.database.owner() as conn:
        return list(outbox.latest(conn, most=10))


def count(services: Services) -> int:
    with services.database.owner() as conn:
        return len(accounts.listed(conn))


def test_an_account_is_opened_and_its_owner_comes_in_by_the_mail(services: Services):
    seller = open_seller(services, OPERATOR, new=KADANS)
    account = open_account(services, OPERATOR, new=KORENBLOEM)
    with services.database.account(account) as conn:
        row = accounts.find(conn, account)
        (profile,) = profiles.all_of(conn, account)
        invited, opened = audit.page(conn, account)
    assert (row.seller_id, row.name, row.country, row.zone.key) == (seller, "De Korenbloem", "NL", "Europe/Amsterdam")
    assert (row.currency.code, row.tax_rate, row.payment_mode, row.test) == ("EUR", Fraction(21), "none", False)
    assert (profile.name, profile.address) == ("De Korenbloem", "Twijnstraat 8\n3511 ZK Utrecht")
    assert (profile.email, profile.language) == ("daan@korenbloem.example", "nl")
    assert (opened.action, opened.subject, opened.actor_name, opened.way) == (
        "account.open", "account", "Operator", "cli",
    )  # fmt: skip
    assert (invited.action, invited.subject) == ("people.invite", "invitation 1")
    (mail,) = mails(services)
    assert (mail.kind, mail.recipient, mail.language) == ("invitation", "daan@korenbloem.example", "nl")
    assert (mail.data["by"], mail.data["account"], mail.data["role"]) == ("Kadans B.V.", "De Korenbloem", "owner")
    accept(services, str(mail.data["link"]).rpartition("/")[2], seen=SEEN)
    with services.database.account(account) as conn:
        assert members.find(conn, account, member=1).role == "owner"


def test_a_seller_is_kept_as_it_stands_on_documents_and_noted_in_the_vendors_audit(services: Services):
    made = open_seller(services, OPERATOR, new=KADANS)
    (row,) = sellers_page(services, OPERATOR)
    assert (row.id, row.name, row.country, row.tax_ids, row.test) == (
        made, "Kadans B.V.", "NL", ("NL123456789B01",), False,
    )  # fmt: skip
    assert row.address == "Oude Vest 41\n2312 XR Leiden"
    with services.database.owner() as conn:
        noted = conn.execute(text("SELECT action, subject FROM vendor_audit ORDER BY id DESC LIMIT 1")).one()
    assert tuple(noted) == ("seller.open", "Kadans B.V.")


def test_of_several_sellers_one_is_named(services: Services):
    open_seller(services, OPERATOR, new=KADANS)
    abroad = replace(KADANS, name="Kadans Italia", country="IT", zone="Europe/Rome")
    second = open_seller(services, OPERATOR, new=abroad)
    account = open_account(services, OPERATOR, new=replace(KORENBLOEM, seller=second))
    with services.database.account(account) as conn:
        row = accounts.find(conn, account)
        assert (row.seller_id, row.country, row.zone.key) == (second, "IT", "Europe/Rome")
        assert sellers.find(conn, second).name == "Kadans Italia"


def refused(services: Services, otherwise: dict[str, Any]) -> str:
    with pytest.raises(DomainError) as refusal:
        open_account(services, OPERATOR, new=replace(KORENBLOEM, **otherwise))
    return refusal.value.code


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"name": " "}, "name_needed"),
        ({"owner_name": ""}, "name_needed"),
        ({"owner": "daan"}, "not_an_email"),
        ({"address": ()}, "address_needed"),
        ({"address": ("Twijnstraat 8",) * 7}, "address_needed"),
        ({"address": ("x" * 101,)}, "address_needed"),
        ({"country": "Nederland"}, "unknown_country"),
        ({"country": "XX"}, "unknown_country"),
        ({"zone": "Amsterdam"}, "unknown_zone"),
        ({"zone": "localtime"}, "unknown_zone"),
        ({"currency": "euro"}, "unknown_currency"),
        ({"tax_rate": "21%"}, "not_a_tax_rate"),
        ({"tax_rate": "-1"}, "not_a_tax_rate"),
        ({"seller": 999_999_999}, "unknown_seller"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_opened_or_mailed(
    services: Services, otherwise: dict[str, Any], code: str
):
    open_seller(services, OPERATOR, new=KADANS)
    assert refused(services, otherwise) == code
    assert (count(services), mails(services)) == (0, [])


def test_without_a_seller_or_with_several_nothing_is_guessed(services: Services):
    assert refused(services, {}) == "no_seller"
    open_seller(services, OPERATOR, new=KADANS)
    open_seller(services, OPERATOR, new=replace(KADANS, name="Kadans Italia"))
    assert refused(services, {}) == "seller_needed"


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"name": ""}, "name_needed"),
        ({"name": "Kadans  B.V."}, "seller_already"),
        ({"country": "N1"}, "unknown_country"),
        ({"zone": ""}, "unknown_zone"),
        ({"address": ("\x00",)}, "address_needed"),
        ({"tax_ids": ("",)}, "tax_id_needed"),
        ({"tax_ids": ("NL1",) * 11}, "tax_id_needed"),
    ],
)
def test_a_seller_that_cannot_be_is_refused(services: Services, otherwise: dict[str, Any], code: str):
    open_seller(services, OPERATOR, new=KADANS)
    with pytest.raises(DomainError) as refusal:
        open_seller(services, OPERATOR, new=replace(KADANS, **otherwise))
    assert refusal.value.code == code
    assert len(sellers_page(services, OPERATOR)) == 1


def test_only_an_owner_at_the_vendor_may_who_has_just_shown_who_they_are(services: Services):
    with pytest.raises(NotAllowed):
        open_account(services, staff_actor("Fia", "finance", proved=True), new=KORENBLOEM)
    for what, new in ((open_seller, KADANS), (open_account, KORENBLOEM)):
        with pytest.raises(ProofNeeded):
            what(services, staff_actor("Eva", "owner"), new=new)  # pyright: ignore[reportArgumentType] - each its own
    eva = staff_actor("Eva", "owner", proved=True)
    open_seller(services, eva, new=KADANS)
    assert open_account(services, eva, new=KORENBLOEM)
