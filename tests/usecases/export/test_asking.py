"""Asking for an export, having it made, downloading it, and its end; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from prorata.core.errors import DomainError
from prorata.store import audit, exports, members, outbox
from prorata.store.exports import TakenOver
from prorata.usecases.act import Request, act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.export.ask import MAKE_EXPORT, ExportInWork, NothingToExport, ask_export
from prorata.usecases.export.content import Exporting
from prorata.usecases.export.download import ExportCutShort, ExportGone, ExportNotReady, download_export
from prorata.usecases.export.make import make_export, tidy_exports
from prorata.usecases.export.page import exports_page
from prorata.usecases.people.erase_member import erase_member
from prorata.usecases.permissions import NotAllowed, ProofNeeded
from prorata.usecases.run_account import advance_clock
from support import databases
from support.clocks import TestClock
from support.shop import Shop, admin, opened_shop
from usecases.export.ground import PRINTER, asked, downloaded, make, row_of, unpacked

DAMAGES = "a printer that breaks leaves nothing behind"


@dataclass(frozen=True)
class Place:
    """A shop on a clock that the test moves, with an account that has bought something."""

    shop: Shop
    clock: TestClock

    def account(self) -> int:
        account = self.shop.account(clock=None)
        act(self.shop.services, admin(account), BuySubscription(self.shop.plan, 3, "team"))
        return account

    def deeds(self, account: int) -> list[tuple[str, str]]:
        with self.shop.services.database.account(account) as conn:
            return [(entry.action, entry.subject) for entry in reversed(audit.page(conn, account, limit=3))]

    def pieces(self, account: int) -> int:
        with self.shop.services.database.account(account) as conn:
            return conn.execute(text("SELECT count(*) FROM export_pieces")).scalar_one()


@pytest.fixture(scope="module")
def place(database: databases.Database) -> Iterator[Place]:
    with opened_shop(database) as shop:
        clock = TestClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
        yield Place(replace(shop, services=replace(shop.services, clock=clock)), clock)


def test_asked_for_made_told_downloaded_and_gone(place: Place):
    """Ready on 15 January at noon, so it can be had until 22 January at noon."""
    account, services = place.account(), place.shop.services
    export = asked(place.shop, account)
    assert row_of(place.shop, account, export).state == "waiting"
    row = make(place.shop, account, export)
    assert (row.state, row.done, row.tries, row.problem) == ("ready", row.total, 1, None)
    assert row.expires_at == place.clock.at + timedelta(days=7)
    with services.database.owner() as conn:
        (mail,) = (one for one in outbox.latest(conn, most=5) if one.account == account)
    assert (mail.kind, mail.recipient, mail.language) == ("export_ready", "m1@x.example", "nl")
    assert mail.data == {"account": "De Korenbloem", "link": "/back-up", "days": 7}
    found = download_export(services, admin(account), export=export)
    assert (found.name, found.bytes) == (f"back-up-2026-01-15-{export}.zip", row.bytes)
    assert sum(len(piece) for piece in found.pieces) == row.bytes
    assert place.deeds(account)[-2:] == [("export.ask", "export 1"), ("export.download", "export 1")]
    began = place.clock.at
    place.clock.at = began + timedelta(days=7)
    try:
        with pytest.raises(ExportGone):
            download_export(services, admin(account), export=export)
        assert tidy_exports(services).gone == 1
    finally:
        place.clock.at = began
    assert (row_of(place.shop, account, export).state, place.pieces(account)) == ("gone", 0)
    with pytest.raises(ExportGone):
        download_export(services, admin(account), export=export)
    assert place.deeds(account)[-1] == ("export.download", "export 1")  # what was refused is not noted


def test_one_at_a_time(place: Place):
    account = place.account()
    first = asked(place.shop, account)
    with pytest.raises(ExportInWork):
        asked(place.shop, account)
    assert isinstance(exports_page(place.shop.services, admin(account)).refusal, ExportInWork)
    make(place.shop, account, first)
    assert asked(place.shop, account) == first + 1


def test_it_wants_the_permission_and_a_proof(place: Place):
    account = place.account()
    request = admin(account)
    unproved = Request(account, replace(request.actor, proved=False))
    with pytest.raises(ProofNeeded):
        ask_export(place.shop.services, unproved, language="en")
    for role in ("licence_admin", "invoice_manager", "reader", "member"):
        with pytest.raises(NotAllowed):
            ask_export(place.shop.services, admin(account, role=role), language="en")
    export = ask_export(place.shop.services, admin(account, role="billing_admin"), language="it")
    make(place.shop, account, export)
    with pytest.raises(ProofNeeded):
        download_export(place.shop.services, unproved, export=export)
    with pytest.raises(NotAllowed):
        download_export(place.shop.services, admin(account, role="reader"), export=export)
    assert place.deeds(account)[-1] == ("export.ask", "export 1")


@pytest.mark.parametrize("export", [0, -1, 99, 2**31, 2**63])
def test_a_number_that_is_none_is_unknown(place: Place, export: int):
    account = place.account()
    with pytest.raises(DomainError) as refusal:
        download_export(place.shop.services, admin(account), export=export)
    assert refusal.value.code == "unknown_export"


def test_that_of_another_account_is_unknown(place: Place):
    account, other = place.account(), place.account()
    export = asked(place.shop, account)
    make(place.shop, account, export)
    with pytest.raises(DomainError) as refusal:
        download_export(place.shop.services, admin(other), export=export)
    assert refusal.value.code == "unknown_export"
    assert exports_page(place.shop.services, admin(other)).rows == ()


def test_what_is_not_ready_cannot_be_had(place: Place):
    account = place.account()
    export = asked(place.shop, account)
    with pytest.raises(ExportNotReady):
        download_export(place.shop.services, admin(account), export=export)


def test_disabled_can_and_deleted_cannot(place: Place):
    """Cancelled on 15 January: disabled that day, deleted 90 days later, on 15 April."""
    account = place.shop.account()
    services, request = place.shop.services, admin(account)
    act(services, request, BuySubscription(place.shop.plan, 3, "team"))
    act(services, request, CancelSubscription("team"))
    make(place.shop, account, asked(place.shop, account))
    advance_clock(services, request, to=datetime(2026, 4, 15, tzinfo=UTC).date())
    with pytest.raises(NothingToExport):
        asked(place.shop, account)
    assert len(exports_page(services, request).rows) == 1
    assert downloaded(place.shop, account, 1)


class BreaksAtDocuments:
    """A printer that cannot print one."""

    read_me = PRINTER.read_me

    def document(self, paper: object) -> bytes:
        raise RuntimeError(type(paper).__name__)


def test_what_fails_is_tried_again_and_then_given_up(place: Place):
    account, services = place.account(), place.shop.services
    export = asked(place.shop, account)
    broken = Exporting(BreaksAtDocuments())
    with pytest.raises(RuntimeError):
        make_export(services, broken, account=account, export=export, last=False)
    row = row_of(place.shop, account, export)
    assert (row.state, row.problem, place.pieces(account)) == ("waiting", "unexpected", 0)
    with pytest.raises(RuntimeError):
        make_export(services, broken, account=account, export=export, last=True)
    row = row_of(place.shop, account, export)
    assert (row.state, row.tries) == ("failed", 2)
    assert make(place.shop, account, export).state == "failed"  # a job that comes late leaves it
    assert make(place.shop, account, asked(place.shop, account)).state == "ready"


def test_a_job_that_is_done_twice_changes_nothing(place: Place):
    account = place.account()
    export = asked(place.shop, account)
    first = make(place.shop, account, export)
    assert make(place.shop, account, export) == first


def test_who_was_thought_dead_stops_where_somebody_else_has_begun_anew(place: Place):
    account, services = place.account(), place.shop.services
    export = asked(place.shop, account)
    with services.database.account(account) as conn:
        slow = exports.begin(conn, account, export=export)
    assert slow
    assert make(place.shop, account, export).state == "ready"
    with services.database.account(account) as conn, pytest.raises(TakenOver):
        exports.add_piece(conn, account, made=slow, place=1, data=b"late")
    assert downloaded(place.shop, account, export)[:2] == b"PK"


def test_what_was_lost_is_given_up_after_a_day(place: Place):
    account, services = place.account(), place.shop.services
    export = asked(place.shop, account)
    began = place.clock.at
    place.clock.at = began + timedelta(days=1, seconds=1)
    try:
        tidy_exports(services)
    finally:
        place.clock.at = began
    assert (row_of(place.shop, account, export).state, row_of(place.shop, account, export).problem) == (
        "failed",
        "lost",
    )


def test_who_downloads_while_it_is_deleted_is_cut_short(place: Place):
    account, services = place.account(), place.shop.services
    export = asked(place.shop, account)
    make(place.shop, account, export)
    found = download_export(services, admin(account), export=export)
    with services.database.account(account) as conn:
        exports.drop_pieces(conn, account, export=export)
    with pytest.raises(ExportCutShort):
        list(found.pieces)


def test_the_job_is_there_if_and_only_if_it_was_asked_for(place: Place):
    account = place.account()
    export = asked(place.shop, account)
    with pytest.raises(ExportInWork):
        asked(place.shop, account)
    query = "SELECT args FROM procrastinate.procrastinate_jobs WHERE task_name = :task AND args->>'account' = :account"
    with place.shop.services.database.owner() as conn:
        found = conn.scalars(text(query), {"task": MAKE_EXPORT, "account": str(account)}).all()
    assert found == [{"account": account, "export": export}]


def test_who_is_erased_is_in_no_file_any_more(place: Place):
    """One export is ready and one is being made when member 3, who has left, is erased: both files are gone."""
    account, services = place.account(), place.shop.services
    make(place.shop, account, asked(place.shop, account))
    second = asked(place.shop, account)
    with services.database.account(account) as conn:
        begun = exports.begin(conn, account, export=second)
        members.leave(conn, account, member=3, at=place.clock.at)
    assert begun
    erase_member(services, admin(account), member=3)
    assert place.pieces(account) == 0
    assert row_of(place.shop, account, 1).state == "gone"
    row = row_of(place.shop, account, second)
    assert (row.state, row.problem) == ("failed", "withdrawn")
    with services.database.account(account) as conn, pytest.raises(TakenOver):
        exports.add_piece(conn, account, made=begun, place=1, data=b"late")
    assert b"m3@x.example" not in unpacked(place.shop, account).zip.read("data/members.json")
