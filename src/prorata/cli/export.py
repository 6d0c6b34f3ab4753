"""`prorata account export`: all that an account owns, straight into a file."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

import click

from prorata.cli.failure import Failure
from prorata.cli.own_data import OPERATOR, opened
from prorata.cli.wiring import Wiring, wiring_of
from prorata.store.snapshots import Language as Spoken
from prorata.usecases.act import Request
from prorata.usecases.export.to_file import Written, export_to_file
from prorata.usecases.ports import NoProductFiles
from prorata.wording import Language, wording_for
from prorata.wording.exporting import problem_said

_LAST_ID = 2**63 - 1  # of a bigint


@click.command("export", short_help="Back up what an account owns into a file.")
@click.argument("account_id", metavar="ID", type=click.IntRange(1, _LAST_ID))
@click.option("--to", "path", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A new ZIP file.")
@click.option(
    "--language",
    type=click.Choice([each.value for each in Language]),
    default="en",
    show_default=True,
    help="Of its first page, README.txt.",
)
@click.pass_context
def export_command(context: click.Context, *, account_id: int, path: Path, language: Spoken) -> None:
    """Write all that the account ID owns into FILE: rows as JSON and CSV, every document, and sums to check them by.

    FILE must not exist yet, and is only there once it is whole. Exit codes: 0 done, 2 refused.
    """
    try:
        with _whole(path) as file:
            written = _write(context, account_id, file=file, language=language)
    except NoProductFiles as error:
        raise Failure(problem_said(wording_for(Language.EN), error.problem)) from error
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror or type(error).__name__}.") from error
    click.echo(f"{path}: {written.files:,} files, {written.bytes:,} bytes, SHA-256 {written.sha256}")


@contextmanager
def _whole(path: Path) -> Generator[BinaryIO]:
    """A file that takes the name of `path` once it is written, and is for whoever runs the command alone.

    Each start writes into one of its own: two at once for one path disturb neither each other nor any other file.
    """
    _check_free(path)
    number, name = mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
        _check_free(path)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _check_free(path: Path) -> None:
    if os.path.lexists(path):
        raise Failure(f"There is a file {path} already. Name another one.")


def _write(context: click.Context, account_id: int, *, file: BinaryIO, language: Spoken) -> Written:
    kit = wiring_of(context.find_object(Wiring)).exporting()
    with opened(context) as services:
        return export_to_file(
            services,
            Request(account_id, OPERATOR),
            kit=kit,
            into=file,
            language=language,
            progress=_nothing,
        )


def _nothing(_done: int, _total: int) -> None:
    """Who waits sees the file grow."""
