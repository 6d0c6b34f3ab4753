"""The audit: who did what to an account, when and from where, and what came of it. It is written and never changed.

What a member was called and from where they acted is written sealed under their own key, and what people have typed
under the account's (`audit_words`), so that it can be made unreadable without changing what was written. The vendor has
an audit of its own, of what belongs to no account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, update

from prorata.core.actors import Side
from prorata.store import member_keys
from prorata.store.accounts import Counted
from prorata.store.audit_chain import Said, hash_of, spelled
from prorata.store.audit_words import has_words, keys_of, sealed_detail, sealed_subject, sealed_text, unsealed_detail
from prorata.store.bulk import NewRows
from prorata.store.errors import NoSuchAccount
from prorata.store.rows import Any, AnyRow
from prorata.store.sealing import is_sealed, seal_text, unseal_text
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.audit import AUDIT, VENDOR_AUDIT, VENDOR_AUDIT_HEAD

MOST_ENTRIES = 200

THE_VENDORS: Final = 0
"""What stands for the account in the hashes of the vendor's own entries: no account has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. `actor_id`: the member, where it was one, and the person at the door in the vendor's own audit;
    `on_behalf`: why one of the vendor's people acted in the account.

    `detail` is plain data of the action's own: text, whole numbers, lists and maps of them. `address` and `way`: from
    where and how it was asked for, empty where that is not known. Both `actor_name` and `address` are empty of a member
    who was erased. `id` is given by `write`.
    """

    at: datetime
    actor_kind: Side
    actor_name: str
    action: str
    subject: str
    actor_id: int | None = None
    on_behalf: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict[str, object])
    address: str = ""
    way: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next entry of an account goes: its id, and the hash of the entry before it, None for the first."""

    account_id: int
    id: int
    previous: bytes | None


def write(conn: Connection, account_id: int, *, entry: AuditEntry) -> int:
    """Write an entry; returns its id. Raises `NoSuchAccount`."""
    place = _next_place(conn, account_id)
    row = row_of(_sealed(conn, _with_words_sealed(conn, entry, place=place), place=place), place)
    kept = {"next_audit": place.id + 1, "audit_hash": row["hash"]}
    conn.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values(kept))
    new = NewRows()
    new.add(AUDIT, row, account_id=account_id)
    new.write(conn, (AUDIT,), how="insert")
    return place.id


def write_of_vendor(conn: Connection, *, entry: AuditEntry) -> int:
    """Write an entry of what belongs to no account; returns its id. For the door and the owner.

    Whoever else has one to write waits until the transaction ends: it comes last there.
    """
    head = conn.execute(select(VENDOR_AUDIT_HEAD).with_for_update()).one()
    place = Place(THE_VENDORS, head.next, head.hash)
    row = row_of(_with_reason_sealed(conn, entry, place=place), place)
    conn.execute(update(VENDOR_AUDIT_HEAD).values(next=head.next + 1, hash=row["hash"]))
    new = NewRows()
    new.add_local(VENDOR_AUDIT, row)
    new.write(conn, (VENDOR_AUDIT,), how="insert")
    return head.next


def _next_place(conn: Connection, account_id: int) -> Place:
    """Where the next entry goes; holds the account until the transaction ends."""
    query = select(ACCOUNTS.c.next_audit, ACCOUNTS.c.audit_hash).where(ACCOUNTS.c.account_id == account_id)
    row = conn.execute(query.with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise NoSuchAccount(account=account_id)
    return Place(account_id, row.next_audit, row.audit_hash)


def _with_words_sealed(conn: Connection, entry: AuditEntry, *, place: Place) -> AuditEntry:
    """The entry with what people have typed as only the account's key opens it."""
    about, action = _about(place.account_id, place.id), entry.action
    if not entry.on_behalf and not has_words(action, entry.detail):
        return entry
    key = keys_of(conn, (place.account_id,)).get(place.account_id)
    return replace(
        entry,
        subject=sealed_subject(key, entry.subject, action=action, about=about),
        detail=sealed_detail(key, entry.detail, action=action, about=about),
        on_behalf=entry.on_behalf and sealed_text(key, entry.on_behalf, about=f"{about}, on_behalf"),
    )


def _with_reason_sealed(conn: Connection, entry: AuditEntry, *, place: Place) -> AuditEntry:
    """An entry of the vendor's own: why somebody acted for an account is that account's."""
    account = _account_in(entry.detail)
    if not entry.on_behalf or account is None:
        return entry
    key = keys_of(conn, (account,)).get(account)
    about = f"{_about(place.account_id, place.id)}, on_behalf"
    return replace(entry, on_behalf=sealed_text(key, entry.on_behalf, about=about))


def _account_in(detail: Mapping[str, object]) -> int | None:
    found = detail.get("account")
    return found if isinstance(found, int) else None


def _sealed(conn: Connection, entry: AuditEntry, *, place: Place) -> AuditEntry:
    """The entry as it is kept. Nothing that says who it was is written of a member who has no key."""
    if entry.actor_kind != "admin" or entry.actor_id is None:
        return entry
    key = member_keys.find(conn, place.account_id, member=entry.actor_id)
    if key is None:
        return replace(entry, actor_name="", address="")
    about = _about(place.account_id, place.id)
    return replace(
        entry,
        actor_name=seal_text(key, entry.actor_name, about=f"{about}, actor_name"),
        address=seal_text(key, entry.address, about=f"{about}, address"),
    )


def _about(account_id: int, entry: int) -> str:
    return f"audit {account_id}/{entry}"


def place_of(account: Counted) -> Place:
    """Where the next entry goes of an account that is held."""
    return Place(account.row.account_id, account.next_audit, account.audit_hash)


def row_of(entry: AuditEntry, place: Place, *, documents: Sequence[str] | None = None) -> dict[str, Any]:
    """The columns of an entry without the account; `documents`: numbers that its detail names. JSON is text."""
    detail = spelled(dict(entry.detail) if documents is None else {**entry.detail, "documents": list(documents)})
    said = Said(
        place.account_id,
        place.id,
        entry.at,
        entry.actor_kind,
        entry.actor_id,
        entry.actor_name,
        entry.on_behalf,
        entry.action,
        entry.subject,
        detail,
        entry.address,
        entry.way,
    )
    return dict(zip(_COLUMNS, (*said[1:], hash_of(said, previous=place.previous)), strict=True))


_COLUMNS: Final = (*Said._fields[1:], "hash")


def page(conn: Connection, account_id: int, *, before: int | None = None, limit: int = 50) -> tuple[AuditEntry, ...]:
    """Entries, newest first; `before`: only those older than the entry of that id."""
    query = select(AUDIT).where(AUDIT.c.account_id == account_id)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    rows = conn.execute(query.order_by(AUDIT.c.id.desc()).limit(min(limit, MOST_ENTRIES))).all()
    return entries(conn, account_id, rows=rows)


def details(conn: Connection, account_id: int, *, action: str, since: datetime) -> Sequence[Mapping[str, object]]:
    """What was noted of each act of one kind since an instant."""
    table = AUDIT.c
    query = select(table.detail).where(table.account_id == account_id, table.action == action, table.at >= since)
    return list(conn.scalars(query.order_by(table.id)))


def entries(conn: Connection, account_id: int, *, rows: Iterable[AnyRow]) -> tuple[AuditEntry, ...]:
    """The entries of rows with all their columns, readable as far as there are keys."""
    found = [_entry_of(row) for row in rows]
    sealing = {
        e.actor_id for e in found if e.actor_id is not None and (is_sealed(e.actor_name) or is_sealed(e.address))
    }
    keys = member_keys.of(conn, account_id, members=sealing)
    named = (
        _unsealed(one, keys.get(one.actor_id), account_id=account_id) if one.actor_id in sealing else one
        for one in found
    )
    return _with_words(conn, account_id, found=tuple(named))


def _with_words(conn: Connection, account_id: int, *, found: Sequence[AuditEntry]) -> tuple[AuditEntry, ...]:
    """Entries with what people have typed, as far as there are keys."""
    whose = {one.id: account_id or _account_in(one.detail) for one in found if _has_words(one)}
    keys = keys_of(conn, {account for account in whose.values() if account})
    return tuple(
        _readable(one, keys.get(whose[one.id] or 0), account_id=account_id) if one.id in whose else one for one in found
    )


def _has_words(entry: AuditEntry) -> bool:
    said = (entry.on_behalf, entry.subject, *entry.detail.values())
    return any(isinstance(one, str) and is_sealed(one) for one in said)


def _readable(entry: AuditEntry, key: bytes | None, *, account_id: int) -> AuditEntry:
    about = _about(account_id, entry.id or 0)
    return replace(
        entry,
        on_behalf=entry.on_behalf and unseal_text(key, entry.on_behalf, about=f"{about}, on_behalf"),
        subject=unseal_text(key, entry.subject, about=f"{about}, subject"),
        detail=unsealed_detail(key, entry.detail, about=about),
    )


def name_in(row: AnyRow, keys: Mapping[int, bytes]) -> str:
    """The name in a row that has `account_id`, `id`, `actor_id` and `actor_name`; empty where the key is gone."""
    about = f"{_about(row.account_id, row.id)}, actor_name"
    return unseal_text(keys.get(row.actor_id), row.actor_name, about=about)


def _unsealed(entry: AuditEntry, key: bytes | None, *, account_id: int) -> AuditEntry:
    about = _about(account_id, entry.id or 0)
    return replace(
        entry,
        actor_name=unseal_text(key, entry.actor_name, about=f"{about}, actor_name"),
        address=unseal_text(key, entry.address, about=f"{about}, address"),
    )


def _entry_of(row: AnyRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        actor_kind=row.actor_kind,
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        actor_id=row.actor_id,
        on_behalf=row.on_behalf,
        detail=row.detail,
        address=row.address,
        way=row.way,
        id=row.id,
    )
