"""Why a bill is different from the last one: golden sentences in each language, worked out by hand."""

import pytest

from prorata.core.insights.explain import explain
from prorata.core.insights.past import past_of
from prorata.wording import Language, wording_for
from prorata.wording.reasons import summary
from support.stories import told
from wording.bills import TEN, Case, said
from wording.lines import plain

TWO_PLANS = """
    plans:
      basic: {price: "10.00", every: month}
      premium: {price: "20.00", every: month}
"""
TIERS = """
    plans:
      business: {every: month, tiers: {kind: volume, steps: [{up_to: 5, price: "10.00"}, {price: "8.00"}]}}
"""
YEAR = 'plans: {business: {price: "120.00", every: year}}'


CASES = {
    # 25.00 × 11/28 = 9.82 (9.821…); 125.00 × 160/280 = 71.43 stay, 53.57 come back.
    "licences added, then the end": Case(
        f"{TEN}- {{at: 2026-02-20, licences: 12, of: business}}\n- {{at: 2026-03-03, cancel: business}}",
        3,
        (
            "The subscription ended on 3 March: €53.57 back for 12 of 28 days.",
            "Two licences were added on 20 February: €9.82 for 11 of 28 days.",
            "The subscription ended on 3 March, so no further period is charged: €125.00 less.",
        ),
        (
            "Het abonnement is op 3 maart geëindigd: € 53,57 terug voor 12 van 28 dagen.",
            "Op 20 februari zijn twee licenties toegevoegd: € 9,82 voor 11 van 28 dagen.",
            (
                "Het abonnement is op 3 maart geëindigd, dus er wordt geen periode meer in rekening gebracht: "
                "€ 125,00 minder."
            ),
        ),
        (
            "L’abbonamento è terminato il 3 marzo: 53,57 € restituiti per 12 di 28 giorni.",
            "Il 20 febbraio sono state aggiunte due licenze: 9,82 € per 11 di 28 giorni.",
            "L’abbonamento è terminato il 3 marzo, quindi non sono addebitati altri periodi: 125,00 € in meno.",
        ),
    ),
    # 125.00 × 5/28 = 22.32 (22.321…): 10 to 14 March. It goes on afterwards, so nobody says that no period follows.
    "cancelled and begun again": Case(
        f"{TEN}- {{at: 2026-03-03, cancel: business}}\n- {{at: 2026-03-10, reactivate: business}}",
        4,
        (
            "The subscription was reactivated on 10 March: €22.32 for 5 of 28 days.",
            "The subscription had ended on 3 March, so no whole period is charged: €125.00 less.",
        ),
        (
            "Het abonnement is op 10 maart opnieuw geactiveerd: € 22,32 voor 5 van 28 dagen.",
            (
                "Het abonnement was op 3 maart geëindigd, dus er wordt geen hele periode in rekening gebracht: "
                "€ 125,00 minder."
            ),
        ),
        (
            "L’abbonamento è stato riattivato il 10 marzo: 22,32 € per 5 di 28 giorni.",
            "L’abbonamento era terminato il 3 marzo, quindi non è addebitato un periodo intero: 125,00 € in meno.",
        ),
    ),
    # 25.00 × 23/28 = 20.54 (20.535…); then 150.00 instead of 125.00; 20% of 170.54 is 34.11 (34.108) after 25.00.
    "licences added, with tax": Case(
        f"{TEN}- {{at: 2026-02-20, licences: 12, of: business}}\n- {{at: 2026-03-15, assign: 1, of: business}}",
        3,
        (
            "Two licences were added on 20 February: €20.54 for 23 of 28 days.",
            "From 15 March, 12 licences are charged instead of 10: €25.00 more.",
            "Tax at 20% on €170.54 is €34.11 instead of €25.00: €9.11 more.",
        ),
        (
            "Op 20 februari zijn twee licenties toegevoegd: € 20,54 voor 23 van 28 dagen.",
            "Vanaf 15 maart worden 12 licenties in rekening gebracht in plaats van 10: € 25,00 meer.",
            "De btw van 20% over € 170,54 is € 34,11 in plaats van € 25,00: € 9,11 meer.",
        ),
        (
            "Il 20 febbraio sono state aggiunte due licenze: 20,54 € per 23 di 28 giorni.",
            "Dal 15 marzo sono addebitate 12 licenze invece di 10: 25,00 € in più.",
            "L’IVA al 20% su 170,54 € è 34,11 € invece di 25,00 €: 9,11 € in più.",
        ),
        more='tax: {rate: "20"}',
    ),
    # 125.00 × 257/280 = 114.73 (114.732…) stay, 10.27 come back; then 112.50 instead of 125.00.
    "one licence removed": Case(
        f"{TEN}- {{at: 2026-02-20, licences: 9, of: business}}\n- {{at: 2026-03-15, assign: 1, of: business}}",
        3,
        (
            "One licence was removed on 20 February: €10.27 back for 23 of 28 days.",
            "From 15 March, 9 licences are charged instead of 10: €12.50 less.",
        ),
        (
            "Op 20 februari is één licentie verwijderd: € 10,27 terug voor 23 van 28 dagen.",
            "Vanaf 15 maart worden 9 licenties in rekening gebracht in plaats van 10: € 12,50 minder.",
        ),
        (
            "Il 20 febbraio è stata rimossa una licenza: 10,27 € restituiti per 23 di 28 giorni.",
            "Dal 15 marzo sono addebitate 9 licenze invece di 10: 12,50 € in meno.",
        ),
    ),
    # 30.00 × 10/31 = 9.68 (9.677…) stay, 20.32 come back; 60.00 × 21/31 = 40.65 (40.645…); then 60.00, not 30.00.
    "a dearer plan": Case(
        """
        - {at: 2026-01-15, subscribe: basic, licences: 3, as: a}
        - {at: 2026-01-25, change_plan: premium, of: a}
        - {at: 2026-02-15, assign: 1, of: a}
        """,
        2,
        (
            (
                "The plan was changed on 25 January: €20.32 back for 21 of 31 days and €40.65 for 21 of 31 days, "
                "€20.33 in all."
            ),
            "The plan is premium now instead of basic: €30.00 more.",
        ),
        (
            (
                "Op 25 januari is het plan gewijzigd: € 20,32 terug voor 21 van 31 dagen en € 40,65 voor 21 van 31 "
                "dagen, samen € 20,33."
            ),
            "Het plan is nu premium in plaats van basic: € 30,00 meer.",
        ),
        (
            (
                "Il 25 gennaio è stato cambiato il piano: 20,32 € restituiti per 21 di 31 giorni e 40,65 € per 21 di "
                "31 giorni, 20,33 € in tutto."
            ),
            "Il piano ora è premium invece di basic: 30,00 € in più.",
        ),
        more=TWO_PLANS,
    ),
    # 16 January and 30 days of notice are 15 February: 135.00 instead of 125.00.
    "a new price": Case(
        f'{TEN}- {{at: 2026-01-16, price: "13.50", plan: business}}\n- {{at: 2026-02-15, assign: 1, of: business}}',
        2,
        ("The price is €13.50 now instead of €12.50: €10.00 more.",),
        ("De prijs is nu € 13,50 in plaats van € 12,50: € 10,00 meer.",),
        ("Il prezzo ora è 13,50 € invece di 12,50 €: 10,00 € in più.",),
    ),
    # 10 × 12.50 = 125.00, for 28 days as for 31; the setup of 599.95 was charged with the first bill.
    "a setup that is over": Case(
        f"{TEN}- {{at: 2026-02-15, assign: 1, of: business}}",
        2,
        (
            "10 licences cost €125.00, as before: a whole period of 28 days costs as much as one of 31.",
            "Setup: that was on the last bill only, so €599.95 less now.",
        ),
        (
            "10 licenties kosten € 125,00, net als eerst: een hele periode van 28 dagen kost evenveel als een van 31.",
            "Instapkosten: dat stond alleen op de vorige factuur, dus nu € 599,95 minder.",
        ),
        (
            "10 licenze costano 125,00 €, come prima: un periodo intero di 28 giorni costa quanto uno di 31.",
            "Attivazione: era solo sulla fattura precedente, quindi ora 599,95 € in meno.",
        ),
        more='plans: {business: {price: "12.50", every: month, setup: "599.95"}}',
    ),
    "the first bill, with its setup": Case(
        "- {at: 2026-01-15, subscribe: business, licences: 1}",
        1,
        (
            "The setup is charged once, on 15 January: €599.95.",
            "The subscription was bought on 15 January: 1 licence, €12.50 for 31 of 31 days.",
        ),
        (
            "De instapkosten worden eenmalig in rekening gebracht, op 15 januari: € 599,95.",
            "Het abonnement is op 15 januari gekocht: 1 licentie, € 12,50 voor 31 van 31 dagen.",
        ),
        (
            "L’attivazione è addebitata una sola volta, il 15 gennaio: 599,95 €.",
            "L’abbonamento è stato acquistato il 15 gennaio: 1 licenza, 12,50 € per 31 di 31 giorni.",
        ),
        more='plans: {business: {price: "12.50", every: month, setup: "599.95"}}',
    ),
    # 10% of 125.00 was 12.50.
    "a discount that is over": Case(
        f"""{TEN}- {{at: 2026-01-15, discount: {{percent: "10", for: 1 month}}, of: business}}
- {{at: 2026-02-15, assign: 1, of: business}}""",
        2,
        (
            "10 licences cost €125.00, as before: a whole period of 28 days costs as much as one of 31.",
            "The discount given on 15 January is not on this bill: €12.50 more.",
        ),
        (
            "10 licenties kosten € 125,00, net als eerst: een hele periode van 28 dagen kost evenveel als een van 31.",
            "De korting van 15 januari staat niet op deze factuur: € 12,50 meer.",
        ),
        (
            "10 licenze costano 125,00 €, come prima: un periodo intero di 28 giorni costa quanto uno di 31.",
            "Lo sconto concesso il 15 gennaio non è su questa fattura: 12,50 € in più.",
        ),
    ),
    # 600.00 × 76/365 = 124.93 (124.931…) stay, 475.07 come back for 289 days.
    "a year is paused": Case(
        "- {at: 2026-01-15, subscribe: business, licences: 5}\n- {at: 2026-04-01, pause: business}",
        2,
        (
            "The subscription was paused on 1 April: €475.07 back for 289 of 365 days.",
            "The subscription was paused on 1 April, so no whole period is charged: €600.00 less.",
        ),
        (
            "Het abonnement is op 1 april gepauzeerd: € 475,07 terug voor 289 van 365 dagen.",
            (
                "Het abonnement is op 1 april gepauzeerd, dus er wordt geen hele periode in rekening gebracht: "
                "€ 600,00 minder."
            ),
        ),
        (
            "L’abbonamento è stato messo in pausa il 1 aprile: 475,07 € restituiti per 289 di 365 giorni.",
            (
                "L’abbonamento è stato messo in pausa il 1 aprile, quindi non è addebitato un periodo intero: "
                "600,00 € in meno."
            ),
        ),
        more=YEAR,
    ),
    # 600.00 × 228/365 = 374.79 (374.794…).
    "a year is resumed": Case(
        """
        - {at: 2026-01-15, subscribe: business, licences: 5}
        - {at: 2026-04-01, pause: business}
        - {at: 2026-06-01, resume: business}
        """,
        3,
        (
            "The subscription was resumed on 1 June: €374.79 for 228 of 365 days.",
            "The subscription was paused on 1 April, so no whole period is charged: €600.00 less.",
        ),
        (
            "Het abonnement is op 1 juni hervat: € 374,79 voor 228 van 365 dagen.",
            (
                "Het abonnement is op 1 april gepauzeerd, dus er wordt geen hele periode in rekening gebracht: "
                "€ 600,00 minder."
            ),
        ),
        (
            "L’abbonamento è ripreso il 1 giugno: 374,79 € per 228 di 365 giorni.",
            (
                "L’abbonamento è stato messo in pausa il 1 aprile, quindi non è addebitato un periodo intero: "
                "600,00 € in meno."
            ),
        ),
        more=YEAR,
    ),
    "a trial is paid for": Case(
        "- {at: 2026-01-15, subscribe: business, licences: 10}\n- {at: 2026-02-14, assign: 1, of: business}",
        1,
        (
            (
                "The trial was over on 14 February; from then on the subscription is paid for: 10 licences, €125.00 "
                "for 28 of 28 days."
            ),
        ),
        (
            (
                "De proefperiode was op 14 februari voorbij; vanaf die dag is het een betaald abonnement: "
                "10 licenties, € 125,00 voor 28 van 28 dagen."
            ),
        ),
        (
            (
                "La prova è finita il 14 febbraio; da allora l’abbonamento è a pagamento: 10 licenze, 125,00 € per 28 "
                "di 28 giorni."
            ),
        ),
        more='plans: {business: {price: "12.50", every: month, trial: 30 days}}',
    ),
    # 125.00 × 17/31 = 68.55 (68.548…); a whole period is 56.45 more.
    "after a part of a period": Case(
        f"{TEN}- {{at: 2026-02-01, assign: 1, of: business}}",
        2,
        ("This bill charges 28 of 28 days of a period, the last one 17 of 31 days: €56.45 more.",),
        ("Deze factuur telt van een periode 28 van 28 dagen, de vorige 17 van 31 dagen: € 56,45 meer.",),
        ("Questa fattura conta 28 di 28 giorni di un periodo, la precedente 17 di 31 giorni: 56,45 € in più.",),
        more="terms: {preset: classic, anchor: calendar}",
    ),
    # Five cost 50.00, eight 64.00. 50.00 × 50/155 = 16.13 (16.129…) stay, 33.87 come back; 64.00 × 21/31 = 43.35.
    "licences that reach another step": Case(
        """
        - {at: 2026-01-15, subscribe: business, licences: 5}
        - {at: 2026-01-25, licences: 8, of: business}
        - {at: 2026-02-15, assign: 1, of: business}
        """,
        2,
        (
            (
                "Three licences were added on 25 January: €33.87 back for 21 of 31 days and €43.35 for 21 of 31 days, "
                "€9.48 in all."
            ),
            "From 15 February, 8 licences are charged instead of 5: €14.00 more.",
        ),
        (
            (
                "Op 25 januari zijn drie licenties toegevoegd: € 33,87 terug voor 21 van 31 dagen en € 43,35 voor 21 "
                "van 31 dagen, samen € 9,48."
            ),
            "Vanaf 15 februari worden 8 licenties in rekening gebracht in plaats van 5: € 14,00 meer.",
        ),
        (
            (
                "Il 25 gennaio sono state aggiunte tre licenze: 33,87 € restituiti per 21 di 31 giorni e 43,35 € per "
                "21 di 31 giorni, 9,48 € in tutto."
            ),
            "Dal 15 febbraio sono addebitate 8 licenze invece di 5: 14,00 € in più.",
        ),
        more=TIERS,
    ),
    # 20.00 net of the line; its period of 125.00 was billed and is not billed again.
    "goodwill on a line": Case(
        f'{TEN}- {{at: 2026-01-20, credit: "20.00", of_document: 1, line: 1}}',
        2,
        (
            "Goodwill was given on 20 January: €20.00 back.",
            "The period at hand was billed before and is not billed again: €125.00 less.",
        ),
        (
            "Op 20 januari is er coulance verleend: € 20,00 terug.",
            "De lopende periode is al eerder gefactureerd en wordt niet nog eens gefactureerd: € 125,00 minder.",
        ),
        (
            "Il 20 gennaio è stato concesso un credito di cortesia: 20,00 € restituiti.",
            "Il periodo in corso è già stato fatturato e non viene fatturato di nuovo: 125,00 € in meno.",
        ),
    ),
    # Two subscriptions are told by name.
    "one of two grows": Case(
        """
        - {at: 2026-01-15, subscribe: business, licences: 10, as: a}
        - {at: 2026-01-15, subscribe: business, licences: 2, as: b}
        - {at: 2026-02-15, licences: 3, of: b}
        """,
        2,
        (
            "a: 10 licences cost €125.00, as before: a whole period of 28 days costs as much as one of 31.",
            "b: From 15 February, 3 licences are charged instead of 2: €12.50 more.",
        ),
        (
            (
                "a: 10 licenties kosten € 125,00, net als eerst: een hele periode van 28 dagen kost evenveel als een "
                "van 31."
            ),
            "b: Vanaf 15 februari worden 3 licenties in rekening gebracht in plaats van 2: € 12,50 meer.",
        ),
        (
            "a: 10 licenze costano 125,00 €, come prima: un periodo intero di 28 giorni costa quanto uno di 31.",
            "b: Dal 15 febbraio sono addebitate 3 licenze invece di 2: 12,50 € in più.",
        ),
    ),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", CASES)
def test_a_bill_says_why_it_is_different(name: str, language: Language):
    case = CASES[name]
    assert said(case, language) == {Language.EN: case.en, Language.NL: case.nl, Language.IT: case.it}[language]


@pytest.mark.parametrize(
    ("place", "language", "expected"),
    [
        (1, Language.EN, "This is the first bill: everything on it is new."),
        (2, Language.EN, "It comes to €125.00, as 2026-000001 of 15 January did."),
        (3, Language.EN, "It comes to -€43.75; 2026-000002 of 15 February came to €125.00. That is €168.75 less."),
        (
            3,
            Language.NL,
            "Het totaal is € -43,75; dat van 2026-000002 van 15 februari was € 125,00. Dat is € 168,75 minder.",
        ),
        (
            3,
            Language.IT,
            "Il totale è -43,75 €; quello di 2026-000002 del 15 febbraio era 125,00 €. Sono 168,75 € in meno.",
        ),
    ],
)
def test_it_says_how_much_in_all(place: int, language: Language, expected: str):
    played = told(CASES["licences added, then the end"].events)
    documents = [issued.document for issued in played.documents]
    document = documents[place - 1]
    past = past_of(document, documents)
    number = played.documents[past.before.id - 1].number if past.before else None
    explained = explain(document, past)
    assert plain(summary(document, explained, w=wording_for(language), number=number)) == expected
