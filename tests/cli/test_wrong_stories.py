"""What a wrong story says: the line, the key, and one sentence with the way out."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prorata.cli.story_file import read_story
from prorata.cli.yaml_values import WrongFile
from support.tree import ROOT

HEAD = 'story: A test\nplans: {business: {price: "12.50", every: month}}\nevents:\n'
BOUGHT = "  - {at: 2026-01-15, subscribe: business, as: a}\n"


def wrong(text: str | bytes) -> str:
    with pytest.raises(WrongFile) as found:
        read_story(text if isinstance(text, bytes) else text.encode())
    message = str(found.value)
    assert "\n" not in message
    return message


def wrong_event(event: str) -> str:
    """What is wrong with an event on line 5, after a purchase on line 4."""
    message = wrong(f"{HEAD}{BOUGHT}  - {{{event}}}\n")
    assert message.startswith("line 5: ")
    return message.removeprefix("line 5: ")


def wrong_key(line: str) -> str:
    """What is wrong with a key of the story on line 1."""
    plans = "" if line.startswith("plans") else 'plans: {business: {price: "12.50", every: month}}\n'
    message = wrong(f"{line}\nstory: A test\n{plans}events:\n{BOUGHT}")
    assert message.startswith("line 1: ")
    return message.removeprefix("line 1: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: story: the file is empty"),
        ("# only a comment\n", "line 1: story: the file is empty"),
        ("- a\n- b\n", "line 1: story: must be a map of keys and values, not a list"),
        ("just text", 'line 1: story: must be a map of keys and values, not "just text"'),
        ("story: a\n\tplans: b\n", "line 2: yaml: a tab cannot indent: use spaces"),
        ("story: a\nplans: [}\n", "line 2: yaml: this is not YAML: "),
        ("story: a\nstory: b\n", "line 2: story: stands here twice"),
        ("story: a\n---\nstory: b\n", "line 2: yaml: a story is one document: take away the line with ---"),
        (b"story: a\nplans: \xff\n", "line 2: yaml: this is not UTF-8 text"),
        ("story: a\nzone: \x00\n", "line 2: yaml: there is a character that YAML does not allow"),
        ("story: " + "[" * 200, "line 1: yaml: lists and maps are nested too deeply"),
        (b"#" * 1_000_001, "line 1: yaml: the file is larger than 1,000,000 bytes"),
        ("story: &a [*a]\n", "line 1: yaml: an alias stands inside of what it stands for"),
        ("story: *a\n", "line 1: yaml: this is not YAML: found undefined alias 'a'"),
        ("story: |\n  two\n  lines\n", "line 1: story: must be one line of text, with 1 to 200 characters"),
        ('story: "\\e[31mred"\n', "line 1: story: must be one line of text, with 1 to 200 characters"),
        (
            "story: !!python/object:os.system {}\n",
            "line 1: story: the tag !!python/object:os.system means nothing here",
        ),
        ("story: a\nzone:\n  !Mars UTC\n", "line 3: zone: the tag !Mars means nothing here: take it away"),
        (f"!tale\n{HEAD}{BOUGHT}", "line 1: story: the tag !tale means nothing here: take it away"),
        ("%TAG ! tag:a.org,1:\n---\nstory: !b a\n", "line 3: story: the tag tag:a.org,1:b means nothing here"),
        ("plans: {}\nevents: []\n", "line 1: story: is missing: what the story is called"),
        ("story: a\nevents: []\n", "line 1: plans: is missing: what is sold"),
        ("story: a\nplans: {}\n", "line 2: plans: a story has 1 to 1,000 plans"),
        ("story: a\nplans: {p: {every: day}}\nevents: []\n", "line 2: price: The plan p says nothing of what it costs"),
        ('story: a\nplans: {p: {price: "1"}}\nevents: []\n', "line 2: every: is missing: how often it is billed"),
        ('story: a\nplans: {p: {price: "1", every: day}}\n', "line 1: events: is missing: what happens"),
        (f"{HEAD}  []\n", "line 4: events: a story has at least one event"),
    ],
)
def test_a_file_that_is_no_story_says_so(text: str | bytes, message: str):
    assert wrong(text).startswith(message)


def test_aliases_are_allowed_but_cannot_blow_a_file_up():
    alias = f"{HEAD}  - &one {{at: 2026-01-15, subscribe: business, as: a}}\nexpect: {{a: *one, b: *one}}\n"
    assert read_story(alias.encode()).expect == {
        name: {"at": "2026-01-15", "subscribe": "business", "as": "a"} for name in "ab"
    }
    doubled = "".join(f"  x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 9))
    assert wrong(f"{HEAD}{BOUGHT}expect:\n  x0: &x0 [1]\n{doubled}") == (
        "line 1: yaml: there are more than 500,000 keys and values"
    )
    longer = "".join(f"  x{i}: &x{i} [*x{i - 1}]\n" for i in range(1, 100))
    assert "nested too deeply" in wrong(f"{HEAD}{BOUGHT}expect:\n  x0: &x0 [1]\n{longer}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("colour: red", "colour: is no key here: known are story, currency, zone, "),
        ("currency: EURO", 'currency: "EURO" is not a currency: write three capital letters, such as EUR'),
        ("currency: 978", 'currency: must be text: put it in quotes, "978"'),
        ("zone: Mars/Olympus", 'zone: "Mars/Olympus" is not a time zone: write one such as Europe/Amsterdam'),
        ("zone: ../../etc/passwd", 'zone: "../../etc/passwd" is not a time zone: '),
        ("zone: localtime", 'zone: "localtime" is not a time zone: '),
        ("billing: monthly", 'billing: "monthly" is not possible: it is daily, manual'),
        ("payment: off", 'payment: YAML reads off as true or false; in quotes, "off", it is text'),
        ("payment: ~", "payment: must be text, not nothing"),
        ("tax: eu", "tax: eu is not available yet"),
        ("tax: 20", 'tax: must be none, or one rate on all such as {rate: "21"}'),
        ("tax: {rate: 21.5}", 'rate: amounts are text, so that they stay exact: write "21.5", in quotes'),
        ('tax: {rate: "101"}', 'rate: "101" is not a rate: write percent from "0" to "100", with a point for decimals'),
        ('tax: {rate: "-1"}', 'rate: "-1" is not a rate: '),
        ('tax: {rate: "2_1"}', 'rate: "2_1" is not a rate: '),
        ("tax: {}", "rate: is missing: one rate on all "),
        ("seller: !there {country: IT}", "seller: the tag !there means nothing here: take it away"),
        ("terms: !!python/dict {preset: classic}", "terms: the tag !!python/dict means nothing here: take it away"),
        ("tax: !of none", "tax: the tag !of means nothing here: take it away"),
        ("? !odd zone\n: UTC", "zone: the tag !odd means nothing here: take it away"),
        ("expect: {documents: [{total: !!binary abc}]}", "total: the tag !!binary means nothing here: take it away"),
        ("expect: {documents: [!about {}]}", "documents: the tag !about means nothing here: take it away"),
        ("expect: {a: !!bool 3}", 'a: "3" is not what its tag !!bool says: take the tag away'),
        ("expect: {a: !!seq {}}", "a: a map is not what its tag !!seq says: take the tag away"),
        ("expect: {a: !!map b}", 'a: "b" is not what its tag !!map says: take the tag away'),
        ("customer: {country: XX}", 'country: "XX" is not a country: write its two capital letters, such as NL'),
        ("seller: {country: UK}", 'country: "UK" is not a country: write its two capital letters, such as NL'),
        ("terms: {by_country: {ZZ: {window_days: 9}}}", "ZZ: is not a country: write its two capital letters"),
        ("seller: {country: Italy}", 'country: "Italy" is not a country: write its two capital letters, such as NL'),
        ("customer: {country: NO}", 'country: YAML reads NO as true or false; in quotes, "NO", it is text'),
        ("customer: {kind: charity}", 'kind: "charity" is not possible: it is business, consumer'),
        ("customer: {name: Jan}", "name: is no key here: known are country, vat_id, kind"),
        ("until: 2025-12-31", "until: the clock does not go back: the last event is on 2026-01-15"),
        ("until: 2027-02-29", "until: 2027-02-29 is not a day of the calendar"),
        ("until: 2077-01-01", "until: a story lasts at most 50 years: this one begins on 2026-01-15"),
        ("until: 3026-01-01", "until: 3026-01-01 is out of reach: days lie between 1970-01-01 and 2199-12-31"),
        ("until: next week", 'until: "next week" is not a day: write it like 2026-01-15'),
        ("until: 2026-1-5", 'until: "2026-1-5" is not a day: write it like 2026-01-15'),
        ("expect: all", 'expect: must be a map of keys and values, not "all"'),
        ("expect: {account: {owed: 1.50}}", 'owed: amounts are text, so that they stay exact: write "1.50", in quotes'),
        ("terms: {prset: classic}", "prset: is not a key of terms: known are preset, "),
        ("terms: {preset: modern}", 'preset: "modern" is not possible: it is classic, commit'),
        ("terms: {retries: [3, 5]}", "retries: is not available yet"),
        ("terms: {grace_days: soon}", 'grace_days: "soon" is not possible: it is 0 … 3650'),
        ("terms: {conflict_days: -1}", 'conflict_days: "-1" is not possible: it is 0 … 3650'),
        ("terms: {announce_days: 30}", 'announce_days: "30" is not possible: it is [], [1 … 3650, …], 10'),
        ("terms: {announce_days: [7, 7]}", 'announce_days: "[7, 7]" is not possible: it is [], '),
        ("terms: {change_plan: soon}", 'change_plan: "soon" is not possible: it is now, renewal, by_direction'),
        ("terms: {change_frequency: keep}", 'change_frequency: "keep" is not possible: it is now, renewal, '),
        ("terms: {change_anchor: 15}", 'change_anchor: "15" is not possible: it is keep, restart'),
        ("terms: {proration: hour}", 'proration: "hour" is not possible: it is day, second, thirty, none'),
        ("terms: {trial: 30}", 'trial: "30" is not possible: it is {card, converts, licences}'),
        ("terms: {trial: {days: 30}}", "trial: trial.days is not a key of terms"),
        ("terms: {trial: {licences: 0}}", 'trial: trial.licences "0" is not possible: it is 1 … 1000000'),
        ("terms: {trial: {card: 1}}", 'trial: trial.card "1" is not possible: it is true, false'),
        ("terms: {trial: {converts: never}}", 'trial: trial.converts "never" is not possible: it is with_method, alwa'),
        ("terms: {extend_trial: once}", 'extend_trial: "once" is not possible: it is {days, once, within_days}'),
        ("terms: {extend_trial: {days: 0}}", 'extend_trial: extend_trial.days "0" is not possible: it is 1 … 3650'),
        ("terms: {extend_trial: {once: maybe}}", 'extend_trial: extend_trial.once "maybe" is not possible: it is true'),
        ("terms: {expired_days: -1}", 'expired_days: "-1" is not possible: it is 0 … 3650'),
        ("terms: {price_change_notice: none}", 'price_change_notice: "none" is not possible: it is 0 … 3650'),
        ("terms: {backdate_days: 3651}", 'backdate_days: "3651" is not possible: it is 0 … 3650'),
        ("terms: {cancel: window, window_days: 0}", "window_days: A window of no days is never open. "),
        ("terms: {window_days: 1.5}", 'window_days: "1.5" is not a whole number'),
        ("terms: {window_days: -1}", 'window_days: "-1" is not possible: it is 0 … 3650'),
        ("terms: {refund: {start: none}}", "refund: refund.start is not a key of terms"),
        ("terms: {refund: {end: bank}}", 'refund: refund.end "bank" is not possible: it is to_method, credit, none'),
        ("terms: {by_country: {CL: {window_days: soon}}}", 'window_days: "soon" is not possible: it is 0 … 3650'),
        ("terms: {by_country: {Chile: {window_days: 10}}}", "Chile: is not a country: write its two capital letters"),
        ("terms: {by_kind: {charity: {}}}", "charity: is not a kind of customer: it is business or consumer"),
        ("terms: classic", 'terms: must be a map of keys and values, not "classic"'),
        ("plans: {p: {price: 12.50, every: day}}", 'price: amounts are text, so that they stay exact: write "12.50"'),
        ("plans: {p: {price: 12, every: day}}", 'price: amounts are text, so that they stay exact: write "12"'),
        ('plans: {p: {price: "12,50", every: day}}', 'price: "12,50" is not a price: write digits with a point, '),
        ('plans: {p: {price: "-1", every: day}}', 'price: "-1" is not a price: '),
        ('plans: {p: {price: "1", every: fortnight}}', 'every: "fortnight" is not a length of time: write day, week, '),
        ('plans: {p: {price: "1", every: 30}}', 'every: must be text: put it in quotes, "30"'),
        ('plans: {p: {price: "1", every: day, colour: red}}', "colour: is no key here: known are price, every, flat"),
        ('plans: {on: {price: "1", every: day}}', 'plans: YAML reads on as true or false; in quotes, "on", it is text'),
        ("plans: [business]", "plans: must be a map of keys and values, not a list"),
    ],
)  # fmt: skip
def test_a_wrong_key_of_a_story_says_what_to_write(line: str, message: str):
    assert wrong_key(line).startswith(message)


def test_a_guess_is_made_at_what_was_meant():
    assert wrong_key("zones: UTC").endswith('; did you mean "zone"?')
    assert wrong_key("terms: {window_day: 3}").endswith('; did you mean "window_days"?')
    assert wrong_event("at: 2026-01-16, licenses: 3, of: a").endswith('; did you mean "licences"?')
    assert wrong_event("at: 2026-01-16, subscribe: bussiness").endswith('; did you mean "business"?')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subscribe: business", "at: is missing: the day or the instant of the event"),
        ("at: 2026-01-16", "event: has no verb: one of subscribe, licences, change_plan, "),
        ("at: 2026-01-16, buy: business", "buy: is no verb and no key of an event: the verbs are subscribe, "),
        ("at: 2026-01-16, licenses: 3, of: a", "licenses: is no verb and no key of an event: "),
        ("at: 2026-01-16, cancel: a, pay: all", "pay: an event has one verb, and this one has cancel already"),
        ("at: 2026-01-16, cancel: a, licences: 3", "licences: is no key here: known are at, by, preview, effective, r"),
        ("at: 2026-01-16, change_plan: premium, of: a", 'change_plan: there is no plan "premium": the plans are busin'),
        ("at: 2026-01-16, change_plan: business", "of: is missing: the subscription that is meant"),
        ("at: 2026-01-16, change_plan: business, of: a, when: period_end", 'when: "period_end" is not possible: it is'),
        ("at: 2026-01-16, change_plan: business, of: a, anchor: start", "anchor: must be keep, restart, a day of the"),
        ("at: 2026-01-16, change_plan: business, of: a, licences: few", 'licences: must be a whole number, not "few"'),
        ("at: 2026-01-16, anchor: 20", "of: is missing: the subscription that is meant"),
        ("at: 2026-01-16, anchor: 32, of: a", "anchor: must be a day of the month from 1 to 31, or a whole date"),
        ("at: 2026-01-16, anchor: 0, of: a", "anchor: must be 1 or more, not 0"),
        ("at: 2026-01-16, anchor: calendar, of: a", "anchor: must be a day of the month from 1 to 31, or a whole date"),
        ("at: 2026-01-16, anchor: 2026-02-30, of: a", "anchor: 2026-02-30 is not a day of the calendar"),
        ("at: 2026-01-16, anchor: 20, licences: 3, of: a", "licences: an event has one verb, and this one has anchor"),
        ("at: 2026-01-16, pause: [a]", "pause: must be text, not a list"),
        ("at: 2026-01-16, pause: a, until: 2026-03-01", "until: is no key here: known are at, by, preview, "),
        ("at: 2026-01-16, resume: b", 'resume: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, renewal: later, of: a", "renewal: must be on or off"),
        ("at: 2026-01-16, renewal: 0, of: a", "renewal: must be on or off"),
        ("at: 2026-01-16, renewal: off", "of: is missing: the subscription that is meant"),
        ("at: 2026-01-16, reactivate: b", 'reactivate: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, extend_trial: b", 'extend_trial: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, stop_conversion: b", 'stop_conversion: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, refund: all", "refund: must be a document's place in the list (1 = first)"),
        ("at: 2026-01-16, refund: 0", "refund: must be 1 or more, not 0"),
        ('at: 2026-01-16, refund: 1, amount: "0.00"', "amount: must be above zero, not 0.00"),
        ('at: 2026-01-16, refund: 1, amount: "-7.00"', "amount: must be above zero, not -7.00"),
        ("at: 2026-01-16, refund: 1, adjust: some", 'adjust: must be true or false, not "some"'),
        ("at: 2026-01-16, credit: 10", 'credit: amounts are text, so that they stay exact: write "10", in quotes'),
        ('at: 2026-01-16, credit: "-10.00"', "credit: must be above zero, not -10.00"),
        ('at: 2026-01-16, credit: "10.00", of_document: 1', "line: is missing: the line's place in the document"),
        ('at: 2026-01-16, credit: "10.00", line: 1', "of_document: is missing: the document's place in the list"),
        ('at: 2026-01-16, credit: "10.00", of_document: 1, line: 0', "line: must be 1 or more, not 0"),
        ('at: 2026-01-16, price: "13.50"', "plan: is missing: the plan that has the new price"),
        ('at: 2026-01-16, price: "13.50", plan: busines', 'plan: there is no plan "busines": the plans are business'),
        ('at: 2026-01-16, price: "-1", plan: business', 'price: "-1" is not a price: '),
        ("at: 2026-01-16, discount: 10", 'discount: must be a map of keys and values, not "10"'),
        ("at: 2026-01-16, discount: {}", 'discount: must say percent: "10" or amount: "5.00"'),
        ("at: 2026-01-16, discount: {percent: 10}", 'percent: amounts are text, so that they stay exact: write "10"'),
        ('at: 2026-01-16, discount: {percent: "0"}', "percent: must be above zero"),
        ('at: 2026-01-16, discount: {percent: "101"}', 'percent: "101" is not a discount: write percent from "0" to '),
        ('at: 2026-01-16, discount: {percent: "5", amount: "5"}', "amount: a discount is percent or an amount, and th"),
        ('at: 2026-01-16, discount: {amount: "0.00"}', "amount: must be above zero, not 0.00"),
        ('at: 2026-01-16, discount: {percent: "5", for: ever}', 'for: "ever" is not a length of time: write day, '),
        ('at: 2026-01-16, discount: {percent: "5", of: a}', "of: is no key here: known are percent, amount, for"),
        ('at: 2026-01-16, discount: {percent: "5"}, of: b', 'of: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, close: a", 'close: "a" is not possible: it is account'),
        ("at: 2026-01-16, close: account, of: a", "of: is no key here: known are "),
        ("at: 2026-01-16, cancel: a, effective: soon", 'effective: "soon" is not a day: write it like 2026-01-15'),
        ("at: 2026-01-16, cancel: a, effective: 2026-02-30", "effective: 2026-02-30 is not a day of the calendar"),
        ("at: 2026-01-16, cancel: a, reason: late", "reason: only what is entered late has a reason: write effective"),
        ("at: 2026-01-16, cancel: a, effective: 2026-01-15, reason: 7", "reason: must be text: put it in quotes"),
        ("at: 2026-01-16, pause: b, effective: 2026-01-15", 'pause: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, effective: 2026-01-15", "event: has no verb: one of subscribe, licences, change_plan, "),
        ("at: 2026-01-16, names: [Jan]", "of: is missing: the subscription that is meant"),
        ("at: 2026-01-16, assign: 1, names: [Jan], of: a", "names: an event has one verb, and this one has assign"),
        ("at: 2026-01-16, assign: [Jan, Jan], of: a", 'assign: names "Jan" twice: a member holds one licence'),
        ("at: 2026-01-16, names: Jan, of: a", 'names: must be a list, not "Jan"'),
        ("at: 2026-01-16, assign: {names: [Jan]}, of: a", "assign: must be a list, not a map"),
        ("at: 2026-01-14, cancel: a", "at: goes back behind the event before: events stand in the order of time"),
        ("at: 2026-02-30, cancel: a", "at: 2026-02-30 is not a day of the calendar"),
        ("at: 2026-01-16T09:00:00, cancel: a", "at: an instant needs its offset: write 2026-01-16T09:00:00Z"),
        ("at: 2026-01-16T25:00:00Z, cancel: a", "at: 2026-01-16T25:00:00Z is not an instant of the clock"),
        ("at: 20260116, cancel: a", "at: must be a day such as 2026-01-15, or an instant with its offset, not "),
        ("at: soon, cancel: a", 'at: "soon" is no day and no instant: write 2026-01-15 or 2026-01-15T09:00:00+01:00'),
        ("at: [2026-01-16], cancel: a", "at: must be a day such as 2026-01-15, or an instant"),
        ("at: 2026-01-16, subscribe: bussiness, as: b", 'subscribe: there is no plan "bussiness": '),
        ("at: 2026-01-16, subscribe: business, licences: many", 'licences: must be a whole number, not "many"'),
        ("at: 2026-01-16, subscribe: business, licences: -3", "licences: must be 0 or more, not -3"),
        ("at: 2026-01-16, subscribe: business, licences: 010", "licences: must be a whole number in plain digits, "),
        ("at: 2026-01-16, subscribe: business, licences: 1:30", "licences: must be a whole number in plain digits, "),
        ("at: 2026-01-16, subscribe: business, licences: 9999999999", "licences: must be a whole number in plain"),
        ("at: 2026-01-16, subscribe: business, licences: yes", 'licences: must be a whole number, not "yes"'),
        ("at: 2026-01-16, subscribe: business, anchor: 32", 'anchor: "32" is not possible: it is start, calendar'),
        ("at: 2026-01-16, cancel: b", 'cancel: no event buys a subscription "b": there are a'),
        ("at: 2026-01-16, licences: 3", "of: is missing: the subscription that is meant"),
        ("at: 2026-01-16, licences: 3, of: business", 'of: no event buys a subscription "business": there are a'),
        ("at: 2026-01-16, licences: 3, of: a, when: later", 'when: "later" is not possible: it is now, renewal'),
        ("at: 2026-01-16, cancel: a, when: renewal", "when: must be now, period_end or a day such as 2026-03-03"),
        ("at: 2026-01-16, cancel: a, when: 2026-02-31", "when: 2026-02-31 is not a day of the calendar"),
        ("at: 2026-01-16, cancel: a, refund: cash", 'refund: "cash" is not possible: it is to_method, credit, none'),
        ("at: 2026-01-16, cancel: a, by: robot", 'by: "robot" is not possible: it is admin, vendor'),
        ("at: 2026-01-16, cancel: a, preview: maybe", 'preview: must be true or false, not "maybe"'),
        ("at: 2026-01-16, pay: some", "pay: must be all, or a document's place in the list (1 = first)"),
        ("at: 2026-01-16, pay: 0", "pay: must be 1 or more, not 0"),
        ("at: 2026-01-16, pay: all, amount: 75.00", "amount: amounts are text, so that they stay exact: "),
        ('at: 2026-01-16, pay: all, amount: "75.005"', "amount: must be an amount in EUR with at most 2 decimals"),
        ("at: 2026-01-16, pay: !please all", "pay: the tag !please means nothing here: take it away"),
        ("at: 2026-01-16, cancel: a, when: !then now", "when: the tag !then means nothing here: take it away"),
        ("at: 2026-01-16, licences: !!int few, of: a", 'licences: "few" is not what its tag !!int says: take the tag'),
        ("at: 2026-01-16, payment: card", 'payment: "card" is not possible: it is automatic, declining, none'),
        ("at: 2026-01-16, bill: false", "bill: must be true: a run that does not happen is left out"),
        ("at: 2026-01-16, bill: now", 'bill: must be true or false, not "now"'),
        ("at: 2026-01-16, at: 2026-01-17, cancel: a", "at: stands here twice"),
    ],
)  # fmt: skip
def test_a_wrong_event_says_what_to_write(text: str, message: str):
    assert wrong_event(text).startswith(message)


def test_a_subscription_that_only_a_preview_buys_cannot_be_named():
    text = f"{HEAD}  - {{at: 2026-01-15, subscribe: business, preview: true}}\n  - {{at: 2026-01-15, undo: business}}\n"
    assert wrong(text) == 'line 5: undo: no event buys a subscription "business": there is none'


def test_there_is_a_limit_to_the_number_of_events():
    events = "  - {at: 2026-01-15, bill: true}\n" * 10_001
    assert wrong(HEAD + events) == "line 4: events: a story has at most 10,000 events"


def test_what_stands_in_an_error_is_cut_and_cannot_write_on_the_terminal():
    assert wrong_key(f"currency: {'X' * 60}") == (
        f'currency: "{"X" * 39}…" is not a currency: write three capital letters, such as EUR'
    )
    assert "\x1b" not in wrong('story: a\n"\\e[31mred": 1\n')


STORIES = sorted((ROOT / "stories").rglob("*.yaml"))
BREAKS = ("- ", "{", "}", "[", ": ", "\n", "\t", "&a ", "*a ", "'", "!!int ", "? ", "%")


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    path=st.sampled_from(STORIES),
    place=st.integers(0, 700),
    length=st.integers(0, 12),
    instead=st.one_of(st.text(max_size=6), st.sampled_from(BREAKS)),
)
def test_whatever_is_broken_in_a_story_is_told_in_one_line(path: Path, place: int, length: int, instead: str):
    text = path.read_text("utf-8")
    broken = text[:place] + instead + text[place + length :]
    message = ""
    try:
        read_story(broken.encode("utf-8", errors="surrogatepass"))
    except WrongFile as error:
        message = str(error)
    assert "\n" not in message
