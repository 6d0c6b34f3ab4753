"""What programs read of an account: whose key it is, its subscriptions, its documents."""

import pytest

from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from web.api.ground import Ground, problem
from web.center.bills_ground import NAME, Account


@pytest.fixture(scope="module")
def account(ground: Ground) -> Account:
    """Ten licences at €12.50 since 15 January, with 21% tax; two more on 20 February, cancelled on 3 March."""
    made = ground.account()
    made.buy(10)
    made.until("2026-02-20")
    made.change(12)
    made.until("2026-03-03")
    made.act(CancelSubscription(NAME))
    return made


@pytest.fixture(scope="module")
def key(ground: Ground, account: Account) -> str:
    return ground.key(account)


def test_a_program_learns_whose_key_it_has(ground: Ground, account: Account, key: str) -> None:
    with ground.program(key) as program:
        answer = program.get("/me")
    assert answer.json() == {
        "account": {
            "id": account.id,
            "name": "Bakkerij De Korenbloem",
            "seller": "Kadans Software B.V.",
            "currency": "EUR",
            "time_zone": "UTC",
            "today": "2026-03-03",
            "test": True,
        },
        "key": {
            "name": "ERP",
            "scopes": ["read", "entitlements"],
            "made_by": "Marieke de Wit",
            "expires_at": "2026-04-15T12:00:00Z",
        },
    }
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-language"] == "en"
    assert "set-cookie" not in answer.headers


def test_a_subscription_says_its_state_its_price_and_its_days(ground: Ground) -> None:
    account = ground.account()
    account.buy(10)
    with ground.program(ground.key(account)) as program:
        assert program.get(f"/subscriptions/{NAME}").json() == {
            "name": "business",
            "product": {"code": "team", "names": {"en": "Kadans Team"}},
            "plan": "business",
            "every": "month",
            "state": "active",
            "overlays": [],
            "licences": 10,
            "assigned": 0,
            "per_period": {"minor": 12500, "currency": "EUR", "amount": "125.00"},
            "started_on": "2026-01-15",
            "next_bill_on": "2026-02-15",
            "ends_on": None,
            "timetable": [{"on": "2026-01-15", "state": "active"}],
            "billing_rests": False,
        }


def test_what_was_cancelled_says_what_is_still_to_come(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        read = program.get(f"/subscriptions/{NAME}").json()
    assert (read["state"], read["ends_on"], read["next_bill_on"]) == ("disabled", "2026-03-03", None)
    # Ninety days from 3 March.
    assert read["timetable"][-1] == {"on": "2026-06-01", "state": "deleted"}


def test_a_document_has_its_lines_its_tax_and_how_each_amount_was_made(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        listed = program.get("/documents").json()["items"]
        whole = program.get(f"/documents/{listed[-1]['number']}").json()
    euros = {"currency": "EUR"}
    assert (whole["kind"], whole["state"], whole["issued_on"]) == ("invoice", "paid", "2026-01-15")
    assert whole["net"] == {"minor": 12500, "amount": "125.00", **euros}
    # 21% of 125.00
    assert whole["tax"] == {"minor": 2625, "amount": "26.25", **euros}
    assert whole["total"] == whole["paid"] == {"minor": 15125, "amount": "151.25", **euros}
    assert whole["left"] == {"minor": 0, "amount": "0.00", **euros}
    assert (whole["seller"]["name"], whole["customer"]["country"]) == ("Kadans Software B.V.", "NL")
    (line,) = whole["lines"]
    assert (line["subscription"], line["kind"], line["licences"]) == ("business", "recurring", 10)
    assert (line["from_date"], line["to_date"]) == ("2026-01-15", "2026-02-15")
    assert line["price"] == {"amount": "12.50", **euros}
    assert line["tax_rate"] == "21"
    assert line["proof"] == {
        "rule": "charge",
        "price": {"amount": "12.50", **euros},
        "licences": 10,
        "days": 31,
        "of_days": 31,
    }
    (tax,) = whole["taxes"]
    assert (tax["rate"], tax["base"]["amount"], tax["tax"]["amount"]) == ("21", "125.00", "26.25")
    assert tax["proof"]["rule"] == "tax"


def test_a_final_credit_note_names_the_lines_that_it_takes_back(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        listed = program.get("/documents").json()["items"]
        whole = program.get(f"/documents/{listed[0]['number']}").json()
    assert (whole["final"], whole["kind"], whole["due_on"]) == (True, "credit_note", None)
    # 125.00 for 28 days of ten licences, 16 of them used: 125.00 × 160/280 = 71.43 stays, 53.57 comes back.
    credit = next(line for line in whole["lines"] if line["kind"] == "credit")
    assert credit["amount"] == {"minor": -5357, "currency": "EUR", "amount": "-53.57"}
    assert credit["corrects"] == {"document": listed[1]["number"], "line": 1}
    assert credit["proof"]["rule"] == "credit"
    assert (credit["proof"]["kept_seat_days"], credit["proof"]["charged_seat_days"]) == (160, 280)
    # The two added, 12.50 × 2 × 11/28 = 9.82; 9.82 − 53.57 = −43.75; 21% of it −9.19.
    assert (whole["net"]["amount"], whole["tax"]["amount"], whole["total"]["amount"]) == ("-43.75", "-9.19", "-52.94")
    assert whole["statement"]["paid_back"]["minor"] == 5294


def test_documents_come_in_parts_newest_first(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        whole = [one["number"] for one in program.get("/documents").json()["items"]]
        first = program.get("/documents", params={"limit": 1}).json()
        second = program.get("/documents", params={"limit": 1, "cursor": first["next"]}).json()
        rest = program.get("/documents", params={"limit": 100, "cursor": second["next"]}).json()
    assert len(whole) == 3
    assert [one["items"][0]["number"] for one in (first, second, rest)] == whole
    assert rest["next"] is None


def test_only_what_is_open_can_be_asked_for(ground: Ground) -> None:
    account = ground.account()
    account.pays_by("none")
    account.buy(10)
    with ground.program(ground.key(account)) as program:
        (bill,) = program.get("/documents", params={"open": True}).json()["items"]
        assert (bill["state"], bill["left"]["amount"], bill["due_on"]) == ("open", "151.25", "2026-02-14")
        account.until("2026-02-15")
        late = program.get("/documents", params={"open": True}).json()["items"]
        assert [one["state"] for one in late] == ["open", "past_due"]
        assert program.get(f"/documents/{bill['number']}").json()["state"] == "past_due"


def test_subscriptions_come_in_parts_in_the_order_of_purchase(ground: Ground) -> None:
    account = ground.account()
    account.buy(10)
    with ground.program(ground.key(account)) as program:
        first = program.get("/subscriptions", params={"limit": 1}).json()
        assert [one["name"] for one in first["items"]] == ["business"]
        assert first["next"] is None
        assert program.get("/subscriptions", params={"cursor": "1"}).json() == {"items": [], "next": None}


def test_a_part_of_the_subscriptions_begins_where_the_one_before_ended(ground: Ground) -> None:
    account, names = ground.account(), ["first", "second", "third"]
    account.act(*(BuySubscription(ground.shop.plan, 1, name) for name in names))
    with ground.program(ground.key(account)) as program:
        first = program.get("/subscriptions", params={"limit": 2}).json()
        rest = program.get("/subscriptions", params={"limit": 2, "cursor": first["next"]}).json()
        assert [one["name"] for one in first["items"]] == ["first", "second"]
        assert ([one["name"] for one in rest["items"]], rest["next"]) == (["third"], None)
        assert program.get("/subscriptions/second").json() == first["items"][1]


def test_an_empty_account_has_empty_lists(ground: Ground) -> None:
    with ground.program(ground.key(ground.account())) as program:
        for path in ("/subscriptions", "/documents"):
            assert program.get(path).json() == {"items": [], "next": None}


def test_what_belongs_to_another_account_is_answered_as_what_there_is_not(ground: Ground, key: str) -> None:
    other = ground.account()
    with ground.program(key) as owner, ground.program(ground.key(other)) as stranger:
        number = owner.get("/documents").json()["items"][0]["number"]
        assert problem(stranger.get(f"/documents/{number}"), 404, code="unknown_document") == (
            f"There is no document {number}. Choose one that has been issued."
        )
        assert problem(stranger.get("/documents/2026-999999"), 404, code="unknown_document")
        assert problem(stranger.get(f"/subscriptions/{NAME}"), 404, code="unknown_subscription")
        assert stranger.get("/documents").json()["items"] == []
