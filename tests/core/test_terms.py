from datetime import datetime

import pytest

from core.build import classic, commit, day
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.read_terms import NotATerm, TermNotYet, UnknownTerm, agreement, with_terms
from prorata.core.catalog.terms import CancelLimit, LicenceBounds, RefundPolicy, TrialExtension, TrialTerms


def test_classic_credits_at_any_time_and_limits_online_cancellation_to_25_assigned() -> None:
    assert (CLASSIC.remove_licences, CLASSIC.cancel, CLASSIC.invoice_changes) == ("credit", "now", "next")
    assert CLASSIC.online_cancel_limit == CancelLimit(25, "assigned")
    assert (CLASSIC.disabled_days, CLASSIC.payment_terms) == (90, 30)
    assert CLASSIC.refund == RefundPolicy(end="to_method", change="credit")


def test_commit_has_a_window_of_seven_days_and_no_online_limit() -> None:
    assert (COMMIT.remove_licences, COMMIT.cancel, COMMIT.window_days) == ("window", "window", 7)
    assert COMMIT.online_cancel_limit is None
    assert COMMIT.invoice_changes == "now"


def test_commit_has_a_window_of_ten_days_in_chile() -> None:
    commit = agreement({"preset": "commit"})
    assert commit.for_customer(country="CL", kind="business").window_days == 10
    assert commit.for_customer(country="NL", kind="business").window_days == 7


def test_a_sellers_own_window_does_not_shorten_the_one_that_a_country_asks_for() -> None:
    commit = agreement({"preset": "commit", "window_days": 3})
    assert commit.for_customer(country="NL", kind="business").window_days == 3
    assert commit.for_customer(country="CL", kind="business").window_days == 10


def test_a_single_word_sets_both_refunds_and_a_map_only_what_it_names() -> None:
    assert classic(refund="none").refund == RefundPolicy("none", "none")
    assert classic(refund={"change": "to_method"}).refund == RefundPolicy(end="to_method", change="to_method")


def test_parts_of_a_map_keep_the_rest_of_the_preset() -> None:
    assert classic(online_cancel_limit={"licences": 10}).online_cancel_limit == CancelLimit(10, "assigned")
    assert classic(online_cancel_limit="none").online_cancel_limit is None
    assert classic(licences={"max": 50}).licences == LicenceBounds(1, 50)


def test_an_anchor_is_a_word_a_day_or_a_date() -> None:
    assert [classic(anchor=value).anchor for value in ("start", "calendar", 15)] == ["start", "calendar", 15]
    assert classic(anchor=day("2026-01-05")).anchor == day("2026-01-05")


def test_what_a_country_and_a_kind_change_is_laid_over_the_base() -> None:
    terms = agreement(
        {
            "preset": "classic",
            "payment_terms": 14,
            "by_country": {"IT": {"payment_terms": 60}},
            "by_kind": {"consumer": {"window_days": 14}},
        }
    )
    assert terms.for_customer(country="NL", kind="business").payment_terms == 14
    italian = terms.for_customer(country="IT", kind="consumer")
    assert (italian.payment_terms, italian.window_days) == (60, 14)


def test_a_plans_keys_are_laid_over_the_storys() -> None:
    base = agreement({"preset": "commit", "payment_terms": 14})
    over = agreement({"billed": "arrears"}, over=base)
    assert (over.base.billed, over.base.payment_terms, over.base.cancel) == ("arrears", 14, "window")


@pytest.mark.parametrize("key", ["refunds", "Billed", "", "preset"])
def test_a_key_that_nobody_knows_is_refused_by_name(key: str) -> None:
    with pytest.raises(UnknownTerm) as refused:
        with_terms(CLASSIC, {key: "now"})
    assert refused.value.parameters["key"] == key


@pytest.mark.parametrize("key", ["retries"])
def test_a_key_whose_work_has_not_come_yet_is_refused_by_name(key: str) -> None:
    with pytest.raises(TermNotYet):
        with_terms(CLASSIC, {key: "now"})


def test_proration_has_four_ways() -> None:
    ways = ("day", "second", "thirty", "none")
    assert tuple(classic(proration=way).proration for way in ways) == ways


def test_changes_of_plan_and_frequency_may_go_by_direction() -> None:
    terms = classic(change_plan="by_direction", change_frequency="renewal", change_anchor="restart")
    assert (terms.change_plan, terms.change_frequency, terms.change_anchor) == ("by_direction", "renewal", "restart")


def test_what_a_trials_map_does_not_name_stays_as_it_was() -> None:
    assert classic(trial={"licences": 5}).trial == TrialTerms(licences=5, card=False, converts="with_method")
    assert commit(trial={"converts": "with_method"}).trial == TrialTerms(25, card=True, converts="with_method")
    assert classic(trial={"card": True}).trial == TrialTerms(25, card=True, converts="with_method")


def test_a_trial_is_extended_as_the_terms_say_or_not_at_all() -> None:
    assert classic(extend_trial="none").extend_trial is None
    assert classic(extend_trial={"once": False}).extend_trial == TrialExtension(days=30, once=False, within_days=15)
    # Commit knows no extension: what is not named is that of classic.
    assert commit(extend_trial={"days": 10}).extend_trial == TrialExtension(days=10, once=True, within_days=15)


def test_lengths_are_whole_days() -> None:
    terms = classic(expired_days=10, price_change_notice=0, backdate_days=31)
    assert (classic().grace_days, classic(grace_days=0).grace_days) == (30, 0)
    assert (classic().conflict_days, classic(conflict_days=10).conflict_days) == (90, 10)
    assert (terms.expired_days, terms.price_change_notice, terms.backdate_days) == (10, 0, 31)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("billed", "later"),
        ("billed", None),
        ("billed", ["advance"]),
        ("proration", ["day"]),
        ("proration", "hour"),
        ("change_plan", "period_end"),
        ("change_frequency", "keep"),
        ("change_anchor", 15),
        ("trial", 30),
        ("trial", {"licences": 0}),
        ("trial", {"card": "no"}),
        ("trial", {"converts": ["always"]}),
        ("extend_trial", True),
        ("extend_trial", {"days": 0}),
        ("extend_trial", {"once": 1}),
        ("extend_trial", {"within_days": "15"}),
        ("expired_days", -1),
        ("price_change_notice", None),
        ("backdate_days", 3651),
        ("refund", {"end": ["credit"]}),
        ("refund", ["credit"]),
        ("anchor", 0),
        ("anchor", 32),
        ("anchor", True),
        ("anchor", datetime(2026, 1, 5, 10)),  # noqa: DTZ001 -- as YAML reads an instant without a zone
        ("window_days", -1),
        ("window_days", "7"),
        ("window_days", True),
        ("licences", {"min": 5, "max": 4}),
        ("licences", 5),
        ("online_cancel_limit", {"licences": "many"}),
        ("online_cancel_limit", {"counts": ["assigned"]}),
        ("online_cancel_limit", 25),
    ],
)
def test_a_value_that_does_not_go_with_its_key_is_refused(key: str, value: object) -> None:
    with pytest.raises(NotATerm):
        with_terms(CLASSIC, {key: value})


def test_terms_for_a_kind_that_is_none_are_refused() -> None:
    with pytest.raises(UnknownTerm):
        agreement({"preset": "classic", "by_kind": {"charity": {"payment_terms": 60}}})
    with pytest.raises(NotATerm):
        agreement({"preset": "modern"})
