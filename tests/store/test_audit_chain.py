"""The entries of an audit hang together: whatever is changed, gone, put in, moved or cut off is found and named."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from prorata.clock import SystemClock
from prorata.store import accounts, audit, members
from prorata.store.audit import AuditEntry
from prorata.store.audit_chain import Said, hash_of, spelled
from prorata.store.errors import NoSuchAccount
from prorata.store.verifying.chain import check_chain
from prorata.usecases.act import Services
from prorata.usecases.command import Ground as Acted
from prorata.usecases.note import note
from prorata.usecases.permissions import Origin, member_actor, staff_actor
from prorata.usecases.verify import verify
from store.ground import Ground, noon

SAID = Said(
    account_id=7,
    id=3,
    at=datetime(2026, 1, 15, 12, tzinfo=UTC),
    actor_kind="vendor",
    actor_id=None,
    actor_name='Zoë "Z"',
    on_behalf="asked by phone",
    action="licences.change",
    subject="team",
    detail='{"a": [1, true, null], "b": {"c": "é"}}',
    address="2001:db8::1",
    way="web",
)
FIRST = bytes(32)


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    """Five entries, and beside it an account with one."""
    opened = ground.open_account()
    with ground.db.account(opened) as conn:
        members.create(conn, opened, name="Anna", email="anna@example.test", role="owner", language="nl")
        for n in range(1, 6):
            audit.write(conn, opened, entry=_entry(n))
    return opened


@pytest.fixture(scope="module")
def beside(ground: Ground) -> int:
    opened = ground.open_account(name="Officina Rossi S.r.l.")
    with ground.db.account(opened) as conn:
        audit.write(conn, opened, entry=_entry(1))
    return opened


def _entry(n: int) -> AuditEntry:
    return AuditEntry(
        at=noon("2026-01-15") + timedelta(minutes=n),
        actor_kind="admin",
        actor_name="Anna",
        action="licences.change",
        subject="team",
        actor_id=1,
        detail={"to": n, "why": ["a", {"b": None}]},
        address="203.0.113.7",
        way="web",
    )


def test_an_entry_is_hashed_after_the_one_before_in_one_spelling():
    written = (
        '{"account_id":7,"action":"licences.change","actor_id":null,"actor_kind":"vendor",'
        '"actor_name":"Zoë \\"Z\\"","address":"2001:db8::1","at":"2026-01-15T12:00:00.000000+00:00",'
        '"detail":{"a": [1, true, null], "b": {"c": "é"}},"id":3,"on_behalf":"asked by phone",'
        '"subject":"team","way":"web"}'
    )
    assert hash_of(SAID, previous=None) == sha256(FIRST + written.encode()).digest()
    assert hash_of(SAID, previous=b"1" * 32) == sha256(b"1" * 32 + written.encode()).digest()


def test_an_instant_is_hashed_the_same_in_every_zone():
    elsewhere = SAID._replace(at=datetime(2026, 1, 15, 14, tzinfo=timezone(timedelta(hours=2))))
    assert hash_of(elsewhere, previous=None) == hash_of(SAID, previous=None)


@pytest.mark.parametrize(
    "other",
    [
        {"account_id": 8},
        {"id": 4},
        {"at": datetime(2026, 1, 15, 12, 0, 0, 1, tzinfo=UTC)},
        {"actor_kind": "admin"},
        {"actor_id": 1},
        {"actor_name": "Zoë"},
        {"on_behalf": None},
        {"action": "plan.change"},
        {"subject": "second"},
        {"detail": "{}"},
        {"address": ""},
        {"way": "api"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_every_column_counts(other: dict[str, object]):
    assert hash_of(SAID._replace(**other), previous=None) != hash_of(SAID, previous=None)  # pyright: ignore[reportArgumentType]


def test_plain_data_has_one_spelling():
    plain = {"to": [1, "x", None, False], "b": {"d": (), "c": -2}, "a": {}, "é": ""}
    assert spelled(plain) == '{"a": {}, "b": {"c": -2, "d": []}, "to": [1, "x", null, false], "é": ""}'


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda plain: st.lists(plain, max_size=3) | st.dictionaries(WORDS, plain, max_size=3),
    max_leaves=10,
)


@given(
    names=st.tuples(WORDS, WORDS, WORDS, WORDS, WORDS, WORDS | st.none()),
    actor=st.none() | st.integers(1, 9),
    at=st.datetimes(timezones=st.just(UTC)),
    detail=st.dictionaries(WORDS, PLAIN, max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_the_database_hashes_whatever_is_noted_to_the_same(
    ground: Ground, account: int, *, names: tuple[str, ...], actor: int | None, at: datetime, detail: dict[str, object]
):
    name, action, subject, address, way, on_behalf = names

    def note_it(conn: Connection) -> None:
        entry = AuditEntry(
            at=at,
            actor_kind="vendor",
            actor_name=name,
            action=action,
            subject=subject,
            actor_id=actor,
            on_behalf=on_behalf,
            detail=detail,
            address=address,
            way=way,
        )
        number = audit.write(conn, account, entry=entry)
        assert audit.page(conn, account, limit=1) == (replace(entry, id=number),)

    assert _after(ground, note_it, (account,)) == []


@pytest.mark.parametrize("odd", [1.5, {"a": [0.1]}, {1: "a"}, b"x", {"a": datetime(2026, 1, 15, tzinfo=UTC)}], ids=str)
def test_what_has_several_spellings_is_not_noted(odd: object):
    with pytest.raises(TypeError):
        spelled(odd)


def test_an_account_keeps_the_hash_of_its_last_entry(ground: Ground, account: int):
    with ground.db.account(account) as conn:
        name, address = conn.execute(text("SELECT actor_name, address FROM audit WHERE id = 1")).one()
        hashes = conn.scalars(text("SELECT hash FROM audit ORDER BY id")).all()
        head = conn.execute(text("SELECT next_audit, audit_hash FROM accounts")).one()
        first = audit.page(conn, account)[-1]
    assert tuple(head) == (6, hashes[-1])
    assert len(set(hashes)) == 5
    assert first == replace(_entry(1), id=1)
    # Hashed as they are kept: of a member, name and address are sealed.
    expected = Said(
        account, 1, noon("2026-01-15") + timedelta(minutes=1), "admin", 1, name, None, "licences.change", "team",
        '{"to": 1, "why": ["a", {"b": null}]}', address, "web",
    )  # fmt: skip
    assert hashes[0] == hash_of(expected, previous=None)


def test_what_is_rolled_back_leaves_the_chain_as_it_was(ground: Ground, account: int):
    with ground.db.account(account) as conn:
        kept = conn.begin_nested()
        assert audit.write(conn, account, entry=_entry(6)) == 6
        kept.rollback()
    assert _found(ground, account) == []


def test_nothing_is_noted_for_an_account_that_is_not_there(ground: Ground, account: int):
    with pytest.raises(NoSuchAccount), ground.db.account(account) as conn:
        audit.write(conn, account + 1000, entry=_entry(1))


def test_where_an_act_came_from_is_noted_and_why_somebody_of_the_vendor_acted(ground: Ground):
    opened = ground.open_account()
    origin = Origin("198.51.100.4", "web")
    support = staff_actor("Sam", "support", behalf="asked on the phone", origin=origin)
    with ground.db.account(opened) as conn:
        for actor in (member_actor("Anna", "owner", member=1, origin=Origin("", "api")), support):
            row = accounts.find(conn, opened)
            note(Acted(conn, row, actor, noon("2026-01-15")), action="document.pay", subject="all", issued=())
        by_support, by_anna = audit.page(conn, opened)
    assert (by_anna.actor_id, by_anna.on_behalf, by_anna.address, by_anna.way) == (1, None, "", "api")
    assert (by_support.actor_id, by_support.on_behalf) == (None, "asked on the phone")
    assert (by_support.address, by_support.way) == ("198.51.100.4", "web")


CHANGED = "it is not what was written, or does not follow the one before it"
GONE = "it was written once, and is not there any more"


def cut(last: int) -> tuple[str, str]:
    return "audit", f"it ends with entry {last}, which is not the last that was written"


def _again(entry: int, *, like: int, whose: str = "account_id", only: str = "true") -> str:
    """An entry with all that another one says."""
    rest = "at, actor_kind, actor_id, actor_name, on_behalf, action, subject, detail, address, way, hash"
    return f"INSERT INTO audit SELECT {whose}, {entry}, {rest} FROM audit WHERE id = {like} AND {only}"


Found = tuple[str, str]

TAMPERINGS: list[tuple[str, list[str], list[Found]]] = [
    ("nothing", [], []),
    *(
        (f"{column} changed", [f"UPDATE audit SET {column} = {value} WHERE id = 3"], [("audit entry 3", CHANGED)])
        for column, value in (
            ("at", "at + interval '1 microsecond'"),
            ("actor_kind", "'vendor'"),
            ("actor_id", "2"),
            ("actor_id", "NULL"),
            ("actor_name", "'Bram'"),
            ("on_behalf", "''"),
            ("action", "'plan.change'"),
            ("subject", "'second'"),
            ("detail", "jsonb_set(detail, '{to}', '4')"),
            ("detail", "jsonb_set(detail, '{to}', '3.0')"),
            ("detail", "jsonb_set(detail, '{to}', '\"3\"')"),
            ("detail", "jsonb_set(detail, '{to}', repeat('9', 5000)::jsonb)"),
            ("detail", "(repeat('[', 3000) || repeat(']', 3000))::jsonb"),
            ("detail", "'null'"),
            ("address", "'203.0.113.8'"),
            ("way", "''"),
        )
    ),
    (
        "a hash changed",
        ["UPDATE audit SET hash = sha256('') WHERE id = 3"],
        [("audit entry 3", CHANGED), ("audit entry 4", CHANGED)],
    ),
    (
        "the last hash changed",
        ["UPDATE audit SET hash = sha256('') WHERE id = 5"],
        [("audit entry 5", CHANGED), cut(5)],
    ),
    ("removed", ["DELETE FROM audit WHERE id = 3"], [("audit entry 3", GONE)]),
    ("several removed", ["DELETE FROM audit WHERE id IN (2, 3)"], [("audit entry 2 to 3", GONE)]),
    ("the first removed", ["DELETE FROM audit WHERE id = 1"], [("audit entry 1", GONE)]),
    (
        "removed, and those after it moved up",
        [
            "DELETE FROM audit WHERE id = 3",
            "UPDATE audit SET id = 3 WHERE id = 4",
            "UPDATE audit SET id = 4 WHERE id = 5",
            "UPDATE accounts SET next_audit = 5 WHERE true",
        ],
        [("audit entry 3", CHANGED), ("audit entry 4", CHANGED)],
    ),
    (
        "put in, and those after it moved down",
        [
            "UPDATE audit SET id = 6 WHERE id = 5",
            "UPDATE audit SET id = 5 WHERE id = 4",
            _again(4, like=3),
            "UPDATE accounts SET next_audit = 7 WHERE true",
        ],
        [("audit entry 4", CHANGED), ("audit entry 5", CHANGED), ("audit entry 6", CHANGED)],
    ),
    (
        "put in before the first",
        [_again(0, like=1)],
        [("audit entry 0", CHANGED), ("audit entry 1", CHANGED)],
    ),
    (
        "added at the end",
        [
            _again(6, like=5),
            "UPDATE accounts SET next_audit = 7 WHERE true",
        ],
        [("audit entry 6", CHANGED)],
    ),
    (
        "two that changed places",
        [
            "UPDATE audit SET id = 99 WHERE id = 2",
            "UPDATE audit SET id = 2 WHERE id = 3",
            "UPDATE audit SET id = 3 WHERE id = 99",
        ],
        [("audit entry 2", CHANGED), ("audit entry 3", CHANGED), ("audit entry 4", CHANGED)],
    ),
    (
        "the last ones cut off",
        ["DELETE FROM audit WHERE id > 3", "UPDATE accounts SET next_audit = 4 WHERE true"],
        [cut(3)],
    ),
    (
        "all cut off",
        ["DELETE FROM audit WHERE true", "UPDATE accounts SET next_audit = 1 WHERE true"],
        [cut(0)],
    ),
    ("the end forgotten", ["UPDATE accounts SET audit_hash = NULL WHERE true"], [cut(5)]),
    ("another end", ["UPDATE accounts SET audit_hash = sha256('') WHERE true"], [cut(5)]),
]


@pytest.mark.parametrize(("statements", "found"), [one[1:] for one in TAMPERINGS], ids=[one[0] for one in TAMPERINGS])
def test_what_was_done_to_the_audit_is_found_and_named(
    ground: Ground, account: int, beside: int, *, statements: Sequence[str], found: Sequence[Found]
):
    assert _found(ground, account, beside, statements=statements) == [(account, *one) for one in found]


def test_an_entry_cannot_be_moved_to_another_account(ground: Ground, account: int, beside: int):
    def move(conn: Connection) -> None:
        conn.execute(text(f"DELETE FROM audit WHERE id = 1 AND account_id = {account}"))
        conn.execute(text(_again(1, like=1, whose=str(account), only=f"account_id = {beside}")))

    assert _after(ground, move, (account, beside)) == [
        (account, "audit entry 1", CHANGED),
        (account, "audit entry 2", CHANGED),
    ]


def test_the_verification_of_everything_looks_at_it(ground: Ground, account: int):
    there = "UPDATE audit SET subject = 'tame' WHERE id = 2 AND account_id = :account"
    with ground.db.owner() as conn:
        conn.execute(text(there), {"account": account})
    found = verify(Services(ground.db, SystemClock())).findings
    with ground.db.owner() as conn:
        conn.execute(text(there.replace("tame", "team")), {"account": account})
    assert [(whose, one.code, one.where) for whose, one in found] == [(account, "audit_chain_broken", "audit entry 2")]
    assert verify(Services(ground.db, SystemClock())).findings == ()


def _found(ground: Ground, account: int, *others: int, statements: Sequence[str] = ()) -> list[tuple[int, str, str]]:
    def tamper(conn: Connection) -> None:
        for statement in statements:
            assert conn.execute(text(f"{statement} AND account_id = {account}".replace("::", "\\:\\:"))).rowcount > 0

    return _after(ground, tamper, (account, *others))


def _after(ground: Ground, tamper: Callable[[Connection], None], of: Sequence[int]) -> list[tuple[int, str, str]]:
    """What is found after rows were changed, in a transaction that is never kept."""
    with ground.db.owner() as conn:
        kept = conn.begin_nested()
        tamper(conn)
        found = list(check_chain(conn, of))
        kept.rollback()
    assert {one.code for _, one in found} <= {"audit_chain_broken"}
    return [(whose, one.where, one.detail) for whose, one in found]
