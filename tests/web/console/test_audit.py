"""The vendor's own audit at the console: what its people did among themselves, for those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from prorata.core.money import unit_price
from prorata.store import audit
from prorata.store.audit import AuditEntry
from prorata.store.people import StaffRole
from prorata.usecases.act_on_behalf import begin_on_behalf, end_on_behalf
from prorata.usecases.door.staff import NewStaff, create_staff
from prorata.usecases.permissions import operator, staff_actor
from prorata.usecases.set_price import set_price
from prorata.usecases.start_run import start_run
from support.databases import Database
from support.entrance import Entrance, opened_entrance
from support.shop import EUR
from web.center.reading import words

TOM = NewStaff(email="tom@kadans.example", name="Tom Becker", role="support")
WHY = "asked by <i>telephone</i>"


@pytest.fixture
def entrance(own_database: Database) -> Iterator[Entrance]:
    with opened_entrance(own_database) as found:
        yield found


def fill(entrance: Entrance) -> None:
    """One of everything, by the operator and by Ada, at one o’clock in Amsterdam."""
    entrance.owner()
    services, ada = entrance.services, staff_actor("Ada de Boer", "owner", proved=True)
    create_staff(services, operator("Operator"), new=TOM)
    begin_on_behalf(services, ada, account=1, reason=WHY, session=None)
    end_on_behalf(services, ada, account=1, session=None)
    set_price(services, ada, plan=entrance.shop.plan, amount=unit_price("13.50", EUR), valid_from=date(2026, 2, 1))
    start_run(services, ada)


@pytest.mark.parametrize(
    ("language", "title", "lines"),
    [
        (
            "en",
            "Audit",
            (
                "Signed in eva@kadans.example, with a mailed code Eva Lindhout 15 January 2026, 13:00 127.0.0.1, on",
                "Billing run started 15 January 2026, Kadans Ada de Boer 15 January 2026, 13:00 –",
                "Price set Team, monthly, 1 February 2026, €13.50 Ada de Boer",
                "Stopped acting for the account 1 Ada de Boer",
                "Began to act for the account 1 Ada de Boer For the account. Reason: " + WHY,
                "Taken on by the vendor tom@kadans.example, support Operator 15 January 2026, 13:00 at the command",
            ),
        ),
        ("nl", "Logboek", ("Factureringsronde gestart", "Prijs vastgesteld", "In dienst genomen bij de leverancier")),
        ("it", "Registro", ("Elaborazione avviata", "Prezzo fissato", "Entra a lavorare presso il fornitore")),
    ],
)
def test_what_belongs_to_no_account_is_told_newest_first(
    entrance: Entrance, *, language: str, title: str, lines: tuple[str, ...]
) -> None:
    fill(entrance)
    entrance.staff()
    browser = entrance.signed_in("eva@kadans.example", language=language)
    entrance.cookies(browser)["language"] = language
    page = browser.get("/console/audit")
    said = words(page)
    assert said.startswith(title), said
    places = [said.find(line) for line in lines]
    assert -1 not in places, said
    assert places == sorted(places)
    assert "<i>telephone" not in page.text


@pytest.mark.parametrize(
    ("chosen", "there", "not_there"),
    [
        ({"kind": "people"}, "Taken on by the vendor", "Price set"),
        ({"kind": "customers"}, "Began to act", "Price set"),
        ({"kind": "business"}, "Price set", "Began to act"),
        ({"kind": "billing"}, "Price set", "Nothing like this"),
        ({"who": "vendor:Operator"}, "Taken on by the vendor", "Price set"),
        ({"who": "vendor:999"}, "Nothing like this was done", "Price set"),
        ({"who": "admin:1"}, "Nothing like this was done", "Price set"),
        ({"who": "%"}, "Price set", "Nothing like this"),
        ({"page": "99999999999999999999"}, "Price set", "Nothing like this"),
        ({"page": "-1"}, "Price set", "Nothing like this"),
    ],
    ids=str,
)
def test_somebodys_deeds_or_those_of_a_kind_are_chosen(
    entrance: Entrance, *, chosen: dict[str, str], there: str, not_there: str
) -> None:
    fill(entrance)
    entrance.staff()
    page = entrance.signed_in("eva@kadans.example").get("/console/audit", params=chosen)
    assert page.status_code == 200
    assert there in words(page)
    assert not_there not in words(page)


def test_who_has_signed_in_is_chosen_as_themselves(entrance: Entrance) -> None:
    eva = entrance.staff()
    browser = entrance.signed_in("eva@kadans.example")
    page = browser.get("/console/audit", params={"who": f"vendor:{eva.id}"})
    assert f'<option value="vendor:{eva.id}" selected>Eva Lindhout</option>' in page.text
    assert "Signed in eva@kadans.example" in words(page)


@pytest.mark.parametrize(
    ("role", "allowed"), [("owner", True), ("finance", True), ("support", False), ("catalogue", False)]
)
def test_only_who_may_see_it_does_and_is_led_there(entrance: Entrance, *, role: StaffRole, allowed: bool) -> None:
    entrance.staff(role=role)
    browser = entrance.signed_in("eva@kadans.example")
    page = browser.get("/console/audit")
    assert page.status_code == (200 if allowed else 403)
    assert ('href="/console/audit"' in page.text) == allowed


def test_nobody_of_an_account_sees_it(entrance: Entrance) -> None:
    entrance.owner()
    browser = entrance.signed_in("daan@korenbloem.example")
    assert browser.get("/console/audit").status_code == 403
    assert entrance.browser().get("/console/audit").status_code == 303


def test_a_long_one_has_pages_and_odd_entries_are_still_told(entrance: Entrance) -> None:
    with entrance.services.database.owner() as conn:
        odd = [("price.set", "plan 1: 0.0125 EUR from 2026-02-01"), ("staff.create", "x as king"), ("moon.land", "<b>")]
        for action, subject in [("seller.open", f"no. {n}.") for n in range(1, 58)] + odd:
            at = datetime(2026, 1, 15, 12, tzinfo=UTC)
            entry = AuditEntry(at=at, actor_kind="vendor", actor_name="Fin", action=action, subject=subject)
            audit.write_of_vendor(conn, entry=entry)
    entrance.staff()
    browser = entrance.signed_in("eva@kadans.example")
    first, last = (words(browser.get("/console/audit", params={"page": page})) for page in (1, 2))
    assert "1–50 of 61" in first
    for line in ("moon.land <b>", "Taken on by the vendor x as king", "Price set plan 1: 0.0125 EUR from 2026-02-01"):
        assert line in first
    assert "51–61 of 61" in last
    assert "Seller set up no. 1." in last
