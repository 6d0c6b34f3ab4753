"""Erasing what an account knows of people, and what lets them in: for the owner, since some of it is the door's.

Documents, the ledger, the history of what was bought and the audit stay. They name members by number, and of a member
nothing is left but that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from prorata.store import members
from prorata.store.bulk import array

_ADDRESSES: Final = text("SELECT email FROM invitations WHERE account_id = :account AND email <> ''")
# Those too who have left. Of who was added anew the account knows the address alone.
_PEOPLE: Final = text("""
    SELECT person_id FROM person_accounts WHERE account_id = :account
    UNION SELECT person_id FROM members WHERE account_id = :account AND person_id IS NOT NULL
    UNION SELECT id FROM people WHERE email = ANY(CAST(:addresses AS text[]))
""")
_BY_ADDRESS: Final = text("SELECT id FROM people WHERE email = :email")
_MAILS_OF_ONE: Final = text("DELETE FROM outbox WHERE account_id = :account AND lower(recipient) = :email")
# Mails to others, kept for a month or about to go out, say who did what they tell.
_UNNAME: Final = text("""
    UPDATE outbox SET data = data || jsonb_build_object('by', data -> 'account')
    WHERE account_id = :account AND data ->> 'by' = :name
""")
_NO_ACCOUNT: Final = 0
"""No account has this id."""

# Who belongs nowhere else and does not work for the vendor, nor ever did: the vendor's audit names them.
_NOWHERE_ELSE: Final = text("""
    SELECT person.id, person.email FROM people AS person
    WHERE person.id = ANY(CAST(:people AS bigint[]))
      AND NOT EXISTS (SELECT FROM person_accounts AS other
                      WHERE other.person_id = person.id AND other.account_id <> :account)
      AND NOT EXISTS (SELECT FROM staff WHERE staff.person_id = person.id)
    ORDER BY person.id FOR UPDATE
""")

# Held first: who makes one may write another piece just now, or be about to begin.
_HOLD_EXPORTS: Final = text("SELECT FROM exports WHERE account_id = :account ORDER BY id FOR UPDATE")

_OF_THE_ACCOUNT: Final[Mapping[str, str]] = {
    "keys": "DELETE FROM api_keys WHERE account_id = :account",
    "directory_people": "DELETE FROM directory_subjects WHERE account_id = :account",
    "directories": "DELETE FROM directories WHERE account_id = :account",
    "invitations": "DELETE FROM invitations WHERE account_id = :account",
    "roles": "UPDATE account_roles SET name = '', removed_at = coalesce(removed_at, :at) WHERE account_id = :account",
    "export_pieces": "DELETE FROM export_pieces WHERE account_id = :account",
    "exports": "DELETE FROM exports WHERE account_id = :account",
    "reasons": "DELETE FROM cancellation_reasons WHERE account_id = :account",
    "profiles": """
        UPDATE billing_profiles SET name = '', address = '', email = '', purchase_order = NULL
        WHERE account_id = :account
    """,
    "member_keys": "DELETE FROM member_keys WHERE account_id = :account",
    "members": """
        UPDATE members SET sealed_name = NULL, sealed_email = NULL, email_key = NULL, person_id = NULL,
            erased_at = coalesce(erased_at, :at), left_at = coalesce(left_at, :at)
        WHERE account_id = :account
    """,
    "account": "UPDATE accounts SET name = '', pepper = '' WHERE account_id = :account",
}
"""What is erased of the account itself, in the order in which rows refer to each other."""

_AT_THE_DOOR: Final[Mapping[str, str]] = {
    "sessions": "DELETE FROM sessions WHERE person_id = ANY(CAST(:gone AS bigint[])) OR only_account = :account",
    "passkeys": "DELETE FROM passkeys WHERE person_id = ANY(CAST(:gone AS bigint[]))",
    "challenges": """
        DELETE FROM challenges
        WHERE person_id = ANY(CAST(:gone AS bigint[])) OR data ->> 'email' = ANY(CAST(:addresses AS text[]))
    """,
    "links": "DELETE FROM links WHERE person_id = ANY(CAST(:gone AS bigint[]))",
    "mails": """
        DELETE FROM outbox WHERE account_id = :account
            OR account_id IS NULL AND lower(recipient) = ANY(CAST(:addresses AS text[]))
    """,
    "memberships": "DELETE FROM person_accounts WHERE account_id = :account",
    "people": "DELETE FROM people WHERE id = ANY(CAST(:gone AS bigint[]))",
}
"""What is erased of who belongs nowhere else, and of what has let anybody into this account. What other accounts have
written to the same address is theirs.
"""

# Who is in elsewhere too stays in there, and looks at nothing here any more.
_LOOK_AWAY: Final = text("""
    UPDATE sessions SET account_id = NULL, behalf_reason = NULL WHERE account_id = :account
""")

Erased = Mapping[str, int]
"""How many rows of each kind were erased."""


def erase(conn: Connection, account_id: int, *, at: datetime) -> Erased:
    """Erase all personal data of an account, and of its people who belong nowhere else; how much of each kind."""
    of = {"account": account_id}
    known = [one.email.lower() for one in members.all_of(conn, account_id) if one.email]
    known += (email.lower() for email in conn.scalars(_ADDRESSES, of))
    there = list(conn.scalars(_PEOPLE, {**of, "addresses": array(known)}))
    found = conn.execute(_NOWHERE_ELSE, {**of, "people": array(there)}).all()
    gone, addresses = [row.id for row in found], [row.email for row in found]
    elsewhere = _who_are_elsewhere(conn, known, gone=gone)
    asked = {**of, "at": at, "gone": array(gone), "addresses": array(sorted({*known, *addresses} - elsewhere))}
    erased: dict[str, int] = {}
    conn.execute(_HOLD_EXPORTS, of)
    for kind, statement in (*_OF_THE_ACCOUNT.items(), *_AT_THE_DOOR.items()):
        erased[kind] = conn.execute(text(statement), asked).rowcount
    conn.execute(_LOOK_AWAY, of)
    return {kind: count for kind, count in sorted(erased.items()) if count and kind not in _UNTOLD}


def erase_at_door(conn: Connection, account_id: int, *, email: str, name: str) -> None:
    """Erase who has this address, if they belong to no account any more, and the mails of this account to it. Its mails
    to others say no more that somebody of this name did what they tell. For the owner.
    """
    plain = email.lower()
    conn.execute(_MAILS_OF_ONE, {"account": account_id, "email": plain})
    conn.execute(_UNNAME, {"account": account_id, "name": name})
    there = list(conn.scalars(_BY_ADDRESS, {"email": plain}))
    found = conn.execute(_NOWHERE_ELSE, {"account": _NO_ACCOUNT, "people": array(there)}).all()
    asked = {
        "account": _NO_ACCOUNT,
        "gone": array([row.id for row in found]),
        "addresses": array([row.email for row in found] if there else [plain]),
    }
    for statement in _AT_THE_DOOR.values():
        conn.execute(text(statement), asked)


_UNTOLD: Final = ("account", "export_pieces", "member_keys", "memberships")
"""Parts of something else that is told."""


def _who_are_elsewhere(conn: Connection, addresses: list[str], *, gone: list[int]) -> set[str]:
    """Those of the addresses that people have who stay: their mails are about other accounts, too."""
    query = text("""
        SELECT email FROM people WHERE email = ANY(CAST(:addresses AS text[])) AND id <> ALL(CAST(:gone AS bigint[]))
    """)
    return set(conn.scalars(query, {"addresses": array(addresses), "gone": array(gone)}))
