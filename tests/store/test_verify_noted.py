"""Verifying what is noted of documents: by the audit, and by runs in their totals."""

from collections.abc import Iterator

import pytest

from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.verify import verify
from support import databases
from support.billing import Billing, billing_on
from support.shop import admin, opened_shop


@pytest.fixture(scope="module")
def billing(database: databases.Database) -> Iterator[Billing]:
    """Three accounts, one of them a test account, billed in batches of two; the first bought two things at once."""
    with opened_shop(database) as shop:
        opened = billing_on(shop, "2026-01-15")
        first = shop.account(clock=None)
        plan = shop.plan
        act(shop.services, admin(first), BuySubscription(plan, 10, "team"), BuySubscription(plan, 4, "more"))
        opened.customer(licences=2)
        opened.customer(licences=1, clock=opened.clock.now().date())
        opened.run("2026-02-15", batch_size=2)
        yield opened


def test_what_was_done_and_run_verifies(billing: Billing):
    assert [len(billing.bills(account)) for account in (1, 2)] == [2, 2]
    assert billing.findings() == []


@pytest.mark.parametrize(
    ("code", "account", "there", "back"),
    [
        (
            "audit_differs",
            2,
            """UPDATE audit SET detail = jsonb_set(detail, '{documents}', '[]') WHERE account_id = 2 AND id = 2""",
            """UPDATE audit SET detail = jsonb_set(detail, '{documents}', (
                SELECT jsonb_agg(number) FROM documents WHERE account_id = 2 AND id = 2
            )) WHERE account_id = 2 AND id = 2""",
        ),
        (
            "audit_differs",
            2,
            """UPDATE audit SET detail = jsonb_set(detail, '{documents,1}', '"2026-000099"')
               WHERE account_id = 2 AND id = 2""",
            "UPDATE audit SET detail = detail #- '{documents,1}' WHERE account_id = 2 AND id = 2",
        ),
        (
            "audit_differs",
            2,
            """UPDATE audit SET detail = jsonb_set(detail, '{documents,1}', (
                SELECT to_jsonb(number) FROM documents WHERE account_id = 2 AND id = 1
            )) WHERE account_id = 2 AND id = 2""",
            "UPDATE audit SET detail = detail #- '{documents,1}' WHERE account_id = 2 AND id = 2",
        ),
        (
            "audit_differs",
            2,
            """UPDATE audit SET detail = jsonb_set(detail, '{documents}', '7') WHERE account_id = 2 AND id = 2""",
            """UPDATE audit SET detail = jsonb_set(detail, '{documents}', (
                SELECT jsonb_agg(number) FROM documents WHERE account_id = 2 AND id = 2
            )) WHERE account_id = 2 AND id = 2""",
        ),
        *(
            (
                "run_differs",
                None,
                f"UPDATE {table} SET {one} = {one} + 1 {only}",
                f"UPDATE {table} SET {one} = {one} - 1 {only}",
            )
            for table, one, only in (
                ("run_totals", "invoices", "WHERE place = 1 AND NOT test"),
                ("run_totals", "invoiced", "WHERE place = 1 AND NOT test"),
                ("run_totals", "credit_notes", "WHERE place = 1 AND NOT test"),
                ("run_totals", "credited", "WHERE place = 1 AND NOT test"),
            )
        ),
        (
            "run_differs",
            None,
            "UPDATE run_totals SET test = NOT test WHERE place = 1",
            "UPDATE run_totals SET test = NOT test WHERE place = 1",
        ),
        (
            "run_differs",
            None,
            "UPDATE run_batches SET billed = billed - 1 WHERE place = 1",
            "UPDATE run_batches SET billed = billed + 1 WHERE place = 1",
        ),
    ],
)
def test_what_is_noted_otherwise_than_it_was_issued_is_found(
    billing: Billing, *, code: str, account: int | None, there: str, back: str
):
    billing.sql(there)
    try:
        found = verify(billing.shop.services).findings
    finally:
        billing.sql(back)
    # An entry that was changed is not what was written, either.
    codes = {code, "audit_chain_broken"} if code == "audit_differs" else {code}
    assert {(whose, one.code) for whose, one in found} == {(account, one) for one in codes}
    assert billing.findings() == []
