"""The command line on a shop's database, at the time of its clock."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from click.testing import CliRunner, Result

from prorata.cli import main
from prorata.cli.wiring import Whose, Wiring
from prorata.usecases.act import Services
from support.billing import Billing


def _nothing(*_: object) -> None:
    raise AssertionError("not for this command")


def prorata(billing: Billing, *words: str) -> Result:
    """What comes of a command."""

    @contextmanager
    def services(_: Whose) -> Generator[Services]:
        yield billing.shop.services

    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, _nothing)
    wiring = Wiring(**(others | {"services": services, "check_address": lambda: None}))
    return CliRunner().invoke(main, words, obj=wiring)
