"""The application's role; sellers and what they sell; the numbers of documents."""

from __future__ import annotations

from alembic import op

from prorata.store.migrations.grants import let_app, make_role

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE sellers (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    country CHAR(2) NOT NULL,
    tax_ids TEXT[] NOT NULL,
    zone TEXT NOT NULL,
    test BOOLEAN NOT NULL,
    CONSTRAINT sellers_pkey PRIMARY KEY (id)
);

CREATE TABLE agreements (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    seller_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    terms JSONB NOT NULL,
    CONSTRAINT agreements_pkey PRIMARY KEY (id),
    CONSTRAINT agreements_seller_id_name_key UNIQUE (seller_id, name),
    CONSTRAINT agreements_seller_id_fkey FOREIGN KEY(seller_id) REFERENCES sellers (id)
);

CREATE TABLE products (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    seller_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    names JSONB NOT NULL,
    descriptions JSONB NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_seller_id_code_key UNIQUE (seller_id, code),
    CONSTRAINT products_seller_id_fkey FOREIGN KEY(seller_id) REFERENCES sellers (id)
);

CREATE TABLE plans (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    seller_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    agreement_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    every TEXT NOT NULL,
    on_sale BOOLEAN NOT NULL,
    CONSTRAINT plans_pkey PRIMARY KEY (id),
    CONSTRAINT plans_seller_id_code_key UNIQUE (seller_id, code),
    CONSTRAINT plans_seller_id_fkey FOREIGN KEY(seller_id) REFERENCES sellers (id),
    CONSTRAINT plans_product_id_fkey FOREIGN KEY(product_id) REFERENCES products (id),
    CONSTRAINT plans_agreement_id_fkey FOREIGN KEY(agreement_id) REFERENCES agreements (id)
);

CREATE TABLE plan_prices (
    plan_id BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    version INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    amount NUMERIC NOT NULL,
    CONSTRAINT plan_prices_pkey PRIMARY KEY (plan_id, currency, version),
    CONSTRAINT plan_prices_amount_check CHECK (amount >= 0),
    CONSTRAINT plan_prices_version_check CHECK (version >= 1),
    CONSTRAINT plan_prices_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plans (id)
);

CREATE TABLE number_ranges (
    seller_id BIGINT NOT NULL,
    series TEXT NOT NULL,
    year SMALLINT NOT NULL,
    next BIGINT NOT NULL,
    CONSTRAINT number_ranges_pkey PRIMARY KEY (seller_id, series, year),
    CONSTRAINT number_ranges_next_check CHECK (next >= 1),
    CONSTRAINT number_ranges_seller_id_fkey FOREIGN KEY(seller_id) REFERENCES sellers (id)
);

CREATE TABLE numbers_taken (
    seller_id BIGINT NOT NULL,
    series TEXT NOT NULL,
    year SMALLINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    previous BIGINT,
    account_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT numbers_taken_pkey PRIMARY KEY (seller_id, series, year, first),
    CONSTRAINT numbers_taken_seller_id_series_year_last_key UNIQUE (seller_id, series, year, last),
    CONSTRAINT numbers_taken_seller_id_series_year_previous_fkey
        FOREIGN KEY (seller_id, series, year, previous)
        REFERENCES numbers_taken (seller_id, series, year, last),
    CONSTRAINT numbers_taken_range_check CHECK (first >= 1 AND last >= first),
    CONSTRAINT numbers_taken_previous_check
        CHECK (CASE WHEN first = 1 THEN previous IS NULL ELSE previous IS NOT DISTINCT FROM first - 1
        END),
    CONSTRAINT numbers_taken_seller_id_fkey FOREIGN KEY(seller_id) REFERENCES sellers (id)
);
"""


def upgrade() -> None:
    make_role()
    op.execute(_TABLES)
    let_app("sellers", "agreements", "products", "plans", "plan_prices", may="SELECT")
    let_app("number_ranges", may="SELECT, INSERT, UPDATE")
    # Whose numbers these are is nobody's business: the application notes what it takes and reads nothing.
    let_app("numbers_taken", may="INSERT")
    let_app("alembic_version", may="SELECT")
