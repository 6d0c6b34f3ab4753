"""Paying over HTTP: what was reviewed is paid, once, and an amount that is not clear is asked for again."""

import re
from collections.abc import Iterator

import httpx
import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import text

from prorata.core.money import money
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.pay_document import PayDocument
from prorata.web.demo.choice import COOKIE
from support.databases import Database
from web.center.bills_ground import EUR, NAME, SECRET, Account, Shop, in_march, open_shop
from web.center.reading import field, words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """125.00 is open since 15 February, due on 17 March; it is 3 March."""
    return in_march(shop)


@pytest.fixture
def late(shop: Shop) -> Account:
    """It is 20 March: 125.00 is past due, and 170.54 of 15 March is open: 150.00, and 25.00 × 23/28 = 20.54."""
    found = in_march(shop)
    found.until("2026-03-20")
    return found


def open_bill(browser: httpx.Client) -> str:
    found = re.findall(r'href="(/bills/[^"]+/pay)"', browser.get("/bills").text)
    return found[-1]


def confirmed(browser: httpx.Client, shown: httpx.Response, path: str) -> httpx.Response:
    return browser.post(path, data={name: field(shown, name) for name in ("pay", "what", "seen")})


@pytest.mark.parametrize(
    ("language", "typed", "button", "paid"),
    [
        (
            "en",
            "75.00",
            "Pay €75.00",
            "€75.00 was paid on 3 March 2026 by the sandbox method. €50.00 is still to be paid.",
        ),
        (
            "nl",
            "75,00",
            "€ 75,00 betalen",
            "€ 75,00 is betaald op 3 maart 2026 via de testmethode. € 50,00 is nog te betalen.",
        ),
        (
            "it",
            "75,00",
            "Paga 75,00 €",
            "75,00 € pagati il 3 marzo 2026 tramite il metodo di prova. Restano da pagare 50,00 €.",
        ),
    ],
)
def test_a_part_is_paid_as_the_language_writes_it(
    shop: Shop, account: Account, language: str, typed: str, button: str, paid: str
) -> None:
    with shop.visitor(account, language=language) as browser:
        path = open_bill(browser)
        shown = browser.get(path, params={"amount": typed})
        assert button in words(shown).replace("\u00a0", " ")
        assert f'value="{typed}"' in shown.text
        done = confirmed(browser, shown, path)
        assert done.status_code == 303
        assert paid in words(browser.get(done.headers["location"])).replace("\u00a0", " ")


def test_without_an_amount_all_of_the_bill_is_paid(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        path = open_bill(browser)
        shown = browser.get(path)
        assert 'value="125.00"' in shown.text
        assert "Nothing stays open." in words(shown)
        done = confirmed(browser, shown, path)
        assert "Nothing is open." in words(browser.get(done.headers["location"]))
        assert "Nothing is open." in words(browser.get("/bills"))


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "75,00"),
        ("nl", "75.00"),
        ("it", "75.00"),
        ("nl", "1.234"),
        ("en", "1,234"),
        ("en", "7 5"),
        ("en", "-75.00"),
        ("en", "75.001"),
        ("en", "1e3"),
        ("en", "NaN"),
        ("en", "\u0667\u0665"),
        ("en", ""),
        ("en", "7" * 100),
    ],
)
def test_an_amount_that_is_not_clear_is_asked_for_again(
    shop: Shop, account: Account, language: str, typed: str
) -> None:
    example = {"en": "125.00.", "nl": "125,00.", "it": "125,00."}[language]
    with shop.visitor(account, language=language) as browser:
        path = open_bill(browser)
        shown = browser.get(path, params={"amount": typed})
        assert shown.status_code == 422
        assert example in words(shown)
        assert f'value="{typed}"' in shown.text
        assert 'name="seen"' not in shown.text
        assert browser.post(path, data={"pay": typed, "seen": "0" * 32}).status_code in {409, 422}
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("typed", ["125.01", "0", "0.00", "1,000,000.00"])
def test_more_than_is_open_or_nothing_is_refused(shop: Shop, account: Account, typed: str) -> None:
    with shop.visitor(account) as browser:
        path = open_bill(browser)
        shown = browser.get(path, params={"amount": typed})
        assert shown.status_code == 422
        assert "cannot be paid: €125.00 is open. Choose an amount above zero and up to that." in words(shown)
        answer = browser.post(path, data={"pay": typed.replace(",", ""), "seen": "0" * 32})
        assert answer.status_code == 422
        assert "cannot be paid: €125.00 is open." in words(answer)


def test_a_second_click_pays_nothing(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        path = open_bill(browser)
        shown = browser.get(path)
        assert confirmed(browser, shown, path).status_code == 303
        again = confirmed(browser, shown, path)
        assert again.status_code == 409
        assert "Nothing is open any more, so nothing was paid." in words(again)
        assert words(browser.get(path.removesuffix("/pay"))).count("Paid by the sandbox method") == 1


def test_a_second_click_on_a_part_shows_what_is_open_now(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        path = open_bill(browser)
        shown = browser.get(path, params={"amount": "50.00"})
        assert confirmed(browser, shown, path).status_code == 303
        again = confirmed(browser, shown, path)
        assert again.status_code == 409
        assert "€75.00 is still to be paid." in words(again)
        assert "€25.00 stays" in words(again)


def test_what_is_past_due_is_chosen_first(shop: Shop, late: Account) -> None:
    with shop.visitor(late) as browser:
        shown = browser.get("/bills/pay")
        assert re.search(r'value="past_due" checked', shown.text)
        assert "Pay €125.00" in words(shown)
        done = confirmed(browser, shown, "/bills/pay")
        said = words(browser.get(done.headers["location"]))
        assert "€125.00 was paid on 20 March 2026 by the sandbox method. €170.54 is still to be paid." in said


def test_the_whole_balance_is_settled_at_once(shop: Shop, late: Account) -> None:
    with shop.visitor(late) as browser:
        shown = browser.get("/bills/pay?what=all")
        assert "Pay €295.54" in words(shown)
        done = confirmed(browser, shown, "/bills/pay")
        said = words(browser.get(done.headers["location"]))
        assert "In all €295.54 €0.00" in said
        assert "Nothing is open." in said
        again = confirmed(browser, shown, "/bills/pay")
        assert again.status_code == 409
        assert "Nothing is open any more, so nothing was paid." in words(again)


def test_a_part_of_the_balance_pays_what_is_due_first(shop: Shop, late: Account) -> None:
    with shop.visitor(late) as browser:
        shown = browser.get("/bills/pay", params={"what": "part", "amount": "200.00"})
        said = words(shown)
        # 125.00 of the older one, and 75.00 of the newer: 170.54 − 75.00 = 95.54.
        assert "€125.00 is open, nothing stays €125.00" in said
        assert "€170.54 is open, €95.54 stays €75.00" in said
        assert confirmed(browser, shown, "/bills/pay").status_code == 303


def test_who_may_not_pay_reads_why_and_who_may(shop: Shop, account: Account) -> None:
    member = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account) as owner:
        path = open_bill(owner)
        shown = owner.get(path)
    with shop.visitor(account, member=member) as browser:
        assert browser.get(path).status_code == 200
        assert "owners, billing admins and invoice managers" in words(browser.get(path))
        refused = confirmed(browser, shown, path)
        assert refused.status_code == 403
        assert "owners, billing admins and invoice managers" in words(refused)


@pytest.mark.parametrize("query", ["", "?payment=x", "?payment=99", "?payment=-1", f"?payment={2**80}", "?payment=²"])
def test_payments_that_there_are_not_are_not_found(shop: Shop, account: Account, query: str) -> None:
    with shop.visitor(account) as browser:
        assert browser.get(f"/bills/paid{query}").status_code == 404


@pytest.fixture
def real(shop: Shop) -> Account:
    """An account in real time, which pays by transfer; 125.00 is open since today, 15 January."""
    found = shop.account(on="2026-01-15", mode="none")
    found.buy(10)
    with shop.services.database.owner() as conn:
        conn.execute(text("UPDATE accounts SET test = false, clock_at = NULL WHERE account_id = :id"), {"id": found.id})
    return found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Bills of this account are paid by transfer. What has arrived is entered by the vendor’s people.",
        ),
        (
            "nl",
            (
                "Facturen van dit account worden per overschrijving betaald. Wat is ontvangen, voeren medewerkers van "
                "de leverancier in."
            ),
        ),
        (
            "it",
            (
                "Le fatture di questo account si pagano con bonifico. Quanto è arrivato viene registrato dal personale "
                "del fornitore."
            ),
        ),
    ],
)
def test_a_real_account_cannot_say_itself_that_it_has_paid(shop: Shop, real: Account, language: str, said: str) -> None:
    with shop.visitor(real, language=language) as browser:
        bill = re.findall(r'href="(/bills/[0-9][^"]+)"', browser.get("/bills").text)[0]
        for path in ("/", "/bills", bill, f"{bill}/pay", "/bills/pay"):
            answer = browser.get(path)
            assert (answer.status_code, said in words(answer)) == (200, True), path
            assert 'id="confirm"' not in answer.text
        answer = browser.post("/bills/pay", data={"pay": "125.00", "what": "all", "seen": "0" * 32})
        assert (answer.status_code, said in words(answer)) == (422, True)
        assert "125" in words(browser.get("/bills?show=open"))


def test_the_vendors_people_enter_what_has_arrived_by_transfer(shop: Shop, real: Account) -> None:
    with shop.visitor(real) as browser:
        kept = URLSafeSerializer(SECRET, salt="person").dumps(["staff", 0, real.id, "Their bank says so"])
        browser.cookies.set(COOKIE, str(kept), domain="127.0.0.1")
        shown = browser.get("/bills/pay")
        assert "Enter only what has arrived by transfer: no money moves here." in words(shown)
        assert "sandbox" not in words(shown)
        done = confirmed(browser, shown, "/bills/pay")
        said = words(browser.get(done.headers["location"]))
        assert "€125.00 was paid on 15 January 2026 by bank transfer. Nothing is open." in said


@pytest.fixture
def unpaid(shop: Shop) -> Account:
    """Due on 17 March, + 30 days = 16 April: disabled. It is 20 April; past due are 125.00, and 170.54 of 15 March."""
    found = in_march(shop)
    found.until("2026-04-20")
    return found


def test_what_a_payment_brings_back_and_bills_is_shown_before(shop: Shop, unpaid: Account) -> None:
    with shop.visitor(unpaid) as browser:
        product = browser.get("/products/business")
        assert re.search(r'class="button button-primary"[^>]*href="/bills/pay"', product.text)
        assert "Pay what is past due, and it comes back at once." in words(product)
        shown = browser.get("/bills/pay")
        said = words(shown)
        assert "Pay €295.54" in said
        assert "Kadans Team is active again at once, and what is left of its period is billed." in said
        # 12 × 12.50 × 25/30 = 125.00
        assert "Today: Bill of 20 April 2026" in said
        assert "20 April to 14 May 2026 (25 of 30 days)" in said
        done = confirmed(browser, shown, "/bills/pay")
        said = words(browser.get(done.headers["location"]))
        # 5.00 of 15 April, of which 145.00 was credited, and the 125.00
        assert "€130.00 is still to be paid. Kadans Team is active again." in said


def test_a_part_brings_nothing_back(shop: Shop, unpaid: Account) -> None:
    with shop.visitor(unpaid) as browser:
        said = words(browser.get("/bills/pay", params={"what": "part", "amount": "295.53"}))
        assert "Pay €295.53" in said
        assert "active again" not in said


def test_what_was_paused_comes_back_paused(shop: Shop) -> None:
    account = in_march(shop)
    account.act(PauseSubscription(NAME))
    account.until("2026-04-20")
    with shop.visitor(account) as browser:
        assert "It is paused then as before, and nothing is charged" in words(
            browser.get("/products/business/reactivate")
        )
        shown = browser.get("/bills/pay?what=all")
        said = words(shown)
        assert "Kadans Team comes back paused, as it was: nothing is charged until it is resumed." in said
        assert "Today:" not in said
        done = confirmed(browser, shown, "/bills/pay")
        assert "Nothing is open." in words(browser.get(done.headers["location"]))
        assert "Paused since 3 March 2026" in words(browser.get("/products/business"))


def test_where_its_own_credit_paid_it_is_reactivated_by_hand(shop: Shop) -> None:
    account = in_march(shop)
    account.until("2026-04-15")
    # A cent of 15 February stays open, and the credit of the end pays it: 150.00 × 29/30 = 145.00.
    for document, paid in ((2, "124.99"), (3, "170.54"), (4, "150.00")):
        account.act(PayDocument(document, money(paid, EUR), "sandbox"))
    account.until("2026-04-20")
    with shop.visitor(account) as browser:
        product = browser.get("/products/business")
        assert "Nothing is past due any more, so it can be reactivated." in words(product)
        assert "comes back at once" not in words(product)
        assert re.search(r'class="button button-primary"[^>]*href="/products/business/reactivate"', product.text)
