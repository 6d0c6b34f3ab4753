"""What is sold becomes a ledger, and all that classic terms know: trials, pauses, setups, phases, discounts.

What was stored before stays as it is: a document keeps the form in which its hash says it, and agreements, terms and
plans of the first version are still read.
"""

from __future__ import annotations

from alembic import op

from prorata.store.migrations.grants import of_accounts

revision = "0007"
down_revision = "0006"

_PLANS = """
ALTER TABLE plan_prices ADD COLUMN plan JSONB;
UPDATE plan_prices AS price SET plan = jsonb_build_object('v', 1, 'plan', jsonb_build_object(
    'name', plan.code,
    'every', jsonb_build_object(
        'count', CAST(coalesce(substring(plan.every FROM '^([0-9]+) '), '1') AS integer),
        'unit', rtrim(substring(plan.every FROM '[a-z]+$'), 's')),
    'price', jsonb_build_object('version', price.version, 'amount', jsonb_build_object(
        'amount', CAST(price.amount AS text), 'currency', CAST(price.currency AS text)))))
FROM plans AS plan WHERE plan.id = price.plan_id;
ALTER TABLE plan_prices ALTER COLUMN plan SET NOT NULL;
ALTER TABLE plan_prices DROP CONSTRAINT plan_prices_amount_check, DROP COLUMN amount;
"""

_PLAN_CHANGES = """
CREATE TABLE plan_changes (
    account_id BIGINT NOT NULL,
    subscription_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    effective DATE NOT NULL,
    plan JSONB NOT NULL,
    grid JSONB NOT NULL,
    counted_from DATE NOT NULL,
    by_side TEXT NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT plan_changes_pkey PRIMARY KEY (account_id, subscription_id, place),
    CONSTRAINT plan_changes_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id),
    CONSTRAINT plan_changes_by_side_check CHECK (by_side IN ('admin', 'vendor', 'system')),
    CONSTRAINT plan_changes_why_check
        CHECK (why IN ('purchase', 'plan', 'frequency', 'price', 'anchor', 'reactivation', 'trial'))
);
INSERT INTO plan_changes
SELECT account_id, id, 1, started_at, start_on, plan, grid, start_on, coalesce((
    SELECT by_side FROM licence_changes AS change
    WHERE change.account_id = subscription.account_id AND change.subscription_id = subscription.id
    ORDER BY place LIMIT 1), 'system'), 'purchase'
FROM subscriptions AS subscription;
CREATE INDEX plan_changes_effective_idx ON plan_changes (account_id, subscription_id, effective);
"""

# A run writes anew what it bills. Where half of each page is left for that, the new row stands beside the old one, and
# no index has to learn where it is.
_ROOM = """
ALTER TABLE accounts SET (fillfactor = 50);
ALTER TABLE subscriptions SET (fillfactor = 50);
"""

# The states that a subscription has been in followed from its end; from now on they are kept.
_SUBSCRIPTIONS = """
ALTER TABLE subscriptions
    ADD COLUMN plan_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN plan_effective DATE,
    ADD COLUMN plan_counted_from DATE,
    ADD COLUMN plan_by TEXT,
    ADD COLUMN plan_why TEXT,
    ADD COLUMN rests JSONB NOT NULL DEFAULT '{"v": 1, "rests": []}',
    ADD COLUMN setups JSONB NOT NULL DEFAULT '{"v": 1, "setups": []}',
    ADD COLUMN trial JSONB,
    ADD COLUMN pending_plan JSONB,
    ADD COLUMN turns JSONB,
    ADD COLUMN ending_why TEXT,
    ADD COLUMN ending_renews BOOLEAN;
UPDATE subscriptions AS subscription SET
    plan_at = change.at,
    plan_effective = change.effective,
    plan_counted_from = change.counted_from,
    plan_by = change.by_side,
    plan_why = change.why,
    ending_why = CASE WHEN ending_on IS NOT NULL THEN 'cancelled' END,
    ending_renews = CASE WHEN ending_on IS NOT NULL THEN true END,
    turns = CASE WHEN state <> 'active' THEN jsonb_build_object('v', 1, 'turns',
        jsonb_build_array(
            jsonb_build_object('on', start_on, 'state', 'active', 'at', started_at),
            jsonb_build_object('on', ending_on, 'state', 'disabled', 'at', ending_at))
        || CASE WHEN state = 'deleted' THEN jsonb_build_array(jsonb_build_object(
            'on', ending_on + CAST(terms -> 'terms' ->> 'disabled_days' AS integer),
            'state', 'deleted', 'at', ending_at)) ELSE '[]' END) END
FROM plan_changes AS change
WHERE change.account_id = subscription.account_id AND change.subscription_id = subscription.id;
ALTER TABLE subscriptions
    ALTER COLUMN plan_at SET NOT NULL,
    ALTER COLUMN plan_effective SET NOT NULL,
    ALTER COLUMN plan_counted_from SET NOT NULL,
    ALTER COLUMN plan_by SET NOT NULL,
    ALTER COLUMN plan_why SET NOT NULL,
    ALTER COLUMN rests DROP DEFAULT,
    ALTER COLUMN setups DROP DEFAULT,
    DROP CONSTRAINT subscriptions_state_check,
    DROP CONSTRAINT subscriptions_ended_check,
    DROP CONSTRAINT subscriptions_ending_check,
    ADD CONSTRAINT subscriptions_state_check
        CHECK (state IN ('trial', 'active', 'expired', 'disabled', 'deleted')),
    ADD CONSTRAINT subscriptions_plan_by_check CHECK (plan_by IN ('admin', 'vendor', 'system')),
    ADD CONSTRAINT subscriptions_plan_why_check
        CHECK (plan_why IN ('purchase', 'plan', 'frequency', 'price', 'anchor', 'reactivation', 'trial')),
    ADD CONSTRAINT subscriptions_ending_why_check
        CHECK (ending_why IN ('cancelled', 'renewal_off', 'term', 'lapsed')),
    ADD CONSTRAINT subscriptions_ended_check CHECK (state IN ('trial', 'active') OR ending_on IS NOT NULL),
    ADD CONSTRAINT subscriptions_trial_check CHECK (state <> 'trial' OR trial IS NOT NULL),
    ADD CONSTRAINT subscriptions_ending_check
        CHECK (num_nulls(ending_on, ending_charged_to, ending_at, ending_by, ending_refund, ending_asked, ending_why,
        ending_renews) IN (0, 8) AND ending_on >= start_on AND ending_charged_to >= ending_on);
"""

_DISCOUNTS = """
CREATE TABLE discounts (
    account_id BIGINT NOT NULL,
    id INTEGER NOT NULL,
    subscription_id INTEGER,
    percent NUMERIC,
    amount BIGINT,
    starts_on DATE NOT NULL,
    until DATE,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_side TEXT NOT NULL,
    CONSTRAINT discounts_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT discounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id),
    CONSTRAINT discounts_account_id_subscription_id_fkey
        FOREIGN KEY (account_id, subscription_id) REFERENCES subscriptions (account_id, id),
    CONSTRAINT discounts_by_side_check CHECK (by_side IN ('admin', 'vendor', 'system')),
    CONSTRAINT discounts_worth_check CHECK (num_nonnulls(percent, amount) = 1 AND percent > 0 AND amount > 0),
    CONSTRAINT discounts_until_check CHECK (until > starts_on)
);
ALTER TABLE accounts
    ADD COLUMN next_discount INTEGER DEFAULT 1 NOT NULL,
    ADD CONSTRAINT accounts_next_discount_check CHECK (next_discount >= 1);
"""

_LINES = """
ALTER TABLE documents ADD COLUMN form SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE documents
    ALTER COLUMN form DROP DEFAULT,
    ADD CONSTRAINT documents_form_check CHECK (form >= 1);

ALTER TABLE document_lines
    ADD COLUMN plan TEXT,
    ADD COLUMN phase INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN step INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN flat BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN exact_from TIMESTAMP WITH TIME ZONE,
    ADD COLUMN exact_to TIMESTAMP WITH TIME ZONE,
    ADD COLUMN reduces INTEGER,
    ADD COLUMN discount_id INTEGER;
UPDATE document_lines AS line SET plan = coalesce(subscription.plan -> 'plan' ->> 'name', subscription.name)
FROM subscriptions AS subscription
WHERE subscription.account_id = line.account_id AND subscription.id = line.subscription_id;
-- What refers to these rows is looked at now: a table cannot be changed while that waits.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE document_lines
    ALTER COLUMN plan SET NOT NULL,
    ALTER COLUMN phase DROP DEFAULT,
    ALTER COLUMN step DROP DEFAULT,
    ALTER COLUMN flat DROP DEFAULT,
    ALTER COLUMN licences DROP NOT NULL,
    ALTER COLUMN price DROP NOT NULL,
    ALTER COLUMN days DROP NOT NULL,
    ALTER COLUMN days TYPE BIGINT,
    ALTER COLUMN of_days DROP NOT NULL,
    ALTER COLUMN of_days TYPE BIGINT,
    DROP CONSTRAINT document_lines_kind_check,
    DROP CONSTRAINT document_lines_cause_check,
    DROP CONSTRAINT document_lines_days_check,
    DROP CONSTRAINT document_lines_sign_check,
    DROP CONSTRAINT document_lines_corrects_check,
    ADD CONSTRAINT document_lines_kind_check
        CHECK (kind IN ('setup', 'recurring', 'flat', 'credit', 'discount')),
    ADD CONSTRAINT document_lines_cause_check
        CHECK (cause IN ('purchase', 'period', 'licences', 'plan', 'frequency', 'price', 'phase', 'anchor', 'pause',
        'resume', 'reactivation', 'trial', 'ending', 'discount', 'goodwill', 'refund')),
    ADD CONSTRAINT document_lines_item_check CHECK (price_version >= 1 AND phase >= 0 AND step >= 0),
    ADD CONSTRAINT document_lines_dates_check CHECK (to_date >= from_date),
    ADD CONSTRAINT document_lines_days_check
        CHECK (num_nulls(days, of_days) IN (0, 2) AND days >= 0 AND days <= of_days),
    ADD CONSTRAINT document_lines_exact_check
        CHECK (num_nulls(exact_from, exact_to) IN (0, 2) AND exact_to >= exact_from),
    ADD CONSTRAINT document_lines_recurring_check
        CHECK (kind <> 'recurring' OR num_nulls(licences, price, days, of_days) = 0),
    ADD CONSTRAINT document_lines_sign_check
        CHECK (CASE kind WHEN 'credit' THEN amount <= 0
        WHEN 'discount' THEN amount = 0 OR (amount > 0) = (corrects_document IS NOT NULL)
        ELSE amount >= 0 END),
    ADD CONSTRAINT document_lines_corrects_check
        CHECK (num_nulls(corrects_document, corrects_line) IN (0, 2)
        AND (kind = 'discount' OR (kind = 'credit') = (corrects_document IS NOT NULL))),
    ADD CONSTRAINT document_lines_reduces_check
        CHECK (kind = 'discount' OR num_nonnulls(reduces, discount_id) = 0),
    ADD CONSTRAINT document_lines_account_id_document_id_reduces_fkey
        FOREIGN KEY (account_id, document_id, reduces)
        REFERENCES document_lines (account_id, document_id, line)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT document_lines_account_id_discount_id_fkey
        FOREIGN KEY (account_id, discount_id) REFERENCES discounts (account_id, id);
DROP INDEX document_lines_charges_idx, document_lines_corrects_idx;
CREATE INDEX document_lines_charges_idx ON document_lines (account_id, subscription_id, to_date)
    WHERE corrects_document IS NULL;
CREATE INDEX document_lines_corrects_idx ON document_lines (account_id, corrects_document, corrects_line)
    WHERE corrects_document IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(_PLANS)
    op.execute(_PLAN_CHANGES)
    op.execute(_ROOM)
    op.execute(_SUBSCRIPTIONS)
    op.execute(_DISCOUNTS)
    op.execute(_LINES)
    of_accounts("plan_changes", "discounts", may="SELECT, INSERT")
