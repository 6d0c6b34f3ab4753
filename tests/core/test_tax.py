from core.build import Life, a_plan, an_account, classic, taxes
from prorata.core.catalog.terms import Terms
from prorata.core.events import ChangeLicences, Subscribe

NOW = classic(invoice_changes="now")


def together(price: str, *, tax: str = "21", count: int = 1, terms: Terms = NOW) -> Life:
    """Subscriptions a and b, bought at one instant: one document."""
    life = an_account("2026-01-15", tax=tax)
    plan = a_plan(price, "month")
    life.ask(Subscribe("a", plan, terms, licences=count), Subscribe("b", plan, terms, licences=count))
    return life


def test_tax_is_rounded_once_for_all_lines_of_a_rate() -> None:
    life = together("12.50")
    # Each line alone: 2.625, twice 2.63. Together: 25.00 × 21 % = 5.25; the odd cent is the first line's.
    assert str(life.documents[0].tax) == "5.25"
    assert taxes(life.documents[0]) == ["2.63", "2.62"]


def test_half_a_cent_of_tax_is_rounded_up() -> None:
    life = an_account("2026-01-15", tax="5")
    life.buy("a", a_plan("12.50", "month"))
    assert str(life.documents[0].tax) == "0.63"  # 0.625


def test_without_tax_there_is_no_group() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("12.50", "month"))
    assert life.documents[0].taxes == ()


def test_a_rate_of_zero_is_a_group_of_its_own() -> None:
    life = an_account("2026-01-15", tax="0")
    life.buy("a", a_plan("12.50", "month"))
    assert [str(group.tax) for group in life.documents[0].taxes] == ["0.00"]


def test_all_that_is_taken_back_takes_all_its_tax_back() -> None:
    life = together("12.50")
    life.cancel("b")
    life.cancel("a")
    # 30.25 were charged; whatever way the half cents go, 30.25 come back.
    assert sum(d.total.minor for d in life.documents) == 0
    assert life.received == ["0.00"]
    assert life.credit == "0.00"


def test_the_first_line_taken_back_first_closes_as_well() -> None:
    life = together("12.50")
    life.cancel("a")
    life.cancel("b")
    assert sum(d.total.minor for d in life.documents) == 0


def test_never_more_tax_comes_back_than_was_charged() -> None:
    # Three lines of 0.10 at 5 %: tax on 0.30 is 0.015, half up 0.02. One line alone: 0.005, half up 0.01.
    life = an_account("2026-01-15", tax="5")
    plan = a_plan("0.10", "month")
    life.ask(*(Subscribe(name, plan, NOW) for name in ("a", "b", "c")))
    for name in ("c", "b", "a"):
        life.cancel(name)
        assert sum(d.tax.minor for d in life.documents) >= 0
    assert sum(d.total.minor for d in life.documents) == 0


def test_seats_moved_between_subscriptions_take_their_tax_along() -> None:
    life = together("12.50", count=10)
    life.days("2026-01-16")
    life.ask(ChangeLicences("a", 5), ChangeLicences("b", 15))
    life.evening()
    # 5 seats for 30 of 31 days: 12.50 × 5 × 30/31 = 60.48 back and 60.48 charged; 21 % of it is 12.70.
    assert taxes(life.documents[1]) == ["-12.70", "12.70"]
    life.licences("b", 10)
    life.evening()
    # 60.48 × 5/150 = 2.016 kept; 58.46 back, and 21 % of it, 12.2766, too.
    assert str(life.documents[2].net) == "-58.46"
    assert str(life.documents[2].tax) == "-12.28"


def test_a_lines_tax_is_its_own_where_charges_and_credits_nearly_cancel_out() -> None:
    life = an_account("2026-01-15", tax="21")
    dear, dearer = a_plan("1000.00", "month"), a_plan("1000.03", "month")
    life.ask(Subscribe("a", dear, NOW, licences=2), Subscribe("b", dearer, NOW))
    life.ask(ChangeLicences("a", 1), ChangeLicences("b", 2))
    life.evening()
    # -1000.00 and +1000.03 leave 0.03: tax 0.0063, 0.01. Each line's own: -210.00 and 210.0063.
    assert str(life.documents[1].tax) == "0.01"
    assert taxes(life.documents[1]) == ["-210.00", "210.01"]


def test_a_credit_note_and_its_invoice_agree_to_the_cent() -> None:
    life = an_account("2026-01-15", tax="21")
    life.buy("a", a_plan("10.05", "month"), licences=3)
    # 30.15 × 21 % = 6.3315
    assert life.totals == ["36.48"]
    life.cancel("a")
    assert life.totals == ["36.48", "-36.48"]


def test_in_parts_tax_closes_as_well() -> None:
    life = an_account("2026-01-15", tax="21")
    life.buy("a", a_plan("10.05", "month"), licences=3, terms=NOW)
    life.licences("a", 2)
    life.evening()
    # -10.05 is bought and given back on one day: a third, and 2.1105 of tax.
    assert life.totals == ["36.48", "-12.16"]


def test_what_takes_back_the_last_cent_of_a_bill_takes_its_last_cent_of_tax_along() -> None:
    life = an_account("2026-01-15", tax="21", billing="manual")
    none = classic(licences={"min": 0})
    # 1 × 0.10 and 8 × 0.002 = 0.016, which is 0.02. Tax on 0.12 is 0.0252, which is 0.03.
    life.ask(
        Subscribe("a", a_plan("0.10", "month"), none, licences=1),
        Subscribe("b", a_plan("0.002", "month"), none, licences=8),
    )
    life.bill()
    # One of eight is kept, 0.02 × 1/8 = 0.0025: all of the 0.02 comes back, and 0.0042 of tax, which is nothing.
    life.ask(ChangeLicences("b", 1))
    life.bill()
    # 0.10 is all that is left of it: with it goes all of the tax, though 21 % of it are 0.021.
    life.ask(ChangeLicences("a", 0))
    life.bill()
    life.ask(ChangeLicences("b", 0))
    life.bill()
    assert [f"{d.net} {d.tax}" for d in life.documents] == ["0.12 0.03", "-0.02 0.00", "-0.10 -0.03", "0.00 0.00"]
