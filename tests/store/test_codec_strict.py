"""Nothing is read that would not have been written."""

import pytest

from prorata.store import codec
from prorata.store.codec import Unreadable
from store.test_codec import PLAIN_KEPT


def _plan_with(**changes: object) -> dict[str, object]:
    return {"v": 2, "plan": {**PLAIN_KEPT, **changes}}


def _price_with(amount: object, of: str = "EUR") -> dict[str, object]:
    return {"version": 1, "amount": {"amount": amount, "currency": of}, "flat": None, "tiers": None}


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        {"v": 2},
        {**_plan_with(), "v": 3},
        {**_plan_with(), "v": 1},
        {**_plan_with(), "v": True},
        {**_plan_with(), "more": 1},
        _plan_with(more=1),
        _plan_with(name=1),
        _plan_with(name=None),
        _plan_with(every={"count": 1.0, "unit": "month"}),
        _plan_with(every={"count": True, "unit": "month"}),
        _plan_with(every={"count": "1", "unit": "month"}),
        _plan_with(every={"count": 1, "unit": "fortnight"}),
        _plan_with(every={"count": 1}),
        _plan_with(price=_price_with(1.5)),
        _plan_with(price=_price_with("1e3")),
        _plan_with(price=_price_with("NaN")),
        _plan_with(price=_price_with("1.00", "EURO")),
        _plan_with(phases=None),
        _plan_with(term="year"),
    ],
)
def test_nothing_else_is_read(stored: object):
    with pytest.raises(Unreadable):
        codec.PLAN.read(stored)


@pytest.mark.parametrize("stored", ["2026-1-5", "20260105", "2026-02-30", "2026-01-05T00:00:00Z", 20260105, None])
def test_a_day_is_written_one_way(stored: object):
    with pytest.raises(Unreadable, match=r"grid\.base"):
        codec.GRID.read({"v": 1, "grid": {"base": stored, "every": {"count": 1, "unit": "day"}, "day": None}})
