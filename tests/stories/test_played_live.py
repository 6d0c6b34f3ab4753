"""Every story gives the same bytes in memory and in PostgreSQL, through the use cases; then everything verifies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from prorata.cli.output import as_json
from prorata.cli.story_file import read_story
from prorata.clock import SystemClock
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.model import Story
from prorata.core.stories.player import Refused, Stage, play
from prorata.core.stories.result import result
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.live_stage import LiveStage
from prorata.usecases.verify import verify
from prorata.wording import Language, wording_for
from prorata.wording.explain import says
from support import databases
from support.tree import ROOT


def is_read(path: Path) -> bool:
    """Whether a story gets as far as being played: its file is not refused already."""
    refused = path.with_suffix(".refused")
    return not refused.exists() or refused.read_text("utf-8").startswith("event ")


STORIES = sorted(path for path in (ROOT / "stories").rglob("*.yaml") if is_read(path))
ENGLISH = wording_for(Language.EN)


@pytest.fixture(scope="module")
def services(database: databases.Database) -> Iterator[Services]:
    opened = Database(database.owner_url, app_url=database.app_url)
    yield Services(opened, SystemClock())
    opened.dispose()


def told(story: Story, stage: Stage) -> bytes | tuple[int, str, object]:
    try:
        ended = play(story, stage)
    except Refused as refused:
        return refused.place, refused.error.code, refused.error.parameters
    return as_json(
        result(ended, title=story.title, says=lambda line: says(line, ENGLISH), with_previews=story.has_previews)
    )


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_live_tells_the_same_bytes(path: Path, services: Services):
    story = read_story(path.read_bytes()).story
    live = LiveStage(services, story)
    assert told(story, live) == told(story, MemoryStage(story))
    assert verify(services, account=live.account).findings == ()


def test_the_numbers_of_all_sellers_have_no_gap(services: Services):
    assert verify(services).findings == ()
