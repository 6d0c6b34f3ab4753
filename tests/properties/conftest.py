"""The properties are attacked as hard as the environment says."""

from pathlib import Path

import pytest

from properties import effort

effort.as_told()

_HERE = Path(__file__).parent
_SECONDS = 3600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A hunt takes as long as it takes, and so does making what it found as small as can be."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.timeout(_SECONDS))
