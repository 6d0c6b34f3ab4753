"""Accounts, their people and profiles, and who did what."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from prorata.core.errors import DomainError
from prorata.core.events import Assign
from prorata.core.history import Account, UnknownSubscription
from prorata.store import accounts, assignments, audit, members, profiles, runs
from prorata.store.audit import AuditEntry
from prorata.store.errors import NoSuchAccount
from prorata.store.members import EmailTaken, UnknownMember
from prorata.store.profiles import ProfileRow
from prorata.store.screens.people import people
from store.ground import EUR, UTC_ZONE, Ground, noon, purchase

DAMAGES = "ids are taken of which no row is written"


def test_an_account_is_kept_as_it_was_opened(ground: Ground):
    account = ground.open_account(tax_rate=Fraction("5.5"), mode="none", test=True, clock_at=noon("2026-01-15"))
    with ground.db.account(account) as conn:
        row = accounts.find(conn, account)
    assert row.account == Account(UTC_ZONE, EUR, Fraction(11, 2), "business", "NL", "daily")
    assert (row.name, row.payment_mode, row.version, row.due_on) == ("Bakkerij De Korenbloem", "none", 1, None)
    assert (row.clock_at, row.apart) == (datetime(2026, 1, 15, 12, tzinfo=UTC), True)


def test_an_account_is_not_opened_inside_another(ground: Ground):
    with ground.db.account(ground.open_account()) as conn, pytest.raises(ValueError, match="for an account already"):
        accounts.create(conn, seller_id=ground.seller, name="B", country="NL", currency=EUR, zone=UTC_ZONE)


def test_a_tax_rate_without_an_end_is_refused(ground: Ground):
    with pytest.raises(ValueError, match="1/3"):
        ground.open_account(tax_rate=Fraction(1, 3))


def test_only_a_test_account_has_a_clock(ground: Ground):
    test, real = ground.open_account(test=True), ground.open_account()
    with ground.db.account(test) as conn:
        accounts.set_clock(conn, test, at=noon("2027-01-01"))
        assert accounts.find(conn, test).clock_at == noon("2027-01-01")
    with ground.db.account(real) as conn, pytest.raises(NoSuchAccount):
        accounts.set_clock(conn, real, at=noon("2027-01-01"))


def test_accounts_with_work_are_found_by_the_owner(ground: Ground):
    due, later, own = ground.open_account(), ground.open_account(), ground.open_account(test=True)
    ground.act(due, purchase(), on="2026-01-15")
    ground.act(later, purchase(), on="2026-01-16")
    ground.act(own, purchase(), on="2026-01-15")
    with ground.db.account(own) as conn:
        accounts.set_clock(conn, own, at=noon("2026-01-15"))
    with ground.db.owner() as conn:
        seller, first = ground.seller, due - 1
        assert runs.due(conn, seller, as_of=date(2026, 2, 15), after=first, limit=9) == (due,)
        assert runs.due(conn, seller, as_of=date(2026, 2, 16), after=first, limit=9) == (due, later)
        assert runs.due(conn, seller, as_of=date(2026, 2, 16), after=due, limit=9) == (later,)
        assert runs.due(conn, seller, as_of=date(2026, 2, 16), after=first, limit=1) == (due,)
        listed = [row.account_id for row in accounts.listed(conn, seller_id=ground.seller)]
        assert listed[-3:] == [due, later, own]


def test_members_are_counted_within_their_account(ground: Ground):
    for account in (ground.open_account(), ground.open_account()):
        with ground.db.account(account) as conn:
            anna = members.create(conn, account, name="Anna", email="anna@example.test", role="owner", language="it")
            with pytest.raises(EmailTaken):
                members.create(conn, account, name="A.", email="anna@example.test", role="reader", language="nl")
            bram = members.create(conn, account, name="Bram", email="bram@example.test", role="member", language="nl")
            members.set_language(conn, account, member=bram, language="en")
            assert (anna, bram) == (1, 2)
            assert members.find(conn, account, member=anna).role == "owner"
            assert [(m.name, m.language) for m in members.all_of(conn, account)] == [("Anna", "it"), ("Bram", "en")]
            with pytest.raises(UnknownMember):
                members.find(conn, account, member=9)
            with pytest.raises(UnknownMember):
                members.set_language(conn, account, member=9, language="en")


def test_profiles_are_kept_as_written(ground: Ground):
    account = ground.open_account(name="Rossi")
    with ground.db.account(account) as conn:
        second = profiles.create(conn, account, name="Rossi Nord", address="Milano", purchase_order="PO 7")
        found = profiles.all_of(conn, account)
    assert second == 2
    assert found == (
        ProfileRow(1, "Rossi", "Twijnstraat 8\n3511 ZK Utrecht", "", None, "nl"),
        ProfileRow(2, "Rossi Nord", "Milano", "", "PO 7", "en"),
    )


def test_who_holds_a_licence_is_named(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(licences=3), on="2026-01-15")
    with ground.db.account(account) as conn:
        everybody = [
            members.create(conn, account, name=n, email=f"{n}@example.test", role="member", language="nl")
            for n in ("anna", "bram", "carla")
        ]
        assert assignments.holders(conn, account, subscription="team") == frozenset()
        assignments.set_holders(conn, account, subscription="team", members=everybody[:2], since=noon("2026-01-15"))
        assignments.set_holders(conn, account, subscription="team", members=everybody[1:], since=noon("2026-01-16"))
        assert assignments.holders(conn, account, subscription="team") == frozenset({2, 3})
        with pytest.raises(UnknownMember):
            assignments.set_holders(conn, account, subscription="team", members=[9], since=noon("2026-01-16"))
        with pytest.raises(UnknownSubscription):
            assignments.holders(conn, account, subscription="tame")
        assert [(person.member.name, person.holds) for person in people(conn, account)] == [
            ("anna", ()),
            ("bram", ("team",)),
            ("carla", ("team",)),
        ]
    with pytest.raises(DomainError, match="not_enough_licences"):
        ground.act(account, Assign("team", 4), on="2026-01-16")


def _entry(action: str) -> AuditEntry:
    return AuditEntry(
        at=noon("2026-01-15"),
        actor_kind="vendor",
        actor_name="Support",
        action=action,
        subject="team",
        detail={"documents": ["2026-000001"]},
        on_behalf="Anna",
    )


def test_the_audit_is_read_newest_first_and_in_pages(ground: Ground):
    account = ground.open_account()
    with ground.db.account(account) as conn:
        for n in range(1, 6):
            assert audit.write(conn, account, entry=_entry(f"act.{n}")) == n
        first = audit.page(conn, account, limit=2)
        assert [entry.action for entry in first] == ["act.5", "act.4"]
        assert first[0].detail == {"documents": ["2026-000001"]}
        assert (first[0].on_behalf, first[0].actor_id, first[0].at) == ("Anna", None, noon("2026-01-15"))
        second = audit.page(conn, account, limit=10, before=first[-1].id)
        assert [entry.action for entry in second] == ["act.3", "act.2", "act.1"]
