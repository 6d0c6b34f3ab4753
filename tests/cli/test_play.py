"""`prorata play`, as somebody types it."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result

from prorata.cli import main
from prorata.cli.wiring import Wiring
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.model import Story
from prorata.core.stories.player import Stage
from support.tree import ROOT

EXAMPLE = ROOT / "stories" / "first-bill" / "cancelled-in-march-with-februarys-bill-unpaid.yaml"
SHORT = """\
story: A test
plans: {business: {price: "12.50", every: month}}
events:
  - {at: 2026-01-15, subscribe: business, as: a, licences: 10}
"""


def play(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["play", *arguments], input=text)


@pytest.fixture
def short(tmp_path: Path) -> str:
    file = tmp_path / "short.yaml"
    file.write_text(SHORT, "utf-8")
    return str(file)


def test_the_account_reads_as_small_bills(short: str):
    played = play(short)
    assert played.exit_code == 0
    assert played.stderr == ""
    assert played.stdout.splitlines()[:7] == [
        "A test",
        "",
        "Invoice 2026-000001, 15 January 2026, due on 15 January 2026",
        "  10 licences × €12.50, 15 January to 14 February 2026 (31 of 31 days)" + " " * 15 + "€125.00",
        "  " + "-" * 90,
        "  Total" + " " * 78 + "€125.00",
        "  Paid" + " " * 79 + "€125.00",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Credit note C2026-000001, 3 March 2026", "€81.25", "disabled", "Timeline"]),
        ("nl", ["Creditnota C2026-000001, 3 maart 2026", "€ 81,25", "uitgeschakeld", "Tijdlijn"]),
        ("it", ["Nota di credito C2026-000001, 3 marzo 2026", "81,25 €", "disattivato", "Calendario"]),
    ],
)
def test_it_reads_in_three_languages(language: str, words: list[str]):
    told = play(str(EXAMPLE), "--language", language).stdout.replace("\u00a0", " ")
    assert [word for word in words if word not in told] == []


def test_no_line_of_an_account_is_wider_than_the_others():
    for language in ("en", "nl", "it"):
        told = play(str(EXAMPLE), "--language", language).stdout
        assert max(len(line) for line in told.splitlines()) <= 92


def test_several_subscriptions_previews_tax_and_open_bills_are_told():
    text = SHORT.replace("events:", 'tax: {rate: "21"}\npayment: none\nuntil: 2026-02-20\nevents:') + (
        "  - {at: 2026-01-20, subscribe: business, as: b}\n  - {at: 2026-02-20, cancel: a, preview: true}\n"
    )
    told = play("-", text=text).stdout
    # Ten licences 125.00 and 21% of it 26.25; a month later the same, and one licence of 12.50 with 2.63 (2.625).
    for line in (
        "  a: 10 licences × €12.50, 15 January to 14 February 2026 (31 of 31 days)",
        "  Tax 21%" + " " * 77 + "€26.25",
        "  Still to pay" + " " * 71 + "€151.25",
        "Preview: Credit note C2026-000001, 20 February 2026",
        "  a: active, past due, 0 of 10 assigned, billed up to 14 March 2026",
        "Account on 20 February 2026",
    ):
        assert line in told


def test_a_story_without_a_bill_says_so():
    told = play("-", text=SHORT.replace('"12.50"', '"0"')).stdout
    assert "No document was issued.\n" in told


def test_json_has_the_result_in_utf_8_with_a_line_feed_at_its_end(short: str):
    played = play("--json", short)
    assert played.stdout.endswith("}\n")
    assert "10 licences × €12.50" in played.stdout
    assert '  "story": "A test",\n  "documents": [\n' in played.stdout
    assert next(iter(json.loads(played.stdout))) == "story"


def test_a_dash_is_standard_input(short: str):
    assert play("--json", "-", text=SHORT).stdout_bytes == play("--json", short).stdout_bytes


def test_what_is_expected_is_compared(tmp_path: Path):
    file = tmp_path / "story.yaml"
    file.write_text(SHORT + 'expect: {account: {paid: "125.00"}}\n', "utf-8")
    as_expected = play("--expect", str(file))
    assert (as_expected.exit_code, as_expected.stderr) == (0, "")
    file.write_text(SHORT + 'expect: {account: {paid: "124.99", owed: "0.01"}}\n', "utf-8")
    differs = play("--expect", "--json", str(file))
    assert differs.exit_code == 1
    assert differs.stderr == (
        'account.paid: expected "124.99", got "125.00"\naccount.owed: expected "0.01", got "0.00"\n'
    )
    assert differs.stdout_bytes == play("--json", "-", text=SHORT).stdout_bytes


def test_without_expectations_there_is_nothing_to_differ_from(short: str):
    played = play("--expect", short)
    assert played.exit_code == 0
    assert played.stderr == "The story expects nothing: there is no `expect` in it.\n"


def test_a_refused_event_is_one_line_and_nothing_on_standard_output():
    text = SHORT + "  - {at: 2026-01-16, assign: 8, of: a}\n  - {at: 2026-01-17, licences: 7, of: a}\n"
    refused = play("--json", "-", text=text)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "event 3: below_assigned: 8 licences are assigned, so there cannot be only 7. "
        "Unassign 1 member first, or keep more licences.\n"
    )


def test_refusals_are_english_whatever_the_language_of_the_account():
    text = SHORT + "  - {at: 2026-01-17, undo: a}\n"
    assert play("--language", "nl", "-", text=text).stderr == play("-", text=text).stderr


def test_a_wrong_file_is_one_line_and_nothing_on_standard_output():
    wrong = play("-", text=SHORT.replace('"12.50"', "12.50"))
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr == ('line 2: price: amounts are text, so that they stay exact: write "12.50", in quotes\n')


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path):
    missing = play(str(tmp_path / "nothing.yaml"))
    assert missing.exit_code == 2
    assert missing.stderr == f"{tmp_path}/nothing.yaml: No such file or directory\n"
    assert play(str(tmp_path)).stderr == f"{tmp_path}: Is a directory\n"
    assert play("a\0b").stderr.count("\n") == 1


def test_a_file_without_end_is_not_read_to_its_end():
    assert play("/dev/zero").stderr == "line 1: yaml: the file is larger than 1,000,000 bytes\n"


def test_live_plays_on_the_stage_that_it_is_given(short: str):
    played: list[str] = []

    @contextmanager
    def stage(story: Story) -> Generator[Stage]:
        played.append("opened")
        yield MemoryStage(story)
        played.append("closed")

    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, never)
    wiring = Wiring(**(others | {"live_stage": stage}))
    found = CliRunner().invoke(main, ["play", "--live", "--json", short], obj=wiring)
    assert found.stdout_bytes == play("--json", short).stdout_bytes
    assert played == ["opened", "closed"]


def never(*_: object) -> NoReturn:
    raise AssertionError("a story needs nothing but its stage")


def prorata(*arguments: str, **more: str) -> subprocess.Popen[bytes]:
    """The installed program in a process of its own."""
    program = Path(sys.executable).parent / "prorata"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PRORATA_")} | more
    return subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def test_the_program_plays_a_story():
    out, err = prorata("play", "--json", "--expect", str(EXAMPLE)).communicate(timeout=100)
    assert err == b""
    assert out == play("--json", str(EXAMPLE)).stdout_bytes


def test_a_terminal_that_knows_no_euro_sign_gets_the_same_bytes():
    process = prorata("play", "--json", str(EXAMPLE), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert process.communicate(timeout=100)[0] == play("--json", str(EXAMPLE)).stdout_bytes


def test_a_reader_who_has_seen_enough_hears_no_complaint():
    process = prorata("play", "--json", str(EXAMPLE))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=100)
