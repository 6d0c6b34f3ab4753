"""How the days of a story pass: its instants, its runs, its previews and its refusals."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.events import Event, Together
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.player import Refused, play
from prorata.core.stories.told import Told
from support.stories import story, told

AMSTERDAM = "zone: Europe/Amsterdam\n"


class Diary(MemoryStage):
    """A stage that notes what it is asked to do."""

    asked: list[tuple[object, ...]]

    def act(self, event: Event, at: datetime) -> None:
        if not hasattr(self, "asked"):
            self.asked = []
        self.asked.append((type(event).__name__, at))
        super().act(event, at)


def diary(events: str, *, more: str = "") -> list[tuple[object, ...]]:
    played = story(events, more=more)
    stage = Diary(played)
    play(played, stage)
    return stage.asked


def refused(events: str) -> tuple[int, str]:
    with pytest.raises(Refused) as found:
        told(events)
    return found.value.place, found.value.error.code


def dates(documents: Sequence[Issued]) -> list[tuple[str, date]]:
    return [(issued.number, issued.document.date) for issued in documents]


def test_a_date_is_the_start_of_that_day_and_its_run_comes_at_the_last_instant():
    # In Amsterdam 15 January begins at 23:00 UTC of the 14th and ends a microsecond before 23:00 UTC.
    assert diary("- {at: 2026-01-15, subscribe: business}", more=AMSTERDAM) == [
        ("Subscribe", datetime(2026, 1, 14, 23, 0, tzinfo=UTC)),
        ("DayRun", datetime(2026, 1, 15, 22, 59, 59, 999999, tzinfo=UTC)),
    ]


def test_events_of_one_instant_however_written_happen_together():
    asked = diary(
        """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-01-15T00:00:00+01:00, subscribe: business, as: b}
        - {at: 2026-01-14T23:00:00Z, subscribe: business, as: c}
        - {at: 2026-01-15T00:00:01+01:00, subscribe: business, as: d}
        """,
        more=AMSTERDAM,
    )
    assert [kind for kind, _ in asked] == ["Together", "Subscribe", "DayRun"]


def test_every_day_has_its_run_after_all_its_events_and_idle_days_are_passed_over():
    asked = diary(
        """
        - {at: 2026-01-15T08:00:00Z, subscribe: business, as: a}
        - {at: 2026-01-15T20:00:00Z, subscribe: business, as: b}
        """,
        more="until: 2026-02-20\n",
    )
    days = [(kind, at.date().isoformat()) for kind, at in asked if isinstance(at, datetime)]
    assert days == [
        ("Subscribe", "2026-01-15"),
        ("Subscribe", "2026-01-15"),
        ("DayRun", "2026-01-15"),
        ("DayRun", "2026-02-15"),
    ]


def test_the_run_of_the_last_day_is_included():
    last = told("- {at: 2026-01-15, subscribe: business}", more="until: 2026-02-15\n")
    assert dates(last.documents) == [("2026-000001", date(2026, 1, 15)), ("2026-000002", date(2026, 2, 15))]
    before = told("- {at: 2026-01-15, subscribe: business}", more="until: 2026-02-14\n")
    assert dates(before.documents) == [("2026-000001", date(2026, 1, 15))]


def test_numbers_start_again_with_the_year_and_credit_notes_have_a_series_of_their_own():
    found = told(
        """
        - {at: 2025-12-15, subscribe: business, licences: 2}
        - {at: 2026-01-20, cancel: business}
        """
    )
    assert [issued.number for issued in found.documents] == ["2025-000001", "2026-000001", "C2026-000001"]


def test_a_preview_sees_the_events_of_its_moment_that_stand_before_it_and_keeps_nothing():
    found = told(
        """
        - {at: 2026-01-15, subscribe: business, as: a, licences: 2}
        - {at: 2026-01-15, subscribe: business, as: b, licences: 3, preview: true}
        - {at: 2026-01-15, subscribe: business, as: c, licences: 4}
        """
    )
    [shown] = found.previews
    assert [line.licences for line in shown.issued.document.lines] == [2, 3]
    assert shown.names == {1: "a", 2: "b"}
    assert [line.licences for line in found.documents[0].document.lines] == [2, 4]
    assert [s.name for s in found.subscriptions] == ["a", "c"]


def test_previews_are_numbered_as_if_they_were_issued_now_and_take_no_number():
    found = told(
        """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-01-16, subscribe: business, as: b, preview: true}
        - {at: 2026-01-17, subscribe: business, as: b, preview: true}
        - {at: 2026-01-18, subscribe: business, as: b}
        """
    )
    assert [shown.issued.number for shown in found.previews] == ["2026-000002", "2026-000002"]
    assert [issued.number for issued in found.documents] == ["2026-000001", "2026-000002"]


def test_a_preview_knows_the_standing_that_its_document_would_have():
    found = told(
        """
        - {at: 2026-01-15, subscribe: business}
        - {at: 2026-01-25, cancel: business, preview: true}
        """
    )
    standing = found.previews[0].issued.standing
    # 12.50 × 10/31 = 4.03 is kept, 8.47 goes back to the method at once.
    assert (standing.paid.minor, standing.left.minor) == (-847, 0)


def test_a_refusal_names_its_place_also_among_events_of_one_moment():
    assert refused(
        """
        - {at: 2026-01-15, subscribe: business, as: a, licences: 3}
        - {at: 2026-01-20, assign: 2, of: a}
        - {at: 2026-01-20, licences: 1, of: a}
        - {at: 2026-01-20, licences: 5, of: a}
        """
    ) == (3, "below_assigned")


def test_of_two_refused_events_of_a_moment_the_first_one_is_named():
    assert refused(
        """
        - {at: 2026-01-15, subscribe: business, as: a, licences: 3}
        - {at: 2026-01-20, undo: a}
        - {at: 2026-01-20, assign: 4, of: a}
        """
    ) == (2, "nothing_to_undo")


def test_a_refused_preview_ends_the_play_too():
    assert refused(
        """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-01-20, undo: a, preview: true}
        """
    ) == (2, "nothing_to_undo")


def test_a_preview_after_a_refused_event_of_its_moment_does_not_take_the_blame():
    assert refused(
        """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-01-20, undo: a}
        - {at: 2026-01-20, cancel: a, preview: true}
        """
    ) == (2, "nothing_to_undo")


@pytest.mark.parametrize(
    "verb",
    [
        "licences: 2, of: a",
        "change_plan: business, of: a",
        "anchor: 5, of: a",
        "pause: a",
        "resume: a",
        "renewal: off, of: a",
        "assign: 1, of: a",
        "cancel: a",
        "undo: a",
        "reactivate: a",
        "extend_trial: a",
        "stop_conversion: a",
        'discount: {percent: "10"}, of: a',
        "pause: a, effective: 2026-01-15",
    ],
)
def test_whatever_names_a_subscription_that_is_bought_later_is_before_its_start(verb: str):
    events = f"""
        - {{at: 2026-01-15, subscribe: business, as: b}}
        - {{at: 2026-01-16, {verb}}}
        - {{at: 2026-02-01, subscribe: business, as: a}}
        """
    with pytest.raises(Refused) as found:
        told(events)
    assert (found.value.place, found.value.error.code) == (2, "before_start")
    assert found.value.error.parameters == {"subscription": "a", "starts": "2026-02-01"}


def test_what_needs_no_subscription_has_no_start_to_wait_for():
    found = told(
        """
        - {at: 2026-01-15, discount: {percent: "10"}}
        - {at: 2026-01-16, credit: "5.00"}
        - {at: 2026-02-01, subscribe: business, as: a, licences: 2}
        """
    )
    # 12.50 × 2 = 25.00, less 10 percent.
    assert [str(issued.document.total) for issued in found.documents] == ["22.50"]


def test_a_purchase_that_is_entered_late_can_be_named_from_its_entry_on():
    late = """
        - {at: 2026-01-15, subscribe: business, as: b}
        - {at: 2026-01-25, pause: a}
        - {at: 2026-02-01, subscribe: business, as: a, effective: 2026-01-20}
        """
    with pytest.raises(Refused) as found:
        told(late)
    assert found.value.place == 2
    assert found.value.error.parameters == {"subscription": "a", "starts": "2026-02-01"}
    entered = told(
        """
        - {at: 2026-02-01, subscribe: business, as: a, effective: 2026-01-20}
        - {at: 2026-02-02, pause: a}
        """
    )
    assert [s.name for s in entered.subscriptions if s.paused] == ["a"]


def test_a_preview_of_a_purchase_that_is_entered_late_knows_its_name():
    found = told("- {at: 2026-02-01, subscribe: business, as: a, effective: 2026-01-20, preview: true}")
    assert [shown.names for shown in found.previews] == [{1: "a"}]


def test_in_one_moment_an_earlier_refusal_comes_before_one_for_the_start():
    assert refused(
        """
        - {at: 2026-01-15, subscribe: business, as: b}
        - {at: 2026-01-16, undo: b}
        - {at: 2026-01-16, cancel: a}
        - {at: 2026-01-16, subscribe: business, as: a}
        """
    ) == (2, "nothing_to_undo")


def test_a_subscription_can_be_bought_and_changed_in_one_moment():
    found = told(
        """
        - {at: 2026-01-15, subscribe: business, as: a, licences: 3}
        - {at: 2026-01-15, licences: 5, of: a}
        """
    )
    assert [line.licences for line in found.documents[0].document.lines] == [5]


def test_a_name_is_taken_once():
    assert refused(
        """
        - {at: 2026-01-15, subscribe: business}
        - {at: 2026-01-16, subscribe: business}
        """
    ) == (2, "name_taken")


def test_a_stage_that_refuses_only_the_whole_of_a_moment_is_taken_at_its_word():
    class Stubborn(MemoryStage):
        def act(self, event: Event, at: datetime) -> None:
            if isinstance(event, Together):
                raise DomainError
            super().act(event, at)

    played = story(
        """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-01-15, subscribe: business, as: b}
        """
    )
    with pytest.raises(Refused) as found:
        play(played, Stubborn(played))
    assert (found.value.place, found.value.error.code) == (2, "refused")


def test_manual_billing_writes_only_where_the_story_bills():
    found = told(
        """
        - {at: 2026-01-15, subscribe: business, as: a, licences: 10}
        - {at: 2026-02-20, bill: true}
        """,
        more="billing: manual\nuntil: 2026-04-30\n",
    )
    # Both periods that have begun by then, as one document of that day.
    assert dates(found.documents) == [("2026-000001", date(2026, 2, 20))]
    assert [str(line.amount) for line in found.documents[0].document.lines] == ["125.00", "125.00"]


def test_manual_billing_still_lets_an_end_take_effect():
    found = told(
        """
        - {at: 2026-01-15, subscribe: business, as: a}
        - {at: 2026-01-20, cancel: a, when: 2026-02-01}
        """,
        more="billing: manual\nuntil: 2026-02-01\n",
    )
    assert [s.state for s in found.subscriptions] == ["disabled"]
    assert found.documents == ()


@pytest.mark.parametrize(
    ("zone", "event"),
    [("Pacific/Apia", "2011-12-30"), ("America/Sao_Paulo", "2018-11-04"), ("Africa/Cairo", "2023-04-28")],
)
def test_days_that_a_zone_leaves_out_or_begins_late_are_passed_all_the_same(zone: str, event: str):
    # Samoa had no 30 December 2011; in Brazil and Egypt these days began at one o'clock.
    found: Told = told(
        f"- {{at: {event}, subscribe: business}}",
        more=f"zone: {zone}\nuntil: {date.fromisoformat(event).year + 1}-12-31\n",
    )
    assert len(found.documents) >= 12
