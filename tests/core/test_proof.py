from fractions import Fraction

from core.build import a_plan, an_account, classic
from prorata.core.events import Subscribe
from prorata.core.money import Money, currency, money, unit_price
from prorata.core.proof import ChargeProof, CreditProof, TaxProof, prove

EUR = currency("EUR")


def euros(text: str) -> Money:
    return money(text, EUR)


def test_a_charge_is_multiplied_first_and_divided_once() -> None:
    # 10.00 × 3 × 10/31 = 9.677; a day's price rounded first would give 3 × 10 × 0.32 = 9.60.
    assert prove(ChargeProof(unit_price("10.00", EUR), 3, 10, 31)) == euros("9.68")


def test_a_whole_period_is_exact() -> None:
    assert prove(ChargeProof(unit_price("12.50", EUR), 10, 31, 31)) == euros("125.00")


def test_a_half_cent_is_rounded_up() -> None:
    # 149.97 / 2 = 74.985 and 349.93 / 2 = 174.965
    assert prove(ChargeProof(unit_price("149.97", EUR), 1, 14, 28)) == euros("74.99")
    assert prove(ChargeProof(unit_price("349.93", EUR), 1, 14, 28)) == euros("174.97")


def test_a_credit_is_what_was_charged_less_what_is_kept_and_what_was_credited_before() -> None:
    # 125.00 × 160/280 = 71.43 stay; 125.00 - 71.43 = 53.57; of these 10.00 were given back before.
    assert prove(CreditProof(euros("125.00"), 280, 160, euros("0"))) == euros("-53.57")
    assert prove(CreditProof(euros("125.00"), 280, 160, euros("10.00"))) == euros("-43.57")


def test_tax_is_the_rate_on_the_sum_rounded_once() -> None:
    # 12.50 × 21 % = 2.625
    assert prove(TaxProof(Fraction(21), euros("12.50"), euros("0"))) == euros("2.63")
    assert prove(TaxProof(Fraction(21), euros("-12.50"), euros("0"))) == euros("-2.63")


def test_tax_of_closed_documents_is_added_and_tax_given_back_is_bounded() -> None:
    assert prove(TaxProof(Fraction(21), euros("0"), euros("-2.62"))) == euros("-2.62")
    assert prove(TaxProof(Fraction(21), euros("-12.50"), euros("0"), euros("2.62"))) == euros("-2.62")
    assert prove(TaxProof(Fraction(21), euros("-12.50"), euros("0"), euros("9.00"))) == euros("-2.63")


def test_every_amount_of_a_documents_life_can_be_made_again() -> None:
    life = an_account("2026-01-31", tax="21")
    plan = a_plan("10.05", "month")
    life.ask(*(Subscribe(name, plan, classic(), licences=7) for name in "abc"))
    life.days("2026-02-10")
    life.licences("a", 5)
    life.licences("b", 9)
    life.days("2026-03-05")
    life.cancel("a")
    life.cancel("b")
    life.days("2026-03-20")
    life.cancel("c", refund="credit")
    assert len(life.documents) >= 5
    for document in life.documents:
        assert [prove(line.proof) for line in document.lines] == [line.amount for line in document.lines]
        assert [prove(group.proof) for group in document.taxes] == [group.tax for group in document.taxes]
