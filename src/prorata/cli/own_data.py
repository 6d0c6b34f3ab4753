"""The use cases on one's own data, as commands open them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import click

from prorata.cli.failure import Failure
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.errors import DomainError
from prorata.usecases.act import Services
from prorata.usecases.permissions import operator
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence

OPERATOR: Final = operator("Operator")
"""Who acts on the command line: whoever looks after the vendor's machine."""


@contextmanager
def opened(context: click.Context, *, links: bool = False) -> Generator[Services]:
    """The use cases on one's own data; what they refuse is one sentence.

    `links`: the command makes some that lead to the site, so the settings must say where that is.
    """
    wiring = wiring_of(context.find_object(Wiring))
    if links:
        wiring.check_address()
    with wiring.services("own") as services:
        try:
            yield services
        except DomainError as error:
            raise Failure(sentence(error, wording_for(Language.EN))) from None
