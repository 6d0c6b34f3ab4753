"""The result as files and other programs rely on it: its keys, their order, their forms."""

from prorata.core.stories.result import Json, past_due, timeline
from support.stories import result_of, story, told

CANCELLED = """
    - {at: 2026-01-15, subscribe: business, as: a, licences: 10}
    - {at: 2026-02-01, payment: none}
    - {at: 2026-02-20, licences: 12, of: a}
    - {at: 2026-03-03, cancel: a}
    """


def part(value: Json, *path: str | int) -> Json:
    for step in path:
        if isinstance(value, dict):
            value = value[str(step)]
        else:
            assert isinstance(value, list)
            value = value[int(step)]
    return value


def words(text: str) -> list[str]:
    return text.split()


def keys(value: Json) -> list[str]:
    assert isinstance(value, dict)
    return list(value)


def test_keys_stand_in_the_order_of_the_contract():
    found = result_of(story(CANCELLED, more="until: 2026-03-31\n"))
    assert keys(found) == words("story documents subscriptions account timeline ledger parked")
    document = words("kind number date due lines net tax total credit_used paid left")
    assert keys(part(found, "documents", 0)) == document
    line = words("subscription kind from to licences unit_price days of_days amount corrects says")
    assert keys(part(found, "documents", 0, "lines", 0)) == line
    subscription = words("state overlays licences assigned anchor billed_to ends")
    assert keys(part(found, "subscriptions", "a")) == subscription
    assert keys(found["account"]) == words("owed credit paid refunded")
    assert keys(found["ledger"]) == words("receivable cash customer_credit sales tax")


def test_the_worked_example_comes_out_as_the_contract_prints_it():
    found = result_of(story(CANCELLED, more="until: 2026-03-31\n"))
    assert found["story"] == "A test"
    # 125.00 × 160/280 = 71.43 is kept of February's bill, 53.57 credited; 12.50 × 2 × 11/28 = 9.82 for the added two.
    note = part(found, "documents", 2)
    assert isinstance(note, dict)
    lines = note.pop("lines")
    assert note == {
        "kind": "credit_note", "number": "C2026-000001", "date": "2026-03-03", "due": None,
        "net": "-43.75", "tax": "0.00", "total": "-43.75", "credit_used": "-43.75", "paid": "0.00", "left": "0.00",
    }  # fmt: skip
    assert lines == [
        {
            "subscription": "a", "kind": "credit", "from": "2026-03-03", "to": "2026-03-15", "licences": 10,
            "unit_price": "12.50", "days": 12, "of_days": 28, "amount": "-53.57", "corrects": [2, 1],
            "says": "10 licences taken back, 3 March to 14 March 2026: "
            "€125.00 for 280 licence-days, 160 kept = €71.43, so €53.57 back",
        },
        {
            "subscription": "a", "kind": "recurring", "from": "2026-02-20", "to": "2026-03-03", "licences": 2,
            "unit_price": "12.50", "days": 11, "of_days": 28, "amount": "9.82", "corrects": None,
            "says": "2 licences × €12.50, 20 February to 2 March 2026 (11 of 28 days)",
        },
    ]  # fmt: skip
    assert part(found, "documents", 1, "due") == "2026-03-17"
    assert found["subscriptions"] == {
        "a": {
            "state": "disabled", "overlays": [], "licences": 12, "assigned": 0, "anchor": 15,
            "billed_to": "2026-03-03", "ends": "2026-03-03",
        }
    }  # fmt: skip
    assert found["account"] == {"owed": "81.25", "credit": "0.00", "paid": "125.00", "refunded": "0.00"}
    assert found["timeline"] == [
        {"at": "2026-01-15", "subscription": "a", "what": "active"},
        {"at": "2026-03-03", "subscription": "a", "what": "disabled"},
        {"at": "2026-06-01", "subscription": "a", "what": "deleted"},
    ]
    assert found["ledger"] == {
        "receivable": "81.25", "cash": "125.00", "customer_credit": "0.00", "sales": "-206.25", "tax": "0.00",
    }  # fmt: skip
    assert found["parked"] == []


def test_amounts_have_the_decimals_of_the_currency_and_prices_their_own():
    yen = result_of(story("- {at: 2026-01-15, subscribe: yen}", more=YEN))
    assert part(yen, "documents", 0, "lines", 0, "unit_price") == "1200"
    assert part(yen, "documents", 0, "total") == "1200"
    dinar = result_of(story("- {at: 2026-01-15, subscribe: fine, licences: 1000}", more=DINAR))
    # 0.0005 × 1000 = 0.500
    assert part(dinar, "documents", 0, "lines", 0, "unit_price") == "0.0005"
    assert part(dinar, "documents", 0, "total") == "0.500"


def test_what_is_flat_has_no_licences_and_a_setup_no_days_either():
    found = result_of(story("- {at: 2026-01-15, subscribe: team, licences: 3}", more=PARTS))
    lines = [_numbers(found, place) for place in range(3)]
    assert lines == [
        ("setup", "2026-01-15", "2026-01-15", None, "99.00", None, None, "99.00"),
        ("recurring", "2026-01-15", "2026-02-15", 3, "10.00", 31, 31, "30.00"),
        ("flat", "2026-01-15", "2026-02-15", None, "20.00", 31, 31, "20.00"),
    ]


def test_a_discount_has_no_price_and_stands_below_zero():
    found = result_of(story('- {at: 2026-01-15, subscribe: business}\n- {at: 2026-01-15, discount: {percent: "10"}}'))
    # 10 percent of 12.50 = 1.25
    assert _numbers(found, 1) == ("discount", "2026-01-15", "2026-02-15", None, None, None, None, "-1.25")


def _numbers(found: Json, place: int) -> tuple[Json, ...]:
    keys = words("kind from to licences unit_price days of_days amount")
    return tuple(part(found, "documents", 0, "lines", place, key) for key in keys)


def test_a_trial_is_a_state_and_so_is_what_comes_after_it():
    def timeline_until(day: str, mode: str) -> list[tuple[Json, Json]]:
        trial = f'payment: {mode}\nplans: {{team: {{price: "10", every: month, trial: 30 days}}}}\nuntil: {day}\n'
        found = result_of(story("- {at: 2026-01-15, subscribe: team}", more=trial))
        assert isinstance(found["timeline"], list)
        return [(part(turn, "at"), part(turn, "what")) for turn in found["timeline"]]

    assert timeline_until("2026-02-14", "automatic") == [("2026-01-15", "trial"), ("2026-02-14", "active")]
    # Lapsed on 14 February; 30 days later disabled, 90 days later deleted.
    assert timeline_until("2026-02-14", "none") == [
        ("2026-01-15", "trial"),
        ("2026-02-14", "expired"),
        ("2026-03-16", "disabled"),
        ("2026-06-14", "deleted"),
    ]


def test_the_ends_of_a_fixed_term_and_of_a_renewal_that_is_off_are_known_beforehand():
    fixed = result_of(story("- {at: 2026-01-15, subscribe: fixed}", more=FIXED))
    assert part(fixed, "subscriptions", "fixed", "ends") == "2026-03-15"
    off = result_of(story("- {at: 2026-01-15, subscribe: business}\n- {at: 2026-01-20, renewal: off, of: business}"))
    assert part(off, "subscriptions", "business", "ends") == "2026-02-15"
    assert part(off, "subscriptions", "business", "overlays") == []


def test_a_moved_anchor_and_a_pause_show():
    found = result_of(
        story(
            """
            - {at: 2026-01-15, subscribe: business}
            - {at: 2026-01-16, anchor: 20, of: business}
            - {at: 2026-01-17, pause: business}
            """
        )
    )
    assert part(found, "subscriptions", "business", "anchor") == 20
    assert part(found, "subscriptions", "business", "overlays") == ["paused"]


def test_a_subscription_without_a_line_has_been_billed_to_nothing_and_one_in_weeks_has_no_anchor():
    free = result_of(story("- {at: 2026-01-15, subscribe: free}", more=FREE))
    assert part(free, "subscriptions", "free", "billed_to") is None
    assert part(free, "subscriptions", "free", "anchor") is None
    assert part(free, "subscriptions", "free", "ends") is None
    assert free["documents"] == []


def test_previews_stand_at_the_end_and_only_where_the_story_asks_for_one():
    asked = result_of(story("- {at: 2026-01-15, subscribe: business, preview: true}"))
    assert keys(asked)[-1] == "previews"
    assert part(asked, "previews", 0, "lines", 0, "subscription") == "business"
    assert asked["documents"] == []
    nothing = """
        - {at: 2026-01-15, subscribe: business}
        - {at: 2026-01-16, assign: 1, of: business, preview: true}
        """
    assert result_of(story(nothing))["previews"] == []


def test_a_bill_open_after_its_due_date_makes_its_subscriptions_past_due():
    # Due on 14 February: past due from the 15th on; the other subscription's bill is not due yet.
    unpaid = """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-02-01, subscribe: business, as: b}
        """
    assert past_due(told(unpaid, more="payment: none\nuntil: 2026-02-14\n")) == frozenset()
    assert past_due(told(unpaid, more="payment: none\nuntil: 2026-02-15\n")) == frozenset({1})
    found = result_of(story(unpaid, more="payment: none\nuntil: 2026-02-15\n"))
    assert part(found, "subscriptions", "a", "overlays") == ["past due"]
    assert part(found, "subscriptions", "b", "overlays") == []


def test_an_end_and_a_change_to_come_lie_over_the_state():
    found = result_of(
        story(
            """
            - {at: 2026-01-15, subscribe: business, licences: 5}
            - {at: 2026-01-20, licences: 3, of: business, when: renewal}
            - {at: 2026-01-21, cancel: business, when: 2026-03-01}
            """
        )
    )
    assert part(found, "subscriptions", "business", "overlays") == ["cancels", "change"]
    assert part(found, "subscriptions", "business", "ends") == "2026-03-01"


def test_what_comes_again_is_sorted_by_when_it_was_asked_for():
    turns = timeline(
        told(
            """
            - {at: 2026-01-15, subscribe: business, as: a}
            - {at: 2026-01-20T08:00:00Z, cancel: a}
            - {at: 2026-01-20T09:00:00Z, subscribe: business, as: b}
            - {at: 2026-01-20T10:00:00Z, reactivate: a}
            """
        )
    )
    assert [(turn.on.day, turn.state, name) for turn, name in turns] == [
        (15, "active", "a"),
        (20, "disabled", "a"),
        (20, "active", "b"),
        (20, "active", "a"),
    ]


def test_the_timeline_goes_by_day_then_by_what_was_asked_first_then_by_purchase():
    turns = timeline(
        told(
            """
            - {at: 2026-01-15, subscribe: business, as: a}
            - {at: 2026-01-15, subscribe: business, as: b}
            - {at: 2026-01-15T09:00:00Z, cancel: b}
            - {at: 2026-01-15T10:00:00Z, subscribe: business, as: c}
            """
        )
    )
    assert [(turn.state, name) for turn, name in turns] == [
        ("active", "a"),
        ("active", "b"),
        ("disabled", "b"),
        ("active", "c"),
        ("deleted", "b"),
    ]


YEN = 'currency: JPY\nplans: {yen: {price: "1200", every: month}}\n'
DINAR = 'currency: KWD\nplans: {fine: {price: "0.0005", every: month}}\n'
FREE = 'plans: {free: {price: "0", every: 2 weeks}}\n'
FIXED = 'plans: {fixed: {price: "10", every: month, term: 2 months}}\n'
PARTS = 'plans: {team: {price: "10.00", flat: "20.00", setup: "99.00", every: month}}\n'
