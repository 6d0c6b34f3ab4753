"""Another plan, another billing frequency: what is shown is what happens; what waits is seen, replaced and undone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.money import unit_price
from prorata.store import catalogue
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_plan import ChangePlan
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import EUR, NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, confirmed, ten_since_january, with_trial
from web.center.reading import field, words


@dataclass(frozen=True)
class Plans:
    """What else the shop sells: the same plan by the year (€120), a dearer one (€20) and a cheaper one (€8) a month."""

    yearly: int
    dearer: int
    cheaper: int


def sell(shop: Shop, plan: Plan) -> int:
    with shop.services.database.owner() as conn:
        row = conn.execute(text("SELECT product_id, agreement_id FROM plans WHERE id = :id"), {"id": shop.plan}).one()
        return catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=row.product_id,
            agreement_id=row.agreement_id,
            plans=[plan],
            valid_from=date(2020, 1, 1),
        )


def sell_more(shop: Shop) -> Plans:
    found = [
        sell(shop, Plan(code, every(length), Price(1, unit_price(price, EUR))))
        for code, length, price in (
            ("business-yearly", "year", "120.00"),
            ("enterprise", "month", "20.00"),
            ("basic", "month", "8.00"),
        )
    ]
    return Plans(*found)


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture(scope="module")
def plans(shop: Shop) -> Plans:
    return sell_more(shop)


@pytest.fixture
def account(shop: Shop) -> Account:
    return ten_since_january(shop)


def test_a_dearer_plan_is_shown_with_the_credit_of_the_old_one_and_so_the_bill_comes(
    shop: Shop, plans: Plans, account: Account
) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}/plan?plan={plans.dearer}")
        said = words(shown)
        # 20 January to 14 February are 26 of 31 days. Kept of 125.00: × 50/310 = 20.16, so 104.84 back.
        # New: 10 × 20.00 × 26/31 = 167.74; the next period 200.00; together 262.90.
        assert "From today it is Kadans Team Enterprise, billed monthly." in said
        assert "10 licences then cost €200.00 per month instead of €125.00 per month." in said
        assert "Renewals stay on the same days; the next one is on 15 February 2026." in said
        assert "The bill of 15 February 2026 comes to €262.90 instead of €125.00." in said
        assert "\u2212€104.84" in said
        assert "€167.74" in said
        assert "Change to Kadans Team Enterprise (next bill €262.90)" in said
        done = confirmed(browser, shown)
        assert done.headers["location"] == f"{PAGE}?news=plan"
        after = words(browser.get(PAGE))
        assert "History of the plan" in after
        assert "20 January 2026 €20.00 per licence per month change of plan an admin" in after
        account.until("2026-02-15")
        assert "€262.90" in words(browser.get("/bills"))


def test_from_monthly_to_yearly_the_first_year_ends_on_the_anniversary_of_the_first_start(
    shop: Shop, plans: Plans, account: Account
) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}/frequency")  # there is one other frequency: it is chosen
        said = words(shown)
        # 20 January 2026 to 14 January 2027 are 360 of 365 days: 10 × 120.00 × 360/365 = 1,183.56; less 104.84.
        # Changes wait for the next bill, at most 30 days; there is no bill on 15 February any more.
        assert "From today it is Kadans Team Business, billed yearly." in said
        assert "10 licences then cost €1,200.00 per year instead of €125.00 per month." in said
        assert "The next renewal is then on 15 January 2027 instead of 15 February 2026." in said
        assert "Nothing is billed today. On 19 February 2026 a bill of €1,078.72 comes." in said
        assert "The bill of 15 February 2026 for €125.00 does not come." in said
        assert "Be billed yearly (next bill €1,078.72)" in said
        assert confirmed(browser, shown).headers["location"] == f"{PAGE}?news=frequency"
        assert "Active. Next bill on 19 February 2026." in words(browser.get(PAGE))
        assert "19 February 2026 next bill" in words(browser.get("/products"))
        account.until("2026-02-19")
        assert "€1,078.72" in words(browser.get("/bills"))
    assert plans.yearly


def test_a_change_that_waits_comes_with_the_next_bill_of_another_subscription(shop: Shop, plans: Plans) -> None:
    account = shop.account(on="2026-01-05")
    account.act(BuySubscription(shop.plan, 1, name="other"))
    account.until("2026-01-15")
    account.act(BuySubscription(shop.plan, 10, name=NAME))
    account.until("2026-01-20")
    account.act(ChangePlan(NAME, plans.yearly))
    with shop.visitor(account) as browser:
        # Asked for on 20 January it waits for at most 30 days; the other one is billed on 5 February.
        assert "Active. Next bill on 5 February 2026." in words(browser.get(PAGE))
        account.until("2026-02-05")
        # 1 × 12.50; 1,183.56 less 104.84 for the ten.
        assert "€1,091.22" in words(browser.get("/bills"))
        assert "Plan changed Kadans Team (business), Kadans Team Business, yearly" in words(browser.get("/audit"))


def test_restarted_periods_begin_on_the_day_of_the_change(shop: Shop, plans: Plans, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}/frequency?plan={plans.yearly}&anchor=restart"))
    # A whole year from 20 January: 1,200.00; less 104.84.
    assert "The next renewal is then on 20 January 2027 instead of 15 February 2026." in said
    assert "It is billed with the daily run: €1,095.16, dated today." in said
    assert "Be billed yearly (€1,095.16 today)" in said


def test_a_change_at_the_renewal_waits_can_be_replaced_and_undone(shop: Shop, plans: Plans, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}/plan?plan={plans.dearer}&when=renewal&licences=12")
        said = words(shown)
        # 12 × 20.00 = 240.00 from the renewal on.
        assert "From 15 February 2026 on it is Kadans Team Enterprise, billed monthly. Until then nothing" in said
        assert "From 15 February 2026 on there are 12 licences." in said
        assert "The bill of 15 February 2026 comes to €240.00 instead of €125.00." in said
        assert "Change to Kadans Team Enterprise on 15 February 2026 (next bill €240.00)" in said
        assert confirmed(browser, shown).headers["location"] == f"{PAGE}?news=planned"

        page = words(browser.get(PAGE))
        assert "15 February 2026 (in 26 days) : Another plan" in page
        assert "Kadans Team Enterprise, €20.00 per licence per month." in page
        assert "15 February 2026 (in 26 days) : Change of licences" in page

        other = browser.get(f"{PAGE}/plan?plan={plans.cheaper}&when=renewal")
        assert "Another is planned for 15 February 2026: €20.00 per licence per month." in words(other)
        assert "It takes the place of the change planned for 15 February 2026." in words(other)
        # The twelve licences stay planned: 12 × 8.00.
        assert "The bill of 15 February 2026 comes to €96.00 instead of €240.00." in words(other)
        confirmed(browser, other)
        assert "Kadans Team Basic, €8.00 per licence per month." in words(browser.get(PAGE))

        first = browser.get(f"{PAGE}/undo")
        assert words(first).startswith("Kadans Team Undo the change of plan")
        assert "The planned change does not happen. €12.50 per licence per month stays." in words(first)
        confirmed(browser, first)
        second = browser.get(f"{PAGE}/undo")
        assert "The planned change does not happen. 10 licences stay." in words(second)
        confirmed(browser, second)
        assert "What is planned" not in words(browser.get(PAGE))


def test_only_what_was_asked_for_last_can_be_undone_and_the_others_say_so(
    shop: Shop, plans: Plans, account: Account
) -> None:
    account.act(ChangePlan(NAME, plans.dearer, when="renewal"))
    account.act(SetRenewal(NAME, renews=False))
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
        said = words(page)
        assert "Undo What was asked for later is undone first." in said
        assert "Another plan" in said
        assert "It does not happen unless the end is undone." in said
        assert "15 February 2026 (in 26 days) : Renewal is off" in said
        assert page.text.count(f'href="{PAGE}/undo"') == 1
        shown = browser.get(f"{PAGE}/undo")
        assert words(shown).startswith("Kadans Team Switch the renewal on")


def test_what_is_chosen_while_an_end_is_planned_says_so(shop: Shop, plans: Plans, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        later = words(browser.get(f"{PAGE}/plan?plan={plans.dearer}&when=renewal"))
        assert "It ends on 15 February 2026, so the change does not happen unless that is undone." in later
        assert "It still ends on 15 February 2026." in words(browser.get(f"{PAGE}/plan?plan={plans.dearer}"))


def test_an_announced_price_stands_among_what_is_planned_with_its_day(database: Database) -> None:
    with open_shop(database) as shop:
        account = ten_since_january(shop)
        with shop.services.database.owner() as conn:
            # The notice is 30 days: from 10 January on it is over on 9 February, so the price begins on 15 February.
            catalogue.add_price(conn, shop.plan, price=unit_price("15.00", EUR), valid_from=date(2026, 1, 10))
        with shop.visitor(account) as browser:
            said = words(browser.get(PAGE))
    assert "15 February 2026 (in 26 days) : New price €15.00 per licence per month." in said
    assert "Asked for by the vendor." in said


def test_under_terms_that_go_by_the_price_dearer_is_now_and_cheaper_waits(database: Database) -> None:
    with open_shop(database, terms=COMMIT) as shop:
        plans, account = sell_more(shop), ten_since_january(shop)
        with shop.visitor(account) as browser:
            page = words(browser.get(f"{PAGE}/plan"))
            assert "As agreed Today where it costs as much or more per month" in page
            assert "From today it is" in words(browser.get(f"{PAGE}/plan?plan={plans.dearer}"))
            cheaper = words(browser.get(f"{PAGE}/plan?plan={plans.cheaper}"))
            assert "From 15 February 2026 on it is Kadans Team Basic, billed monthly." in cheaper


def test_where_another_rule_holds_for_another_frequency_no_rule_is_said_for_both(database: Database) -> None:
    with open_shop(database, terms=COMMIT) as shop:
        plans = sell_more(shop)
        yearly = sell(shop, Plan("enterprise-yearly", every("year"), Price(1, unit_price("192.00", EUR))))
        account = ten_since_january(shop)
        with shop.visitor(account) as browser:
            page = words(browser.get(f"{PAGE}/plan?plan={yearly}"))
            dearer = words(browser.get(f"{PAGE}/plan?plan={plans.dearer}"))
    # 192.00 a year are 16.00 a month, more than 12.50; but another frequency waits for the renewal under these terms.
    assert "As agreed Today or at the renewal on 15 February 2026, as the agreement says for the plan that is" in page
    assert "From 15 February 2026 on it is Kadans Team Enterprise, billed yearly." in page
    assert "From today it is Kadans Team Enterprise, billed monthly." in dearer


def test_terms_that_restart_offer_that_first(database: Database) -> None:
    with open_shop(database, terms=replace(CLASSIC, change_anchor="restart")) as shop:
        sell_more(shop)
        account = ten_since_january(shop)
        with shop.visitor(account) as browser:
            said = words(browser.get(f"{PAGE}/frequency"))
    assert "The next renewal is then on 20 January 2027" in said
    assert said.index("On the day of the change") < said.index("As they are counted now, from 15 January 2026")


def test_in_a_trial_there_is_no_later_and_a_plan_without_one_is_paid_for_at_once(database: Database) -> None:
    with open_shop(database) as shop:
        plans = sell_more(shop)
        trial = with_trial(shop)
        account = ten_since_january(trial)
        with shop.visitor(account) as browser:
            page = words(browser.get(f"{PAGE}/plan?plan={plans.dearer}"))
    # 10 × 20.00 for 20 January to 19 February.
    assert "In a trial a change takes effect at once." in page
    assert "The trial ends with it: it is paid for from today on." in page
    assert "Change to Kadans Team Enterprise (€200.00 now)" in page


def test_in_a_trial_what_asks_for_the_renewal_is_told_that_there_is_none(database: Database) -> None:
    with open_shop(database) as shop:
        plans = sell_more(shop)
        account = ten_since_january(with_trial(shop))
        with shop.visitor(account) as browser:
            for answer in (
                browser.get(f"{PAGE}/plan?plan={plans.dearer}&when=renewal"),
                browser.post(f"{PAGE}/plan", data={"plan": plans.dearer, "when": "renewal", "seen": "x"}),
            ):
                assert answer.status_code == 422
                assert '<a href="#f-when">In a trial a change takes effect at once.' in answer.text
                assert 'name="seen"' not in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("licences=many", "Enter a whole number of licences."),
        ("licences=0", "0 licences are not possible under these terms."),
        ("licences=1", "2 licences are assigned, so there cannot be only 1."),
    ],
)
def test_a_number_that_is_not_possible_is_said_and_nothing_can_be_confirmed(
    shop: Shop, plans: Plans, account: Account, typed: str, sentence: str
) -> None:
    account.add("Anna Bakker")
    account.assign(1, 2)
    with shop.visitor(account) as browser:
        name, _, value = typed.partition("=")
        for answer in (
            browser.get(f"{PAGE}/plan?plan={plans.dearer}&{typed}"),
            browser.post(f"{PAGE}/plan", data={"plan": plans.dearer, name: value}),
        ):
            assert answer.status_code == 422
            assert sentence in words(answer)
            assert 'name="seen"' not in answer.text
            # It is said on top, where the focus goes, and beside the field; what was typed stays.
            assert 'autofocus id="error-summary"' in answer.text
            assert f'<a href="#f-licences">{sentence}' in answer.text
            assert 'id="f-licences-error"' in answer.text
            assert field(answer, "licences") == value
            assert ('href="/products/business/members">Assign licences' in answer.text) is (value == "1")


def test_while_a_wrong_number_is_typed_the_preview_alone_says_so(shop: Shop, plans: Plans, account: Account) -> None:
    with shop.visitor(account) as browser:
        typing = {"X-Fragment": "preview"}
        answer = browser.get(f"{PAGE}/plan?plan={plans.dearer}&licences=many", headers=typing)
    preview = answer.text[answer.text.index('id="preview"') :]
    assert answer.status_code == 422
    assert "Enter a whole number of licences." in preview
    assert 'id="error-summary"' not in answer.text


@pytest.mark.parametrize("query", ["", "?plan=", "?plan=99999", "?plan=x&when=never&anchor=31", "?plan=-1"])
def test_as_long_as_no_plan_is_chosen_nothing_can_be_confirmed(
    shop: Shop, plans: Plans, account: Account, query: str
) -> None:
    with shop.visitor(account) as browser:
        page = browser.get(f"{PAGE}/plan{query}")
        assert page.status_code == 200
        assert "Choose a plan" in words(page)
        assert 'name="seen"' not in page.text
        assert browser.post(f"{PAGE}/plan", data={"seen": "x"}).status_code == 200
        assert "€12.50 per licence per month" in words(browser.get(PAGE))
    assert plans.dearer


def test_of_two_admins_one_wins_and_the_other_is_shown_how_it_is_now(
    shop: Shop, plans: Plans, account: Account
) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}/plan?plan={plans.dearer}")
        account.change(12)
        answer = browser.post(f"{PAGE}/plan", data={"plan": plans.dearer, "seen": field(shown, "seen")})
        assert answer.status_code == 409
        assert words(answer).startswith("This has changed since it was shown")
        assert "12 licences then cost €240.00 per month" in words(answer)
        assert "Price €150.00 per month" in words(browser.get(PAGE))


def test_who_may_not_change_the_plan_sees_the_page_with_the_reason_and_who_can(
    shop: Shop, plans: Plans, account: Account
) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=reader) as browser:
        for part in ("plan", "frequency"):
            page = browser.get(f"{PAGE}/{part}")
            assert "Your role (reader) does not allow this; owners and billing admins can do it." in words(page)
            assert 'name="seen"' not in page.text
            assert browser.post(f"{PAGE}/{part}", data={"plan": plans.dearer}).status_code in {200, 403}
        assert browser.post(f"{PAGE}/plan", data={"plan": plans.dearer, "seen": "x"}).status_code == 403
        assert "€12.50 per licence per month" in words(browser.get(PAGE))


def test_after_the_end_the_page_says_what_is_possible_instead(shop: Shop, plans: Plans, account: Account) -> None:
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        assert "Change plan It has ended. Reactivate it first." in words(browser.get(f"{PAGE}/plan"))
        assert browser.post(f"{PAGE}/plan", data={"plan": plans.dearer, "seen": "x"}).status_code == 422


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("From today it is Kadans Team Business, billed yearly.", "€1,078.72", "Be billed yearly")),
        (
            "nl",
            (
                "Vanaf vandaag is het Kadans Team Business, gefactureerd per jaar.",
                "€\u00a01.078,72",
                "Factureren per jaar",
            ),
        ),
        (
            "it",
            (
                "Da oggi è Kadans Team Business, con fatturazione annuale.",
                "1.078,72\u00a0€",
                "Passa alla fatturazione annuale",
            ),
        ),
    ],
)
def test_the_change_is_shown_in_each_language(
    shop: Shop, plans: Plans, account: Account, language: str, sentences: tuple[str, ...]
) -> None:
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(f"{PAGE}/frequency?plan={plans.yearly}"))
    for sentence in sentences:
        assert sentence in said
