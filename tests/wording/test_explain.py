"""Lines in words: figures from the proof, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from prorata.core.calendar import Period
from prorata.core.documents.model import Cause, Line
from prorata.wording import Language, wording_for
from prorata.wording.explain import formula, says, why
from wording.lines import charge, credit, plain


def test_a_charge_is_a_sentence_with_its_days():
    english = wording_for(Language.EN)
    assert says(charge(10), english) == "10 licences × €12.50, 15 January to 14 February 2026 (31 of 31 days)"
    assert says(charge(1, days=26, start=date(2026, 1, 20)), english) == (
        "1 licence × €12.50, 20 January to 14 February 2026 (26 of 31 days)"
    )
    assert says(charge(1000, price="0.0125"), english).startswith("1,000 licences × €0.0125, ")


def test_a_period_of_one_day_has_one_day():
    day = replace(charge(2), period=Period(date(2026, 1, 15), date(2026, 1, 16)), days=1, of_days=1)
    assert says(day, wording_for(Language.EN)) == "2 licences × €12.50, 15 January 2026 (1 of 1 day)"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            Language.EN,
            (
                "10 licences taken back, 3 March to 14 March 2026: "
                "€125.00 for 280 licence-days, 160 kept = €71.43, so €53.57 back"
            ),
        ),
        (
            Language.NL,
            (
                "10 licenties teruggenomen, 3 maart tot en met 14 maart 2026: "
                "€ 125,00 voor 280 licentiedagen, 160 behouden = € 71,43, dus € 53,57 terug"
            ),
        ),
        (
            Language.IT,
            (
                "10 licenze restituite, dal 3 marzo al 14 marzo 2026: "
                "125,00 € per 280 giorni di licenza, 160 mantenuti = 71,43 €, quindi 53,57 € di credito"
            ),
        ),
    ],
)
def test_a_credit_says_what_was_charged_what_is_kept_and_what_comes_back(language: Language, said: str):
    assert plain(says(credit(), wording_for(language))) == said


def test_a_credit_after_another_says_what_came_back_before():
    # 125.00 less 71.43 less 20.54 is 33.03
    assert says(credit("20.54"), wording_for(Language.EN)) == (
        "10 licences taken back, 3 March to 14 March 2026: "
        "€125.00 for 280 licence-days, 160 kept = €71.43, €20.54 back earlier, so €33.03 back"
    )


def test_the_formula_has_the_sign_of_the_line():
    english = wording_for(Language.EN)
    assert formula(charge(10), english) == "€12.50 × 10 × 31/31 = €125.00"
    assert plain(formula(credit(), english)) == "€125.00 × 160/280 - €125.00 = -€53.57"
    assert plain(formula(credit("20.54"), english)) == "€125.00 × 160/280 - €125.00 + €20.54 = -€33.03"
    assert plain(formula(charge(10), wording_for(Language.IT))) == "12,50 € × 10 × 31/31 = 125,00 €"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (charge(10), "Purchase"),
        (credit(), "Cancelled on 3 March 2026"),
        (replace(charge(10), cause=Cause("period", date(2026, 1, 15), "system")), "New period"),
        (replace(charge(10, days=16), cause=Cause("period", date(2026, 1, 15), "system")), "Part of a period"),
        (
            replace(charge(2, days=11), cause=Cause("licences", date(2026, 2, 20), "admin")),
            "2 licences added on 20 February 2026",
        ),
        (
            replace(charge(1, days=11), cause=Cause("licences", date(2026, 2, 20), "admin")),
            "1 licence added on 20 February 2026",
        ),
        (
            replace(credit(), licences=2, cause=Cause("licences", date(2026, 3, 3), "admin")),
            "2 licences removed on 3 March 2026",
        ),
        # Added on the first day of a period, after its bill.
        (
            replace(charge(8), cause=Cause("licences", date(2026, 1, 15), "admin")),
            "8 licences added on 15 January 2026",
        ),
    ],
)
def test_a_line_says_what_it_comes_from(line: Line, said: str):
    assert why(line, wording_for(Language.EN)) == said
