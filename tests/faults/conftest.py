"""A population on a server of this process's own, and a copy of it for each test."""

from collections.abc import Iterator

import pytest

from faults.site import Ground, Site, made_ground


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    with made_ground() as made:
        yield made


@pytest.fixture
def site(ground: Ground) -> Iterator[Site]:
    with ground.site() as made:
        yield made
