"""Python's collector of cycles, put off while hundreds of accounts are in memory."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Generator[None]:
    """Let Python not look for cycles meanwhile.

    Rows, histories and decisions refer to nothing that refers to them. To look at all of them again and again takes a
    fifth of the time, and finds nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
