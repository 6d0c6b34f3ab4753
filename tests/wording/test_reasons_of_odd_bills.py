"""Why a bill is different where much has happened: golden sentences in each language, worked out by hand."""

import pytest

from prorata.wording import Language
from wording.bills import TEN, Case, said

TIERS = 'plans: {business: {every: month, tiers: {kind: volume, steps: [{up_to: 5, price: "10.00"}, {price: "8.00"}]}}}'
ARREARS = 'plans: {basic: {price: "28.00", every: month}, yearly: {price: "365.00", every: year}}'

CASES = {
    # 25.00 × 23/28 = 20.54 and 2.05 off; 150.00 × 12/28 is given back, less 15.00 × 12/28: 64.29 - 6.43 = 57.86.
    "discounts that are given back lower what comes back": Case(
        f"""{TEN}- {{at: 2026-01-16, discount: {{percent: "10"}}, of: business}}
- {{at: 2026-02-20, licences: 12, of: business}}
- {{at: 2026-03-03, cancel: business}}""",
        4,
        (
            "The subscription ended on 3 March: €57.86 back.",
            "The subscription ended on 3 March, so no further period is charged: €125.00 less.",
            "The discount given on 16 January is not on this bill: €12.50 more.",
        ),
        (
            "Het abonnement is op 3 maart geëindigd: € 57,86 terug.",
            (
                "Het abonnement is op 3 maart geëindigd, dus er wordt geen periode meer in rekening gebracht: "
                "€ 125,00 minder."
            ),
            "De korting van 16 januari staat niet op deze factuur: € 12,50 meer.",
        ),
        (
            "L’abbonamento è terminato il 3 marzo: 57,86 € restituiti.",
            "L’abbonamento è terminato il 3 marzo, quindi non sono addebitati altri periodi: 125,00 € in meno.",
            "Lo sconto concesso il 16 gennaio non è su questa fattura: 12,50 € in più.",
        ),
        "terms: {preset: classic, invoice_changes: now}",
    ),
    # 5.00 + 0.31 + 19.00 = 24.31 at the price of a month; the four days cost 4.00 as part of a year.
    "some days in between on another plan": Case(
        """
        - {at: 2026-01-15, subscribe: basic, as: a}
        - {at: 2026-02-20, change_plan: yearly, of: a, when: now}
        - {at: 2026-02-24, change_plan: basic, of: a, when: now}
        - {at: 2026-03-15, assign: 1, of: a}
        """,
        2,
        (
            (
                "This bill charges 5 of 28 days, 4 of 365 days and 19 of 28 days of a period, "
                "the last one 31 of 31 days: €3.69 less."
            ),
            "Not all days of the two bills are of the same plan: €3.69 more.",
        ),
        (
            (
                "Deze factuur telt van een periode 5 van 28 dagen, 4 van 365 dagen en 19 van 28 dagen, "
                "de vorige 31 van 31 dagen: € 3,69 minder."
            ),
            "Niet alle dagen van de twee facturen zijn van hetzelfde plan: € 3,69 meer.",
        ),
        (
            (
                "Questa fattura conta 5 di 28 giorni, 4 di 365 giorni e 19 di 28 giorni di un periodo, "
                "la precedente 31 di 31 giorni: 3,69 € in meno."
            ),
            "Non tutti i giorni delle due fatture sono dello stesso piano: 3,69 € in più.",
        ),
        f"terms: {{preset: classic, billed: arrears}}\n{ARREARS}",
    ),
    # Twelve hours with five more, 28.00 × 5 × ½/28; then four fewer than were billed, 28.00 × 4 × 18¼/28 back.
    "up and down on one day where seconds are counted": Case(
        """
        - {at: "2026-02-01T00:00:00Z", subscribe: basic, as: a, licences: 5}
        - {at: "2026-02-10T06:00:00Z", licences: 10, of: a}
        - {at: "2026-02-10T18:00:00Z", licences: 1, of: a}
        - {at: "2026-02-11T18:00:00Z", assign: 1, of: a}
        """,
        2,
        (
            (
                "The licences were changed on 10 February: €73.00 back for 1,576,800 of 2,419,200 seconds and "
                "€2.50 for 43,200 of 2,419,200 seconds, -€70.50 in all."
            ),
            "The period at hand was billed before and is not billed again: €140.00 less.",
        ),
        (
            (
                "Op 10 februari zijn de licenties gewijzigd: € 73,00 terug voor 1.576.800 van 2.419.200 seconden en "
                "€ 2,50 voor 43.200 van 2.419.200 seconden, samen € -70,50."
            ),
            "De lopende periode is al eerder gefactureerd en wordt niet nog eens gefactureerd: € 140,00 minder.",
        ),
        (
            (
                "Il 10 febbraio sono state cambiate le licenze: 73,00 € restituiti per 1.576.800 di 2.419.200 secondi "
                "e 2,50 € per 43.200 di 2.419.200 secondi, -70,50 € in tutto."
            ),
            "Il periodo in corso è già stato fatturato e non viene fatturato di nuovo: 140,00 € in meno.",
        ),
        f"zone: UTC\nterms: {{preset: classic, proration: second, invoice_changes: now}}\n{ARREARS}",
    ),
    # Two more for 5 days, 25.00 × 5/28 = 4.46; then one fewer than were billed, 12.50 × 18/28 = 8.04 back.
    "up and down before the next bill": Case(
        f"""{TEN}- {{at: 2026-02-20, licences: 12, of: business}}
- {{at: 2026-02-25, licences: 9, of: business}}
- {{at: 2026-03-15, assign: 1, of: business}}""",
        3,
        (
            "Three licences were removed on 25 February: €8.04 back for 18 of 28 days.",
            "Two licences were added on 20 February: €4.46 for 5 of 28 days.",
            "From 15 March, 9 licences are charged instead of 10: €12.50 less.",
        ),
        (
            "Op 25 februari zijn drie licenties verwijderd: € 8,04 terug voor 18 van 28 dagen.",
            "Op 20 februari zijn twee licenties toegevoegd: € 4,46 voor 5 van 28 dagen.",
            "Vanaf 15 maart worden 9 licenties in rekening gebracht in plaats van 10: € 12,50 minder.",
        ),
        (
            "Il 25 febbraio sono state rimosse tre licenze: 8,04 € restituiti per 18 di 28 giorni.",
            "Il 20 febbraio sono state aggiunte due licenze: 4,46 € per 5 di 28 giorni.",
            "Dal 15 marzo sono addebitate 9 licenze invece di 10: 12,50 € in meno.",
        ),
    ),
    # In arrears a step that is crossed has lines of its own: 10.00 × 4 × 5/28 = 7.14 and 8.00 × 6 × 23/28 = 39.43.
    "a step that is crossed in arrears": Case(
        """
        - {at: 2026-01-15, subscribe: business, licences: 4}
        - {at: 2026-02-20, licences: 6, of: business}
        - {at: 2026-03-15, assign: 1, of: business}
        """,
        2,
        (
            "Two licences were added on 20 February: €39.43 for 23 of 28 days.",
            "This bill charges 5 of 28 days of a period, the last one 31 of 31 days: €32.86 less.",
        ),
        (
            "Op 20 februari zijn twee licenties toegevoegd: € 39,43 voor 23 van 28 dagen.",
            "Deze factuur telt van een periode 5 van 28 dagen, de vorige 31 van 31 dagen: € 32,86 minder.",
        ),
        (
            "Il 20 febbraio sono state aggiunte due licenze: 39,43 € per 23 di 28 giorni.",
            "Questa fattura conta 5 di 28 giorni di un periodo, la precedente 31 di 31 giorni: 32,86 € in meno.",
        ),
        f"terms: {{preset: classic, billed: arrears}}\n{TIERS}",
    ),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", CASES)
def test_an_odd_bill_says_why_it_is_different(name: str, language: Language):
    case = CASES[name]
    assert said(case, language) == {Language.EN: case.en, Language.NL: case.nl, Language.IT: case.it}[language]
