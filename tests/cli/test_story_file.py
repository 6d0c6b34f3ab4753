"""Reading a story from a file: its keys, its verbs, its defaults."""

from datetime import UTC, date, datetime
from textwrap import dedent

import pytest

from prorata.cli.story_file import read_story
from prorata.cli.yaml_values import WrongFile
from prorata.core.events import Subscribe

HEAD = 'story: A test\nplans: {business: {price: "12.50", every: month}}\nevents:\n'
BOUGHT = "  - {at: 2026-01-15, subscribe: business, as: a}\n"


def test_what_is_left_out_has_its_default():
    story = read_story(f"{HEAD}{BOUGHT}".encode()).story
    assert (story.currency.code, story.zone.key, story.billing, story.payment) == ("EUR", "UTC", "daily", "automatic")
    assert (story.tax_rate, story.seller_country, story.country, story.kind) == (None, "NL", "NL", "business")
    assert story.until == date(2026, 1, 15)
    bought = story.events[0].event
    assert isinstance(bought, Subscribe)
    assert (bought.licences, bought.anchor, bought.by) == (1, None, "admin")
    assert bought.terms.cancel == "now"


def test_the_customer_lives_where_the_seller_does_unless_it_is_said():
    def country(parties: str) -> str:
        return read_story(f"{parties}{HEAD}{BOUGHT}".encode()).story.country

    assert country("seller: {country: IT}\n") == "IT"
    assert country("seller: {country: IT}\ncustomer: {vat_id: NL123, country: NL}\n") == "NL"
    assert country("seller: {country: IT}\ncustomer: {kind: consumer}\n") == "IT"


def test_terms_of_a_plan_lie_over_those_of_the_story_for_its_customer():
    text = """
    story: A test
    customer: {country: CL, kind: consumer}
    terms: {preset: commit, disabled_days: 60, by_kind: {consumer: {end_day: charged}}}
    plans:
      late: {price: "1", every: year, terms: {billed: arrears}}
      other: {price: "1", every: year, terms: {preset: classic}}
    events: [{at: 2026-01-15, subscribe: late}]
    """
    late, other = (plan.terms for plan in read_story(dedent(text).encode()).story.plans)
    # Chile has a window of ten days under commit; consumers the day of the end charged.
    assert (late.billed, late.window_days, late.disabled_days, late.end_day) == ("arrears", 10, 60, "charged")
    assert (other.billed, other.window_days, other.disabled_days, other.end_day) == ("advance", 7, 90, "free")


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2026-07-15", datetime(2026, 7, 14, 22, 0, tzinfo=UTC)),
        ('"2026-07-15"', datetime(2026, 7, 14, 22, 0, tzinfo=UTC)),
        ("2026-07-15T09:30:00+02:00", datetime(2026, 7, 15, 7, 30, tzinfo=UTC)),
        ("2026-07-15T09:30:00.25Z", datetime(2026, 7, 15, 9, 30, 0, 250000, tzinfo=UTC)),
        ('"2026-07-15 09:30+0200"', datetime(2026, 7, 15, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_day_begins_in_the_zone_and_an_instant_has_its_offset(at: str, instant: datetime):
    text = f"zone: Europe/Amsterdam\n{HEAD}  - {{at: {at}, subscribe: business}}\n"
    assert read_story(text.encode()).story.events[0].at == instant


def test_json_is_yaml():
    text = b"""{"story": "A test", "plans": {"p": {"price": "1.00", "every": "month"}},
        "events": [{"at": "2026-01-15", "subscribe": "p"}], "until": "2026-02-15", "expect": {"parked": []}}"""
    read = read_story(text)
    assert read.story.until == date(2026, 2, 15)
    assert read.expect == {"parked": []}


def test_dates_in_what_is_expected_are_text():
    read = read_story(
        f"{HEAD}{BOUGHT}expect: {{documents: [{{date: 2026-01-15, lines: [{{licences: 1}}]}}]}}\n".encode()
    )
    assert read.expect == {"documents": [{"date": "2026-01-15", "lines": [{"licences": 1}]}]}


def test_json_may_be_indented_with_tabs_and_escape_its_letters():
    text = """
    {
    \t"story": "Caf\\u00e9 \\ud83d\\ude00 \\\\ud83d",
    \t"plans": {"business": {"price": "12.50", "every": "month"}},
    \t"events": [{"at": "2026-01-15",\t"subscribe": "business"}]
    }
    """
    assert read_story(text.encode()).story.title == "Café 😀 \\ud83d"


def test_the_line_of_an_error_is_that_of_the_json():
    text = '{\n\t"story": "a",\n\t"plans": {"business": {"price": "1", "every": "month"}},\n\t"events": 3\n}\n'
    with pytest.raises(WrongFile, match=r"^line 4: events: must be a list"):
        read_story(text.encode())
