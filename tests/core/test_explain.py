"""Why a bill differs from the one before it: the reasons, their amounts, and which bill is the one before."""

from dataclasses import replace
from datetime import date

from prorata.core.documents.model import Document
from prorata.core.insights.explain import Explanation, explain
from prorata.core.insights.past import Past, past_of
from support.stories import told

TEN = "- {at: 2026-01-15, subscribe: business, licences: 10}\n"


def documents_of(events: str, *, more: str = "") -> list[Document]:
    return [issued.document for issued in told(events, more=f"{more}\n").documents]


def explained(events: str, *, document: int, more: str = "") -> Explanation:
    documents = documents_of(events, more=more)
    one = documents[document - 1]
    return explain(one, past_of(one, documents))


def reasons(found: Explanation) -> list[tuple[str, str, str]]:
    """What kind of reason, why, how much more."""
    return [(reason.kind, reason.why, str(reason.amount)) for reason in found.reasons]


def before(documents: list[Document], place: int) -> int | None:
    past = past_of(documents[place - 1], documents)
    return past.before.id if past.before else None


# ------------------------------------------------------------------------------------------ the one before


def test_each_of_two_subscriptions_on_other_days_is_compared_with_its_own_last_bill():
    documents = documents_of(
        """
        - {at: 2026-01-15, subscribe: business, licences: 10, as: a}
        - {at: 2026-01-20, subscribe: business, licences: 2, as: b}
        - {at: 2026-02-20, assign: 1, of: a}
        """
    )
    # The bills of the 15th are a's, those of the 20th b's; b's first has only a's before it.
    assert [str(document.date) for document in documents] == ["2026-01-15", "2026-01-20", "2026-02-15", "2026-02-20"]
    assert [before(documents, place) for place in (1, 2, 3, 4)] == [None, 1, 1, 2]


def test_a_bill_of_changes_alone_is_passed_over():
    documents = documents_of(
        f"{TEN}- {{at: 2026-01-20, licences: 12, of: business}}\n- {{at: 2026-02-15, assign: 1, of: business}}",
        more="terms: {preset: classic, invoice_changes: now}",
    )
    past = past_of(documents[2], documents)
    assert (past.before, past.between) == (documents[0], (documents[1],))
    assert before(documents, 2) == 1


def test_another_profiles_bill_is_not_the_one_before():
    first, second = documents_of(f"{TEN}- {{at: 2026-02-15, assign: 1, of: business}}")
    assert past_of(second, [replace(first, profile=2)]) == Past()


def test_neither_is_a_later_one():
    first, second = documents_of(f"{TEN}- {{at: 2026-02-15, assign: 1, of: business}}")
    assert past_of(first, [second]) == Past()


# ------------------------------------------------------------------------------------------ what happened


def test_on_the_first_bill_everything_is_new():
    found = explained(TEN, document=1)
    assert (found.before, str(found.net), reasons(found)) == (None, "125.00", [("new", "purchase", "125.00")])


def test_an_unchanged_period_explains_nothing_however_many_days_it_has():
    found = explained(f"{TEN}- {{at: 2026-02-15, assign: 1, of: business}}", document=2)
    assert reasons(found) == [("changed", "unchanged", "0.00")]
    (reason,) = found.reasons
    assert reason.was is not None
    assert reason.now is not None
    assert (reason.was.shares, reason.now.shares) == (((31, 31),), ((28, 28),))


def test_what_happened_has_its_day_and_who_did_it():
    found = explained(
        f"{TEN}- {{at: 2026-02-03, licences: 12, of: business}}\n- {{at: 2026-02-15, bill: true}}", document=2
    )
    # 25.00 × 12/31 = 9.68 (9.677…) for 3 to 14 February; then 150.00 instead of 125.00.
    assert reasons(found) == [("once", "licences", "9.68"), ("changed", "licences", "25.00")]
    added = found.reasons[0]
    assert (added.on, added.by, added.subscription) == (date(2026, 2, 3), "admin", 1)


def test_a_change_written_between_two_bills_still_says_when_it_was():
    found = explained(
        """
        - {at: 2026-01-15, subscribe: basic, licences: 3, as: a}
        - {at: 2026-01-25, change_plan: premium, of: a}
        - {at: 2026-02-15, assign: 1, of: a}
        """,
        document=3,
        more="""
        terms: {preset: classic, invoice_changes: now}
        plans:
          basic: {price: "10.00", every: month}
          premium: {price: "20.00", every: month}
        """,
    )
    # 60.00 instead of 30.00.
    assert [(reason.why, str(reason.amount), reason.on) for reason in found.reasons] == [
        ("plan", "30.00", date(2026, 1, 25))
    ]


def test_a_plan_of_the_same_price_is_named_and_explains_nothing():
    found = explained(
        """
        - {at: 2026-01-15, subscribe: basic, licences: 3, as: a}
        - {at: 2026-01-20, change_plan: other, when: renewal, of: a}
        - {at: 2026-02-15, assign: 1, of: a}
        """,
        document=2,
        more='plans: {basic: {price: "10.00", every: month}, other: {price: "10.00", every: month}}',
    )
    assert reasons(found) == [("changed", "plan", "0.00")]


def test_licences_and_price_at_once_are_told_apart():
    found = explained(
        f"""{TEN}- {{at: 2026-01-16, price: "13.50", plan: business}}
- {{at: 2026-01-16, licences: 12, of: business, when: renewal}}
- {{at: 2026-02-15, assign: 1, of: business}}""",
        document=2,
    )
    # 12 × 13.50 = 162.00, not 125.00: 2 × 12.50 for the licences, 12 × 1.00 for the price.
    assert reasons(found) == [("changed", "licences", "25.00"), ("changed", "price", "12.00")]


def test_days_of_earlier_periods_belong_to_the_change_that_was_entered_late():
    found = explained(
        f"""{TEN}- {{at: 2026-03-20, licences: 12, of: business, effective: 2026-01-25, by: vendor}}
- {{at: 2026-03-20, bill: true}}""",
        document=4,
        more="terms: {preset: classic, invoice_changes: now}",
    )
    # 25.00 × 21/31 = 16.94 (16.935…), and 25.00 for each of the two periods since.
    assert reasons(found) == [("once", "licences", "66.94"), ("gone", "covered", "-125.00")]


def test_a_phase_that_begins_inside_a_period_is_told_with_what_its_parts_round_to():
    found = explained(
        "- {at: 2026-01-15, subscribe: business}\n- {at: 2026-02-15, assign: 1, of: business}",
        document=2,
        more='plans: {business: {every: month, phases: [{for: 45 days, price: "12.51"}, {price: "20.00"}]}}',
    )
    # The 45 days are over on 1 March, after 14 of 28 days. 12.51 × 14/28 = 6.255, twice 6.26 make 12.52: a cent more
    # than 12.51. The second half is then 10.00 instead of 6.26.
    assert reasons(found) == [("changed", "rounding", "0.01"), ("changed", "phase", "3.74")]
    assert str(found.net) == "3.75"


def test_a_setup_is_over_with_the_next_bill():
    found = explained(
        f"{TEN}- {{at: 2026-02-15, assign: 1, of: business}}",
        document=2,
        more='plans: {business: {price: "12.50", every: month, setup: "99.00"}}',
    )
    assert reasons(found) == [("changed", "unchanged", "0.00"), ("was_once", "setup", "-99.00")]


def test_a_discount_begins_and_ends():
    events = f"""{TEN}- {{at: 2026-02-01, discount: {{percent: "10", for: 1 month}}, of: business}}
- {{at: 2026-03-15, assign: 1, of: business}}"""
    # 10% of 125.00 from 15 February; the month is over on 1 March.
    assert reasons(explained(events, document=2))[1:] == [("new", "discount", "-12.50")]
    assert reasons(explained(events, document=3))[1:] == [("gone", "discount", "12.50")]


def test_two_periods_on_one_bill_are_one_more():
    found = explained(
        f"{TEN}- {{at: 2026-01-15, bill: true}}\n- {{at: 2026-03-20, bill: true}}", document=2, more="billing: manual"
    )
    # 15 February and 15 March, 125.00 each, after one of 125.00.
    assert reasons(found) == [("changed", "days", "125.00")]


def test_a_year_that_is_paused_is_gone_and_its_credit_is_told():
    found = explained(
        "- {at: 2026-01-15, subscribe: business, licences: 5}\n- {at: 2026-04-01, pause: business}",
        document=2,
        more='plans: {business: {price: "120.00", every: year}}',
    )
    # 600.00 × 76/365 = 124.93 stay.
    assert reasons(found) == [("once", "pause", "-475.07"), ("gone", "pause", "-600.00")]


def test_what_ended_once_and_goes_on_again_is_not_what_a_later_bill_of_changes_lacks_for():
    found = explained(
        f"""{TEN}- {{at: 2026-03-03, cancel: business}}
- {{at: 2026-03-05, reactivate: business}}
- {{at: 2026-03-10, licences: 12, of: business}}
- {{at: 2026-03-11, assign: 1, of: business}}""",
        document=5,
        more="terms: {preset: classic, invoice_changes: now}",
    )
    # 25.00 × 5/28 = 4.46 (4.464…); the days from 5 March on were billed when it went on.
    assert reasons(found) == [("once", "licences", "4.46"), ("gone", "covered", "-125.00")]


def test_what_is_left_in_the_middle_of_a_day_is_not_what_is_charged_now():
    found = explained(
        """
        - {at: "2026-01-15T00:00:00Z", subscribe: basic, as: a}
        - {at: "2026-02-15T06:00:00Z", change_plan: weekly, of: a, when: now, anchor: restart}
        - {at: "2026-02-24T06:00:00Z", assign: 1, of: a}
        """,
        document=2,
        more="""zone: UTC
terms: {preset: classic, billed: arrears, proration: second}
plans: {basic: {price: "28.00", every: month}, weekly: {price: "7.00", every: week}}""",
    )
    # Six hours of a month of 28 days, 0.25, and 162 of the 168 hours of a week, 6.75, after a month for 28.00.
    assert str(found.net) == "-21.00"
    assert {reason.now.plan for reason in found.reasons if reason.now} == {"weekly"}


def test_tax_stands_apart_rate_by_rate():
    found = explained(
        f"{TEN}- {{at: 2026-01-20, licences: 12, of: business, when: renewal}}\n- {{at: 2026-02-15, bill: true}}",
        document=2,
        more='tax: {rate: "21"}',
    )
    # 21% of 150.00 is 31.50, of 125.00 26.25.
    assert [(str(tax.rate), str(tax.amount)) for tax in found.taxes] == [("21", "5.25")]
    assert (str(found.net), str(found.tax)) == ("25.00", "5.25")
