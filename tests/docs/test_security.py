"""What SECURITY.md promises has the tests that it names."""

import re

from support.tree import ROOT


def test_every_defence_names_tests_that_there_are():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^`]+)`", text))
    assert len(named) > 10
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_it_links_to_what_there_is():
    for document in (ROOT / "SECURITY.md", ROOT / "docs" / "howto" / "put-it-on-the-internet.md"):
        for target in re.findall(r"\]\(([^)#:]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), target
