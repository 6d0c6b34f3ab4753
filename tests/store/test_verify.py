"""Verifying an account: nothing is found in what was issued, and each kind of tampering is."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.events import Assign, Cancel, ChangeLicences, Pay, SetPayment
from prorata.core.money import UnitPrice
from prorata.store import assignments, members
from prorata.store.errors import NoSuchAccount
from prorata.store.verify import verify_account, verify_accounts
from store.ground import EUR, Ground, euros, new_seller, noon, purchase
from store.tampering import codes, tampered

NOW = noon("2026-02-12")


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    """Two invoices, one of them taken back in parts; a payment given back in part; account credit, used in part.

    There is another seller.
    """
    new_seller(ground.db)
    opened = ground.open_account(tax_rate=Fraction(21))
    ground.act(opened, purchase(licences=10), on="2026-01-15")
    ground.act(opened, ChangeLicences("team", 4), on="2026-01-20")
    ground.act(opened, ChangeLicences("team", 2), on="2026-01-25")
    ground.act(opened, Cancel("team", when="now"), on="2026-02-01")
    ground.act(opened, SetPayment("none"), on="2026-02-01")
    ground.act(opened, purchase("second", licences=3), on="2026-02-02")
    with ground.db.account(opened) as conn:
        anna, bram = (
            members.create(conn, opened, name=name, email=f"{name}@example.test", role="member", language="nl")
            for name in ("anna", "bram")
        )
        assignments.set_holders(conn, opened, subscription="second", members=[anna, bram], since=noon("2026-02-02"))
    ground.act(opened, Assign("second", 2), on="2026-02-02")
    ground.act(opened, Cancel("second", when="now", refund="credit"), on="2026-02-10")
    ground.act(opened, purchase("third", licences=1), on="2026-02-10")
    ground.act(opened, Pay(), on="2026-02-11")
    return opened


def test_nothing_is_found_in_what_was_issued(ground: Ground, account: int):
    with ground.db.owner(read_only=True) as conn:
        (checked,) = verify_accounts(conn, [account], at=NOW)
        assert (checked.findings, checked.parked) == ((), ())
        # 15 January and 1, 2 and 10 February, this day twice: a credit note and an invoice.
        assert checked.documents == 5
        counts = text("""
            SELECT (SELECT count(*) FROM payments WHERE account_id = :account),
                   (SELECT count(*) FROM credit_lots WHERE account_id = :account),
                   (SELECT count(*) FROM document_lines WHERE account_id = :account)
        """)
        payments, lots, lines = conn.execute(counts, {"account": account}).one()
    assert min(payments, lots) > 0
    assert checked.lines == lines


def test_the_application_can_verify_its_own_account(ground: Ground, account: int):
    with ground.db.account(account, read_only=True) as conn:
        assert verify_account(conn, account, at=NOW) == ()


def test_an_unknown_account_is_refused(ground: Ground):
    with ground.db.owner(read_only=True) as conn, pytest.raises(NoSuchAccount):
        verify_account(conn, 999_999)


DELETE_LINES, DELETE_PLANS = "DELETE FROM document_lines", "DELETE FROM plan_changes"
DELETE_FIRST = "DELETE FROM subscriptions WHERE id = 1"
FIRST_LINE = "WHERE document_id = 1 AND line = 1"

# The code that is found, and what was done: statements, with ; between them.
TAMPERINGS = [
    # Amounts and their proofs.
    ("amount_not_proved", f"UPDATE document_lines SET amount = amount + 1 {FIRST_LINE}"),
    (
        "amount_not_proved",
        "UPDATE document_lines SET proof = jsonb_set(proof, '{proof,licences}', '9') WHERE kind <> 'credit'",
    ),
    (
        "amount_not_proved",
        "UPDATE document_lines SET proof = jsonb_set(proof, '{proof,price,currency}', '\"USD\"') WHERE line = 1",
    ),
    ("proof_of_another_line", f"UPDATE document_lines SET licences = licences + 1 {FIRST_LINE}"),
    ("proof_of_another_line", f"UPDATE document_lines SET price = price + 1 {FIRST_LINE}"),
    (
        "proof_of_another_line",
        "UPDATE document_lines SET licences = licences + 1 WHERE document_id = 2 AND kind = 'credit' AND line = 1",
    ),
    ("tax_not_proved", "UPDATE document_taxes SET tax = tax + 1 WHERE document_id = 1"),
    ("tax_not_proved", "UPDATE document_taxes SET rate = 9 WHERE document_id = 1"),
    (
        # 21% of 125.00 and of 125.01 are both 26.25.
        "tax_not_proved",
        "UPDATE document_taxes SET proof = jsonb_set(proof, '{tax_proof,base,minor}', '12501') WHERE document_id = 1",
    ),
    ("does_not_add_up", "UPDATE documents SET net = net + 1, total = total + 1 WHERE id = 1"),
    ("does_not_add_up", "UPDATE documents SET tax = tax + 1, total = total + 1 WHERE id = 1"),
    ("does_not_add_up", "UPDATE document_lines SET tax = tax + 1 WHERE document_id = 1"),
    ("does_not_add_up", "UPDATE document_taxes SET base = base + 1 WHERE document_id = 1"),
    ("does_not_add_up", "DELETE FROM document_taxes WHERE document_id = 1"),
    ("does_not_add_up", "DELETE FROM document_lines WHERE document_id = 2 AND line = 1"),
    # What documents say.
    ("content_changed", "UPDATE documents SET issued_on = issued_on - 1 WHERE id = 1"),
    ("content_changed", "UPDATE documents SET due_on = due_on + 1 WHERE id = 1"),
    ("content_changed", "UPDATE documents SET profile_id = 2 WHERE id = 1"),
    ("content_changed", "UPDATE documents SET seller = jsonb_set(seller, '{seller,name}', '\"X\"') WHERE id = 1"),
    (
        "content_changed",
        "UPDATE documents SET customer = jsonb_set(customer, '{customer,address}', '\"X\"') WHERE id = 1",
    ),
    ("content_changed", "UPDATE documents SET language = 'it' WHERE id = 1"),
    ("content_changed", "UPDATE documents SET content_hash = sha256('') WHERE id = 1"),
    ("content_changed", "UPDATE document_lines SET cause_by = 'vendor' WHERE document_id = 1"),
    ("content_changed", "UPDATE document_lines SET refund = 'credit' WHERE kind = 'credit'"),
    ("unreadable", "UPDATE documents SET customer = customer - 'v' WHERE id = 1"),
    ("unreadable", f"UPDATE document_lines SET proof = '{{}}' {FIRST_LINE}"),
    ("unreadable", "UPDATE document_taxes SET proof = '[]' WHERE document_id = 1"),
    ("unreadable", "UPDATE documents SET statement = '{}' WHERE final"),
    ("unreadable", "UPDATE subscriptions SET terms = terms - 'v' WHERE name = 'third'"),
    ("number_differs", "UPDATE documents SET number = '2026-000999' WHERE id = 1"),
    ("number_differs", "UPDATE documents SET series = 'T' WHERE id = 1"),
    ("number_differs", "UPDATE documents SET year = 2025 WHERE id = 1"),
    ("number_differs", "UPDATE documents SET seller_id = (SELECT max(id) FROM sellers) WHERE id = 1"),
    ("other_currency", "UPDATE documents SET currency = 'USD' WHERE id = 1"),
    ("other_currency", "UPDATE payments SET currency = 'USD'"),
    ("other_currency", "UPDATE credit_lots SET currency = 'USD'"),
    ("cause_later", "UPDATE document_lines SET cause_on = '2026-01-16' WHERE document_id = 1"),
    # Credits against their lines.
    ("credited_too_much", "UPDATE document_lines SET amount = amount - 999999 WHERE kind = 'credit'"),
    ("credited_too_much", "UPDATE document_lines SET tax = tax - 999999 WHERE kind = 'credit'"),
    ("seats_credited_twice", "UPDATE document_lines SET licences = licences + 9 WHERE kind = 'credit'"),
    (
        "credited_outside",
        "UPDATE document_lines SET from_date = from_date + 60, to_date = to_date + 60 WHERE kind = 'credit'",
    ),
    ("credit_of_nothing", "UPDATE document_lines SET corrects_line = 7 WHERE kind = 'credit'"),
    ("credit_of_another_line", "UPDATE document_lines SET price = price + 1 WHERE kind = 'credit'"),
    ("credit_of_another_line", "UPDATE document_lines SET tax_rate = 9 WHERE kind = 'credit'"),
    ("credit_of_another_line", "UPDATE document_lines SET subscription_id = 3 WHERE kind = 'credit'"),
    # The ledger.
    ("ledger_differs", "UPDATE transfers SET amount = amount + 1 WHERE credit = 'sales'"),
    ("ledger_differs", "UPDATE transfers SET amount = amount + 1 WHERE credit = 'tax'"),
    ("ledger_differs", "UPDATE transfers SET amount = amount - 1 WHERE debit = 'cash'"),
    ("ledger_differs", "UPDATE transfers SET amount = amount - 1 WHERE debit = 'customer_credit'"),
    ("ledger_differs", "UPDATE transfers SET amount = amount - 1 WHERE credit = 'customer_credit'"),
    ("ledger_differs", "UPDATE transfers SET line = 9 WHERE credit = 'sales' AND id = 1"),
    ("ledger_differs", 'UPDATE standings SET paid = paid - 1, "left" = "left" + 1 WHERE document_id = 1'),
    ("ledger_differs", "UPDATE standings SET paid = paid - 1, credit_used = credit_used + 1 WHERE document_id = 1"),
    ("ledger_differs", 'UPDATE payment_balances SET "left" = "left" + 1 WHERE "left" < amount'),
    ("ledger_differs", "UPDATE payments SET amount = amount + 1 WHERE id = 1"),
    ("ledger_differs", "UPDATE payments SET document_id = 2 WHERE id = 1"),
    ("ledger_differs", "UPDATE payment_balances SET amount = amount + 1 WHERE payment_id = 1"),
    ("ledger_differs", "DELETE FROM payment_balances WHERE payment_id = 1"),
    ("ledger_differs", 'UPDATE lot_balances SET "left" = "left" + 1 WHERE "left" < amount'),
    ("ledger_differs", "UPDATE credit_lots SET amount = amount + 1"),
    ("ledger_differs", "UPDATE credit_lots SET document_id = 1"),
    ("ledger_differs", "DELETE FROM lot_balances"),
    ("odd_transfer", "UPDATE transfers SET currency = 'USD' WHERE id = 1"),
    ("odd_transfer", "UPDATE transfers SET on_date = on_date + 1 WHERE id = 1"),
    ("odd_transfer", "UPDATE transfers SET debit_of = 2 WHERE id = 1"),
    ("odd_transfer", "UPDATE transfers SET on_date = on_date + 1 WHERE credit = 'tax'"),
    ("odd_transfer", "UPDATE transfers SET document_id = NULL WHERE credit = 'tax'"),
    ("odd_transfer", "UPDATE transfers SET document_id = NULL WHERE debit = 'cash'"),
    ("odd_transfer", "UPDATE transfers SET document_id = NULL WHERE credit = 'cash'"),
    ("ledger_differs", "UPDATE transfers SET on_date = on_date + 1 WHERE debit = 'cash'"),
    ("ledger_differs", "UPDATE transfers SET document_id = 2 WHERE debit = 'cash'"),
    ("ledger_differs", "UPDATE payments SET on_date = on_date + 1 WHERE id = 1"),
    ("ledger_differs", "UPDATE transfers SET on_date = on_date + 1 WHERE credit = 'customer_credit'"),
    ("ledger_differs", "UPDATE credit_lots SET on_date = on_date - 1"),
    ("origin_differs", "UPDATE credit_lots SET origin = 'goodwill'"),
    # The faces of final documents.
    *(
        ("statement_differs", f"UPDATE documents SET statement = jsonb_set(statement, '{path}', '7') WHERE id = 2")
        for path in (
            "{statement,open_before,minor}",
            "{statement,this_document,minor}",
            "{statement,from_credit,minor}",
            "{statement,paid_now,minor}",
            "{statement,paid_back,minor}",
            "{statement,to_credit,minor}",
            "{statement,still_to_pay,minor}",
        )
    ),
    # Rows that are gone, or were never counted, or hang on nothing.
    ("row_missing", "DELETE FROM transfers WHERE id = 3"),
    ("row_missing", "DELETE FROM standings WHERE document_id = 1"),
    ("row_missing", "DELETE FROM documents WHERE id = 2"),
    ("row_missing", "DELETE FROM payment_balances; DELETE FROM payments WHERE id = 1"),
    ("row_missing", "DELETE FROM lot_balances; DELETE FROM credit_lots WHERE id = 1"),
    ("row_missing", "DELETE FROM licence_changes WHERE subscription_id = 1 AND place = 2"),
    ("row_missing", f"{DELETE_LINES}; DELETE FROM licence_changes; {DELETE_PLANS}; {DELETE_FIRST}"),
    ("plan_differs", "DELETE FROM plan_changes WHERE subscription_id = 1"),
    ("plan_differs", "UPDATE subscriptions SET plan_effective = plan_effective + 1 WHERE name = 'third'"),
    ("row_missing", "UPDATE accounts SET next_audit = next_audit + 1"),
    ("row_not_counted", "UPDATE accounts SET next_document = next_document - 1"),
    ("row_not_counted", "UPDATE transfers SET id = id + 1000 WHERE id = 1"),
    ("row_without_owner", "DELETE FROM documents WHERE id = 1"),
    ("row_without_owner", "UPDATE document_lines SET document_id = 77 WHERE document_id = 1"),
    ("row_without_owner", "UPDATE document_taxes SET document_id = 77 WHERE document_id = 1"),
    ("row_without_owner", "UPDATE document_lines SET subscription_id = 77 WHERE document_id = 1"),
    ("row_without_owner", "UPDATE transfers SET document_id = 77, line = NULL WHERE debit = 'cash'"),
    ("row_without_owner", "UPDATE licence_changes SET subscription_id = 77 WHERE subscription_id = 3"),
    ("row_without_owner", "DELETE FROM payments WHERE id = 1"),
    # What is repeated for speed.
    ("licences_differ", "UPDATE subscriptions SET licences = licences + 1 WHERE name = 'third'"),
    ("licences_differ", "UPDATE licence_changes SET licences = licences + 1 WHERE subscription_id = 3"),
    ("licences_differ", "DELETE FROM licence_assignments WHERE member_id = 1"),
    ("licences_differ", "DELETE FROM licence_assignments"),
    # The day of the next run: the third subscription renews on 10 March.
    ("never_due", "UPDATE accounts SET due_on = NULL"),
    ("due_day_differs", "UPDATE accounts SET due_on = '2030-01-01'"),
    ("due_day_differs", "UPDATE accounts SET due_on = '2026-04-10'"),
    ("due_day_differs", "UPDATE accounts SET due_on = due_on + 1"),
]


@pytest.mark.parametrize(("code", "tampering"), TAMPERINGS)
def test_tampering_is_found(ground: Ground, account: int, code: str, tampering: str):
    with tampered(ground, *tampering.split("; "), only=f"account_id = {account}") as conn:
        assert code in codes(verify_account(conn, account, at=NOW))


def test_a_finding_says_what_is_wrong_and_where(ground: Ground, account: int):
    change = "UPDATE document_lines SET amount = amount + 1 WHERE document_id = 1"
    with tampered(ground, change, only=f"account_id = {account}") as conn:
        found = {finding.code: finding for finding in verify_account(conn, account, at=NOW)}
        number = conn.scalar(text(f"SELECT number FROM documents WHERE account_id = {account} AND id = 1"))
    # 10 × 12.50.
    assert found["amount_not_proved"].where == f"{number} line 1"
    assert found["amount_not_proved"].detail == "125.01 EUR is stored, 125.00 is what it should be"


def test_what_is_unreadable_does_not_hide_the_rest(ground: Ground, account: int):
    changes = (
        "UPDATE subscriptions SET plan = '{}' WHERE name = 'second'",
        "UPDATE subscriptions SET covered_to = covered_to + 31 WHERE name = 'third'",
    )
    with tampered(ground, *changes, only=f"account_id = {account}") as conn:
        found = verify_account(conn, account, at=NOW)
    assert {(one.code, one.where.split()[0]) for one in found} == {("unreadable", "second"), ("seats_missing", "third")}


@pytest.mark.parametrize(
    ("code", "why", "change"),
    [
        ("unreadable", "", "UPDATE subscriptions SET terms = terms - 'v' WHERE name = 'third'"),
        (
            "unverifiable",
            "ValueError: ",
            "; ".join(
                f"UPDATE {table} SET grid = jsonb_set(grid, '{{grid,every,count}}', '900000') WHERE {key} = 3"
                for table, key in (("subscriptions", "id"), ("plan_changes", "subscription_id"))
            ),
        ),
    ],
)
def test_what_nobody_can_make_sense_of_is_a_finding_unless_it_is_parked(
    ground: Ground, account: int, *, code: str, why: str, change: str
):
    other = "UPDATE documents SET due_on = due_on + 1 WHERE id = 1"
    with tampered(ground, *change.split("; "), other, only=f"account_id = {account}") as conn:
        found = {one.code: (one.where, one.detail) for one in verify_account(conn, account, at=NOW)}
        assert set(found) == {code, "content_changed"}
        assert found[code][0] == "third"
        assert found[code][1].startswith(why)
        conn.execute(
            text("""
                INSERT INTO parked (account_id, subscription_id, at, as_of, code, parameters, trace)
                VALUES (:account, 3, now(), '2026-03-10', 'unexpected', '{}', '')
            """),
            {"account": account},
        )
        (checked,) = verify_accounts(conn, [account], at=NOW)
    assert codes(checked.findings) == {"content_changed"}
    assert checked.parked == ("third",)


def test_what_is_wrong_with_one_account_is_found_there_alone(ground: Ground, account: int):
    other = ground.open_account()
    ground.act(other, purchase(), on="2026-02-10")
    change = "UPDATE document_lines SET amount = amount + 1"
    with tampered(ground, change, only=f"account_id = {account}") as conn:
        found = {one.account_id: bool(one.findings) for one in verify_accounts(conn, [other, account, 999_999], at=NOW)}
    assert found == {account: True, other: False}


def test_a_day_that_has_come_is_no_finding(ground: Ground, account: int):
    # Whatever was missed: the next run looks at the account.
    change = "UPDATE accounts SET due_on = due_on + 1"
    with tampered(ground, change, only=f"account_id = {account}") as conn:
        assert verify_account(conn, account, at=noon("2026-03-11")) == ()


def test_a_final_document_of_nothing_says_what_was_open_when_it_came(ground: Ground):
    opened = ground.open_account(mode="none")
    # 10 licences at 12.50 stay open. One at 0.001 is less than half a cent: its line and its credit are of nothing.
    ground.act(opened, purchase(licences=10), on="2026-01-15")
    tiny = Plan("tiny-monthly", every("month"), Price(1, UnitPrice(Decimal("0.001"), EUR)))
    ground.act(opened, purchase("tiny", licences=1, plan=tiny), on="2026-01-15")
    (final,) = ground.act(opened, Cancel("tiny", when="now"), on="2026-01-20")
    statement = final.document.statement
    assert statement is not None
    assert (final.document.total, statement.open_before) == (euros(0), euros(12500))
    ground.act(opened, Pay(), on="2026-01-20")
    with ground.db.account(opened, read_only=True) as conn:
        assert verify_account(conn, opened, at=NOW) == ()
    change = "UPDATE documents SET statement = jsonb_set(statement, '{statement,open_before,minor}', '7') WHERE final"
    with tampered(ground, change, only=f"account_id = {opened}") as conn:
        assert "statement_differs" in codes(verify_account(conn, opened, at=NOW))
