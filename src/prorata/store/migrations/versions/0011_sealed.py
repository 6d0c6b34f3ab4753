"""Names and addresses of members are sealed, each under a key of the person's own, which can be destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from alembic import op
from sqlalchemy import Connection, text

from prorata.store.migrations.grants import let_app_change, let_door, let_door_change, of_accounts
from prorata.store.rows import AnyRow
from prorata.store.sealing import new_key, seal

revision = "0011"
down_revision = "0010"

_ADD = """
ALTER TABLE accounts ADD COLUMN pepper BYTEA DEFAULT uuid_send(gen_random_uuid()) NOT NULL;

ALTER TABLE members
    ADD COLUMN sealed_name BYTEA,
    ADD COLUMN sealed_email BYTEA,
    ADD COLUMN email_key BYTEA,
    ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE member_keys (
    account_id BIGINT NOT NULL,
    member_id INTEGER NOT NULL,
    key BYTEA NOT NULL,
    CONSTRAINT member_keys_pkey PRIMARY KEY (account_id, member_id),
    CONSTRAINT member_keys_account_id_member_id_fkey
        FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);

ALTER TABLE invitations
    ADD COLUMN member_id INTEGER,
    ADD CONSTRAINT invitations_account_id_member_id_fkey
        FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id);
"""

_CHANGED = """
ALTER TABLE members
    DROP COLUMN name,
    DROP COLUMN email,
    ADD CONSTRAINT members_email_key_account_id_key UNIQUE (email_key, account_id) INCLUDE (id, left_at),
    ADD CONSTRAINT members_sealed_check CHECK (num_nulls(sealed_name, sealed_email, email_key) IN (0, 3)),
    ADD CONSTRAINT members_erased_check CHECK ((email_key IS NULL) = (erased_at IS NOT NULL));
"""

# Of who has come or was told not to, nothing of the invitation is needed any more. Who of the vendor's people invited
# is no member's name.
_BLANKED = """
UPDATE invitations SET name = '', email = '',
    invited_by_name = CASE WHEN invited_by IS NULL THEN invited_by_name ELSE '' END
WHERE used_at IS NOT NULL OR revoked_at IS NOT NULL
"""

_MEMBERS: Final = 5000
"""So many are sealed together: they fit into memory."""


def upgrade() -> None:
    op.execute(_ADD)
    conn = op.get_bind()
    after = (0, 0)
    while rows := conn.execute(_NEXT, {"account": after[0], "id": after[1], "most": _MEMBERS}).all():
        _seal(conn, rows)
        after = (rows[-1].account_id, rows[-1].id)
    op.execute(_CHANGED)
    op.execute(_BLANKED)
    _grant()


def _grant() -> None:
    of_accounts("member_keys", may="SELECT, INSERT, DELETE")
    let_door("member_keys", may="SELECT, INSERT")
    may_change = ("role", "language", "person_id", "left_at")
    let_door_change("members", *may_change)
    let_app_change("members", *may_change, "sealed_name", "sealed_email", "email_key", "erased_at")
    op.execute("GRANT UPDATE (pepper) ON accounts TO prorata_app")


def _seal(conn: Connection, rows: Sequence[AnyRow]) -> None:
    keys = [new_key() for _ in rows]
    about = [f"member {row.account_id}/{row.id}" for row in rows]
    sealed = list(zip(rows, keys, about, strict=True))
    asked = {
        "accounts": [row.account_id for row in rows],
        "ids": [row.id for row in rows],
        "keys": keys,
        "names": [seal(key, row.name, about=f"{of}, name") for row, key, of in sealed],
        "emails": [seal(key, row.email, about=f"{of}, email") for row, key, of in sealed],
    }
    conn.execute(_KEYS, asked)
    conn.execute(_SEALED, asked)


_NEXT: Final = text("""
    SELECT account_id, id, name, email FROM members
    WHERE (account_id, id) > (:account, :id) ORDER BY account_id, id LIMIT :most
""")
_KEYS: Final = text("""
    INSERT INTO member_keys (account_id, member_id, key)
    SELECT * FROM unnest(CAST(:accounts AS bigint[]), CAST(:ids AS integer[]), CAST(:keys AS bytea[]))
""")
# Two members of an account could have one address in other letters, and the first of them was found by it: nobody is
# found by what the others have now.
_SEALED: Final = text("""
    UPDATE members SET sealed_name = new.name, sealed_email = new.email,
        email_key = CASE WHEN EXISTS (
            SELECT FROM members AS first
            WHERE first.account_id = members.account_id AND lower(first.email) = lower(members.email)
              AND first.id < members.id
        ) THEN sha256(new.key) ELSE sha256(accounts.pepper || convert_to(lower(members.email), 'UTF8')) END
    FROM unnest(CAST(:accounts AS bigint[]), CAST(:ids AS integer[]), CAST(:keys AS bytea[]),
                CAST(:names AS bytea[]), CAST(:emails AS bytea[])) AS new (account_id, id, key, name, email)
    JOIN accounts ON accounts.account_id = new.account_id
    WHERE members.account_id = new.account_id AND members.id = new.id
""")
