"""A browser in words, from what it says of itself."""

import pytest

from prorata.web.auth.agents import agent_words
from prorata.wording import Language, wording_for
from prorata.wording.agents import agent_said
from support.entrance import LINUX, PHONE

GECKO = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
DROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (LINUX, "Chrome on Linux"),
        (PHONE, "Safari on iPhone"),
        (GECKO, "Firefox on Windows"),
        (EDGE, "Edge on Windows"),
        (DROID, "Chrome on Android"),
        (MAC, "Safari on macOS"),
        ("curl/8.5.0", "curl"),
        ("Something (X11; Linux)", "an unknown browser on Linux"),
        ("", "an unknown browser"),
        ("x" * 1_000 + "Chrome/140.0", "an unknown browser"),
        ("<script>alert(1)</script>", "an unknown browser"),
    ],
)
def test_a_browser_is_called_by_its_name_and_its_system(header: str, said: str) -> None:
    assert agent_said(wording_for(Language.EN), agent_words(header)) == said


def test_each_language_says_it_in_its_own_words() -> None:
    said = [agent_said(wording_for(language), agent_words(LINUX)) for language in Language]
    assert sorted(said) == ["Chrome on Linux", "Chrome op Linux", "Chrome su Linux"]
