"""Stories for tests: a whole file of a few lines, and playing it in memory."""

from textwrap import dedent

from prorata.cli.story_file import read_story
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.model import Story
from prorata.core.stories.player import play
from prorata.core.stories.result import Json, result
from prorata.core.stories.told import Told
from prorata.wording import Language, wording_for
from prorata.wording.explain import says


def story(events: str, *, more: str = "") -> Story:
    """A story that sells `business`, 12.50 a month, unless `more` (other keys) has plans; `events` is a YAML list."""
    more = dedent(more)
    plans = "" if "plans:" in more else 'plans: {business: {price: "12.50", every: month}}\n'
    return read_story(f"story: A test\n{plans}{more}events:\n{dedent(events)}".encode()).story


def told(events: str, *, more: str = "") -> Told:
    played = story(events, more=more)
    return play(played, MemoryStage(played))


def result_of(played: Story) -> dict[str, Json]:
    """What `prorata play --json` prints, as data."""
    english = wording_for(Language.EN)
    return result(
        play(played, MemoryStage(played)),
        title=played.title,
        says=lambda line: says(line, english),
        with_previews=played.has_previews,
    )
