"""Who has held a licence, what was announced, what is taken out, how an account is closed, how long the law keeps."""

from __future__ import annotations

from alembic import op

from prorata.store.migrations.grants import let_app, let_app_change, of_accounts

revision = "0010"
down_revision = "0009"

_TABLES = """
CREATE TABLE seat_changes (
    account_id BIGINT NOT NULL,
    subscription_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id INTEGER NOT NULL,
    holds BOOLEAN NOT NULL,
    why TEXT NOT NULL,
    by_side TEXT NOT NULL,
    CONSTRAINT seat_changes_pkey PRIMARY KEY (account_id, subscription_id, place),
    CONSTRAINT seat_changes_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id),
    CONSTRAINT seat_changes_account_id_member_id_fkey
        FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id),
    CONSTRAINT seat_changes_why_check CHECK (why IN ('asked', 'left', 'conflict', 'deleted', 'before')),
    CONSTRAINT seat_changes_by_side_check CHECK (by_side IN ('admin', 'vendor', 'system'))
);

CREATE TABLE announcements (
    account_id BIGINT NOT NULL,
    subscription_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    on_day DATE NOT NULL,
    days_before INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    mails INTEGER NOT NULL,
    CONSTRAINT announcements_pkey PRIMARY KEY (account_id, subscription_id, what, on_day, days_before),
    CONSTRAINT announcements_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id)
);

CREATE TABLE exports (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    asked_by INTEGER,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    done INTEGER DEFAULT 0 NOT NULL,
    total INTEGER DEFAULT 0 NOT NULL,
    tries INTEGER DEFAULT 0 NOT NULL,
    bytes BIGINT DEFAULT 0 NOT NULL,
    sha256 BYTEA,
    ready_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    problem TEXT,
    CONSTRAINT exports_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT exports_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id),
    CONSTRAINT exports_language_check CHECK (language IN ('en', 'nl', 'it')),
    CONSTRAINT exports_state_check CHECK (state IN ('waiting', 'making', 'ready', 'failed', 'gone'))
);

CREATE TABLE export_pieces (
    account_id BIGINT NOT NULL,
    export_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    data BYTEA NOT NULL,
    CONSTRAINT export_pieces_pkey PRIMARY KEY (account_id, export_id, place),
    CONSTRAINT export_pieces_account_id_export_id_fkey
        FOREIGN KEY (account_id, export_id) REFERENCES exports (account_id, id)
);
ALTER TABLE export_pieces ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE closures (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    asked_by INTEGER,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    on_day DATE NOT NULL,
    language TEXT NOT NULL,
    backup TEXT NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    certificate JSONB,
    CONSTRAINT closures_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT closures_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id),
    CONSTRAINT closures_language_check CHECK (language IN ('en', 'nl', 'it')),
    CONSTRAINT closures_backup_check CHECK (backup IN ('made', 'waived')),
    CONSTRAINT closures_done_check CHECK (num_nulls(done_at, certificate) IN (0, 2))
);

CREATE TABLE cancellation_reasons (
    account_id BIGINT NOT NULL,
    subscription_id INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    CONSTRAINT cancellation_reasons_pkey PRIMARY KEY (account_id, subscription_id, at),
    CONSTRAINT cancellation_reasons_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id)
);

CREATE TABLE retention (
    country CHAR(2) NOT NULL,
    what TEXT NOT NULL,
    from_day DATE NOT NULL,
    years INTEGER NOT NULL,
    law TEXT NOT NULL,
    CONSTRAINT retention_pkey PRIMARY KEY (country, what, from_day),
    CONSTRAINT retention_what_check CHECK (what IN ('documents')),
    CONSTRAINT retention_years_check CHECK (years BETWEEN 1 AND 100)
);
"""

_CHANGED = """
ALTER TABLE accounts
    ADD COLUMN next_export INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN next_closure INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN closed_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT accounts_next_export_check CHECK (next_export >= 1),
    ADD CONSTRAINT accounts_next_closure_check CHECK (next_closure >= 1);

ALTER TABLE subscriptions
    ADD COLUMN conflict_since DATE,
    ADD COLUMN conflict_until DATE,
    ADD COLUMN foreseen JSONB,
    DROP CONSTRAINT subscriptions_assigned_check,
    DROP CONSTRAINT subscriptions_ending_why_check,
    ADD CONSTRAINT subscriptions_assigned_check
        CHECK (assigned >= 0 AND (assigned <= licences OR conflict_until IS NOT NULL)),
    ADD CONSTRAINT subscriptions_conflict_check CHECK (num_nulls(conflict_since, conflict_until) IN (0, 2)),
    ADD CONSTRAINT subscriptions_ending_why_check
        CHECK (ending_why IN ('cancelled', 'renewal_off', 'term', 'lapsed', 'unpaid'));
"""

# Who holds a licence now has held it since then; who held one before is not known.
_BEFORE = """
INSERT INTO seat_changes (account_id, subscription_id, place, at, member_id, holds, why, by_side)
SELECT account_id, subscription_id,
       row_number() OVER (PARTITION BY account_id, subscription_id ORDER BY since, member_id),
       since, member_id, true, 'before', 'system'
FROM licence_assignments
"""

# Articles 52(4) AWR and 2220 of the civil code. `ZZ` is every other country: the longest of them.
_RETENTION = """
INSERT INTO retention (country, what, from_day, years, law) VALUES
    ('NL', 'documents', '1900-01-01', 7, 'art. 52 AWR'),
    ('IT', 'documents', '1900-01-01', 10, 'art. 2220 Codice civile'),
    ('ZZ', 'documents', '1900-01-01', 10, '')
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_CHANGED)
    op.execute(_BEFORE)
    op.execute(_RETENTION)
    of_accounts("seat_changes", "announcements", may="SELECT, INSERT")
    of_accounts("exports", "closures", may="SELECT, INSERT, UPDATE")
    of_accounts("export_pieces", "cancellation_reasons", may="SELECT, INSERT, DELETE")
    let_app("retention", may="SELECT")
    for table, columns in _MAY_CHANGE.items():
        let_app_change(table, *columns)
    op.execute("GRANT UPDATE (next_export, next_closure, closed_at) ON accounts TO prorata_app")
    op.execute("GRANT UPDATE (conflict_since, conflict_until, foreseen) ON subscriptions TO prorata_app")


_MAY_CHANGE = {
    "exports": ("state", "done", "total", "tries", "bytes", "sha256", "ready_at", "expires_at", "problem"),
    "closures": ("taken_back_at", "done_at", "certificate"),
}
