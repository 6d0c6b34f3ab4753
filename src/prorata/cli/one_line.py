"""A command that cannot be understood, answered in one line like every other refusal."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import Final

import click
from click.exceptions import NoArgsIsHelpError

from prorata.cli.failure import Failure

_NUMBER: Final = re.compile("a valid integer( range)?")
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def call(program: click.Command, *, name: str, obj: object) -> int:
    """Do what the command line says; the exit code. What is wrong with it is one line, not a page of usage: 2."""
    try:
        code = program.main(prog_name=name, obj=obj, standalone_mode=False)
    except NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.UsageError as error:
        Failure(_said(error)).show()
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except OSError as error:
        if error.errno not in _NO_ROOM or error.filename:
            raise
        _say_no_more()
        Failure(f"What there is to say could not all be written: {error.strerror}.").show()
        return 1
    return code if isinstance(code, int) else 0


def _say_no_more() -> None:
    """What still waits to be written would fail once more when the program ends."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no path of ours
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _said(error: click.UsageError) -> str:
    """The option or argument and what is wrong with it; where there is none, where to look."""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter) and error.param:
        option = isinstance(error.param, click.Option)
        name = error.param.opts[0] if option else (error.param.name or "").upper()
        return _sentence(f"{name}: {_NUMBER.sub('a whole number', error.message)}")
    said = _sentence(error.format_message())
    return f"{said} See `{error.ctx.command_path} --help`." if error.ctx else said


def _sentence(text: str) -> str:
    said = " ".join(text.split())
    return said if said.endswith((".", "?", "!")) else f"{said}."
