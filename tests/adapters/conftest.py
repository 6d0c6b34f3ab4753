"""A directory that answers the question of these tests as it should, until a test says otherwise."""

from collections.abc import Iterator

import pytest

from adapters.asking import AT, QUESTION
from support.provider import Provider, provider


@pytest.fixture
def directory() -> Iterator[Provider]:
    with provider() as found:
        found.at, found.nonce = AT, QUESTION.nonce
        yield found
