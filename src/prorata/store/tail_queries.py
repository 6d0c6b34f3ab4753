"""What `history` asks the database for: the open tails of many accounts at once.

These queries look things up one by one, by their keys: `LATERAL (... OFFSET 0)` holds the planner to that. Left to
itself it reads whole tables for some hundred accounts, and a run would slow down with every month of history.
"""

from __future__ import annotations

from sqlalchemy import text

from prorata.store.document_rows import OWING
from prorata.store.subscription_rows import COLUMNS, PLAN_COLUMNS

SUBSCRIPTIONS = text(f"""
    SELECT {COLUMNS}, parked.code IS NOT NULL AS is_parked
    FROM subscriptions AS subscription LEFT JOIN parked
      ON parked.account_id = subscription.account_id AND parked.subscription_id = subscription.id
    WHERE subscription.account_id = ANY(CAST(:accounts AS bigint[]))
    ORDER BY subscription.account_id, subscription.id
""")  # noqa: S608 - these are names of our own columns

# What stands on a day is the last entry before it; of several on that day all come, the last is the one.
_LEDGER = """
    SELECT {columns}
    FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]), CAST(:since AS date[]))
      AS asked (account_id, id, since), LATERAL (
        SELECT * FROM {table} AS entry
        WHERE entry.account_id = asked.account_id AND entry.subscription_id = asked.id
          AND entry.effective >= coalesce(
            (SELECT max(last.effective) FROM {table} AS last
              WHERE last.account_id = asked.account_id AND last.subscription_id = asked.id
                AND last.effective < asked.since),
            '-infinity')
        OFFSET 0
    ) AS entry
    ORDER BY entry.account_id, entry.subscription_id, entry.effective, entry.place
"""

CHANGES = text(_LEDGER.format(table="licence_changes", columns="entry.*"))

PLANS = text(_LEDGER.format(table="plan_changes", columns=PLAN_COLUMNS))

# `older` is the newest charge before the first day in question that has seats left. Seats may reach further than its
# own only on lines that end after it begins: so everything from its beginning on is loaded. Where there is none, all.
# A line that ends at an instant may charge hours of the day that it is shown to end before.
CHARGES = text("""
    WITH asked AS (
        SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]), CAST(:since AS date[]))
          AS asked (account_id, id, since)
    ), reach AS MATERIALIZED (
        SELECT asked.account_id, asked.id, least(asked.since, coalesce(older.from_date, '-infinity')) AS since
        FROM asked LEFT JOIN LATERAL (
            SELECT line.from_date FROM document_lines AS line
            WHERE line.account_id = asked.account_id AND line.subscription_id = asked.id
              AND line.corrects_document IS NULL AND line.to_date <= asked.since AND line.kind <> 'discount'
              AND coalesce(line.licences, 1) * line.days > (
                  SELECT coalesce(sum(coalesce(credit.licences, 1) * credit.days), 0) FROM document_lines AS credit
                  WHERE credit.account_id = line.account_id AND credit.corrects_document = line.document_id
                    AND credit.corrects_line = line.line)
            ORDER BY line.to_date DESC, line.from_date DESC LIMIT 1
        ) AS older ON true
    ), touched AS (
        SELECT DISTINCT line.account_id, line.document_id
        FROM reach, LATERAL (
            SELECT * FROM document_lines AS line
            WHERE line.account_id = reach.account_id AND line.subscription_id = reach.id
              AND line.corrects_document IS NULL AND line.to_date >= reach.since
              AND (line.to_date > reach.since OR line.exact_to IS NOT NULL)
            OFFSET 0
        ) AS line
        UNION
        SELECT * FROM unnest(CAST(:document_owners AS bigint[]), CAST(:documents AS integer[]))
    )
    SELECT line.account_id, line.document_id, line.line, line.subscription_id, line.from_date, line.to_date,
           line.licences, line.price, line.plan, line.price_version, line.phase, line.step, line.flat, line.days,
           line.of_days, line.exact_from, line.exact_to, line.amount, line.tax_rate, line.tax, line.reduces,
           line.discount_id
    FROM touched, LATERAL (
        SELECT * FROM document_lines AS line
        WHERE line.account_id = touched.account_id AND line.document_id = touched.document_id
          AND line.corrects_document IS NULL
        OFFSET 0
    ) AS line
    ORDER BY line.account_id, line.document_id, line.line
""")

CREDITS = text("""
    SELECT credit.account_id, credit.corrects_document, credit.corrects_line, credit.from_date, credit.to_date,
           credit.licences, credit.days, credit.exact_from, credit.exact_to, credit.amount, credit.tax
    FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[])) AS asked (account_id, id), LATERAL (
        SELECT * FROM document_lines AS credit
        WHERE credit.account_id = asked.account_id AND credit.corrects_document = asked.id
        OFFSET 0
    ) AS credit
    ORDER BY credit.account_id, credit.document_id, credit.line
""")

STANDINGS = text(f"""
    WITH RECURSIVE behind (account_id, document_id) AS (
        SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]))
        UNION
        SELECT line.account_id, line.corrects_document FROM behind, LATERAL (
            SELECT account_id, corrects_document FROM document_lines AS line
            WHERE line.account_id = behind.account_id AND line.document_id = behind.document_id
              AND line.corrects_document IS NOT NULL
            OFFSET 0
        ) AS line
    ), wanted AS (
        SELECT account_id, document_id FROM behind
        UNION
        SELECT account_id, document_id FROM standings
        WHERE account_id = ANY(CAST(:accounts AS bigint[])) AND "left" <> 0
    )
    SELECT standing.*, document.profile_id, document.due_on, ARRAY(
        SELECT DISTINCT line.corrects_document FROM document_lines AS line
        WHERE line.account_id = wanted.account_id AND line.document_id = wanted.document_id
          AND line.corrects_document IS NOT NULL
    ) AS corrects, {OWING}
    FROM wanted, LATERAL (
        SELECT * FROM standings AS standing
        WHERE standing.account_id = wanted.account_id AND standing.document_id = wanted.document_id
        OFFSET 0
    ) AS standing, LATERAL (
        SELECT profile_id, due_on FROM documents AS document
        WHERE document.account_id = wanted.account_id AND document.id = wanted.document_id
        OFFSET 0
    ) AS document
    ORDER BY wanted.account_id, wanted.document_id
""")  # noqa: S608 - a part of our own

PAYMENTS = text("""
    SELECT payment.*, balance."left"
    FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[])) AS asked (account_id, id), LATERAL (
        SELECT * FROM payments AS payment
        WHERE payment.account_id = asked.account_id AND payment.document_id = asked.id
        OFFSET 0
    ) AS payment, LATERAL (
        SELECT "left" FROM payment_balances AS balance
        WHERE balance.account_id = payment.account_id AND balance.payment_id = payment.id AND balance."left" > 0
        OFFSET 0
    ) AS balance
    ORDER BY payment.account_id, payment.id
""")

LOTS = text("""
    SELECT lot.*, balance."left"
    FROM lot_balances AS balance
    JOIN credit_lots AS lot ON lot.account_id = balance.account_id AND lot.id = balance.lot_id
    WHERE balance.account_id = ANY(CAST(:accounts AS bigint[])) AND balance."left" > 0
    ORDER BY lot.account_id, lot.id
""")

DISCOUNTS = text("""
    SELECT discount.*
    FROM unnest(CAST(:accounts AS bigint[]), CAST(:since AS date[])) AS asked (account_id, since), LATERAL (
        SELECT * FROM discounts AS discount
        WHERE discount.account_id = asked.account_id AND (discount.until IS NULL OR discount.until > asked.since)
        OFFSET 0
    ) AS discount
    ORDER BY discount.account_id, discount.id
""")

PRICES = text("""
    SELECT plan.seller_id, price.currency, plan.code, price.valid_from, CAST(price.plan AS text) AS plan
    FROM plans AS plan JOIN plan_prices AS price ON price.plan_id = plan.id
    WHERE plan.code = ANY(CAST(:codes AS text[])) AND price.version > :version
    ORDER BY plan.id, price.currency, price.version
""")
