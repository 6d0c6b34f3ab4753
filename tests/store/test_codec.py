"""What is kept as JSON: one literal of each form, read and written, and nothing else accepted."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prorata.core.calendar import Anchor, Grid, Period, every
from prorata.core.catalog.plans import Item, Phase, Plan, Price, Step, Tiers
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import agreement
from prorata.core.documents.model import Cause, Document, Line, Statement
from prorata.core.licences.ledger import Forfeit
from prorata.core.money import Money, UnitPrice, currency
from prorata.core.proof import ChargeProof, CreditProof, DiscountProof, GivenProof, SetupProof, TaxProof
from prorata.core.subscriptions.ledgers import Rest
from prorata.core.subscriptions.model import Ending, PendingPlan, Setup, Trial, Turn
from prorata.store import codec
from prorata.store.codec import Form, Unreadable
from prorata.store.snapshots import CustomerSnapshot, SellerSnapshot
from store.ground import EUR, euros

# fmt: off
TERMS = {
    "billed": "advance",
    "anchor": "start",
    "proration": "day",
    "end_day": "free",
    "add_licences": "now",
    "remove_licences": "credit",
    "change_plan": "now", "change_frequency": "now", "change_anchor": "keep",
    "cancel": "now", "window_days": 7,
    "refund": {"end": "to_method", "change": "credit"},
    "invoice_changes": "next", "final_document": "now",
    "online_cancel_limit": {"licences": 25, "counts": "assigned"},
    "licences": {"fewest": 1, "most": 10000},
    "trial": {"licences": 25, "card": False, "converts": "with_method"},
    "extend_trial": {"days": 30, "once": True, "within_days": 15},
    "payment_terms": 30, "grace_days": 30, "expired_days": 30, "disabled_days": 90, "conflict_days": 90,
    "price_change_notice": 30, "announce_days": [30, 7, 1], "backdate_days": 366,
}
FORESEEN = {
    "on": "2026-03-15", "charged_to": "2026-03-15", "at": "2026-01-15T12:00:00+00:00", "by": "admin",
    "refund": "to_method", "asked": 4, "why": "renewal_off", "renews": False,
}
# fmt: on

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def _price(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def _plain_plan(name: str) -> tuple[Plan, dict[str, object]]:
    """A plan at 12.500 for each licence and month, and nothing else, as it is kept."""
    kept: dict[str, object] = {
        "name": name,
        "every": {"count": 1, "unit": "month"},
        "price": {"version": 3, "amount": _price("12.500"), "flat": None, "tiers": None},
        "setup": None,
        "trial": None,
        "phases": [],
        "term": None,
    }
    return Plan(name, every("month"), Price(3, UnitPrice(Decimal("12.500"), EUR))), kept


PLAIN, PLAIN_KEPT = _plain_plan("team-monthly")

# Whoever changes one of these in the core changes what is stored: the version of its form goes up.
KEPT: list[tuple[Form[Any], object, object]] = [
    (codec.TERMS, CLASSIC, TERMS),
    (
        codec.AGREEMENT,
        agreement({"preset": "classic", "by_country": {"CL": {"window_days": 10}}}),
        {"base": TERMS, "by_country": [["CL", {**TERMS, "window_days": 10}]], "by_kind": []},
    ),
    (codec.PLAN, PLAIN, PLAIN_KEPT),
    (
        codec.PLAN,
        Plan(
            "team-monthly",
            every("month"),
            Price(
                1,
                UnitPrice(Decimal("9.95"), EUR),
                flat=UnitPrice(Decimal("20.00"), EUR),
                tiers=Tiers(
                    "volume",
                    (
                        Step(5, UnitPrice(Decimal("10.00"), EUR), UnitPrice(Decimal(2), EUR)),
                        Step(None, UnitPrice(Decimal("8.00"), EUR)),
                    ),
                ),
            ),
            setup=euros(59995),
            trial=every("14 days"),
            phases=(
                Phase(every("6 months"), UnitPrice(Decimal("9.95"), EUR), euros(100)),
                Phase(None, UnitPrice(Decimal("12.50"), EUR)),
            ),
            term=every("2 years"),
        ),
        {
            "name": "team-monthly",
            "every": {"count": 1, "unit": "month"},
            "price": {
                "version": 1,
                "amount": _price("9.95"),
                "flat": _price("20.00"),
                "tiers": {
                    "kind": "volume",
                    "steps": [
                        {"up_to": 5, "price": _price("10.00"), "flat": _price("2")},
                        {"up_to": None, "price": _price("8.00"), "flat": None},
                    ],
                },
            },
            "setup": {"minor": 59995, "currency": "EUR"},
            "trial": {"count": 14, "unit": "day"},
            "phases": [
                {
                    "length": {"count": 6, "unit": "month"},
                    "amount": _price("9.95"),
                    "setup": {"minor": 100, "currency": "EUR"},
                },
                {"length": None, "amount": _price("12.50"), "setup": None},
            ],
            "term": {"count": 2, "unit": "year"},
        },
    ),
    (
        codec.PENDING_PLAN,
        PendingPlan(date(2026, 2, 15), PLAIN, date(2026, 3, 1), NOON, "admin", 4),
        {
            "effective": "2026-02-15",
            "plan": PLAIN_KEPT,
            "anchor": "2026-03-01",
            "at": "2026-01-15T12:00:00+00:00",
            "by": "admin",
            "asked": 4,
        },
    ),
    (
        codec.TRIAL,
        Trial(date(2026, 2, 14), 15, converts=False, extended=True),
        {"ends": "2026-02-14", "anchor": 15, "converts": False, "extended": True},
    ),
    (
        codec.RESTS,
        (
            Rest(date(2026, 1, 15), date(2026, 1, 20), "pause", NOON, "admin", datetime(2026, 1, 20, 9, tzinfo=UTC)),
            Rest(date(2026, 2, 1), None, "pause", NOON, "vendor"),
        ),
        [
            {
                "start": "2026-01-15",
                "end": "2026-01-20",
                "why": "pause",
                "at": "2026-01-15T12:00:00+00:00",
                "by": "admin",
                "ended_at": "2026-01-20T09:00:00+00:00",
            },
            {
                "start": "2026-02-01",
                "end": None,
                "why": "pause",
                "at": "2026-01-15T12:00:00+00:00",
                "by": "vendor",
                "ended_at": None,
            },
        ],
    ),
    (
        codec.SETUPS,
        (Setup(date(2026, 1, 15), euros(59995), "team-monthly"),),
        [{"on": "2026-01-15", "amount": {"minor": 59995, "currency": "EUR"}, "plan": "team-monthly"}],
    ),
    (
        codec.TURNS,
        (Turn(date(2026, 1, 15), "trial", NOON), Turn(date(2026, 2, 14), "expired", NOON)),
        [
            {"on": "2026-01-15", "state": "trial", "at": "2026-01-15T12:00:00+00:00"},
            {"on": "2026-02-14", "state": "expired", "at": "2026-01-15T12:00:00+00:00"},
        ],
    ),
    (
        codec.FORESEEN,
        Ending(date(2026, 3, 15), date(2026, 3, 15), NOON, "admin", "to_method", 4, "renewal_off", renews=False),
        FORESEEN,
    ),
    (
        codec.GRID,
        Grid(date(2026, 1, 31), every("2 months"), 31),
        {"base": "2026-01-31", "every": {"count": 2, "unit": "month"}, "day": 31},
    ),
    (
        codec.GRID,
        Grid(date(2026, 1, 31), every("30 days"), None),
        {"base": "2026-01-31", "every": {"count": 30, "unit": "day"}, "day": None},
    ),
    (
        codec.FORFEITS,
        (Forfeit(Period(date(2026, 2, 1), date(2026, 3, 1)), 2, Item("team-monthly", 3, 1, 2, flat=True)),),
        [
            {
                "period": {"start": "2026-02-01", "end": "2026-03-01"},
                "licences": 2,
                "item": {"plan": "team-monthly", "version": 3, "phase": 1, "step": 2, "flat": True},
            }
        ],
    ),
    (
        codec.PROOF,
        ChargeProof(UnitPrice(Decimal("0.004"), EUR), licences=12, days=11, of_days=28),
        {"price": {"amount": "0.004", "currency": "EUR"}, "licences": 12, "days": 11, "of_days": 28},
    ),
    (
        codec.PROOF,
        CreditProof(euros(12500), charged_seat_days=280, kept_seat_days=160, credited_before=euros(0)),
        {
            "charged": {"minor": 12500, "currency": "EUR"},
            "charged_seat_days": 280,
            "kept_seat_days": 160,
            "credited_before": {"minor": 0, "currency": "EUR"},
            "at_most": None,
        },
    ),
    (codec.PROOF, SetupProof(euros(59995)), {"amount": {"minor": 59995, "currency": "EUR"}}),
    (
        codec.PROOF,
        DiscountProof(euros(12500), Fraction("12.5"), share=None, left=euros(12500)),
        {
            "charged": {"minor": 12500, "currency": "EUR"},
            "percent": "25/2",
            "share": None,
            "left": {"minor": 12500, "currency": "EUR"},
        },
    ),
    (
        codec.PROOF,
        GivenProof(euros(500), left=euros(12500)),
        {"amount": {"minor": 500, "currency": "EUR"}, "left": {"minor": 12500, "currency": "EUR"}},
    ),
    (
        codec.TAX_PROOF,
        TaxProof(Fraction("5.5"), base=euros(-4375), closing=euros(-100), at_most=None),
        {
            "rate": "11/2",
            "base": {"minor": -4375, "currency": "EUR"},
            "closing": {"minor": -100, "currency": "EUR"},
            "at_most": None,
        },
    ),
    (
        codec.STATEMENT,
        Statement(*(Money(n, currency("JPY")) for n in range(7))),
        {
            name: {"minor": n, "currency": "JPY"}
            for n, name in enumerate(
                ("open_before", "this_document", "from_credit", "paid_now", "paid_back", "to_credit", "still_to_pay")
            )
        },
    ),
    (
        codec.SELLER,
        SellerSnapshot("Kadans", "Oude Vest 41\n2312 XS Leiden", "NL", ("NL001234567B01",)),
        {
            "name": "Kadans",
            "address": "Oude Vest 41\n2312 XS Leiden",
            "country": "NL",
            "tax_ids": ["NL001234567B01"],
        },
    ),
    (
        codec.DOCUMENT,
        Document(
            id=1,
            profile=1,
            kind="invoice",
            date=date(2026, 1, 15),
            due=date(2026, 2, 14),
            lines=(
                Line(
                    subscription=1,
                    kind="recurring",
                    period=Period(date(2026, 1, 15), date(2026, 2, 15)),
                    licences=10,
                    price=UnitPrice(Decimal("12.50"), EUR),
                    item=Item("team-monthly", 1),
                    days=31,
                    of_days=31,
                    amount=euros(12500),
                    tax_rate=None,
                    proof=ChargeProof(UnitPrice(Decimal("12.50"), EUR), licences=10, days=31, of_days=31),
                    cause=Cause("purchase", date(2026, 1, 15), "admin"),
                    tax=euros(0),
                ),
            ),
            taxes=(),
            net=euros(12500),
            tax=euros(0),
            total=euros(12500),
        ),
        {
            "id": 1,
            "profile": 1,
            "kind": "invoice",
            "date": "2026-01-15",
            "due": "2026-02-14",
            "lines": [
                {
                    "subscription": 1,
                    "kind": "recurring",
                    "period": {"start": "2026-01-15", "end": "2026-02-15"},
                    "licences": 10,
                    "price": {"amount": "12.50", "currency": "EUR"},
                    "item": {"plan": "team-monthly", "version": 1, "phase": 0, "step": 0, "flat": False},
                    "days": 31,
                    "of_days": 31,
                    "amount": {"minor": 12500, "currency": "EUR"},
                    "tax_rate": None,
                    "proof": {
                        "price": {"amount": "12.50", "currency": "EUR"},
                        "licences": 10,
                        "days": 31,
                        "of_days": 31,
                    },
                    "cause": {"why": "purchase", "on": "2026-01-15", "by": "admin"},
                    "corrects": None,
                    "refund": None,
                    "tax": {"minor": 0, "currency": "EUR"},
                    "reduces": None,
                    "discount": None,
                    "exact": None,
                }
            ],
            "taxes": [],
            "net": {"minor": 12500, "currency": "EUR"},
            "tax": {"minor": 0, "currency": "EUR"},
            "total": {"minor": 12500, "currency": "EUR"},
            "final": False,
            "statement": None,
        },
    ),
    (
        codec.CUSTOMER,
        CustomerSnapshot("Rossi", "Bologna", "IT", None),
        {"name": "Rossi", "address": "Bologna", "country": "IT", "purchase_order": None},
    ),
]


@pytest.mark.parametrize(("form", "value", "stored"), KEPT, ids=[form.name for form, _, _ in KEPT])
def test_a_value_is_kept_like_this_and_read_back(form: Form[Any], value: object, stored: object):
    kept = {"v": form.version, form.name: stored}
    assert form.write(value) == kept
    assert form.read(kept) == value


def test_every_form_is_held_by_a_literal():
    assert {form.name for form, _, _ in KEPT} == {form.name for form in codec.FORMS}


@pytest.mark.parametrize("anchor", ["start", "calendar", 15, date(2026, 1, 5)])
def test_every_kind_of_anchor_is_kept(anchor: Anchor):
    terms = agreement({"preset": "commit", "anchor": anchor, "online_cancel_limit": "none"}).base
    assert codec.TERMS.read(codec.TERMS.write(terms)) == terms
    assert terms.anchor == anchor


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9))
def test_a_price_keeps_every_digit(amount: Decimal):
    plan = Plan("p", every("month"), Price(1, UnitPrice(amount, EUR)))
    assert codec.PLAN.read(codec.PLAN.write(plan)) == plan


@pytest.mark.parametrize("stored", [0.5, "1/0", "1.5", "21%"])
def test_a_rate_is_a_fraction_as_text(stored: object):
    proof = cast("dict[str, Any]", codec.TAX_PROOF.write(TaxProof(Fraction(21), euros(1), euros(0))))
    proof["tax_proof"]["rate"] = stored
    with pytest.raises(Unreadable, match="rate"):
        codec.TAX_PROOF.read(proof)


def test_what_has_no_form_is_not_written():
    with pytest.raises(TypeError):
        codec.FORFEITS.write(cast("Any", (1.5,)))


def test_the_same_content_has_one_spelling_and_one_hash():
    assert codec.canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'.encode()
    assert codec.content_hash({"a": 1, "b": 2}) == codec.content_hash({"b": 2, "a": 1})
    assert codec.content_hash({"a": 1}) != codec.content_hash({"a": "1"})
    assert len(codec.content_hash({})) == 32
