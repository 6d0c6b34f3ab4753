from datetime import datetime

import pytest

from core.build import classic, day
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.read_terms import NotATerm, TermNotYet, UnknownTerm, agreement, with_terms
from prorata.core.catalog.terms import CancelLimit, LicenceBounds, RefundPolicy


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


@pytest.mark.parametrize("key", ["change_plan", "trial", "grace_days", "retries", "announce_days"])
def test_a_key_whose_work_has_not_come_yet_is_refused_by_name(key: str) -> None:
    with pytest.raises(TermNotYet):
        with_terms(CLASSIC, {key: "now"})


def test_only_proration_by_the_day_is_there_yet() -> None:
    assert classic(proration="day") == CLASSIC
    with pytest.raises(TermNotYet):
        classic(proration="thirty")
    with pytest.raises(NotATerm):
        classic(proration="hour")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("billed", "later"),
        ("billed", None),
        ("billed", ["advance"]),
        ("proration", ["day"]),
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
