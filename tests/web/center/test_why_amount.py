"""Before a change: why the bill that is shown comes to what it does, in the sentences of the document's own page."""

import re
from collections.abc import Iterator

import httpx
import pytest

from support.databases import Database
from web.center.bills_ground import Shop, in_march, open_shop
from web.center.lives_ground import PAGE, confirmed, ten_since_january
from web.center.reading import words

LANGUAGES = ["en", "nl", "it"]


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def said(answer: httpx.Response) -> str:
    return words(answer).replace("\u00a0", " ")


def numbers(browser: httpx.Client) -> list[str]:
    """The numbers of the account's documents, the newest first."""
    return list(dict.fromkeys(re.findall(r'href="/bills/(C?2026-\d+)"', browser.get("/bills").text)))


# 20 January to 14 February are 26 of 31 days: 2 × 12.50 × 26/31 = 20.97 (20.967…); then 150.00 instead of 125.00.
# 20.97 + 150.00 = 170.97, which is 20.97 + 25.00 = 45.97 more than the 125.00 of January.
LICENCES = {
    "en": (
        "Two licences were added on 20 January: €20.97 for 26 of 31 days.",
        "From 15 February, 12 licences are charged instead of 10: €25.00 more.",
    ),
    "nl": (
        "Op 20 januari zijn twee licenties toegevoegd: € 20,97 voor 26 van 31 dagen.",
        "Vanaf 15 februari worden 12 licenties in rekening gebracht in plaats van 10: € 25,00 meer.",
    ),
    "it": (
        "Il 20 gennaio sono state aggiunte due licenze: 20,97 € per 26 di 31 giorni.",
        "Dal 15 febbraio sono addebitate 12 licenze invece di 10: 25,00 € in più.",
    ),
}
IN_ALL = {
    "en": "Why this amount? Show the reasons It comes to €170.97; {bill} of 15 January came to €125.00. "
    "That is €45.97 more.",
    "nl": "Waarom dit bedrag? Redenen tonen Het totaal is € 170,97; dat van {bill} van 15 januari was € 125,00. "
    "Dat is € 45,97 meer.",
    "it": "Perché questo importo? Mostra i motivi Il totale è 170,97 €; quello di {bill} del 15 gennaio era 125,00 €. "
    "Sono 45,97 € in più.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_says_why_the_next_bill_comes_to_what_it_does_and_so_does_the_bill(shop: Shop, language: str) -> None:
    account = ten_since_january(shop)
    with shop.visitor(account, language=language) as browser:
        (first,) = numbers(browser)
        shown = browser.get(f"{PAGE}/licences?licences=12")
        assert f"{IN_ALL[language].format(bill=first)} {' '.join(LICENCES[language])}" in said(shown)
        assert confirmed(browser, shown).status_code == 303
        account.until("2026-02-15")
        second, _ = numbers(browser)
        assert " ".join(LICENCES[language]) in said(browser.get(f"/bills/{second}"))


# The arithmetic of these figures stands with `in_march`: −43.75 − 125.00 = −168.75.
ENDED = {
    "en": (
        (
            "Why this amount? Show the reasons It comes to \u2212€43.75; {bill} of 15 February came to €125.00. "
            "That is €168.75 less."
        ),
        "The subscription ended on 3 March: €53.57 back for 12 of 28 days.",
        "Two licences were added on 20 February: €9.82 for 11 of 28 days.",
        "The subscription ended on 3 March, so no further period is charged: €125.00 less.",
    ),
    "nl": (
        (
            "Waarom dit bedrag? Redenen tonen Het totaal is € \u221243,75; dat van {bill} van 15 februari was "
            "€ 125,00. Dat is € 168,75 minder."
        ),
        "Het abonnement is op 3 maart geëindigd: € 53,57 terug voor 12 van 28 dagen.",
        "Op 20 februari zijn twee licenties toegevoegd: € 9,82 voor 11 van 28 dagen.",
        "Het abonnement is op 3 maart geëindigd, dus er wordt geen periode meer in rekening gebracht: € 125,00 minder.",
    ),
    "it": (
        (
            "Perché questo importo? Mostra i motivi Il totale è \u221243,75 €; quello di {bill} del 15 febbraio era "
            "125,00 €. Sono 168,75 € in meno."
        ),
        "L’abbonamento è terminato il 3 marzo: 53,57 € restituiti per 12 di 28 giorni.",
        "Il 20 febbraio sono state aggiunte due licenze: 9,82 € per 11 di 28 giorni.",
        "L’abbonamento è terminato il 3 marzo, quindi non sono addebitati altri periodi: 125,00 € in meno.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cancellation_says_why_the_final_document_comes_to_what_it_does(shop: Shop, language: str) -> None:
    with shop.visitor(in_march(shop), language=language) as browser:
        bill, _ = numbers(browser)
        shown = said(browser.get(f"{PAGE}/cancel"))
    assert " ".join(ENDED[language]).format(bill=bill) in shown


# 15 to 31 March are 17 of 31 days: 125.00 × 17/31 = 68.55 (68.548…), 56.45 less than the bill of 15 February, to come.
TO_COME = {
    "en": (
        "It comes to €68.55; the bill of 15 February will come to €125.00. That is €56.45 less. "
        "This bill charges 17 of 31 days of a period, the last one 28 of 28 days: €56.45 less."
    ),
    "nl": (
        "Het totaal is € 68,55; dat van de factuur van 15 februari wordt € 125,00. Dat is € 56,45 minder. "
        "Deze factuur telt van een periode 17 van 31 dagen, de vorige 28 van 28 dagen: € 56,45 minder."
    ),
    "it": (
        "Il totale è 68,55 €; quello della fattura del 15 febbraio sarà 125,00 €. Sono 56,45 € in meno. "
        "Questa fattura conta 17 di 31 giorni di un periodo, la precedente 28 di 28 giorni: 56,45 € in meno."
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bill_that_is_far_off_is_compared_with_one_that_has_no_number_yet(shop: Shop, language: str) -> None:
    with shop.visitor(ten_since_january(shop), language=language) as browser:
        shown = said(browser.get(f"{PAGE}/cancel?when=date&end=2026-04-01"))
    assert TO_COME[language] in shown


def test_the_first_purchase_says_that_all_of_its_bill_is_new(shop: Shop) -> None:
    with shop.visitor(shop.account(on="2026-01-15")) as browser:
        shown = said(browser.get(f"/buy/{shop.plan}?licences=10"))
    assert "Why this amount? Show the reasons This is the first bill: everything on it is new." in shown
    assert "The subscription was bought on 15 January: 10 licences, €125.00 for 31 of 31 days." in shown


def test_where_no_bill_is_another_one_there_is_nothing_to_explain(shop: Shop) -> None:
    with shop.visitor(ten_since_january(shop)) as browser:
        shown = said(browser.get(f"{PAGE}/cancel?when=date&end=2026-02-15"))
    assert "Cancel on 15 February 2026" in shown
    assert "Why this amount?" not in shown
