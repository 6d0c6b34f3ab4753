"""What a story may sell: flat prices, setups, trials, phases, terms of a fixed length and tiers."""

from textwrap import dedent

import pytest

from prorata.cli.story_file import read_story
from prorata.cli.yaml_values import WrongFile
from prorata.core.calendar import every
from prorata.core.catalog.plans import Phase, Plan, Price, Step, Tiers
from prorata.core.catalog.terms import TrialExtension, TrialTerms
from prorata.core.money import UnitPrice, currency, money, unit_price

EUR = currency("EUR")
MANY = ", ".join(['{for: month, price: "1"}'] * 101)
BOUGHT = "events: [{at: 2026-01-15, subscribe: team}]\n"


def plan(keys: str) -> Plan:
    story = read_story(f"story: A test\nplans: {{team: {{{keys}}}}}\n{BOUGHT}".encode()).story
    return story.plans[0].plan


def wrong(lines: str) -> str:
    """What is wrong with a plan whose keys begin on line 4."""
    text = f"story: A test\nplans:\n  team:\n{_indented(lines)}{BOUGHT}"
    with pytest.raises(WrongFile) as found:
        read_story(text.encode())
    return str(found.value)


def _indented(lines: str) -> str:
    return "".join(f"    {line}\n" for line in dedent(lines).strip().splitlines())


def euros(text: str) -> UnitPrice:
    return unit_price(text, EUR)


def test_a_flat_price_stands_beside_one_for_each_licence_or_in_its_place():
    assert plan('price: "12.50", flat: "20.00", every: month').price == Price(1, euros("12.50"), euros("20.00"))
    assert plan('flat: "20.00", every: month').price == Price(1, euros("0"), euros("20.00"))


def test_a_setup_a_trial_and_a_fixed_term_are_read():
    found = plan('price: "12.50", every: month, setup: "599.95", trial: 30 days, term: 36 months')
    assert (found.setup, found.trial, found.term) == (money("599.95", EUR), every("30 days"), every("36 months"))
    plain = plan('price: "12.50", every: month')
    assert (plain.setup, plain.trial, plain.term, plain.phases) == (None, None, None, ())


def test_phases_stand_in_the_place_of_a_price_and_may_have_a_setup_each():
    found = plan('every: month, phases: [{for: 6 months, price: "9.95"}, {price: "19.95", setup: "5.00"}]')
    assert found.phases == (
        Phase(every("6 months"), euros("9.95")),
        Phase(None, euros("19.95"), money("5.00", EUR)),
    )


def test_tiers_stand_in_the_place_of_a_price_and_a_step_may_be_flat():
    steps = '[{up_to: 5, flat: "30.00"}, {up_to: 10, price: "8.00", flat: "1.00"}, {price: "5.0050"}]'
    found = plan(f"every: month, tiers: {{kind: graduated, steps: {steps}}}")
    assert found.price.tiers == Tiers(
        "graduated",
        (
            Step(5, euros("0"), euros("30.00")),
            Step(10, euros("8.00"), euros("1.00")),
            Step(None, euros("5.0050")),
        ),
    )


def test_terms_of_trials_changes_and_notice_are_read():
    text = """
    story: A test
    terms:
      preset: classic
      change_plan: by_direction
      change_frequency: renewal
      change_anchor: restart
      proration: thirty
      trial: {licences: 50}
      extend_trial: {days: 10, once: false, within_days: 5}
      expired_days: 10
      price_change_notice: 60
      backdate_days: 31
    plans:
      team: {price: "1", every: month}
      other: {price: "1", every: month, terms: {extend_trial: none, trial: {card: true, converts: always}}}
    events: [{at: 2026-01-15, subscribe: team}]
    """
    team, other = (sold.terms for sold in read_story(dedent(text).encode()).story.plans)
    assert (team.change_plan, team.change_frequency, team.change_anchor) == ("by_direction", "renewal", "restart")
    assert (team.proration, team.expired_days, team.price_change_notice, team.backdate_days) == ("thirty", 10, 60, 31)
    # What a map does not name stays as in the preset, or in the terms that it lies over.
    assert team.trial == TrialTerms(licences=50, card=False, converts="with_method")
    assert other.trial == TrialTerms(licences=50, card=True, converts="always")
    assert team.extend_trial == TrialExtension(days=10, once=False, within_days=5)
    assert other.extend_trial is None


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            "every: month",
            (
                "line 4: price: The plan team says nothing of what it costs. "
                "Give it a price, a flat price, phases or tiers."
            ),
        ),
        (
            'every: month\nprice: "1"\nphases: [{price: "2"}]',
            "line 5: price: price and phases both say what a licence costs. Leave one of them out.",
        ),
        (
            'every: month\ntiers: {kind: volume, steps: [{price: "1"}]}\nprice: "1"',
            "line 6: price: price and tiers both say what a licence costs. Leave one of them out.",
        ),
        (
            'every: month\ntiers: {kind: volume, steps: [{price: "1"}]}\nphases: [{price: "2"}]',
            "line 5: tiers: tiers and phases both say what a licence costs. Leave one of them out.",
        ),
        (
            "every: month\nphases: []",
            "line 5: phases: Nothing is listed here. Write at least one, or a price in their place.",
        ),
        (
            "every: month\ntiers: {kind: volume,\n  steps: []}",
            "line 6: steps: Nothing is listed here. Write at least one, or a price in their place.",
        ),
        (
            f"every: month\nphases: [{MANY}]",
            "line 5: phases: A plan has at most 100 phases or steps. Leave some out.",
        ),
        (
            'every: month\nphases:\n  - {for: month, price: "1"}\n  - {price: "2"}\n  - {price: "3"}',
            "line 7: for: Phase 2 has no end, so the next one would never begin. Say how long it lasts.",
        ),
        (
            'every: month\nphases:\n  - {for: month, price: "1"}\n  - {for: year, price: "2"}',
            (
                "line 7: for: Phase 2 is the last one, so it cannot have an end: there would be no price after it. "
                "Leave its length out, or give the plan a term."
            ),
        ),
        (
            'every: month\ntiers:\n  kind: volume\n  steps:\n  - {up_to: 10, price: "1"}\n  - {up_to: 5, price: "2"}',
            "line 9: up_to: Step 2 ends at 5, which is not above 10. Let each step end higher than the one before it.",
        ),
        (
            'every: month\ntiers:\n  kind: graduated\n  steps:\n    - {price: "1"}\n    - {price: "2"}',
            "line 8: up_to: Step 1 has no end, so the next one would never be reached. Say up to where it goes.",
        ),
        (
            'every: month\ntiers:\n  kind: volume\n  steps:\n    - {up_to: 5, price: "1"}',
            (
                "line 8: up_to: Step 1 is the last one, so it cannot end at 5: more licences would have no price. "
                "Leave its end out."
            ),
        ),
        (
            'every: month\ntiers:\n  kind: volume\n  steps:\n    - {up_to: 5}\n    - {price: "2"}',
            "line 8: price: Step 1 has no price. Give it one for each licence, a flat one, or both.",
        ),
        (
            'every: month\nprice: "1"\nterms:\n  cancel: window\n  window_days: 0',
            "line 8: window_days: A window of no days is never open. Give it a day or more, or leave the window out.",
        ),
        (
            'every: month\nprice: "1"\nterms: {by_kind: {consumer: {remove_licences: window, window_days: 0}}}',
            "line 6: window_days: A window of no days is never open. Give it a day or more, or leave the window out.",
        ),
    ],
)  # fmt: skip
def test_a_plan_that_contradicts_itself_is_refused_at_its_key(lines: str, message: str):
    assert wrong(lines) == message


def test_a_window_that_a_plan_opens_over_the_storys_days_is_refused_where_it_stands():
    text = """
    story: A test
    terms: {window_days: 0}
    plans:
      team:
        price: "1"
        every: month
        terms: {cancel: window}
    events: [{at: 2026-01-15, subscribe: team}]
    """
    with pytest.raises(WrongFile, match=r"^line 8: window_days: A window of no days is never open"):
        read_story(dedent(text).encode())


def test_days_without_a_window_contradict_nothing():
    found = read_story(
        f'story: A test\nterms: {{window_days: 0}}\nplans: {{team: {{flat: "1", every: day}}}}\n{BOUGHT}'.encode()
    )
    assert found.story.plans[0].terms.window_days == 0


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("every: month\nflat: 20", 'line 5: flat: amounts are text, so that they stay exact: write "20", in quotes'),
        ('every: month\nflat: "-1"', 'line 5: flat: "-1" is not a price: '),
        ('every: month\nprice: "1"\nsetup: "-1.00"', "line 6: setup: must be zero or more, not -1.00"),
        ('every: month\nprice: "1"\nsetup: "1.005"', "line 6: setup: must be an amount in EUR with at most 2 decimals"),
        ('every: month\nprice: "1"\ntrial: 0 days', 'line 6: trial: "0 days" is not a length of time: '),
        ('every: month\nprice: "1"\nterm: long', 'line 6: term: "long" is not a length of time: '),
        ("every: month\ntiers: []", "line 5: tiers: must be a map of keys and values, not a list"),
        ('every: month\ntiers: {steps: [{price: "1"}]}', "line 5: kind: is missing: volume or graduated"),
        ("every: month\ntiers: {kind: volume}", "line 5: steps: is missing: a list such as "),
        ("every: month\ntiers: {kind: block}", 'line 5: kind: "block" is not possible: it is volume, graduated'),
        ("every: month\ntiers: {kind: volume, steps: [5]}", 'line 5: step: must be a map of keys and values, not "5"'),
        ("every: month\ntiers: {kind: volume, steps: [{from: 1}]}", "line 5: from: is no key here: known are up_to, "),
        ("every: month\ntiers: {kind: volume, steps: [{up_to: 0}]}", "line 5: up_to: must be 1 or more, not 0"),
        ('every: month\nphases: {price: "1"}', "line 5: phases: must be a list, not a map"),
        ("every: month\nphases:\n  - {for: month}", "line 6: price: is missing: what a licence costs in this phase"),
        ('every: month\nphases:\n  - {fro: month, price: "1"}', "line 6: fro: is no key here: known are for, price, "),
        ('every: month\nphases:\n  - {for: 6, price: "1"}', 'line 6: for: must be text: put it in quotes, "6"'),
    ],
)
def test_a_wrong_key_of_a_plan_says_what_to_write(lines: str, message: str):
    assert wrong(lines).startswith(message)
