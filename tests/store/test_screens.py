"""What the pages read: bills as a list, and a document with all that touched it."""

from datetime import date
from fractions import Fraction

import pytest

from prorata.core.billing.pay import UnknownDocument
from prorata.core.events import Cancel, ChangeLicences, Pay, SetPayment
from prorata.store import documents, subscriptions
from prorata.store.screens import bills, document
from prorata.store.screens.document import Movement
from store.ground import Ground, euros, purchase


@pytest.fixture(scope="module")
def account(ground: Ground) -> int:
    """Paid, then fewer licences: account credit; then unpaid; cancelled; and one bill more, paid in part.

    15 January: 10 × 12.50 = 125.00, paid by the saved method.
    25 January: 4 instead of 10, written on 15 February: 6 × 12.50 × 21/31 = 50.81 credited
        (125.00 - half_up(125.00 × 184/310) = 125.00 - 74.19), 4 × 12.50 = 50.00 charged: -0.81 to account credit.
    16 February: another 4 licences of 12.50 for a month, 50.00, of which 0.81 by account credit; the rest is open.
    1 March: the first is cancelled: 50.00 × 14/28 = 25.00 credited, to the open 49.19.
    2 March: 20.00 of the remaining 24.19 paid by transfer.
    """
    opened = ground.open_account(name="Korenbloem")
    ground.act(opened, purchase(licences=10), on="2026-01-15")
    ground.act(opened, ChangeLicences("team", 4), on="2026-01-25")
    ground.run(opened, on="2026-02-15")
    ground.act(opened, SetPayment("none"), on="2026-02-16")
    ground.act(opened, purchase("second", licences=4), on="2026-02-16")
    ground.act(opened, Cancel("team", when="now"), on="2026-03-01")
    ground.act(opened, Pay(3, euros(2000)), on="2026-03-02")
    return opened


def test_bills_come_newest_first(ground: Ground, account: int):
    with ground.db.account(account, read_only=True) as conn:
        rows = bills.page(conn, account)
        assert bills.count(conn, account) == 4
    assert [(row.number, row.kind, row.total.minor, row.left.minor) for row in rows] == [
        ("C2026-000002", "credit_note", -2500, 0),
        ("2026-000002", "invoice", 5000, 419),
        ("C2026-000001", "credit_note", -81, 0),
        ("2026-000001", "invoice", 12500, 0),
    ]
    third = rows[1]
    assert (third.date, third.due, third.final) == (date(2026, 2, 16), date(2026, 3, 18), False)
    # 0.81 of account credit and 25.00 of the credit note; 20.00 paid.
    assert (third.credit_used, third.paid) == (euros(2581), euros(2000))
    assert rows[0].final


def test_bills_come_in_pages_and_open_ones_alone(ground: Ground, account: int):
    with ground.db.account(account, read_only=True) as conn:
        assert [row.id for row in bills.page(conn, account, limit=3, offset=2)] == [2, 1]
        assert [row.id for row in bills.page(conn, account, open_only=True)] == [3]
        assert bills.count(conn, account, open_only=True) == 1
        assert bills.open_bills(conn, account) == bills.page(conn, account, open_only=True)
        assert subscriptions.past_due(conn, account, on=date(2026, 3, 18)) == frozenset()
        assert subscriptions.past_due(conn, account, on=date(2026, 3, 19)) == {2}


def test_a_document_says_who_it_is_from_and_for(ground: Ground, account: int):
    with ground.db.account(account, read_only=True) as conn:
        view = document.by_number(conn, account, number="2026-000001")
    assert view.face.language == "nl"
    assert (view.face.seller.name, view.face.seller.tax_ids) == ("Kadans Software B.V.", ("NL001234567B01",))
    assert (view.face.customer.name, view.face.customer.country) == ("Korenbloem", "NL")
    assert view.issued.document.total == euros(12500)


def test_a_document_has_its_movements(ground: Ground, account: int):
    with ground.db.account(account, read_only=True) as conn:
        found = {n: document.by_id(conn, account, document=n).movements for n in (1, 2, 3, 4)}
    assert found == {
        1: (Movement(date(2026, 1, 15), "payment", euros(12500), "saved", None),),
        2: (Movement(date(2026, 2, 15), "to_credit", euros(81), None, None),),
        3: (
            Movement(date(2026, 2, 16), "from_credit", euros(81), None, "C2026-000001"),
            Movement(date(2026, 3, 1), "from_document", euros(2500), None, "C2026-000002"),
            Movement(date(2026, 3, 2), "payment", euros(2000), "transfer", None),
        ),
        4: (Movement(date(2026, 3, 1), "to_document", euros(2500), None, "2026-000002"),),
    }


def test_money_that_went_back_names_the_bill_that_it_had_paid(ground: Ground):
    account = ground.open_account(tax_rate=Fraction(21))
    ground.act(account, purchase(licences=1), on="2026-04-01")
    ground.act(account, Cancel("team", when="now"), on="2026-04-01")
    with ground.db.account(account, read_only=True) as conn:
        view = document.by_id(conn, account, document=2)
        first = document.by_id(conn, account, document=1)
    # 12.50 and 21%: 2.625, half up 2.63; all of it goes back.
    assert view.movements == (Movement(date(2026, 4, 1), "paid_back", euros(1513), "saved", first.issued.number),)


def test_a_document_that_is_not_the_account_s_is_unknown(ground: Ground, account: int):
    stranger = ground.open_account()
    with ground.db.account(stranger, read_only=True) as conn:
        with pytest.raises(UnknownDocument):
            document.by_number(conn, stranger, number="2026-000001")
        with pytest.raises(UnknownDocument):
            documents.find(conn, stranger, document=1)
    with ground.db.account(account, read_only=True) as conn:
        assert [kept.issued.document.id for kept in documents.some_of(conn, account, ids=[3, 1, 99])] == [1, 3]
