"""Discounts, goodwill and refunds."""

from fractions import Fraction

import pytest

from core.build import Life, a_plan, an_account, classic, lines
from prorata.core.calendar import every
from prorata.core.errors import DomainError
from prorata.core.events import GiveBack, GiveCredit, GiveDiscount, Subscribe
from prorata.core.money import currency, money
from prorata.core.proof import prove

NOW = classic(invoice_changes="now")
MONTHLY = a_plan("31.00", "month", setup="100.00")
EUR = currency("EUR")


def bought(*, tax: str | None = None) -> Life:
    life = an_account("2026-01-15", tax=tax)
    life.buy("a", a_plan("31.00", "month"), licences=2, terms=NOW)
    return life


def test_a_percentage_is_taken_off_each_charge_but_never_off_a_setup() -> None:
    life = an_account("2026-01-15")
    life.ask(GiveDiscount(None, percent=Fraction(10)))
    life.buy("a", MONTHLY, licences=2, terms=NOW)
    assert [(line.kind, str(line.amount)) for line in life.documents[0].lines] == [
        ("setup", "100.00"),
        ("recurring", "62.00"),
        ("discount", "-6.20"),
    ]


def test_an_amount_is_taken_once_for_each_period_and_never_more_than_the_charge() -> None:
    life = bought()
    life.ask(GiveDiscount("a", amount=money("100.00", EUR)))
    life.days("2026-02-16")
    assert life.totals == ["62.00", "0.00"]


def test_a_discount_is_over_after_its_time() -> None:
    life = bought()
    life.ask(GiveDiscount("a", percent=Fraction(50), long=every("2 months")))
    life.days("2026-04-16")
    # 15 February has it, 15 March is not in it any more: two months from 15 January.
    assert life.totals == ["62.00", "31.00", "62.00", "62.00"]


def test_a_credit_gives_its_share_of_the_discount_back() -> None:
    life = an_account("2026-01-15")
    life.ask(GiveDiscount(None, percent=Fraction(10)))
    life.buy("a", a_plan("31.00", "month"), licences=2, terms=NOW)
    life.days("2026-01-25")
    life.licences("a", 1)
    life.evening()
    # One of two for 21 of 31 days: 21.00 of the charge, 2.10 of the discount.
    assert [(line.kind, str(line.amount)) for line in life.documents[1].lines] == [
        ("credit", "-21.00"),
        ("discount", "2.10"),
    ]
    assert all(prove(line.proof) == line.amount for line in life.documents[1].lines)


def test_goodwill_for_the_account_is_no_document() -> None:
    life = bought()
    life.ask(GiveCredit(money("10.00", EUR)))
    assert (life.totals, life.credit) == (["62.00"], "10.00")


def test_goodwill_on_a_line_is_a_credit_note_with_its_tax() -> None:
    life = bought(tax="21")
    life.ask(GiveCredit(money("10.00", EUR), 1, 1))
    assert lines(life.documents[1]) == [("credit", "2026-01-15", "2026-02-15", None, "-10.00")]
    assert (life.totals[1], life.credit) == ("-12.10", "12.10")


def test_after_goodwill_an_end_credits_no_more_than_is_left() -> None:
    life = bought()
    life.ask(GiveCredit(money("60.00", EUR), 1, 1))
    life.days("2026-01-25")
    life.cancel("a")
    # 42.00 for 21 of 31 days, but only 2.00 of the line are left.
    assert life.totals == ["62.00", "-60.00", "-2.00"]


def test_goodwill_for_all_that_discounts_have_left_of_a_document_takes_all_of_its_tax() -> None:
    life = an_account("2026-01-15", tax="21")
    life.ask(GiveDiscount(None, percent=Fraction(10)))
    life.ask(*(Subscribe(name, a_plan("0.50", "month"), NOW) for name in "ab"))
    # 0.45 each: 0.90 × 21 % = 0.189. Of 0.45 it is 0.0945, so that the second credit has 0.10 left to give back.
    life.ask(GiveCredit(money("0.45", EUR), 1, 1))
    life.ask(GiveCredit(money("0.45", EUR), 1, 3))
    assert [str(document.tax) for document in life.documents] == ["0.19", "-0.09", "-0.10"]


def test_money_given_back_opens_the_document_again() -> None:
    life = bought()
    life.ask(GiveBack(1, money("7.00", EUR)))
    assert life.settled(1) == ("0.00", "55.00", "7.00")
    life.days("2026-02-01")
    assert life.standing(1).left == money("7.00", EUR), "nothing collects it by itself"


def test_account_credit_that_lies_there_closes_what_a_refund_opens() -> None:
    life = bought()
    life.ask(GiveCredit(money("10.00", EUR)))
    life.ask(GiveBack(1, money("7.00", EUR)))
    # It pays open documents as soon as both exist.
    assert (life.settled(1), life.credit) == (("7.00", "55.00", "0.00"), "3.00")


def test_a_refund_that_adjusts_lowers_what_was_charged() -> None:
    life = bought(tax="20")
    life.ask(GiveBack(1, money("7.00", EUR), adjust=True))
    # 7.00 with 20 % in it are 5.83 and 1.17.
    assert (str(life.documents[1].net), str(life.documents[1].tax)) == ("-5.83", "-1.17")
    assert life.settled(2) == ("0.00", "-7.00", "0.00")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (GiveCredit(money("62.01", EUR), 1, 1), "more_than_left"),
        (GiveCredit(money("1.00", EUR), 1, 2), "unknown_line"),
        (GiveCredit(money("0.00", EUR)), "nothing_to_give"),
        (GiveBack(1, money("62.01", EUR)), "more_than_received"),
        (GiveBack(9), "unknown_document"),
    ],
)
def test_what_cannot_be_given_is_refused(event: GiveCredit | GiveBack, code: str) -> None:
    life = bought()
    with pytest.raises(DomainError) as refused:
        life.ask(event)
    assert refused.value.code == code
