"""Every file of rows in an export, in their order: the names here are those of the files.

Of a subscription that is deleted nothing is given out but what stands on documents. What lets somebody in (the hash of
a key or of an invitation, the secret of a directory) is never read.
"""

from __future__ import annotations

from typing import Final

from prorata.store.exporting.files import DataFile, file_of
from prorata.store.exporting.people import AUDIT, INVITATIONS, MEMBERS
from prorata.store.exporting.states import TIMETABLE

_KEPT: Final = """
    JOIN subscriptions AS kept ON kept.account_id = entry.account_id AND kept.id = entry.subscription_id
     AND kept.state <> 'deleted'
"""

_ACCOUNT: Final = """
    SELECT account.account_id AS id, account.name, seller.name AS seller, account.country, account.kind,
           account.currency, account.zone, account.tax_rate, account.billing, account.payment_mode, account.test,
           account.clock_at
    FROM accounts AS account JOIN sellers AS seller ON seller.id = account.seller_id
    WHERE account.account_id = :account
"""
_PROFILES: Final = """
    SELECT id, name, address, email, purchase_order, language FROM billing_profiles
    WHERE account_id = :account ORDER BY id
"""
_ROLES: Final = """
    SELECT id, name, permissions, removed_at FROM account_roles WHERE account_id = :account ORDER BY id
"""
_DIRECTORIES: Final = """
    SELECT id, name, issuer, client_id, role_for_new, at, removed_at FROM directories
    WHERE account_id = :account ORDER BY id
"""
_KEYS: Final = """
    SELECT id, name, scopes, last_four, made_by, at, expires_at, used_at, revoked_at FROM api_keys
    WHERE account_id = :account ORDER BY id
"""
_SUBSCRIPTIONS: Final = """
    SELECT subscription.id, subscription.name, product.code AS product, subscription.profile_id, subscription.state,
           subscription.licences, subscription.assigned, subscription.start_on, subscription.started_at,
           subscription.billed_to, subscription.pending_effective, subscription.pending_licences,
           subscription.ending_on, subscription.ending_charged_to, subscription.ending_at, subscription.ending_why,
           subscription.ending_refund, subscription.conflict_since, subscription.conflict_until, subscription.plan,
           subscription.terms, subscription.grid, subscription.trial, subscription.pending_plan, subscription.rests,
           subscription.turns
    FROM subscriptions AS subscription LEFT JOIN products AS product ON product.id = subscription.product_id
    WHERE subscription.account_id = :account AND subscription.state <> 'deleted' ORDER BY subscription.id
"""
_LICENCES: Final = f"""
    SELECT entry.subscription_id, entry.place, entry.at, entry.effective, entry.licences, entry.by_side
    FROM licence_changes AS entry {_KEPT}
    WHERE entry.account_id = :account ORDER BY entry.subscription_id, entry.place
"""  # noqa: S608 - our own text, as below
_PLANS: Final = f"""
    SELECT entry.subscription_id, entry.place, entry.at, entry.effective, entry.counted_from, entry.why,
           entry.by_side, entry.plan, entry.grid
    FROM plan_changes AS entry {_KEPT}
    WHERE entry.account_id = :account ORDER BY entry.subscription_id, entry.place
"""  # noqa: S608
_HOLDERS: Final = f"""
    SELECT entry.subscription_id, entry.member_id, entry.since
    FROM licence_assignments AS entry {_KEPT}
    WHERE entry.account_id = :account ORDER BY entry.subscription_id, entry.member_id
"""  # noqa: S608
_SEATS: Final = f"""
    SELECT entry.subscription_id, entry.place, entry.at, entry.member_id, entry.holds, entry.why, entry.by_side
    FROM seat_changes AS entry {_KEPT}
    WHERE entry.account_id = :account ORDER BY entry.subscription_id, entry.place
"""  # noqa: S608
_ANNOUNCEMENTS: Final = f"""
    SELECT entry.subscription_id, entry.what, entry.on_day, entry.days_before, entry.at, entry.mails
    FROM announcements AS entry {_KEPT}
    WHERE entry.account_id = :account ORDER BY entry.subscription_id, entry.on_day, entry.what, entry.days_before
"""  # noqa: S608
_REASONS: Final = f"""
    SELECT entry.subscription_id, entry.at, entry.reason, entry.words
    FROM cancellation_reasons AS entry {_KEPT}
    WHERE entry.account_id = :account ORDER BY entry.subscription_id, entry.at
"""  # noqa: S608
_DISCOUNTS: Final = f"""
    SELECT entry.id, entry.subscription_id, entry.percent, entry.amount, account.currency, entry.starts_on,
           entry.until, entry.at, entry.by_side
    FROM discounts AS entry JOIN accounts AS account ON account.account_id = entry.account_id
    LEFT {_KEPT.strip()}
    WHERE entry.account_id = :account AND (entry.subscription_id IS NULL OR kept.id IS NOT NULL) ORDER BY entry.id
"""  # noqa: S608
_DOCUMENTS: Final = """
    SELECT document.id, document.number, document.kind, document.issued_on, document.due_on, document.profile_id,
           document.currency, document.net, document.tax, document.total, standing.credit_used, standing.paid,
           standing."left", document.final, document.language, document.seller, document.customer,
           document.statement, document.form, encode(document.content_hash, 'hex') AS sha256
    FROM documents AS document
    JOIN standings AS standing ON standing.account_id = :account AND standing.document_id = document.id
    WHERE document.account_id = :account ORDER BY document.id
"""
_LINES: Final = """
    SELECT line.document_id, document.number, line.line, line.subscription_id, subscription.name AS subscription,
           line.kind, line.from_date, line.to_date, line.licences, line.price, line.days, line.of_days,
           line.exact_from, line.exact_to, line.amount, line.tax_rate, line.tax, document.currency, line.plan,
           line.price_version, line.phase, line.step, line.flat, line.cause, line.cause_on, line.cause_by,
           line.corrects_document, line.corrects_line, line.refund, line.reduces, line.discount_id, line.proof
    FROM document_lines AS line
    JOIN documents AS document ON document.account_id = :account AND document.id = line.document_id
    JOIN subscriptions AS subscription
      ON subscription.account_id = :account AND subscription.id = line.subscription_id
    WHERE line.account_id = :account ORDER BY line.document_id, line.line
"""
_TAXES: Final = """
    SELECT part.document_id, document.number, part.place, part.rate, part.base, part.tax, document.currency, part.proof
    FROM document_taxes AS part
    JOIN documents AS document ON document.account_id = :account AND document.id = part.document_id
    WHERE part.account_id = :account ORDER BY part.document_id, part.place
"""
_PAYMENTS: Final = """
    SELECT payment.id, payment.document_id, payment.on_date, payment.method, payment.amount, balance."left",
           payment.currency
    FROM payments AS payment
    JOIN payment_balances AS balance ON balance.account_id = :account AND balance.payment_id = payment.id
    WHERE payment.account_id = :account ORDER BY payment.id
"""
_TRANSFERS: Final = """
    SELECT id, on_date, debit, debit_of, credit, credit_of, amount, currency, document_id, line FROM transfers
    WHERE account_id = :account ORDER BY id
"""
_CREDITS: Final = """
    SELECT lot.id, lot.origin, lot.document_id, lot.on_date, lot.amount, balance."left", lot.currency
    FROM credit_lots AS lot
    JOIN lot_balances AS balance ON balance.account_id = :account AND balance.lot_id = lot.id
    WHERE lot.account_id = :account ORDER BY lot.id
"""

FILES: Final[tuple[DataFile, ...]] = (
    file_of("account", _ACCOUNT),
    file_of("billing_profiles", _PROFILES),
    MEMBERS,
    file_of("roles", _ROLES),
    INVITATIONS,
    file_of("api_keys", _KEYS),
    file_of("directories", _DIRECTORIES),
    file_of("subscriptions", _SUBSCRIPTIONS),
    TIMETABLE,
    file_of("licence_changes", _LICENCES),
    file_of("plan_changes", _PLANS),
    file_of("holders", _HOLDERS),
    file_of("seat_changes", _SEATS),
    file_of("announcements", _ANNOUNCEMENTS),
    file_of("cancellation_reasons", _REASONS),
    file_of("discounts", _DISCOUNTS, money=("amount",)),
    file_of("documents", _DOCUMENTS, money=("net", "tax", "total", "credit_used", "paid", "left")),
    file_of("document_lines", _LINES, money=("amount", "tax")),
    file_of("document_taxes", _TAXES, money=("base", "tax")),
    file_of("payments", _PAYMENTS, money=("amount", "left")),
    file_of("transfers", _TRANSFERS, money=("amount",)),
    file_of("credits", _CREDITS, money=("amount", "left")),
    AUDIT,
)
"""All of them."""
