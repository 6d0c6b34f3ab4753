"""Who somebody is can be read with their own key alone, and by nobody once it is destroyed."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256

import pytest
from sqlalchemy import text

from prorata.store import audit, entitlements, forgetting, invitations, member_keys, members
from prorata.store.audit import AuditEntry
from prorata.store.errors import DatabaseBroken
from prorata.store.invitations import NewInvitation
from prorata.store.members import EmailTaken
from prorata.store.screens import audit as audit_screen
from prorata.store.screens.audit import Chosen, Who
from prorata.store.sealing import new_key, seal, seal_text, unseal, unseal_text
from prorata.store.verifying.chain import check_chain
from store.ground import Ground, noon

KEY = bytes(range(32))
AT = noon("2026-05-01")
PERSONAL = ("Anna Vos", "Bram", "anna@example.test", "ANNA", "203.0.113.7")


def _account(ground: Ground) -> int:
    """Anna (1) and Bram (2); Anna and the vendor did something, Anna invited Bram, and made a key."""
    account = ground.open_account()
    with ground.db.account(account) as conn:
        members.create(conn, account, name="Anna Vos", email="Anna@example.test", role="owner", language="nl")
        members.create(conn, account, name="Bram", email="bram@example.test", role="reader", language="nl")
        audit.write(conn, account, entry=_entry("Anna Vos", by=1))
        audit.write(conn, account, entry=_entry("Anna's script", by=1))
        audit.write(conn, account, entry=_entry("Sam", by=None))
        for name in ("Bram", "Cato"):
            invitations.create(conn, account, new=_invitation(name))
        invitations.use(conn, account, invitation=1, at=AT, member=2)
        made = """INSERT INTO api_keys (account_id, id, token_hash, name, scopes, last_four, made_by, made_by_name, at,
                  expires_at) VALUES (:a, 1, sha256('b'), 'Backup', '{}', 'abcd', 1, 'Anna Vos', now(), now())"""
        conn.execute(text(made), {"a": account})
    return account


def _entry(name: str, *, by: int | None) -> AuditEntry:
    return AuditEntry(
        at=AT,
        actor_kind="admin" if by else "vendor",
        actor_name=name,
        action="licences.change",
        subject="team",
        actor_id=by,
        address="203.0.113.7" if by else "198.51.100.4",
        way="web",
    )


def _invitation(name: str) -> NewInvitation:
    return NewInvitation(
        token_hash=sha256(name.encode()).digest(), name=name, email=f"{name}@example.test", role="reader",
        language="nl", by=1, by_name="Anna Vos", at=AT, expires_at=AT,
    )  # fmt: skip


def _everything(ground: Ground, account: int) -> str:
    """All that the tables say of the account's people, as text; bytes as the text that they may be."""
    found: list[str] = []
    with ground.db.owner(read_only=True) as conn:
        for table in ("members", "invitations", "api_keys", "audit"):
            rows = conn.execute(text(f"SELECT * FROM {table} WHERE account_id = :a"), {"a": account})
            found.extend(str(list(row)) for row in rows)
    return "\n".join(found)


def test_what_is_sealed_opens_with_its_key_and_each_time_looks_otherwise():
    assert unseal(KEY, seal(KEY, "Zoë 👋", about="a"), about="a") == "Zoë 👋"
    assert seal(KEY, "Zoë", about="a") != seal(KEY, "Zoë", about="a")
    assert len(new_key()) == 32


SPOILT: Mapping[str, Callable[[bytes], bytes]] = {
    "another key": lambda _: seal(new_key(), "Anna", about="a"),
    "about something else": lambda _: seal(KEY, "Anna", about="b"),
    "cut": lambda sealed: sealed[:-1],
    "changed": lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
    "hardly anything": lambda sealed: sealed[:5],
    "another form": lambda sealed: b"\x02" + sealed[1:],
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT.keys())
def test_what_was_not_sealed_so_is_refused(spoilt: Callable[[bytes], bytes]):
    with pytest.raises(DatabaseBroken, match="What is stored of a"):
        unseal(KEY, spoilt(seal(KEY, "Anna", about="a")), about="a")


def test_a_column_of_text_holds_readable_and_sealed_text_side_by_side():
    sealed = seal_text(KEY, "Anna", about="a")
    assert sealed.startswith("sealed:")
    assert unseal_text(KEY, sealed, about="a") == "Anna"
    assert unseal_text(None, sealed, about="a") == ""
    assert unseal_text(None, "Sam", about="a") == "Sam"
    assert seal_text(KEY, "", about="a") == ""
    with pytest.raises(DatabaseBroken):
        unseal_text(KEY, "sealed:" + b64encode(b"x").decode(), about="a")


def test_nothing_that_is_stored_says_who_somebody_is_and_their_own_functions_do(ground: Ground):
    account = _account(ground)
    with ground.db.owner() as conn:
        # Of who has not come yet the invitation has to say it, and of a key who made it.
        conn.execute(text("DELETE FROM invitations WHERE account_id = :a AND id = 2"), {"a": account})
        conn.execute(text("DELETE FROM api_keys WHERE account_id = :a"), {"a": account})
    said = _everything(ground, account)
    assert [one for one in PERSONAL if one in said] == []
    assert "Sam" in said
    assert "198.51.100.4" in said
    with ground.db.account(account, read_only=True) as conn:
        assert [(m.name, m.email) for m in members.all_of(conn, account)] == [
            ("Anna Vos", "Anna@example.test"),
            ("Bram", "bram@example.test"),
        ]
        assert members.names(conn, account, ids={1, 2, 9}) == {1: "Anna Vos", 2: "Bram"}
        found = audit.page(conn, account)
        assert [(one.actor_name, one.address) for one in found] == [
            ("Sam", "198.51.100.4"),
            ("Anna's script", "203.0.113.7"),
            ("Anna Vos", "203.0.113.7"),
        ]
        assert audit_screen.page(conn, account, chosen=Chosen(Who("admin", 1, "")), limit=9, offset=1) == found[2:]
        assert audit_screen.people(conn, account) == (Who("admin", 1, "Anna's script"), Who("vendor", None, "Sam"))
        assert invitations.names(conn, account, ids={1, 2}) == {1: "Bram"}


@pytest.mark.parametrize("email", ["anna@example.test", " ANNA@EXAMPLE.TEST "])
def test_somebody_is_found_by_their_address_in_small_letters_and_in_capital_ones(ground: Ground, email: str):
    account, other = _account(ground), ground.open_account(name="Officina Rossi S.r.l.")
    with ground.db.account(account) as conn:
        there = members.by_email(conn, account, email=email)
        assert there is not None
        assert there.id == 1
        with pytest.raises(EmailTaken):
            members.create(conn, account, name="A.", email=email.strip(), role="reader", language="nl")
        asked = entitlements.look_up(conn, account, questions=[(email, "team")]).asked
        assert [one.member for one in asked] == [1]
    with ground.db.account(other) as conn:
        assert members.by_email(conn, other, email=email) is None
        members.create(conn, other, name="Anna", email="anna@example.test", role="owner", language="it")
    with ground.db.owner(read_only=True) as conn:
        keys = conn.scalars(
            text("SELECT email_key FROM members WHERE id = 1 AND account_id = ANY(:a)"), {"a": [account, other]}
        )
        assert len(set(keys)) == 2  # one address, two peppers


def test_who_is_erased_stays_as_a_number_and_nobody_else_is_touched(ground: Ground):
    account = _account(ground)
    with ground.db.account(account) as conn:
        forgetting.erase(conn, account, member=1, at=AT)
    with ground.db.account(account) as conn:
        gone, bram = members.all_of(conn, account)
        assert (gone.id, gone.name, gone.email, gone.role, gone.person, gone.erased_at) == (
            1,
            "",
            "",
            "owner",
            None,
            AT,
        )
        assert (bram.name, bram.erased_at) == ("Bram", None)
        assert member_keys.of(conn, account, members={1, 2}).keys() == {2}
        assert members.names(conn, account, ids={1, 2}) == {1: "", 2: "Bram"}
        assert members.by_email(conn, account, email="anna@example.test") is None
        assert [(one.actor_name, one.address) for one in audit.page(conn, account)] == [
            ("Sam", "198.51.100.4"),
            ("", ""),
            ("", ""),
        ]
        assert audit_screen.people(conn, account)[0] == Who("admin", 1, "")
        # The address is free again, for somebody new.
        assert members.create(conn, account, name="A.", email="anna@example.test", role="reader", language="nl") == 3
        waiting, used = (invitations.find(conn, account, invitation=n) for n in (2, 1))
        assert waiting is not None
        assert used is not None
        assert (waiting.name, waiting.by_name, used.member) == ("Cato", "", 2)
    said = _everything(ground, account)
    assert [one for one in ("Anna Vos", "anna@", "ANNA", "203.0") if one in said] == []
    with ground.db.owner(read_only=True) as conn:
        assert list(check_chain(conn, [account])) == []


def test_an_old_copy_of_the_data_without_the_keys_reads_as_if_everybody_were_erased(ground: Ground):
    account = _account(ground)
    with ground.db.owner() as conn:
        conn.execute(text("DELETE FROM member_keys WHERE account_id = :a"), {"a": account})
    with ground.db.account(account, read_only=True) as conn:
        assert [(m.name, m.email) for m in members.all_of(conn, account)] == [("", "")] * 2
        assert {one.actor_name for one in audit.page(conn, account)} == {"", "Sam"}
