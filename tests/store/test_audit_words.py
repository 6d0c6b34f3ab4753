"""What people have typed can be read in the audit while the account is there, and by nobody once it is closed."""

from collections.abc import Mapping

import pytest
from sqlalchemy import text

from prorata.store import audit
from prorata.store.audit import THE_VENDORS, AuditEntry
from prorata.store.screens import audit as audit_screen
from prorata.store.screens.audit import Chosen
from prorata.store.verifying.chain import check_chain
from store.ground import Ground, noon

AT = noon("2026-05-01")


def _entry(
    action: str, subject: str, *, why: str | None = None, detail: Mapping[str, object] | None = None
) -> AuditEntry:
    return AuditEntry(
        at=AT, actor_kind="vendor", actor_name="Sam", on_behalf=why, action=action, subject=subject, detail=detail or {}
    )


SAID = [
    _entry("key.make", "Anna's phone", detail={"key": 3, "scopes": ["read"]}),
    _entry("roles.change", "Anna's people", detail={"before": "Bram's people", "permissions": ["see"]}),
    _entry(
        "people.change_role", "member 2", detail={"role": "custom:1", "own_role": "Anna's people", "own_before": None}
    ),
    _entry("set_directory", "Vos", detail={"issuer": "https://vos.example", "client_id": "vos", "role_for_new": ""}),
    _entry("late.enter", "licences.change team as of 2026-04-01: Anna rang", detail={"reason": "Anna rang"}),
    _entry("credit.give", "1.00 EUR, account: Bram waited"),
    _entry("behalf.begin", "account", why="Anna rang"),
    _entry("licences.change", "team"),
]
TYPED = ("Anna", "Bram", "Vos", "vos")


@pytest.fixture
def account(ground: Ground) -> int:
    made = ground.open_account()
    with ground.db.account(made) as conn:
        for entry in SAID:
            audit.write(conn, made, entry=entry)
    return made


def _told(ground: Ground, account: int) -> list[tuple[str, Mapping[str, object], str | None]]:
    with ground.db.account(account, read_only=True) as conn:
        found = audit.page(conn, account)
    return [(one.subject, one.detail, one.on_behalf) for one in reversed(found)]


def _stored(ground: Ground, table: str) -> str:
    with ground.db.owner(read_only=True) as conn:
        return str(conn.execute(text(f"SELECT subject, detail, on_behalf, action FROM {table} ORDER BY id")).all())


def _close(ground: Ground, account: int) -> None:
    with ground.db.owner() as conn:
        conn.execute(text("UPDATE accounts SET pepper = '' WHERE account_id = :a"), {"a": account})


def test_it_reads_as_it_was_typed_and_is_not_stored_so(ground: Ground, account: int):
    assert _told(ground, account) == [(one.subject, one.detail, one.on_behalf) for one in SAID]
    stored = _stored(ground, "audit")
    assert [word for word in TYPED if word in stored] == []
    # What nobody typed is.
    assert [word for word in ("member 2", "custom:1", "licences.change", "team") if word not in stored] == []


def test_once_the_account_is_closed_it_is_nothing_and_the_chain_stands(ground: Ground, account: int):
    _close(ground, account)
    told = _told(ground, account)
    assert [subject for subject, *_ in told] == ["", "", "member 2", "", "", "", "account", "team"]
    assert told[2][1] == {"role": "custom:1", "own_role": "", "own_before": None}
    assert told[6][2] == ""
    with ground.db.account(account) as conn:
        audit.write(conn, account, entry=_entry("behalf.end", "account", why="Anna rang"))
    assert _told(ground, account)[-1] == ("account", {}, "")
    with ground.db.owner(read_only=True) as conn:
        assert list(check_chain(conn, [account])) == []


def test_why_the_vendor_acted_for_an_account_is_sealed_in_the_vendors_own_audit_too(ground: Ground, account: int):
    with ground.db.owner() as conn:
        why, of = "Anna rang", {"account": account}
        audit.write_of_vendor(conn, entry=_entry("behalf.begin", f"account {account}", why=why, detail=of))
    assert "Anna" not in _stored(ground, "vendor_audit")

    def told() -> str | None:
        with ground.db.owner(read_only=True) as conn:
            return audit_screen.page(conn, THE_VENDORS, chosen=Chosen(), limit=1, offset=0)[0].on_behalf

    assert told() == "Anna rang"
    _close(ground, account)
    assert told() == ""
