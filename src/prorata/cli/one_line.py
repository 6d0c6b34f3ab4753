"""A command that cannot be understood, answered in one line like every other refusal."""

from __future__ import annotations

import click
from click.exceptions import NoArgsIsHelpError

from prorata.cli.failure import Failure


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
    return code if isinstance(code, int) else 0


def _said(error: click.UsageError) -> str:
    """The option or argument and what is wrong with it; where there is none, where to look."""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter) and error.param:
        option = isinstance(error.param, click.Option)
        name = error.param.opts[0] if option else (error.param.name or "").upper()
        return _sentence(f"{name}: {error.message}")
    said = _sentence(error.format_message())
    return f"{said} See `{error.ctx.command_path} --help`." if error.ctx else said


def _sentence(text: str) -> str:
    said = " ".join(text.split())
    return said if said.endswith((".", "?", "!")) else f"{said}."
