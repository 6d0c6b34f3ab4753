"""Switching the renewal off and on: what happens on which day is shown first, and can be taken back until the end."""

from collections.abc import Iterator

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.money import unit_price
from prorata.store import subscriptions
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_plan import ChangePlan
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import EUR, NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, confirmed, ten_since_january, with_trial
from web.center.reading import field, words
from web.center.test_change_plan import sell

RENEWAL = f"{PAGE}/renewal"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    return ten_since_january(shop)


def test_switching_it_off_names_each_day_that_counts(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(RENEWAL))
    # The period ends with 14 February. 30 days from the 15th: 14 of February, 16 of March. 90 days from 17 March: 15 of
    # March, 30 of April, 31 of May, 14 of June.
    assert "The renewal is on: the subscription goes on by itself, next on 15 February 2026." in said
    assert "Until 14 February 2026 everything stays as it is, and nothing is credited." in said
    assert "On 15 February 2026 it expires. Members can use it for 30 more days, up to and including 16 March" in said
    assert "It can be switched on again until 14 February 2026; after that it can be reactivated until 14 June" in said
    assert "The bill of 15 February 2026 for €125.00 does not come." in said
    assert "17 March 2026 in 56 days Members lose access" in said
    assert "15 June 2026 in 146 days The data is deleted" in said
    # 12 × 125.00
    assert "In the next twelve months no bill comes. Without the change there would be 12, €1,500.00 in all." in said


def test_the_next_renewal_is_named_also_where_a_bill_comes_before_it(shop: Shop, account: Account) -> None:
    yearly = sell(shop, Plan("business-yearly", every("year"), Price(1, unit_price("120.00", EUR))))
    account.act(ChangePlan(NAME, yearly))
    with shop.visitor(account) as browser:
        assert "Active. Next bill on 19 February 2026." in words(browser.get(PAGE))
        said = words(browser.get(RENEWAL))
    assert "The renewal is on: the subscription goes on by itself, next on 15 January 2027." in said


def test_while_a_bill_is_past_due_it_says_what_happens_before_the_end(shop: Shop, account: Account) -> None:
    account.pays_by("none")
    account.until("2026-04-10")
    with shop.visitor(account) as browser:
        soon = words(browser.get(RENEWAL))
        account.until("2026-04-15")
        shown = browser.get(RENEWAL)
    # The bill of 15 February is due on 17 March; 30 days of grace are over on 16 April, after the end on 15 April.
    assert "On 15 April 2026 it expires." in soon
    assert "past due. If" not in soon
    # The next end is 15 May: 16 April comes before it.
    assert "A bill is past due. If it is not paid before 16 April 2026, the subscription is disabled" in words(shown)
    assert "16 April 2026 tomorrow Members lose access Unless what is past due is paid before." in words(shown)


def test_a_cancellation_for_the_end_of_the_period_says_that_access_ends_before_if_nobody_pays(
    shop: Shop, account: Account
) -> None:
    account.pays_by("none")
    account.until("2026-04-15")
    # As above: the period ends with 14 May, and 30 days of grace for the bill of 15 February are over on 16 April.
    unpaid = "A bill is past due. If it is not paid before 16 April 2026, the subscription is disabled on that day."
    with shop.visitor(account) as browser:
        shown = words(browser.get(f"{PAGE}/cancel", params={"when": "period_end"}))
        now = words(browser.get(f"{PAGE}/cancel", params={"when": "now"}))
        account.act(CancelSubscription(NAME, "period_end"))
        cancelled = words(browser.get(f"{PAGE}/cancel"))
    assert f"Members keep access until then. {unpaid}" in shown
    assert f"Members keep access until 14 May 2026. {unpaid}" in shown
    assert "16 April 2026 tomorrow Members lose access Unless what is past due is paid before." in shown
    assert "Members lose access today. A bill" not in now
    assert f"Cancelled with effect from 15 May 2026. Members keep access until then. {unpaid}" in cancelled


def test_in_a_pause_nobody_is_said_to_have_access(shop: Shop, account: Account) -> None:
    account.act(PauseSubscription(NAME))
    with shop.visitor(account) as browser:
        said = words(browser.get(RENEWAL))
        # 15 February and 30 days: 14 of February, 16 of March.
        assert "On 15 February 2026 it expires, and on 17 March 2026 it is disabled." in said
        assert "It is paused: members have no access unless it is resumed." in said
        account.act(SetRenewal(NAME, renews=False))
        undo = words(browser.get(f"{PAGE}/undo"))
        assert "The subscription goes on after this period. It stays paused until it is resumed." in undo
        assert "15 February 2026 in 26 days It does not expire" in undo
        resume = words(browser.get(f"{PAGE}/resume"))
        assert "10 licences are charged from today up to the end on 15 February 2026." in resume
        coming = words(browser.get(PAGE))
        account.until("2026-02-20")
        page, again = words(browser.get(PAGE)), words(browser.get(f"{PAGE}/reactivate"))
        listed = words(browser.get("/products"))
        home = words(browser.get("/"))
    assert (
        "Expired on 15 February 2026, in a pause: members have no access. It is disabled on 17 March 2026, and the "
        "data is deleted on 15 June 2026." in page
    )
    assert "Members who hold a licence have access again from today on." in again
    assert "17 March 2026 is disabled" in listed
    assert "Kadans Team: the subscription ends" in home
    for text in (said, coming, page):
        assert "Members still have access" not in text
        assert "embers lose access" not in text


def test_off_and_on_again_leaves_it_as_it_was(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        done = confirmed(browser, browser.get(RENEWAL))
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?news=renewal_off")
        after = words(browser.get(done.headers["location"]))
        assert "The renewal is off. Until the end it can be switched on again." in after
        assert "Active, and its renewal is off: it expires on 15 February 2026. No further period is billed." in after
        assert "No bill comes in the next twelve months." in after

        shown = browser.get(RENEWAL)
        said = words(shown)
        assert "The renewal is off: the subscription expires on 15 February 2026." in said
        assert "It does not end on 15 February 2026: it goes on as before, 10 licences at €125.00 per month." in said
        assert "On 15 February 2026 a bill of €125.00 comes." in said
        assert confirmed(browser, shown).status_code == 303
        assert "Active. Next bill on 15 February 2026." in words(browser.get(PAGE))


def test_a_second_click_does_not_switch_it_back(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(RENEWAL)
        assert confirmed(browser, shown).status_code == 303
        again = browser.post(RENEWAL, data={"renews": "off", "seen": field(shown, "seen")})
        assert again.status_code == 422
        assert "The renewal of Kadans Team is off already: it ends on 15 February 2026." in words(again)
    with shop.services.database.account(account.id) as conn:
        ending = subscriptions.by_name(conn, account.id, name=NAME).ending
    assert ending is not None
    assert ending.why == "renewal_off"


def test_who_was_slower_sees_it_anew_and_nothing_has_happened(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(RENEWAL)
        account.change(12)
        late = confirmed(browser, shown)
        assert late.status_code == 409
        assert "This has changed since it was shown" in words(late)
        assert "renewal is off" not in words(browser.get(PAGE))
        assert confirmed(browser, late).status_code == 303


def test_what_is_cancelled_says_so_and_how_to_undo_that(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        shown = browser.get(RENEWAL)
        assert shown.status_code == 200
        assert "Kadans Team is cancelled already and ends on 15 February 2026. Undo that cancellation first." in words(
            shown
        )
        assert f'href="{PAGE}/undo">Undo what is planned</a>' in shown.text
        assert 'name="seen"' not in shown.text


def test_a_trial_offers_to_stop_its_conversion_instead(shop: Shop) -> None:
    trying = with_trial(shop)
    account = ten_since_january(trying)
    with shop.visitor(account) as browser:
        shown = browser.get(RENEWAL)
        assert "Kadans Team is in a trial, which does not renew: a change takes effect at once." in words(shown)
        assert f'href="{PAGE}/trial">See the trial</a>' in shown.text


def test_after_it_expired_the_dates_stand_on_its_page_and_it_can_be_reactivated(shop: Shop, account: Account) -> None:
    account.act(SetRenewal(NAME, renews=False))
    account.until("2026-02-20")
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
        assert "Expired on 15 February 2026. Members can still use it until 16 March 2026; then it is disabled." in said
        assert "The data is deleted on 15 June 2026." in said
        shown = browser.get(RENEWAL)
        assert "Kadans Team ended on 15 February 2026. Reactivate it to go on using it." in words(shown)
        assert f'href="{PAGE}/reactivate">Reactivate it</a>' in shown.text


def test_a_reader_sees_why_not_and_who_can(shop: Shop, account: Account) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=reader) as browser:
        shown = browser.get(RENEWAL)
        assert shown.status_code == 200
        assert "Your role (reader) does not allow this; owners and billing admins can do it." in words(shown)
        assert browser.post(RENEWAL, data={"renews": "off"}).status_code == 403
        assert browser.get("/products/nothing/renewal").status_code == 404


@pytest.mark.parametrize(
    ("language", "sentence", "button"),
    [
        ("en", "On 15 February 2026 it expires.", "Switch the renewal off"),
        ("nl", "Op 15 februari 2026 verloopt het.", "De verlenging uitzetten"),
        ("it", "Il 15 febbraio 2026 scade.", "Disattiva il rinnovo"),
    ],
)
def test_it_is_said_in_each_language(shop: Shop, account: Account, language: str, sentence: str, button: str) -> None:
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(RENEWAL))
    assert sentence in said
    assert button in said
