"""Billing runs with their batches and totals, and the subscriptions that cannot be billed."""

from __future__ import annotations

from alembic import op

from prorata.store.migrations.grants import of_accounts

revision = "0006"
down_revision = "0005"

_TABLES = """
CREATE TABLE runs (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    seller_id BIGINT NOT NULL,
    as_of DATE NOT NULL,
    state TEXT NOT NULL,
    batch_size INTEGER NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by TEXT NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT runs_pkey PRIMARY KEY (id),
    CONSTRAINT runs_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES sellers (id),
    CONSTRAINT runs_seller_id_as_of_key UNIQUE (seller_id, as_of),
    CONSTRAINT runs_state_check CHECK (state IN ('open', 'finished', 'superseded')),
    CONSTRAINT runs_batch_size_check CHECK (batch_size >= 1),
    CONSTRAINT runs_finished_check CHECK ((state = 'finished') = (finished_at IS NOT NULL))
);

CREATE TABLE run_batches (
    run_id BIGINT NOT NULL,
    place INTEGER NOT NULL,
    account_ids BIGINT[] NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    billed INTEGER DEFAULT 0 NOT NULL,
    parked INTEGER DEFAULT 0 NOT NULL,
    unexpected INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT run_batches_pkey PRIMARY KEY (run_id, place),
    CONSTRAINT run_batches_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT run_batches_place_check CHECK (place >= 1),
    CONSTRAINT run_batches_account_ids_check CHECK (cardinality(account_ids) >= 1)
);
CREATE INDEX run_batches_waiting_idx ON run_batches (run_id, place) WHERE done_at IS NULL;

CREATE TABLE run_totals (
    run_id BIGINT NOT NULL,
    place INTEGER NOT NULL,
    test BOOLEAN NOT NULL,
    currency CHAR(3) NOT NULL,
    invoices INTEGER DEFAULT 0 NOT NULL,
    invoiced BIGINT NOT NULL,
    credit_notes INTEGER DEFAULT 0 NOT NULL,
    credited BIGINT NOT NULL,
    CONSTRAINT run_totals_pkey PRIMARY KEY (run_id, place, test, currency),
    CONSTRAINT run_totals_run_id_place_fkey FOREIGN KEY (run_id, place) REFERENCES run_batches (run_id, place)
);

CREATE TABLE parked (
    account_id BIGINT NOT NULL,
    subscription_id INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    as_of DATE NOT NULL,
    run_id BIGINT,
    code TEXT NOT NULL,
    parameters JSONB NOT NULL,
    trace TEXT NOT NULL,
    CONSTRAINT parked_pkey PRIMARY KEY (account_id, subscription_id),
    CONSTRAINT parked_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id)
);

ALTER TABLE numbers_taken ALTER COLUMN account_id DROP NOT NULL;
ALTER TABLE numbers_taken ADD COLUMN run_id BIGINT;
ALTER TABLE numbers_taken ADD CONSTRAINT numbers_taken_taken_by_check CHECK (num_nonnulls(account_id, run_id) = 1);
"""


def upgrade() -> None:
    op.execute(_TABLES)
    of_accounts("parked", may="SELECT, INSERT, UPDATE")
