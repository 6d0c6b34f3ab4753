"""Tables for spreadsheets: what anybody typed only says something."""

import pytest

from prorata.web.spreadsheets import harmless


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("Anna;=1+1", "Anna;'=1+1"),
        ("Anna, =1+1", "Anna, '=1+1"),
        ("Anna\n@SUM(A1)", "Anna\n'@SUM(A1)"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a-b; c=d", "a-b; c=d"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula_whatever_separator_its_reader_wants(typed: str, kept: str):
    assert harmless(typed) == kept
