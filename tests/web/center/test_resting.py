"""What a customer is told while the billing of a subscription rests, and what cancelling does then."""

from collections.abc import Iterator

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.money import unit_price
from prorata.core.planning import Parked
from prorata.store import parked
from support.databases import Database
from web.center.bills_ground import EUR, NAME, Account, Shop, open_shop
from web.center.reading import field, words
from web.center.test_change_plan import sell

TOLD = (
    "Billing is on hold Kadans Software B.V. is looking into something before this subscription is billed again. "
    "Nothing is lost and nothing is charged twice: what is due until then comes on a later bill. Cancelling still "
    "works; the final document follows then."
)


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def resting(shop: Shop) -> Account:
    """Ten licences since 15 January, all paid; it is 20 February, and since 15 February its billing rests."""
    account = shop.account(on="2026-01-15")
    account.buy(10)
    account.until("2026-02-14")
    with shop.services.database.account(account.id) as conn:
        at = shop.services.clock.now()
        why = Parked(1, "ledger_incomplete", {"subscription": NAME, "day": "2026-02-15"})
        parked.write(conn, account.id, parked=[why], as_of=at.date(), at=at, run_id=None)
    account.until("2026-02-20")
    return account


def test_home_says_it_once_and_names_the_subscription(shop: Shop) -> None:
    account = resting(shop)
    with shop.visitor(account) as browser:
        said = words(browser.get("/"))
    assert TOLD.replace("Billing is on hold", "Billing is on hold Kadans Team") in said
    assert "billing is on hold" in said
    assert "Every bill is paid. When the next one comes is not known while billing is on hold." in said


def test_the_subscription_says_it_and_promises_no_date_of_a_next_bill(shop: Shop) -> None:
    account = resting(shop)
    with shop.visitor(account) as browser:
        said = words(browser.get(f"/products/{NAME}"))
    assert "Active. Its billing is on hold." in said
    assert TOLD in said
    assert "ledger" not in said  # the reason is the vendor's affair
    assert "Next bill" not in said


def test_what_a_change_costs_is_not_foretold_and_nobody_says_that_no_bill_comes(shop: Shop) -> None:
    account = resting(shop)
    yearly = sell(shop, Plan("business-yearly", every("year"), Price(1, unit_price("120.00", EUR))))
    with shop.visitor(account) as browser:
        page = words(browser.get(f"/products/{NAME}"))
        shown = [words(browser.get(f"/products/{NAME}/{part}")) for part in (f"frequency?plan={yearly}", "renewal")]
    unknown = "Its billing is on hold: the bills of the next twelve months are known once it goes on."
    for said in (page, *shown):
        assert unknown in said
        assert "No bill comes" not in said
    for said in shown:
        assert "Its billing is on hold: what this changes comes on a later bill." in said
        assert "The next bills stay as they are." not in said


def test_cancelling_it_shows_the_dates_and_says_that_the_final_document_follows(shop: Shop) -> None:
    account = resting(shop)
    with shop.visitor(account) as browser:
        shown = browser.get(f"/products/{NAME}/cancel")
        said = words(shown)
        assert "the final document follows once that is settled, as of the day of the end." in said
        assert "no final document follows" not in said
        # 20 February and 90 days: 21 May.
        assert "20 February 2026 Members lose access" in said
        assert "21 May 2026" in said
        cancelled = browser.post(f"/products/{NAME}/cancel", data={"when": "now", "seen": field(shown, "seen")})
        done = words(browser.get(cancelled.headers["location"]))
        bills = words(browser.get("/bills"))
    assert "Members have no access from today on. The final document follows." in done
    assert "the final document follows once that is settled" in done
    assert "Final document" not in bills


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "De facturering is aangehouden Kadans Software B.V. zoekt iets uit voordat dit abonnement weer"),
        ("it", "La fatturazione è sospesa Kadans Software B.V. fa una verifica prima di riprendere a fatturare"),
    ],
)
def test_it_is_said_in_each_language(shop: Shop, language: str, told: str) -> None:
    account = resting(shop)
    with shop.visitor(account, language=language) as browser:
        assert told in words(browser.get(f"/products/{NAME}"))


def test_an_account_whose_billing_does_not_rest_hears_nothing_of_it(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    with shop.visitor(account) as browser:
        for path in ("/", "/products", f"/products/{NAME}", f"/products/{NAME}/cancel"):
            assert "on hold" not in words(browser.get(path))
