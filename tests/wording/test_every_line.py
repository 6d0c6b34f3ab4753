"""Every kind of line, and tax, in words: as a sentence in each language, as a formula, and what it comes from."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from prorata.core.calendar import Period
from prorata.core.catalog.plans import Item
from prorata.core.documents.model import Cause, Line, TaxGroup
from prorata.core.money import Money, money, unit_price
from prorata.core.proof import ChargeProof, CreditProof, DiscountProof, GivenProof, SetupProof, TaxProof, prove
from prorata.wording import Language, wording_for
from prorata.wording.explain import formula, says, tax_says, why
from wording.lines import EUR, charge, credit, plain


def euros(text: str) -> Money:
    return money(text, EUR)


def flat() -> Line:
    # 20.00 × 16/28 = 11.43 (11.428…)
    proof = ChargeProof(unit_price("20.00", EUR), 1, 16, 28)
    return replace(
        charge(1),
        kind="flat",
        period=Period(date(2026, 2, 15), date(2026, 3, 3)),
        licences=None,
        item=Item("business", 1, flat=True),
        days=16,
        of_days=28,
        amount=prove(proof),
        proof=proof,
    )


def setup() -> Line:
    return replace(
        charge(1),
        kind="setup",
        period=Period(date(2026, 1, 15), date(2026, 1, 15)),
        licences=None,
        days=None,
        of_days=None,
        amount=euros("599.95"),
        proof=SetupProof(euros("599.95")),
    )


def discount(proof: DiscountProof) -> Line:
    cause = Cause("discount", date(2026, 1, 15), "vendor")
    return replace(charge(10), kind="discount", price=None, amount=prove(proof), proof=proof, cause=cause, discount=1)


def given(*, why: str = "goodwill") -> Line:
    cause = Cause("goodwill" if why == "goodwill" else "refund", date(2026, 1, 20), "vendor")
    line = replace(credit(), period=Period(date(2026, 1, 15), date(2026, 2, 15)), licences=None, price=None)
    return replace(
        line,
        days=None,
        of_days=None,
        amount=euros("-20.00"),
        proof=GivenProof(euros("20.00"), euros("125.00")),
        cause=cause,
    )


def bounded() -> Line:
    # 53.57 would come back, but 80.00 was given back by hand before: 125.00 less 80.00 leaves 45.00.
    proof = CreditProof(euros("125.00"), 280, 160, euros("0.00"), euros("45.00"))
    return replace(credit(), proof=proof, amount=prove(proof))


def discount_back() -> Line:
    # Of 12.50 off ten licences, 12.50 × 160/280 = 7.14 (7.142…) stay off; 5.36 is charged again.
    proof = CreditProof(euros("-12.50"), 280, 160, euros("0.00"))
    return replace(credit(), kind="discount", price=None, proof=proof, amount=prove(proof), discount=1)


def flat_back() -> Line:
    # 20.00 × 16/28 = 11.43 stay; 8.57 come back.
    proof = CreditProof(euros("20.00"), 28, 16, euros("0.00"))
    return replace(credit(), licences=None, proof=proof, amount=prove(proof))


TEN_PERCENT = DiscountProof(euros("125.00"), Fraction(10), None, euros("125.00"))
SHARE = DiscountProof(euros("125.00"), None, euros("5.46"), euros("125.00"))
# Half of 125.00 is 62.50, of which an earlier discount has left 25.00.
BOUNDED = DiscountProof(euros("125.00"), Fraction(50), None, euros("25.00"))

IN_THREE_LANGUAGES: list[tuple[Line, tuple[str, str, str]]] = [
    (
        flat(),
        (
            "Flat price €20.00, 15 February to 2 March 2026 (16 of 28 days)",
            "Vast bedrag € 20,00, 15 februari tot en met 2 maart 2026 (16 van 28 dagen)",
            "Importo fisso 20,00 €, dal 15 febbraio al 2 marzo 2026 (16 di 28 giorni)",
        ),
    ),
    (
        replace(charge(3), item=Item("business", 1, step=2)),
        (
            "Step 2: 3 licences × €12.50, 15 January to 14 February 2026 (31 of 31 days)",
            "Trede 2: 3 licenties × € 12,50, 15 januari tot en met 14 februari 2026 (31 van 31 dagen)",
            "Scaglione 2: 3 licenze × 12,50 €, dal 15 gennaio al 14 febbraio 2026 (31 di 31 giorni)",
        ),
    ),
    (
        replace(charge(1), item=Item("business", 1, phase=1)),
        (
            "Phase 2: 1 licence × €12.50, 15 January to 14 February 2026 (31 of 31 days)",
            "Fase 2: 1 licentie × € 12,50, 15 januari tot en met 14 februari 2026 (31 van 31 dagen)",
            "Fase 2: 1 licenza × 12,50 €, dal 15 gennaio al 14 febbraio 2026 (31 di 31 giorni)",
        ),
    ),
    (
        # Months of 30 days: the whole period counts 30, though it has 31.
        replace(charge(10), days=30, of_days=30, proof=ChargeProof(unit_price("12.50", EUR), 10, 30, 30)),
        (
            "10 licences × €12.50, 15 January to 14 February 2026 (30 of 30 days as the terms count them)",
            (
                "10 licenties × € 12,50, 15 januari tot en met 14 februari 2026 "
                "(30 van 30 dagen, zoals de voorwaarden ze tellen)"
            ),
            "10 licenze × 12,50 €, dal 15 gennaio al 14 febbraio 2026 (30 di 30 giorni, come li contano le condizioni)",
        ),
    ),
    (
        setup(),
        (
            "Setup, charged once on 15 January 2026: €599.95",
            "Instapkosten, eenmalig in rekening gebracht op 15 januari 2026: € 599,95",
            "Attivazione, addebitata una sola volta il 15 gennaio 2026: 599,95 €",
        ),
    ),
    (
        discount(TEN_PERCENT),
        (
            "10% off €125.00, 15 January to 14 February 2026",
            "10% korting op € 125,00, 15 januari tot en met 14 februari 2026",
            "Sconto del 10% su 125,00 €, dal 15 gennaio al 14 febbraio 2026",
        ),
    ),
    (
        discount(BOUNDED),
        (
            "50% off €125.00, 15 January to 14 February 2026, no more than €25.00 left",
            "50% korting op € 125,00, 15 januari tot en met 14 februari 2026, niet meer dan € 25,00 over",
            "Sconto del 50% su 125,00 €, dal 15 gennaio al 14 febbraio 2026, non più di 25,00 € rimasti",
        ),
    ),
    (
        discount(SHARE),
        (
            "€5.46 off €125.00, 15 January to 14 February 2026",
            "€ 5,46 korting op € 125,00, 15 januari tot en met 14 februari 2026",
            "5,46 € di sconto su 125,00 €, dal 15 gennaio al 14 febbraio 2026",
        ),
    ),
    (
        discount_back(),
        (
            (
                "Discount taken back with it, 3 March to 14 March 2026: "
                "€12.50 for 280 licence-days, 160 kept = €7.14, so €5.36 back"
            ),
            (
                "Bijbehorende korting teruggenomen, 3 maart tot en met 14 maart 2026: "
                "€ 12,50 voor 280 licentiedagen, 160 behouden = € 7,14, dus € 5,36 terug"
            ),
            (
                "Relativo sconto stornato, dal 3 marzo al 14 marzo 2026: "
                "12,50 € per 280 giorni di licenza, 160 mantenuti = 7,14 €, quindi 5,36 € di credito"
            ),
        ),
    ),
    (
        flat_back(),
        (
            "Flat price taken back, 3 March to 14 March 2026: €20.00 for 28 days, 16 kept = €11.43, so €8.57 back",
            (
                "Vast bedrag teruggenomen, 3 maart tot en met 14 maart 2026: "
                "€ 20,00 voor 28 dagen, 16 behouden = € 11,43, dus € 8,57 terug"
            ),
            (
                "Importo fisso restituito, dal 3 marzo al 14 marzo 2026: "
                "20,00 € per 28 giorni, 16 mantenuti = 11,43 €, quindi 8,57 € di credito"
            ),
        ),
    ),
    (
        bounded(),
        (
            (
                "10 licences taken back, 3 March to 14 March 2026: "
                "€125.00 for 280 licence-days, 160 kept = €71.43, no more than €45.00 left, so €45.00 back"
            ),
            (
                "10 licenties teruggenomen, 3 maart tot en met 14 maart 2026: "
                "€ 125,00 voor 280 licentiedagen, 160 behouden = € 71,43, niet meer dan € 45,00 over, dus € 45,00 terug"
            ),
            (
                "10 licenze restituite, dal 3 marzo al 14 marzo 2026: 125,00 € per 280 giorni di licenza, "
                "160 mantenuti = 71,43 €, non più di 45,00 € rimasti, quindi 45,00 € di credito"
            ),
        ),
    ),
    (
        given(),
        (
            "Goodwill, 15 January to 14 February 2026: €20.00 back of the €125.00 that was left",
            "Coulance, 15 januari tot en met 14 februari 2026: € 20,00 terug van de € 125,00 die er nog stond",
            "Credito di cortesia, dal 15 gennaio al 14 febbraio 2026: 20,00 € restituiti sui 125,00 € che restavano",
        ),
    ),
    (
        given(why="refund"),
        (
            "Refund, 15 January to 14 February 2026: €20.00 back of the €125.00 that was left",
            "Terugbetaling, 15 januari tot en met 14 februari 2026: € 20,00 terug van de € 125,00 die er nog stond",
            "Rimborso, dal 15 gennaio al 14 febbraio 2026: 20,00 € restituiti sui 125,00 € che restavano",
        ),
    ),
]


@pytest.mark.parametrize(("line", "said"), IN_THREE_LANGUAGES)
def test_every_kind_of_line_is_a_sentence_in_each_language(line: Line, said: tuple[str, str, str]):
    found = tuple(plain(says(line, wording_for(language))) for language in (Language.EN, Language.NL, Language.IT))
    assert found == said


@pytest.mark.parametrize(
    ("line", "made"),
    [
        (flat(), "€20.00 × 16/28 = €11.43"),
        (setup(), "€599.95"),
        (discount(TEN_PERCENT), "-€125.00 × 10% = -€12.50"),
        (discount(BOUNDED), "-€125.00 × 50%, at most €25.00 = -€25.00"),
        (discount(SHARE), "-€5.46"),
        (discount_back(), "-€12.50 × 160/280 + €12.50 = €5.36"),
        (flat_back(), "€20.00 × 16/28 - €20.00 = -€8.57"),
        (bounded(), "€125.00 × 160/280 - €125.00, at most €45.00 = -€45.00"),
        (given(), "-€20.00"),
    ],
)
def test_every_kind_of_line_has_its_formula(line: Line, made: str):
    assert plain(formula(line, wording_for(Language.EN))) == made


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (setup(), "Setup"),
        (given(), "Goodwill of 20 January 2026"),
        (given(why="refund"), "Refund of 20 January 2026"),
        (discount(TEN_PERCENT), "Discount since 15 January 2026"),
        (replace(charge(8), cause=Cause("plan", date(2026, 1, 20), "admin")), "Plan changed on 20 January 2026"),
        (
            replace(charge(8), cause=Cause("trial", date(2026, 1, 15), "system")),
            "After the trial, from 15 January 2026",
        ),
        (replace(charge(8), cause=Cause("resume", date(2026, 1, 15), "admin")), "Resumed on 15 January 2026"),
        (replace(flat(), cause=Cause("licences", date(2026, 2, 15), "admin")), "Licences changed on 15 February 2026"),
        (replace(credit(), cause=Cause("period", date(2026, 3, 3), "system")), "Correction of an earlier period"),
    ],
)
def test_every_cause_has_its_words(line: Line, said: str):
    assert why(line, wording_for(Language.EN)) == said


def test_seconds_are_told_as_seconds():
    # From noon of the last of 31 days: 12 hours of 31 days, 43,200 of 2,678,400 seconds.
    noon = replace(
        charge(2),
        period=Period(date(2026, 2, 14), date(2026, 2, 15)),
        days=43_200,
        of_days=2_678_400,
        proof=ChargeProof(unit_price("12.50", EUR), 2, 43_200, 2_678_400),
    )
    assert says(noon, wording_for(Language.EN)) == (
        "2 licences × €12.50, 14 February 2026 (43,200 of 2,678,400 seconds)"
    )


def test_a_credit_by_the_second_counts_licence_seconds():
    # Half of 31 days: 100.00 × 1,339,200/2,678,400 = 50.00 stay, 50.00 come back.
    proof = CreditProof(euros("100.00"), 2_678_400, 1_339_200, euros("0.00"))
    noon = replace(credit(), licences=1, days=1_339_200, of_days=2_678_400, proof=proof, amount=prove(proof))
    assert says(noon, wording_for(Language.EN)).endswith(
        "€100.00 for 2,678,400 licence-seconds, 1,339,200 kept = €50.00, so €50.00 back"
    )
    flat = replace(noon, licences=None)
    assert "€100.00 for 2,678,400 seconds, 1,339,200 kept" in says(flat, wording_for(Language.EN))


def tax_group(proof: TaxProof, base: str) -> TaxGroup:
    return TaxGroup(proof.rate, euros(base), prove(proof), proof)


def test_a_tax_is_a_sentence_too():
    english = wording_for(Language.EN)
    # 21% of 125.00 is 26.25.
    plainly = tax_group(TaxProof(Fraction(21), euros("125.00"), euros("0.00")), "125.00")
    assert tax_says(plainly, english) == "21% of €125.00 = €26.25"
    assert plain(tax_says(plainly, wording_for(Language.NL))) == "21% van € 125,00 = € 26,25"
    assert plain(tax_says(plainly, wording_for(Language.IT))) == "21% di 125,00 € = 26,25 €"
    closing = tax_group(TaxProof(Fraction(21), euros("0.00"), euros("-5.39")), "-25.67")
    assert plain(tax_says(closing, english)) == "-€5.39, all that was left of the tax of what is taken back"
    # 21% of 10.00 would be 2.10, but the corrected documents hold 2.09.
    at_most = tax_group(TaxProof(Fraction(21), euros("-10.00"), euros("0.00"), euros("2.09")), "-10.00")
    assert plain(tax_says(at_most, english)) == "21% of -€10.00 = -€2.09, all that was left of it"
