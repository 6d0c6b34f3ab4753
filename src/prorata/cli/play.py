"""`prorata play`: what is billed in a story."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from prorata.cli.failure import Failure
from prorata.cli.output import as_json, as_text
from prorata.cli.story_file import StoryFile, read_story
from prorata.cli.wiring import Wiring, wiring_of
from prorata.cli.yaml_tree import MAX_BYTES
from prorata.cli.yaml_values import WrongFile
from prorata.core.stories.compare import differences
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.model import Story
from prorata.core.stories.player import Refused
from prorata.core.stories.player import play as play_on
from prorata.core.stories.result import Json, result
from prorata.core.stories.told import Told
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence
from prorata.wording.explain import says

_ENGLISH = wording_for(Language.EN)
"""Results and errors are for files and programs as much as for people: they are the same in every language."""


@click.command(short_help="Tell what is billed in a story.")
@click.argument("file", metavar="FILE")
@click.option("--json", "wants_json", is_flag=True, help="Print the result as JSON.")
@click.option("--live", is_flag=True, help="Play it in PostgreSQL, through the use cases, instead of in memory.")
@click.option("--expect", "compares", is_flag=True, help="Compare with the story's expect: exit 1 where it differs.")
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default=Language.EN.value,
    show_default=True,
    help="The language of the readable account.",
)
@click.pass_context
def play(context: click.Context, *, file: str, wants_json: bool, live: bool, compares: bool, language: str) -> None:
    """Tell what is billed in the story FILE, a YAML file; - is standard input.

    Exit codes: 0 all went well, 1 it differs from what the story expects, 2 the file or an event was refused.
    """
    read = _read(file)
    told = _played(read.story, context.find_object(Wiring), live=live)
    written = as_json(_result(read.story, told)) if wants_json else _text(read.story, told, language=language)
    click.echo(written, nl=False)
    if compares and _differs(read, told):
        context.exit(1)


def _read(file: str) -> StoryFile:
    """Read the file, and never more of it than a story may be long."""
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "that is no name of a file"
        raise Failure(f"{click.format_filename(file)}: {reason or error}") from None
    try:
        return read_story(raw)
    except WrongFile as error:
        raise Failure(str(error)) from None


def _played(story: Story, wiring: Wiring | None, *, live: bool) -> Told:
    try:
        if not live:
            return play_on(story, MemoryStage(story))
        with wiring_of(wiring).live_stage(story) as stage:
            return play_on(story, stage)
    except Refused as refused:
        code, why = refused.error.code, sentence(refused.error, _ENGLISH)
        raise Failure(f"event {refused.place}: {code}: {why}") from None


def _result(story: Story, told: Told) -> dict[str, Json]:
    return result(told, title=story.title, says=lambda line: says(line, _ENGLISH), with_previews=story.has_previews)


def _text(story: Story, told: Told, *, language: str) -> bytes:
    return as_text(story, told, w=wording_for(Language(language)))


def _differs(read: StoryFile, told: Told) -> bool:
    if read.expect is None:
        click.echo("The story expects nothing: there is no `expect` in it.", err=True)
        return False
    found = differences(read.expect, _result(read.story, told))
    for difference in found:
        click.echo(difference, err=True)
    return bool(found)
