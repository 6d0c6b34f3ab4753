"""What the first version of the program has kept is still read, and nothing else passes for it."""

from datetime import date
from typing import Any

import pytest

from prorata.core.calendar import Period
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import agreement
from prorata.core.licences.ledger import Forfeit
from prorata.core.proof import CreditProof
from prorata.store import codec
from prorata.store.codec import Form, Unreadable
from store.ground import euros
from store.test_codec import PLAIN, TERMS

NEW_IN_TERMS = frozenset(
    (
        *("proration", "change_plan", "change_frequency", "change_anchor", "trial", "extend_trial", "expired_days"),
        *("price_change_notice", "backdate_days"),
    )
)

NEW_IN_THE_THIRD = frozenset(("grace_days", "conflict_days", "announce_days"))
SECOND_TERMS = {name: value for name, value in TERMS.items() if name not in NEW_IN_THE_THIRD}
FIRST_TERMS = {name: value for name, value in SECOND_TERMS.items() if name not in NEW_IN_TERMS}


@pytest.mark.parametrize(
    ("form", "kept", "value"),
    [
        (codec.TERMS, FIRST_TERMS, CLASSIC),
        (
            codec.AGREEMENT,
            {"base": FIRST_TERMS, "by_country": [["CL", {**FIRST_TERMS, "window_days": 10}]], "by_kind": []},
            agreement({"preset": "classic", "by_country": {"CL": {"window_days": 10}}}),
        ),
        (
            codec.PLAN,
            {
                "name": "team-monthly",
                "every": {"count": 1, "unit": "month"},
                "price": {"version": 3, "amount": {"amount": "12.500", "currency": "EUR"}},
            },
            PLAIN,
        ),
        (
            codec.FORFEITS,
            [{"period": {"start": "2026-02-01", "end": "2026-03-01"}, "licences": 2}],
            (Forfeit(Period(date(2026, 2, 1), date(2026, 3, 1)), 2),),
        ),
        (
            codec.PROOF,
            {
                "charged": {"minor": 12500, "currency": "EUR"},
                "charged_seat_days": 280,
                "kept_seat_days": 160,
                "credited_before": {"minor": 0, "currency": "EUR"},
            },
            CreditProof(euros(12500), charged_seat_days=280, kept_seat_days=160, credited_before=euros(0)),
        ),
    ],
    ids=lambda one: one.name if isinstance(one, Form) else "",
)
def test_what_the_first_version_kept_is_still_read(form: Form[Any], kept: object, value: object):
    assert form.read({"v": 1, form.name: kept}) == value
    with pytest.raises(Unreadable):
        form.read({"v": 1, form.name: form.write(value)[form.name]})


@pytest.mark.parametrize(
    ("form", "kept", "value"),
    [
        (codec.TERMS, SECOND_TERMS, CLASSIC),
        (
            codec.AGREEMENT,
            {"base": SECOND_TERMS, "by_country": [["CL", {**SECOND_TERMS, "window_days": 10}]], "by_kind": []},
            agreement({"preset": "classic", "by_country": {"CL": {"window_days": 10}}}),
        ),
    ],
    ids=lambda one: one.name if isinstance(one, Form) else "",
)
def test_terms_of_the_second_version_end_and_announce_as_the_presets_say(form: Form[Any], kept: object, value: object):
    assert form.read({"v": 2, form.name: kept}) == value
    with pytest.raises(Unreadable):
        form.read({"v": 2, form.name: form.write(value)[form.name]})


ODD: tuple[object, ...] = (None, 7, [], {}, {"base": FIRST_TERMS, "by_country": [["CL"]], "by_kind": []})


@pytest.mark.parametrize("kept", ODD)
def test_nothing_else_is_read_of_the_first_version(kept: object):
    for form in (codec.TERMS, codec.AGREEMENT, codec.PLAN, codec.PROOF):
        with pytest.raises(Unreadable):
            form.read({"v": 1, form.name: kept})
