"""What the database itself refuses, whoever writes it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from prorata.core.events import Cancel
from store.ground import Ground, purchase


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    opened = ground.open_account(test=True)
    ground.act(opened, purchase(licences=10), on="2026-01-15")
    ground.act(opened, Cancel("team", when="now", refund="credit"), on="2026-01-20")
    ground.act(opened, purchase("second", licences=3), on="2026-01-20")
    return opened


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("accounts_kind_check", "UPDATE accounts SET kind = 'club'"),
        ("accounts_clock_at_check", "UPDATE accounts SET clock_at = now(), test = false"),
        ("accounts_next_document_check", "UPDATE accounts SET next_document = 0"),
        ("subscriptions_assigned_check", "UPDATE subscriptions SET assigned = licences + 1"),
        ("subscriptions_assigned_check", "UPDATE subscriptions SET assigned = -1"),
        ("subscriptions_assigned_check", "UPDATE subscriptions SET licences = -1, assigned = 0"),
        ("subscriptions_pending_check", "UPDATE subscriptions SET pending_licences = 3"),
        ("subscriptions_ending_check", "UPDATE subscriptions SET ending_on = start_on, state = 'active'"),
        ("subscriptions_ended_check", "UPDATE subscriptions SET state = 'disabled' WHERE name = 'second'"),
        ("subscriptions_unwritten_check", "UPDATE subscriptions SET unwritten_due = start_on"),
        ("licence_changes_licences_check", "UPDATE licence_changes SET licences = -1"),
        ("documents_total_check", "UPDATE documents SET tax = tax + 1"),
        ("documents_sign_check", "UPDATE documents SET kind = 'credit_note', due_on = NULL WHERE total > 0"),
        ("documents_due_check", "UPDATE documents SET due_on = NULL WHERE kind = 'invoice'"),
        ("documents_statement_check", "UPDATE documents SET final = NOT final"),
        ("documents_content_hash_check", "UPDATE documents SET content_hash = 'short'"),
        ("document_lines_sign_check", "UPDATE document_lines SET amount = -amount"),
        ("document_lines_days_check", "UPDATE document_lines SET days = days + 1"),
        ("document_lines_licences_check", "UPDATE document_lines SET licences = 0"),
        (
            "document_lines_corrects_check",
            "UPDATE document_lines SET kind = 'credit', amount = -amount WHERE amount > 0",
        ),
        ("standings_adds_up_check", "UPDATE standings SET paid = paid + 1"),
        ("transfers_amount_check", "UPDATE transfers SET amount = 0"),
        ("transfers_amount_check", "UPDATE transfers SET amount = -amount"),
        ("transfers_two_accounts_check", "UPDATE transfers SET credit = debit, credit_of = debit_of"),
        ("transfers_debit_check", "UPDATE transfers SET debit = 'till'"),
        ("transfers_debit_of_check", "UPDATE transfers SET debit_of = NULL WHERE debit = 'receivable'"),
        ("transfers_credit_of_check", "UPDATE transfers SET credit_of = 1 WHERE credit = 'sales'"),
        ("payments_amount_check", "UPDATE payments SET amount = 0"),
        ("payment_balances_left_check", 'UPDATE payment_balances SET "left" = amount + 1'),
        ("payment_balances_left_check", 'UPDATE payment_balances SET "left" = -1'),
        ("credit_lots_amount_check", "UPDATE credit_lots SET amount = 0"),
        ("lot_balances_left_check", 'UPDATE lot_balances SET "left" = amount + 1'),
        ("subscriptions_account_id_name_key", "UPDATE subscriptions SET name = 'team'"),
        (
            "documents_account_id_seller_id_series_year_place_key",
            "UPDATE documents SET series = '', place = 1",
        ),
        ("document_lines_account_id_document_id_fkey", "DELETE FROM documents WHERE id = 1"),
        ("document_lines_account_id_subscription_id_fkey", "UPDATE document_lines SET subscription_id = 99"),
        (
            "document_lines_account_id_corrects_document_corrects_line_fkey",
            "UPDATE document_lines SET corrects_line = 99 WHERE kind = 'credit'",
        ),
        ("payments_account_id_document_id_fkey", "UPDATE payments SET document_id = 99"),
    ],
)
def test_this_is_refused(ground: Ground, account: int, constraint: str, change: str):
    word = " AND" if " WHERE " in change else " WHERE"

    def change_rows() -> None:
        # Some is looked at only when the transaction ends.
        with ground.db.owner() as conn:
            assert conn.execute(text(f"{change}{word} account_id = :a"), {"a": account}).rowcount > 0

    with pytest.raises(IntegrityError) as error:
        change_rows()
    assert constraint in str(error.value.orig)


def test_two_accounts_have_the_same_ids_without_meeting(ground: Ground):
    for account in (ground.open_account(), ground.open_account()):
        assert [i.document.id for i in ground.act(account, purchase(), on="2026-01-15")] == [1]
