"""All that an account owns is in its export: every row, document and sum; and nothing that lets somebody in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import text

from prorata.core.money import money
from prorata.store.exporting.data import FILES
from prorata.usecases.act import Request, act
from prorata.usecases.api_keys import KeyWish, MadeKey, make_key
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.give_credit import GiveCredit
from prorata.usecases.give_discount import GiveDiscount
from prorata.usecases.people.invite import Invitee, invite
from prorata.usecases.people.own_roles import make_role
from prorata.usecases.permissions import staff_actor
from prorata.usecases.run_account import advance_clock
from support import databases
from support.shop import EUR, Shop, admin, opened_shop
from usecases.export.ground import Unpacked, unpacked

VENDOR = staff_actor("Vera", "owner", proved=True, behalf="asked by phone")


@dataclass(frozen=True)
class Rich:
    """An account with something of everything, beside another one of the same seller, and its archive."""

    shop: Shop
    account: int
    key: MadeKey
    archive: Unpacked

    def count(self, query: str) -> int:
        with self.shop.services.database.account(self.account) as conn:
            return conn.execute(text(query)).scalar_one()


@pytest.fixture(scope="module")
def rich(database: databases.Database) -> Iterator[Rich]:
    with opened_shop(database) as shop:
        other = shop.account()
        act(shop.services, admin(other), BuySubscription(shop.plan, 2, "not-mine"))
        account = shop.account(members_too=3)
        key = _fill(shop, account)
        yield Rich(shop, account, key, unpacked(shop, account))


def _fill(shop: Shop, account: int) -> MadeKey:
    """40 days of an account: 15 January to 24 February 2026, with one subscription that is deleted by then."""
    services, request = shop.services, admin(account)
    act(services, request, BuySubscription(shop.plan, 3, "team"))
    act(services, request, BuySubscription(shop.plan, 1, "over"))
    act(services, request, AssignLicences("team", add=frozenset({1, 2})))
    act(services, request, CancelSubscription("over"))
    act(services, Request(account, VENDOR), GiveDiscount("team", percent=Fraction(10)))
    act(services, Request(account, VENDOR), GiveCredit(money("5.00", EUR), reason="=1+1"))
    invite(services, request, invitee=Invitee(name="@Anna", email="anna@x.example", role="reader", language="it"))
    make_role(services, request, name="-Payer", permissions=("pay",))
    key = make_key(services, request, wish=KeyWish("Books", frozenset({"read"}), 30))
    advance_clock(services, request, to=date(2026, 2, 24))
    act(services, request, ChangeLicences("team", 2))
    advance_clock(services, request, to=date(2026, 4, 20))
    return key


def test_every_sum_is_right_and_every_file_is_in_the_list(rich: Rich):
    archive = rich.archive
    assert archive.zip.testzip() is None
    sums = archive.sums()
    assert sums == {name: archive.sha256(name) for name in archive.names() if name != "SHA256SUMS"}
    manifest = archive.manifest()
    assert {file["path"]: (file["sha256"], file["bytes"]) for file in manifest["files"]} == {
        name: (archive.sha256(name), len(archive.zip.read(name)))
        for name in archive.names()
        if name not in {"manifest.json", "SHA256SUMS"}
    }
    assert manifest["form"] == 1
    assert manifest["account"] == {"id": rich.account, "name": "De Korenbloem"}
    assert manifest["at"] == "2026-01-15T12:00:00+00:00"  # the real clock of the shop stands there


def test_every_row_of_every_file_is_counted(rich: Rich):
    counts = {file["path"]: file.get("rows") for file in rich.archive.manifest()["files"]}
    for file in FILES:
        rows = rich.archive.rows(file.name)
        assert counts[f"data/{file.name}.json"] == counts[f"data/{file.name}.csv"] == len(rows), file.name
        assert len(rich.archive.cells(file.name)) == len(rows), file.name


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("billing_profiles", "billing_profiles"),
        ("members", "members"),
        ("roles", "account_roles"),
        ("invitations", "invitations"),
        ("api_keys", "api_keys"),
        ("discounts", "discounts"),
        ("documents", "documents"),
        ("document_lines", "document_lines"),
        ("document_taxes", "document_taxes"),
        ("payments", "payments"),
        ("transfers", "transfers"),
        ("credits", "credit_lots"),
    ],
)
def test_there_are_as_many_rows_as_in_the_database(rich: Rich, file: str, table: str):
    assert len(rich.archive.rows(file)) == rich.count(f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize("table", ["licence_changes", "plan_changes", "seat_changes", "announcements"])
def test_of_a_subscription_that_is_deleted_there_is_nothing_but_its_documents(rich: Rich, table: str):
    kept = f"SELECT count(*) FROM {table} WHERE subscription_id = 1"
    assert len(rich.archive.rows(table)) == rich.count(kept)
    assert [row["name"] for row in rich.archive.rows("subscriptions")] == ["team"]
    assert {row["subscription"] for row in rich.archive.rows("timetable")} <= {"team"}
    assert {row["subscription"] for row in rich.archive.rows("document_lines")} == {"team", "over"}


def test_csv_and_json_say_the_same(rich: Rich):
    guarded = 0
    for file in FILES:
        for row, cells in zip(rich.archive.rows(file.name), rich.archive.cells(file.name), strict=True):
            assert list(row) == list(cells)
            for column, value in row.items():
                guarded += cells[column] == f"'{value}"
                assert cells[column] in _spelled(value), (file.name, column)
    assert guarded == 3  # @Anna is invited, a role is called -Payer, and the audit says so


def _spelled(value: object) -> tuple[str, ...]:
    if value is None:
        return ("",)
    if isinstance(value, str):
        return (value, f"'{value}")
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False),)


def test_documents_are_there_as_they_were_issued_and_as_pages(rich: Rich):
    documents = rich.archive.rows("documents")
    assert len(documents) >= 4
    names = set(rich.archive.names())
    for document in documents:
        path = f"documents/{document['number']}"
        assert rich.archive.sha256(f"{path}.json") == document["sha256"]
        page = rich.archive.text(f"{path}.html")
        assert f"<title>Invoice {document['number']}" in page or f"<title>Credit note {document['number']}" in page
        assert 'href="/' not in page
        assert "src=" not in page
        names -= {f"{path}.html", f"{path}.json"}
    assert not [name for name in names if name.startswith("documents/")]


def test_the_first_bill_by_hand(rich: Rich):
    """3 licences × €12.50 = €37.50, from 15 January to 14 February."""
    first = rich.archive.rows("documents")[0]
    assert (first["net"], first["total"], first["currency"]) == ("37.50", "37.50", "EUR")
    assert (first["paid"], first["left"]) == ("37.50", "0.00")
    line = rich.archive.cells("document_lines")[0]
    assert (line["number"], line["amount"], line["price"]) == (first["number"], "37.50", "12.50")
    assert (line["from_date"], line["to_date"], line["licences"]) == ("2026-01-15", "2026-02-15", "3")


def test_no_secret_is_in_it(rich: Rich):
    everything = b"\n".join(rich.archive.zip.read(name) for name in rich.archive.names())
    # The token itself may have an underscore, and what comes after it may be short enough to stand anywhere by chance.
    token = rich.key.secret[-32:]
    assert token.encode() not in everything
    with rich.shop.services.database.account(rich.account) as conn:
        hashes = conn.execute(text("SELECT token_hash FROM api_keys UNION SELECT token_hash FROM invitations"))
        for value in hashes.scalars():
            assert value not in everything
            assert value.hex().encode() not in everything
    assert "token_hash" not in everything.decode(errors="replace")


def test_nothing_of_another_account_is_in_it(rich: Rich):
    for name in rich.archive.names():
        assert b"not-mine" not in rich.archive.zip.read(name), name


def test_each_file_of_rows_is_explained_on_the_first_page(rich: Rich):
    page = rich.archive.text("README.txt")
    for file in FILES:
        assert f"\n  {file.name} " in page
    assert "sha256sum -c SHA256SUMS" in page
    assert "Back up of De Korenbloem at Kadans, as of 15 January 2026, 13:00 CET" in page
    assert "product/" not in page
