"""A day on the command line."""

from __future__ import annotations

import re
from datetime import date

import click


def day(text: str) -> date:
    """The day that is written so, as 2026-03-01; raises `click.BadParameter`."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise click.BadParameter(f"{text} is not a day. Write it as 2026-03-01.")
