"""What is kept as JSON, straight as text: the same bytes as by way of dictionaries, and the same refusals."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.money import UnitPrice
from prorata.core.proof import TaxProof
from prorata.store import codec
from prorata.store.codec import Form, Unreadable
from prorata.store.codec_writing import write_text, write_tree
from prorata.store.snapshots import CustomerSnapshot
from store.ground import EUR, euros
from store.test_codec import KEPT


@pytest.mark.parametrize(
    ("form", "value"), [(form, value) for form, value, _ in KEPT], ids=[f.name for f, _, _ in KEPT]
)
def test_the_text_has_the_bytes_of_the_dictionaries(form: Form[Any], value: object):
    assert form.text(value).encode() == codec.canonical(form.write(value))


def test_the_hash_of_texts_is_that_of_the_whole():
    proof = TaxProof(Fraction(21), euros(100), euros(0))
    whole = {"b": codec.TAX_PROOF.write(proof), "a": "é"}
    assert codec.hash_of_texts({"b": codec.TAX_PROOF.text(proof), "a": '"é"'}) == codec.content_hash(whole)


@given(st.text(), st.text() | st.none())
def test_any_words_can_be_written(name: str, order: str | None):
    customer = CustomerSnapshot(name, "line\none", "NL", order)
    assert codec.CUSTOMER.text(customer) == codec.canonical(codec.CUSTOMER.write(customer)).decode()


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_price_is_written_without_an_exponent(amount: Decimal):
    plan = Plan("p", every("month"), Price(1, UnitPrice(amount, EUR)))
    text = codec.PLAN.text(plan)
    assert text.encode() == codec.canonical(codec.PLAN.write(plan))
    assert f'"amount":"{amount:f}"' in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (-1, "-1"),
        ('"', '"\\""'),
        ((), "[]"),
        ((1, (2, None)), "[1,[2,null]]"),
        (datetime(2026, 1, 15, 12, tzinfo=UTC), '"2026-01-15T12:00:00+00:00"'),
    ],
)
def test_plain_values_are_written_like_this(value: object, text: str):
    assert write_text(value) == text
    assert codec.canonical(write_tree(value)).decode() == text


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}, (1, 1.5), object(), CustomerSnapshot, b"a"])
def test_what_has_no_form_is_not_written(value: object):
    with pytest.raises(TypeError):
        write_text(value)
    with pytest.raises(TypeError):
        write_tree(value)


def test_another_thing_in_a_field_is_not_written():
    plan = Plan("p", every("month"), cast("Any", 12.5))
    with pytest.raises(TypeError):
        codec.PLAN.text(plan)
    with pytest.raises(TypeError):
        codec.PLAN.write(plan)


@pytest.mark.parametrize(
    ("form", "stored", "place"),
    [
        (codec.PLAN, {"name": "p", "every": {"count": 1, "unit": "fortnight"}, "price": {}}, "plan.every.unit: 'fort"),
        (codec.FORFEITS, [{"period": {"start": "2026-02-01", "end": 7}, "licences": 2}], "forfeits[0].period.end: '7'"),
        (codec.FORFEITS, [{"licences": 2}], "forfeits[0]: these keys are missing or unknown: period."),
        (codec.PROOF, {"licences": 2}, "proof: \"{'licences': 2}\" is not what belongs here."),
    ],
    ids=["a field", "an item", "a key", "none of several"],
)
def test_what_cannot_be_read_is_named_by_its_place(form: Form[Any], stored: object, place: str):
    with pytest.raises(Unreadable) as refused:
        form.read({"v": 1, form.name: stored})
    assert str(refused.value).startswith(place)


def test_what_was_refused_once_is_refused_again():
    # What a text means is remembered; that it means nothing must not be forgotten either.
    for _ in range(2):
        with pytest.raises(Unreadable):
            codec.GRID.read({"v": 1, "grid": {"base": "2026-02-30", "every": {"count": 1, "unit": "day"}, "day": None}})
