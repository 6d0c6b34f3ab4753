import pytest

from core.build import Life, a_plan, an_account, classic, day
from prorata.core.billing.pay import AlreadyPaid, Overpaid, UnknownDocument
from prorata.core.events import ChangeLicences, Pay, SetPayment, Subscribe
from prorata.core.ledger.transfers import LEDGER
from prorata.core.stories.told import balances

NOW = classic(invoice_changes="now")


def test_a_saved_method_pays_at_once_and_the_bill_is_due_that_day() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("100.00", "month"))
    assert life.settled(1) == ("0.00", "100.00", "0.00")
    assert life.documents[0].due == day("2026-01-15")


@pytest.mark.parametrize("payment", ["none", "declining"])
def test_without_a_method_that_pays_a_bill_is_due_after_the_payment_terms(payment: str) -> None:
    life = an_account("2026-01-15", payment="none" if payment == "none" else "declining")
    life.buy("a", a_plan("100.00", "month"))
    assert life.settled(1) == ("0.00", "0.00", "100.00")
    assert life.documents[0].due == day("2026-02-14")


def three_open_bills() -> Life:
    """a 100.00, of which 90.00 are paid; b 20.00 and c 30.00, open; on 17 January."""
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("100.00", "month"))
    life.pay(1, "90.00")
    life.days("2026-01-16")
    life.buy("b", a_plan("20.00", "month"))
    life.days("2026-01-17")
    life.buy("c", a_plan("30.00", "month"))
    return life


def test_a_credit_note_pays_its_own_bill_then_the_others_then_goes_back() -> None:
    life = three_open_bills()
    life.cancel("a")
    # 2 of 31 days used: 100.00 × 2/31 = 6.45; 93.55 = 10.00 + 20.00 + 30.00 + 33.55.
    assert life.totals[3] == "-93.55"
    assert [life.settled(place) for place in (1, 2, 3)] == [
        ("10.00", "90.00", "0.00"),
        ("20.00", "0.00", "0.00"),
        ("30.00", "0.00", "0.00"),
    ]
    assert life.settled(4) == ("-60.00", "-33.55", "0.00")
    assert life.received == ["56.45"]


def test_the_statement_of_a_final_document_says_where_everything_went() -> None:
    life = three_open_bills()
    life.cancel("a")
    said = life.documents[3].statement
    assert said
    assert (str(said.open_before), str(said.this_document)) == ("60.00", "-93.55")
    assert (str(said.paid_back), str(said.to_credit), str(said.still_to_pay)) == ("33.55", "0.00", "0.00")


def test_among_other_bills_the_oldest_due_is_paid_first() -> None:
    life = an_account("2026-01-15", payment="none")
    life.buy("later", a_plan("20.00", "month"), terms=classic(payment_terms=60))
    life.buy("sooner", a_plan("20.00", "month"), terms=classic(payment_terms=10))
    life.buy("a", a_plan("30.00", "month"))
    life.pay(3)
    life.cancel("a")
    assert [life.settled(place)[2] for place in (1, 2)] == ["10.00", "0.00"]


def test_the_newest_payment_goes_back_first() -> None:
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("100.00", "month"))
    life.pay(1, "60.00")
    life.pay(1, "40.00")
    life.days("2026-01-17")
    life.cancel("a")
    # 93.55: all 40.00 of the newer payment, 53.55 of the older.
    assert life.received == ["6.45", "0.00"]


def test_never_more_goes_back_than_was_received_for_what_is_corrected() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("50.00", "month"), licences=2, terms=NOW)
    life.licences("a", 1)
    life.evening()
    assert life.credit == "50.00"
    life.days("2026-01-20")
    life.buy("b", a_plan("80.00", "month"))
    assert life.settled(3) == ("50.00", "30.00", "0.00")
    life.cancel("b")
    # 80.00 are worth 30.00 of money; the rest is account credit again.
    assert life.settled(4) == ("-50.00", "-30.00", "0.00")
    assert life.credit == "50.00"
    assert life.received == ["100.00", "0.00"]


def test_money_behind_a_line_that_was_netted_is_found() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("31.00", "month"), licences=2, terms=NOW)
    life.buy("b", a_plan("31.00", "month"), terms=NOW)
    life.ask(ChangeLicences("a", 1), ChangeLicences("b", 2))
    life.evening()
    assert life.totals == ["62.00", "31.00", "0.00"]
    life.days("2026-01-25")
    life.cancel("b")
    # 21 of 31 days of 2 licences: 42.00. The line of 0.00 was paid with a's money.
    assert life.totals[3] == "-42.00"
    assert life.credit == "0.00"
    assert sum(payment.left.minor for payment in life.history.payments) == 9300 - 4200


def test_each_line_of_a_credit_note_follows_its_own_policy() -> None:
    life = an_account("2026-01-01")
    plan = a_plan("31.00", "month")
    life.ask(Subscribe("a", plan, classic()), Subscribe("b", plan, classic(), licences=2))
    life.days("2026-01-11")
    life.licences("b", 1)
    life.days("2026-01-21")
    life.cancel("a")
    # a: 11 days at 1.00 back to the method; b's waiting 21 days come along, to account credit.
    assert life.totals == ["93.00", "-32.00"]
    assert life.settled(2) == ("-21.00", "-11.00", "0.00")
    assert life.credit == "21.00"


def test_without_a_refund_no_credit_is_written() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("100.00", "month"))
    life.cancel("a", refund="none")
    life.days("2026-03-01")
    assert life.totals == ["100.00"]


def test_a_refund_to_account_credit_pays_no_money_back() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("100.00", "month"))
    life.cancel("a", refund="credit")
    assert life.received == ["100.00"]
    assert life.credit == "100.00"


def test_account_credit_pays_the_next_bill_before_the_method_does() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("100.00", "month"))
    life.cancel("a", refund="credit")
    life.buy("b", a_plan("130.00", "month"))
    assert life.settled(3) == ("100.00", "30.00", "0.00")
    assert life.credit == "0.00"


def test_paid_in_parts_then_cancelled_only_the_parts_come_back() -> None:
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("100.00", "month"))
    life.pay(1, "30.00")
    life.pay(1, "20.00")
    life.cancel("a")
    assert life.settled(1) == ("50.00", "50.00", "0.00")
    assert life.settled(2) == ("-50.00", "-50.00", "0.00")
    assert life.received == ["0.00", "0.00"]
    assert life.credit == "0.00"


def test_a_payment_for_everything_pays_the_oldest_due_first() -> None:
    life = three_open_bills()
    life.pay(amount="25.00")
    assert [life.settled(place)[2] for place in (1, 2, 3)] == ["0.00", "5.00", "30.00"]
    life.pay()
    assert not life.history.open_documents()
    life.pay()  # nothing is open: nothing happens
    assert len(life.history.payments) == 5


def test_what_cannot_be_paid_is_refused() -> None:
    life = three_open_bills()
    with pytest.raises(Overpaid):
        life.pay(1, "10.01")
    with pytest.raises(Overpaid):
        life.pay(1, "0.00")
    with pytest.raises(Overpaid):
        life.pay(1, "-5.00")
    with pytest.raises(UnknownDocument):
        life.pay(9)
    life.pay(1)
    with pytest.raises(AlreadyPaid):
        life.pay(1)


def test_a_payment_and_a_purchase_of_one_instant_come_in_their_order() -> None:
    life = an_account("2026-01-15", payment="none")
    life.ask(Subscribe("a", a_plan("100.00", "month"), classic()), Pay(1))
    assert life.settled(1) == ("0.00", "100.00", "0.00")


def test_a_change_of_the_payment_mode_holds_for_what_comes_after_it() -> None:
    life = an_account("2026-01-15")
    plan = a_plan("100.00", "month")
    life.ask(Subscribe("a", plan, classic()), SetPayment("none"), Subscribe("b", plan, classic()))
    assert life.settled(1)[2] == "0.00"
    assert life.settled(2)[2] == "100.00"


def test_the_ledger_balances() -> None:
    life = three_open_bills()
    life.cancel("a")
    ledger = balances(life.transfers, life.history.account.currency)
    # Sales: 100.00 + 20.00 + 30.00 - 93.55. Cash: 90.00 - 33.55.
    assert {name: str(ledger[name]) for name in LEDGER} == {
        "receivable": "0.00",
        "cash": "56.45",
        "customer_credit": "0.00",
        "sales": "-56.45",
        "tax": "0.00",
    }
