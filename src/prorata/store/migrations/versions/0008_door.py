"""People who sign in, what they sign in with, and who may come into an account as what; mails that are to be sent."""

from __future__ import annotations

from alembic import op

from prorata.store.migrations.grants import let_app, let_door, make_door, of_accounts

revision = "0008"
down_revision = "0007"

_TABLES = """
CREATE TABLE people (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    handle BYTEA DEFAULT uuid_send(gen_random_uuid()) NOT NULL,
    CONSTRAINT people_pkey PRIMARY KEY (id),
    CONSTRAINT people_email_key UNIQUE (email),
    CONSTRAINT people_handle_key UNIQUE (handle),
    CONSTRAINT people_email_check CHECK (email = lower(email)),
    CONSTRAINT people_language_check CHECK (language IN ('en', 'nl', 'it'))
);

CREATE TABLE person_accounts (
    person_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    member_id INTEGER NOT NULL,
    CONSTRAINT person_accounts_pkey PRIMARY KEY (person_id, account_id),
    CONSTRAINT person_accounts_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE staff (
    id INTEGER GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT staff_pkey PRIMARY KEY (id),
    CONSTRAINT staff_person_id_key UNIQUE (person_id),
    CONSTRAINT staff_role_check CHECK (role IN ('owner', 'finance', 'support', 'catalogue')),
    CONSTRAINT staff_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE passkeys (
    credential_id BYTEA NOT NULL,
    person_id BIGINT NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    name TEXT NOT NULL,
    synced BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT passkeys_pkey PRIMARY KEY (credential_id),
    CONSTRAINT passkeys_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX passkeys_person_id_idx ON passkeys (person_id);

CREATE TABLE challenges (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    token_hash BYTEA NOT NULL,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    person_id BIGINT,
    session_id BIGINT,
    answer_hash BYTEA,
    data JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tries INTEGER DEFAULT 0 NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT challenges_pkey PRIMARY KEY (id),
    CONSTRAINT challenges_token_hash_key UNIQUE (token_hash),
    CONSTRAINT challenges_kind_check CHECK (kind IN ('code', 'passkey', 'new_passkey', 'directory')),
    CONSTRAINT challenges_purpose_check CHECK (purpose IN ('sign_in', 'proof', 'new')),
    CONSTRAINT challenges_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX challenges_expires_at_idx ON challenges (expires_at);

CREATE TABLE links (
    token_hash BYTEA NOT NULL,
    person_id BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE sessions (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    token_hash BYTEA NOT NULL,
    person_id BIGINT NOT NULL,
    method TEXT NOT NULL,
    only_account BIGINT,
    account_id BIGINT,
    behalf_reason TEXT,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_why TEXT,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_method_check CHECK (method IN ('passkey', 'code', 'directory', 'link')),
    CONSTRAINT sessions_ended_why_check CHECK (ended_why IN ('signed_out', 'revoked', 'rotated', 'left')),
    CONSTRAINT sessions_ended_check CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT sessions_only_account_check
        CHECK (account_id IS NULL OR only_account IS NULL OR account_id = only_account),
    CONSTRAINT sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX sessions_person_id_idx ON sessions (person_id);
CREATE INDEX sessions_ends_at_idx ON sessions (ends_at);

CREATE TABLE throttles (
    key_hash BYTEA NOT NULL,
    count INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT throttles_pkey PRIMARY KEY (key_hash)
);
CREATE INDEX throttles_since_idx ON throttles (since);

CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    account_id BIGINT,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    data JSONB NOT NULL,
    secret BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    next_try_at TIMESTAMP WITH TIME ZONE,
    tries INTEGER DEFAULT 0 NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    problem TEXT,
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_language_check CHECK (language IN ('en', 'nl', 'it'))
);
CREATE INDEX outbox_next_try_at_idx ON outbox (next_try_at) WHERE next_try_at IS NOT NULL;

CREATE TABLE installation (
    one BOOLEAN DEFAULT true NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (one),
    CONSTRAINT installation_one_check CHECK (one),
    CONSTRAINT installation_kind_check CHECK (kind IN ('demo', 'own'))
);

CREATE TABLE invitations (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    token_hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    invited_by INTEGER,
    invited_by_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT invitations_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id),
    CONSTRAINT invitations_language_check CHECK (language IN ('en', 'nl', 'it'))
);

CREATE TABLE account_roles (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    permissions TEXT[] NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT account_roles_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT account_roles_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id)
);

CREATE TABLE directories (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,
    role_for_new TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT directories_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT directories_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id)
);

CREATE TABLE directory_subjects (
    account_id BIGINT NOT NULL,
    directory_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    CONSTRAINT directory_subjects_pkey PRIMARY KEY (account_id, directory_id, subject),
    CONSTRAINT directory_subjects_account_id_directory_id_fkey
        FOREIGN KEY (account_id, directory_id) REFERENCES directories (account_id, id),
    CONSTRAINT directory_subjects_account_id_member_id_fkey
        FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);

CREATE TABLE api_keys (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    token_hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    last_four TEXT NOT NULL,
    made_by INTEGER,
    made_by_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_keys_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT api_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id)
);
CREATE UNIQUE INDEX api_keys_account_id_name_idx ON api_keys (account_id, name) WHERE revoked_at IS NULL;
"""

_ACCOUNTS = """
ALTER TABLE accounts
    ADD COLUMN next_invitation INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN next_role INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN next_directory INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN next_key INTEGER DEFAULT 1 NOT NULL,
    ADD CONSTRAINT accounts_next_invitation_check CHECK (next_invitation >= 1),
    ADD CONSTRAINT accounts_next_role_check CHECK (next_role >= 1),
    ADD CONSTRAINT accounts_next_directory_check CHECK (next_directory >= 1),
    ADD CONSTRAINT accounts_next_key_check CHECK (next_key >= 1);
"""

_MEMBERS = """
CREATE INDEX members_lower_email_idx ON members (account_id, lower(email));
ALTER TABLE members
    ADD COLUMN person_id BIGINT,
    ADD COLUMN left_at TIMESTAMP WITH TIME ZONE,
    DROP CONSTRAINT members_role_check,
    ADD CONSTRAINT members_role_check CHECK (role IN ('owner', 'billing_admin', 'licence_admin', 'invoice_manager',
        'reader', 'member') OR role ~ '^custom:[0-9]+$');
"""


def upgrade() -> None:
    make_door()
    op.execute(_TABLES)
    op.execute(_ACCOUNTS)
    op.execute(_MEMBERS)
    of_accounts("invitations", "account_roles", "directories", "api_keys", may="SELECT, INSERT, UPDATE")
    of_accounts("directory_subjects", may="SELECT, INSERT, DELETE")
    let_app("outbox", may="INSERT, SELECT (id)")
    let_door("people", "staff", may="SELECT, INSERT, UPDATE")
    let_door("sessions", may="SELECT, INSERT, UPDATE, DELETE")
    let_door("person_accounts", "passkeys", "challenges", "links", "throttles", may="SELECT, INSERT, UPDATE, DELETE")
    let_door("outbox", may="INSERT, SELECT (id)")
    op.execute("GRANT EXECUTE ON FUNCTION defer_job TO prorata_door")
    # What it needs of an account, one at a time as the application does: to let somebody in who was invited, or whom
    # the account's directory knows, and to note it.
    let_door("accounts", "sellers", "account_roles", "directories", may="SELECT")
    let_door("accounts", may="UPDATE (next_audit, next_member)")
    let_door("members", may="SELECT, INSERT, UPDATE")
    let_door("invitations", may="SELECT, UPDATE")
    let_door("directory_subjects", may="SELECT, INSERT")
    let_door("audit", may="INSERT")
