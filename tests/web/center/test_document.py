"""A document over HTTP: its face, the sentence behind each line, its statement, and what has become of it."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import httpx
import pytest

from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.resume_subscription import ResumeSubscription
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, in_march, open_shop
from web.center.reading import field, words

CANCEL = f"/products/{NAME}/cancel"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def numbers(browser: httpx.Client) -> list[str]:
    """The documents of the account, newest first."""
    return re.findall(r'<th[^>]*><a href="/bills/([^"]+)"', browser.get("/bills").text)


@contextmanager
def cancelled(shop: Shop, account: Account, *, language: str = "en") -> Generator[httpx.Client]:
    with shop.visitor(account, language=language) as browser:
        shown = browser.get(CANCEL)
        browser.post(CANCEL, data={"when": "now", "seen": field(shown, "seen")})
        yield browser


FINAL = {
    "en": (
        "Credit note",
        "3 March to 14 March 2026: €125.00 for 280 licence-days, 160 kept = €71.43, so €53.57 back",
        "2 licences × €12.50, 20 February to 2 March 2026 (11 of 28 days)",
        "Open before €125.00 Credited now \u2212€43.75 Still to pay €81.25",
    ),
    "nl": (
        "Creditnota",
        "14 maart 2026: € 125,00 voor 280 licentiedagen, 160 behouden = € 71,43, dus € 53,57 terug",
        "2 licenties × € 12,50, 20 februari tot en met 2 maart 2026 (11 van 28 dagen)",
        "Eerder openstaand € 125,00 Nu gecrediteerd € \u221243,75 Nog te betalen € 81,25",
    ),
    "it": (
        "Nota di credito",
        "125,00 € per 280 giorni di licenza, 160 mantenuti = 71,43 €, quindi 53,57 € di credito",
        "2 licenze × 12,50 €",
        "Da pagare in precedenza 125,00 € Accreditato ora \u221243,75 € Ancora da pagare 81,25 €",
    ),
}


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_the_final_document_says_where_each_amount_comes_from(shop: Shop, language: str) -> None:
    with cancelled(shop, in_march(shop), language=language) as browser:
        said = words(browser.get(f"/bills/{numbers(browser)[0]}")).replace("\u00a0", " ")
    assert [text for text in FINAL[language] if text not in said] == []


def test_the_final_document_explains_why_it_is_there(shop: Shop) -> None:
    with cancelled(shop, in_march(shop)) as browser:
        final, bill, _ = numbers(browser)
        answer = browser.get(f"/bills/{final}")
        said = words(answer)
    assert "After a cancellation there is one more document, and this is it" in said
    assert "Here that is €9.82 not billed before, less €53.57 of credit, which makes \u2212€43.75." in said
    assert "They are not repeated here, since an amount is billed only once." in said
    # 125.00 × 160/280 is 71.43; 25.00 × 11/28 is 9.82.
    assert "€125.00 × 160/280 \u2212 €125.00 = \u2212€53.57" in said
    assert "€12.50 × 2 × 11/28 = €9.82" in said
    assert f'href="/bills/{bill}#line-1"' in answer.text
    assert f"Taken from {bill}: 10 licences, 15 February to 14 March 2026, €125.00" in said
    assert f"Settles another bill 3 March 2026 {bill} €43.75 Open now €0.00" in said


DIFFERENT = {
    "en": (
        "Why is this bill different from the last one?",
        "It comes to \u2212€43.75; {bill} of 15 February came to €125.00. That is €168.75 less.",
        "The subscription ended on 3 March: €53.57 back for 12 of 28 days.",
        "Two licences were added on 20 February: €9.82 for 11 of 28 days.",
        "The subscription ended on 3 March, so no further period is charged: €125.00 less.",
    ),
    "nl": (
        "Waarom is deze factuur anders dan de vorige?",
        "Op 20 februari zijn twee licenties toegevoegd: € 9,82 voor 11 van 28 dagen.",
    ),
    "it": (
        "Perché questa fattura è diversa dalla precedente?",
        "Il 20 febbraio sono state aggiunte due licenze: 9,82 € per 11 di 28 giorni.",
    ),
}


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_a_document_says_why_it_is_different_from_the_last_one(shop: Shop, language: str) -> None:
    with cancelled(shop, in_march(shop), language=language) as browser:
        final, bill, _ = numbers(browser)
        said = words(browser.get(f"/bills/{final}")).replace("\u00a0", " ")
    assert [text for text in DIFFERENT[language] if text.format(bill=bill) not in said] == []


def test_the_first_bill_says_that_everything_is_new(shop: Shop) -> None:
    with cancelled(shop, in_march(shop)) as browser:
        *_, first = numbers(browser)
        said = words(browser.get(f"/bills/{first}"))
    assert "This is the first bill: everything on it is new." in said
    assert "The subscription was bought on 15 January: 10 licences, €125.00 for 31 of 31 days." in said


def test_an_open_bill_says_how_much_and_until_when_and_what_was_credited(shop: Shop) -> None:
    with cancelled(shop, in_march(shop)) as browser:
        final, bill, _ = numbers(browser)
        answer = browser.get(f"/bills/{bill}")
    said = words(answer)
    assert "€81.25 is still to be paid, by 17 March 2026." in said
    assert "To pay by 17 March 2026 €81.25 After €43.75 of credit" in said
    assert f"Settled by a credit note 3 March 2026 {final} \u2212€43.75 Open now €81.25" in said
    assert 'id="line-1"' in answer.text
    assert f'href="/bills/{bill}/pay"' in answer.text
    assert "Test document, not a demand for payment" in said


def test_what_was_paid_beside_a_credit_stands_on_its_face(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    account.until("2026-01-20")
    account.act(PauseSubscription(NAME))
    account.until("2026-02-15")
    account.act(ResumeSubscription(NAME))
    with shop.visitor(account) as browser:
        said = words(browser.get(f"/bills/{numbers(browser)[0]}"))
    # 125.00 × 26/31 = 104.84 came back for the pause; of the 125.00 from 15 February on 20.16 was left to pay.
    assert "€20.16 was paid and €104.84 came from credit." in said
    assert "Paid €20.16 After €104.84 of credit" in said


def test_a_bill_with_tax_shows_it_by_its_rate(shop: Shop) -> None:
    account = shop.account(on="2026-01-15", tax=21)
    account.buy(10)
    with shop.visitor(account) as browser:
        (bill,) = numbers(browser)
        said = words(browser.get(f"/bills/{bill}"))
    # 21% of 125.00 is 26.25; 151.25 in all, paid at once.
    assert "Net €125.00 Tax 21% €26.25 Total €151.25" in said
    assert "€151.25 was paid. Nothing is open." in said
    assert "Paid by the saved method 15 January 2026 – \u2212€151.25 Open now €0.00" in said


def test_money_that_goes_back_is_named_on_the_document(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    with cancelled(shop, account) as browser:
        final, bill = numbers(browser)
        said = words(browser.get(f"/bills/{final}"))
    # Cancelled on the day it was bought: all of 125.00 goes back.
    assert "Open before €0.00 Credited now \u2212€125.00 Paid back €125.00 Still to pay €0.00" in said
    assert f"Paid back to the saved method 15 January 2026 {bill} €125.00" in said
    assert "€125.00 goes back to the method that paid." in said


@pytest.mark.parametrize("number", ["2026-999999", "C2026-999999", "x", "%00", "1' or '1'='1", "x" * 500])
def test_a_document_that_there_is_not_is_not_found(shop: Shop, number: str) -> None:
    with shop.visitor(in_march(shop)) as browser:
        assert browser.get(f"/bills/{number}").status_code == 404
        assert browser.get(f"/bills/{number}/pay").status_code == 404


def test_another_accounts_document_is_not_found(shop: Shop) -> None:
    with shop.visitor(in_march(shop)) as owner:
        (bill, _) = numbers(owner)
    with shop.visitor(shop.account(on="2026-01-15", name="Officina Rossi S.r.l.")) as stranger:
        answer = stranger.get(f"/bills/{bill}")
        assert answer.status_code == 404
        assert "125.00" not in answer.text
        assert stranger.get(f"/bills/{bill}/pay").status_code == 404
        assert stranger.post(f"/bills/{bill}/pay", data={"pay": "125.00", "seen": "x"}).status_code == 404
