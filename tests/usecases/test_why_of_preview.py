"""Before a change is made: why the bill that it alters comes to what it will, to the last cent."""

from datetime import date

from prorata.core.money import total
from prorata.store import documents
from prorata.usecases.act import act, preview
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.explain_document import explain_document
from prorata.usecases.explained import BillWhy
from prorata.usecases.permissions import operator
from prorata.usecases.run_account import advance_clock
from support.shop import EUR, Shop, admin


def ten_since_january(shop: Shop) -> int:
    """An account with ten licences since 15 January 2026, paid up to and including 14 February; it is 20 January."""
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    advance_clock(shop.services, admin(account), to=date(2026, 1, 20))
    return account


def reasons(found: BillWhy) -> list[tuple[str, str, str]]:
    return [(reason.kind, reason.why, str(reason.amount)) for reason in found.explanation.reasons]


def assert_it_adds_up(found: BillWhy) -> None:
    explained, before = found.explanation, found.explanation.before
    of_reasons = total((reason.amount for reason in explained.reasons), EUR)
    of_taxes = total((tax.amount for tax in explained.taxes), EUR)
    assert before
    assert of_reasons + of_taxes == found.document.total - before.total


def test_the_reasons_of_a_previewed_bill_add_up_to_what_it_differs_by(shop: Shop):
    account = ten_since_january(shop)
    found = preview(shop.services, admin(account), ChangeLicences("a", 12)).why
    assert found
    # 20 January to 14 February are 26 of 31 days: 2 × 12.50 × 26/31 = 20.97 (20.967…); then 150.00 instead of 125.00.
    assert (found.document.date, str(found.document.total)) == (date(2026, 2, 15), "170.97")
    assert reasons(found) == [("once", "licences", "20.97"), ("changed", "licences", "25.00")]
    assert found.before
    assert str(found.before.document.total) == "125.00"
    assert_it_adds_up(found)


def test_what_is_said_before_a_change_is_what_the_bill_says_once_it_is_there(shop: Shop):
    account = ten_since_january(shop)
    shown = preview(shop.services, admin(account), ChangeLicences("a", 12)).why
    act(shop.services, admin(account), ChangeLicences("a", 12))
    advance_clock(shop.services, admin(account), to=date(2026, 2, 15))
    with shop.services.database.account(account, read_only=True) as conn:
        (*_, kept) = documents.all_of(conn, account)
    issued = explain_document(shop.services, operator("test"), number=kept.issued.number, account=account)
    assert shown
    assert issued.explanation == shown.explanation
    assert issued.before == shown.before


def test_a_bill_that_is_far_off_is_compared_with_one_that_is_still_to_come(shop: Shop):
    account = ten_since_january(shop)
    end = CancelSubscription("a", date(2026, 4, 1))
    found = preview(shop.services, admin(account), end).why
    assert found
    # 15 to 31 March are 17 of 31 days: 125.00 × 17/31 = 68.55 (68.548…), 56.45 less than the bill of 15 February.
    assert (found.document.date, str(found.document.total)) == (date(2026, 3, 15), "68.55")
    assert found.explanation.before
    assert found.explanation.before.date == date(2026, 2, 15)
    assert found.before is None
    assert reasons(found) == [("changed", "days", "-56.45")]
    assert_it_adds_up(found)


def test_the_document_that_a_change_writes_at_once_is_the_one_explained(shop: Shop):
    account = ten_since_january(shop)
    found = preview(shop.services, admin(account), CancelSubscription("a", "now")).why
    assert found
    # Of 310 licence-days 50 are kept: 125.00 × 50/310 = 20.16 (20.161…), so 104.84 comes back; 125.00 is not charged.
    assert str(found.document.total) == "-104.84"
    assert reasons(found) == [("once", "ending", "-104.84"), ("gone", "ending", "-125.00")]
    assert_it_adds_up(found)


def test_where_bills_only_do_not_come_any_more_nothing_is_explained(shop: Shop):
    account = ten_since_january(shop)
    # What is paid for ends on 15 February, and so does the subscription: no document follows.
    assert preview(shop.services, admin(account), CancelSubscription("a", date(2026, 2, 15))).why is None
