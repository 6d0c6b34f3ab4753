"""What the reference says is what the program has: commands, settings, terms of stories, refusals."""

from pathlib import Path

import click

from prorata import bootstrap, settings
from prorata.cli import main
from prorata.cli.story_verbs import READERS
from prorata.core.errors import DomainError
from prorata.web.auth.door import SessionDoor
from prorata.web.demo.door import DemoDoor
from prorata.web.served import served
from prorata.wording import Language, wording_for
from prorata.wording.errors import has_sentence
from support.tree import ROOT

REFERENCE = ROOT / "docs" / "reference"
assert all((bootstrap, served, DemoDoor, SessionDoor))  # everything that can refuse is imported


def text(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "prorata") -> list[str]:
    found: list[str] = []
    for name, command in group.commands.items():
        called = f"{before} {name}"
        found += commands(command, called) if isinstance(command, click.Group) else [called]
    return found


def refusals(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    found: list[type[DomainError]] = []
    for sub in kind.__subclasses__():
        found += [sub, *refusals(sub)]
    return [each for each in found if each.__module__.startswith("prorata.")]


def test_every_command_is_in_the_reference():
    assert [called for called in commands(main) if f"`{called}" not in text("commands.md")] == []


def test_every_setting_is_in_the_reference():
    assert [name for name in settings.NAMES if f"`{name}`" not in text("commands.md")] == []


def test_every_verb_of_a_story_is_in_the_reference():
    assert [verb for verb in READERS if f"`{verb}:" not in text("stories.md")] == []


def test_every_refusal_has_a_sentence_and_is_in_the_reference():
    codes = {each.code for each in refusals()}
    assert sorted(code for code in codes if not has_sentence(code)) == []
    assert sorted(code for code in codes if f"`{code}`" not in text("errors.md")) == []


def test_the_reference_has_no_refusal_that_there_is_not():
    codes = {each.code for each in refusals()}
    listed = {line.split("`")[1] for line in text("errors.md").splitlines() if line.startswith("| `")}
    assert listed - codes == set()


def test_links_between_documents_lead_somewhere():
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    assert [f"{d.name}: {target}" for d in documents for target in links(d) if not (d.parent / target).exists()] == []


def links(document: Path) -> list[str]:
    parts = document.read_text(encoding="utf-8").split("](")[1:]
    targets = [part.partition(")")[0].partition("#")[0] for part in parts]
    return [target for target in targets if target and ":" not in target]


def test_there_is_a_language_for_every_reader():
    assert {wording_for(language).t("Invoice") for language in Language} == {"Invoice", "Factuur", "Fattura"}
