"""The steps of a closing: each is done or says why not, and the first that is not refuses."""

from dataclasses import replace

import pytest

from prorata.core.closing import (
    BackupMissing,
    BalanceOpen,
    BillHeldBack,
    Facts,
    LastBillToCome,
    MembersLeft,
    SubscriptionsRunning,
    check_steps,
    closing_steps,
)
from prorata.core.errors import DomainError
from prorata.core.money import currency, money, zero

EUR = currency("EUR")
NOTHING = zero(EUR)
READY = Facts((), NOTHING, NOTHING, money("64.52", EUR), money("10.00", EUR), backup="made")


def test_all_five_steps_stand_in_their_order_and_are_done():
    steps = closing_steps(READY)
    assert [one.what for one in steps] == ["backup", "members", "subscriptions", "balance", "credit"]
    assert all(one.done for one in steps)
    check_steps(steps)


def test_waived_is_as_good_as_made():
    assert closing_steps(replace(READY, backup="waived"))[0].done


@pytest.mark.parametrize(
    ("facts", "refusal", "parameters"),
    [
        (replace(READY, backup=None), BackupMissing, {}),
        (replace(READY, others=2), MembersLeft, {"others": 2}),
        (replace(READY, running=("a", "b")), SubscriptionsRunning, {"count": 2, "subscriptions": "a, b"}),
        (replace(READY, open=money("60.48", EUR)), BalanceOpen, {"amount": "60.48", "currency": "EUR"}),
        # All of it is on a bill that is not written yet; of 60.48 and 10.00 only a part is.
        (
            replace(READY, open=money("60.48", EUR), to_come=money("60.48", EUR)),
            LastBillToCome,
            {"amount": "60.48", "currency": "EUR"},
        ),
        (
            replace(READY, open=money("70.48", EUR), to_come=money("60.48", EUR)),
            BalanceOpen,
            {"amount": "70.48", "currency": "EUR"},
        ),
        (replace(READY, held_back=("a",)), BillHeldBack, {"subscriptions": "a"}),
        # Of several the first one refuses.
        (replace(READY, others=1, running=("a",), open=money("1.00", EUR)), MembersLeft, {"others": 1}),
    ],
)
def test_what_is_not_done_is_refused_with_what_there_is_to_know(
    facts: Facts, refusal: type[DomainError], parameters: dict[str, object]
):
    with pytest.raises(refusal) as refused:
        check_steps(closing_steps(facts))
    assert refused.value.parameters == parameters
