"""Documents, which never change once issued, the ledger, and the balances that follow from it."""

from __future__ import annotations

from alembic import op

from prorata.store.migrations.grants import of_accounts

revision = "0003"
down_revision = "0002"

_TABLES = """
CREATE TABLE documents (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    seller_id BIGINT NOT NULL,
    series TEXT NOT NULL,
    year SMALLINT NOT NULL,
    place BIGINT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    issued_on DATE NOT NULL,
    due_on DATE,
    profile_id INTEGER NOT NULL,
    currency CHAR(3) NOT NULL,
    seller JSONB NOT NULL,
    customer JSONB NOT NULL,
    language TEXT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL,
    final BOOLEAN NOT NULL,
    statement JSONB,
    content_hash BYTEA NOT NULL,
    CONSTRAINT documents_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT documents_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
    CONSTRAINT documents_account_id_profile_id_fkey
        FOREIGN KEY (account_id, profile_id) REFERENCES billing_profiles (account_id, id),
    CONSTRAINT documents_account_id_seller_id_series_year_place_key
        UNIQUE (account_id, seller_id, series, year, place),
    CONSTRAINT documents_kind_check CHECK (kind IN ('invoice', 'credit_note')),
    CONSTRAINT documents_language_check CHECK (language IN ('en', 'nl', 'it')),
    CONSTRAINT documents_place_check CHECK (place >= 1),
    CONSTRAINT documents_total_check CHECK (total = net + tax),
    CONSTRAINT documents_sign_check CHECK ((total >= 0) = (kind = 'invoice')),
    CONSTRAINT documents_due_check CHECK ((due_on IS NULL) = (kind = 'credit_note')),
    CONSTRAINT documents_statement_check CHECK (final = (statement IS NOT NULL)),
    CONSTRAINT documents_content_hash_check CHECK (octet_length(content_hash) = 32),
    CONSTRAINT documents_seller_id_fkey FOREIGN KEY(seller_id) REFERENCES sellers (id)
);

CREATE TABLE document_lines (
    account_id BIGINT NOT NULL,
    document_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    from_date DATE NOT NULL,
    to_date DATE NOT NULL,
    licences INTEGER NOT NULL,
    price NUMERIC NOT NULL,
    price_version INTEGER NOT NULL,
    days INTEGER NOT NULL,
    of_days INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    tax_rate NUMERIC,
    tax BIGINT,
    proof JSONB NOT NULL,
    cause TEXT NOT NULL,
    cause_on DATE NOT NULL,
    cause_by TEXT NOT NULL,
    corrects_document INTEGER,
    corrects_line INTEGER,
    refund TEXT,
    CONSTRAINT document_lines_pkey PRIMARY KEY (account_id, document_id, line),
    CONSTRAINT document_lines_account_id_document_id_fkey
        FOREIGN KEY (account_id, document_id) REFERENCES documents (account_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT document_lines_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id),
    CONSTRAINT document_lines_account_id_corrects_document_corrects_line_fkey
        FOREIGN KEY (account_id, corrects_document, corrects_line)
        REFERENCES document_lines (account_id, document_id, line)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT document_lines_kind_check CHECK (kind IN ('recurring', 'credit')),
    CONSTRAINT document_lines_cause_check CHECK (cause IN ('purchase', 'period', 'licences', 'ending')),
    CONSTRAINT document_lines_cause_by_check CHECK (cause_by IN ('admin', 'vendor', 'system')),
    CONSTRAINT document_lines_refund_check CHECK (refund IN ('to_method', 'credit', 'none')),
    CONSTRAINT document_lines_line_check CHECK (line >= 1),
    CONSTRAINT document_lines_licences_check CHECK (licences >= 1),
    CONSTRAINT document_lines_price_check CHECK (price >= 0),
    CONSTRAINT document_lines_days_check
        CHECK (days >= 1 AND days <= of_days AND to_date - from_date = days),
    CONSTRAINT document_lines_sign_check
        CHECK (CASE kind WHEN 'credit' THEN amount <= 0 ELSE amount >= 0 END),
    CONSTRAINT document_lines_corrects_check
        CHECK ((kind = 'credit') = (corrects_document IS NOT NULL) AND num_nulls(corrects_document,
        corrects_line) IN (0, 2))
);
CREATE INDEX document_lines_charges_idx ON document_lines (account_id, subscription_id, to_date)
    WHERE kind <> 'credit';
CREATE INDEX document_lines_corrects_idx ON document_lines (account_id, corrects_document, corrects_line)
    WHERE kind = 'credit';

CREATE TABLE document_taxes (
    account_id BIGINT NOT NULL,
    document_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    rate NUMERIC NOT NULL,
    base BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    proof JSONB NOT NULL,
    CONSTRAINT document_taxes_pkey PRIMARY KEY (account_id, document_id, place),
    CONSTRAINT document_taxes_account_id_document_id_fkey
        FOREIGN KEY (account_id, document_id) REFERENCES documents (account_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT document_taxes_rate_check CHECK (rate >= 0)
);

CREATE TABLE standings (
    account_id BIGINT NOT NULL,
    document_id INTEGER NOT NULL,
    total BIGINT NOT NULL,
    credit_used BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    "left" BIGINT NOT NULL,
    CONSTRAINT standings_pkey PRIMARY KEY (account_id, document_id),
    CONSTRAINT standings_account_id_document_id_fkey
        FOREIGN KEY (account_id, document_id) REFERENCES documents (account_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT standings_adds_up_check CHECK (credit_used + paid + "left" = total)
);
CREATE INDEX standings_open_idx ON standings (account_id, document_id) WHERE "left" <> 0;

CREATE TABLE payments (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    on_date DATE NOT NULL,
    method TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    CONSTRAINT payments_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT payments_account_id_document_id_fkey
        FOREIGN KEY (account_id, document_id) REFERENCES documents (account_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT payments_amount_check CHECK (amount > 0)
);
CREATE INDEX payments_document_idx ON payments (account_id, document_id);

CREATE TABLE payment_balances (
    account_id BIGINT NOT NULL,
    payment_id INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    "left" BIGINT NOT NULL,
    CONSTRAINT payment_balances_pkey PRIMARY KEY (account_id, payment_id),
    CONSTRAINT payment_balances_account_id_payment_id_fkey
        FOREIGN KEY (account_id, payment_id) REFERENCES payments (account_id, id),
    CONSTRAINT payment_balances_left_check CHECK ("left" BETWEEN 0 AND amount)
);
CREATE INDEX payment_balances_left_idx ON payment_balances (account_id, payment_id) WHERE "left" > 0;

CREATE TABLE credit_lots (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    origin TEXT NOT NULL,
    document_id INTEGER,
    on_date DATE NOT NULL,
    amount BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    CONSTRAINT credit_lots_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT credit_lots_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
    CONSTRAINT credit_lots_account_id_document_id_fkey
        FOREIGN KEY (account_id, document_id) REFERENCES documents (account_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_lots_origin_check CHECK (origin IN ('paid', 'goodwill')),
    CONSTRAINT credit_lots_amount_check CHECK (amount > 0)
);

CREATE TABLE lot_balances (
    account_id BIGINT NOT NULL,
    lot_id INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    "left" BIGINT NOT NULL,
    CONSTRAINT lot_balances_pkey PRIMARY KEY (account_id, lot_id),
    CONSTRAINT lot_balances_account_id_lot_id_fkey
        FOREIGN KEY (account_id, lot_id) REFERENCES credit_lots (account_id, id),
    CONSTRAINT lot_balances_left_check CHECK ("left" BETWEEN 0 AND amount)
);
CREATE INDEX lot_balances_left_idx ON lot_balances (account_id, lot_id) WHERE "left" > 0;

CREATE TABLE transfers (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    on_date DATE NOT NULL,
    debit TEXT NOT NULL,
    debit_of INTEGER,
    credit TEXT NOT NULL,
    credit_of INTEGER,
    amount BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    document_id INTEGER,
    line INTEGER,
    CONSTRAINT transfers_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT transfers_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
    CONSTRAINT transfers_account_id_document_id_fkey
        FOREIGN KEY (account_id, document_id) REFERENCES documents (account_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT transfers_account_id_document_id_line_fkey
        FOREIGN KEY (account_id, document_id, line)
        REFERENCES document_lines (account_id, document_id, line)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT transfers_debit_check
        CHECK (debit IN ('receivable', 'cash', 'customer_credit', 'sales', 'tax')),
    CONSTRAINT transfers_credit_check
        CHECK (credit IN ('receivable', 'cash', 'customer_credit', 'sales', 'tax')),
    CONSTRAINT transfers_amount_check CHECK (amount > 0),
    CONSTRAINT transfers_two_accounts_check CHECK ((debit, debit_of) IS DISTINCT FROM (credit, credit_of)),
    CONSTRAINT transfers_debit_of_check CHECK ((debit IN ('sales', 'tax')) = (debit_of IS NULL)),
    CONSTRAINT transfers_credit_of_check CHECK ((credit IN ('sales', 'tax')) = (credit_of IS NULL)),
    CONSTRAINT transfers_line_check CHECK (line IS NULL OR document_id IS NOT NULL)
);
CREATE INDEX transfers_credit_idx ON transfers (account_id, credit, credit_of);
CREATE INDEX transfers_debit_idx ON transfers (account_id, debit, debit_of);
CREATE INDEX transfers_document_idx ON transfers (account_id, document_id);
"""


def upgrade() -> None:
    op.execute(_TABLES)
    of_accounts("documents", "document_lines", "document_taxes", may="SELECT, INSERT")
    of_accounts("transfers", "payments", "credit_lots", may="SELECT, INSERT")
    of_accounts("standings", "payment_balances", "lot_balances", may="SELECT, INSERT, UPDATE")
