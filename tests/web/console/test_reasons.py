"""Why people cancel, as the vendor's people read it."""

from prorata.usecases.cancel_subscription import CancelSubscription
from web.center.bills_ground import NAME, Shop
from web.center.reading import words
from web.console.ground import console


def test_it_begins_empty_and_then_counts_with_shares_and_words(shop: Shop) -> None:
    with console(shop) as browser:
        assert "Nobody has cancelled" in words(browser.get("/console/reasons"))
        for reason, said in (("missing", "No calendar <b>"), ("missing", ""), ("", "")):
            account = shop.account(on="2026-01-15")
            account.buy(1)
            account.act(CancelSubscription(NAME, "now", reason=reason, words=said))
        page = browser.get("/console/reasons")
        # Two of three are 66.67%, one 33.33%.
        assert "3 cancellations in the last twelve months" in words(page)
        assert "Something is missing in it 2 67%" in words(page)
        assert "No reason given 1 33%" in words(page)
        assert "No calendar <b>" in words(page)
        assert "<b>" not in page.text
        for language, title in (("nl", "Waarom mensen opzeggen"), ("it", "Perché si annulla")):
            with console(shop, language=language) as other:
                assert title in words(other.get("/console/reasons"))


def test_a_customer_reads_none_of_it(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    with shop.visitor(account) as browser:
        assert browser.get("/console/reasons").status_code == 403
