"""What a story expects against what came out."""

import pytest

from prorata.core.stories.compare import differences
from prorata.core.stories.result import Json

GOT: Json = {
    "story": "A test",
    "documents": [
        {"number": "2026-000001", "lines": [{"amount": "125.00"}]},
        {"number": "C2026-000001", "lines": [{"amount": "-53.57", "corrects": [1, 1]}, {"amount": "9.83"}]},
    ],
    "account": {"owed": "81.25", "credit": "0.00"},
    "parked": [],
}


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"account": {}},
        {"account": {"owed": "81.25"}},
        {"documents": [{}, {"lines": [{"corrects": [1, 1]}, {}]}]},
        {"parked": []},
    ],
)
def test_a_map_compares_only_the_keys_that_it_names(expected: Json):
    assert differences(expected, GOT) == ()


TOLD: list[tuple[Json, str]] = [
    (
        {"documents": [{}, {"lines": [{}, {"amount": "9.82"}]}]},
        'documents[1].lines[1].amount: expected "9.82", got "9.83"',
    ),
    (
        {"documents": [{}, {"lines": [{"corrects": [1, True]}, {}]}]},
        "documents[1].lines[0].corrects[1]: expected true, got 1",
    ),
    ({"documents": [{}]}, "documents: expected 1 in the list, got 2"),
    ({"parked": [{}]}, "parked: expected 1 in the list, got 0"),
    ({"account": {"debt": "1.00"}}, 'account.debt: expected "1.00", but the result has no such key'),
    ({"account": []}, 'account: expected [], got {"owed": "81.25", "credit": "0.00"}'),
    ({"story": None}, 'story: expected null, got "A test"'),
]


@pytest.mark.parametrize(("expected", "difference"), TOLD)
def test_a_difference_is_told_with_its_place(expected: Json, difference: str):
    assert differences(expected, GOT) == (difference,)


def test_every_difference_is_told():
    assert differences({"account": {"owed": "1.00", "credit": "2.00"}}, GOT) == (
        'account.owed: expected "1.00", got "81.25"',
        'account.credit: expected "2.00", got "0.00"',
    )


def test_a_list_of_another_length_is_compared_as_far_as_it_goes():
    assert differences({"documents": [{"number": "x"}]}, GOT) == (
        "documents: expected 1 in the list, got 2",
        'documents[0].number: expected "x", got "2026-000001"',
    )
