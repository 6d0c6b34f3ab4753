"""How long the law keeps a document: by the country of who issued it, and the rule of the day of issue."""

from datetime import date

import pytest

from prorata.core.retention import NoRetention, Retention, kept_until, rule_of

LONG_AGO = date(1900, 1, 1)
NL = Retention("NL", LONG_AGO, 7, "art. 52 AWR")
IT = Retention("IT", LONG_AGO, 10, "art. 2220 Codice civile")
ELSEWHERE = Retention("ZZ", LONG_AGO, 10, "")
RULES = (ELSEWHERE, IT, NL)


@pytest.mark.parametrize(
    ("country", "issued", "until"),
    [
        # Seven whole years after the year of issue: 2027 to 2033.
        ("NL", date(2026, 1, 1), date(2033, 12, 31)),
        ("NL", date(2026, 12, 31), date(2033, 12, 31)),
        ("NL", date(2027, 1, 1), date(2034, 12, 31)),
        # Ten: 2027 to 2036.
        ("IT", date(2026, 2, 28), date(2036, 12, 31)),
        # A leap day is a day of its year.
        ("IT", date(2028, 2, 29), date(2038, 12, 31)),
        # No rule of its own: the longest.
        ("FR", date(2026, 6, 1), date(2036, 12, 31)),
    ],
)
def test_a_document_is_kept_to_the_end_of_the_last_year(country: str, issued: date, until: date):
    assert kept_until(rule_of(RULES, country, issued=issued), issued) == until


def test_the_rule_of_the_day_of_issue_counts_not_that_of_today():
    longer = Retention("NL", date(2027, 1, 1), 10, "art. 52 AWR")
    rules = (*RULES, longer)
    assert rule_of(rules, "NL", issued=date(2026, 12, 31)) == NL
    assert rule_of(rules, "NL", issued=date(2027, 1, 1)) == longer


def test_the_rule_of_the_country_counts_though_a_general_one_is_newer():
    rules = (*RULES, Retention("ZZ", date(2020, 1, 1), 12, ""))
    assert rule_of(rules, "NL", issued=date(2026, 1, 1)) == NL


def test_before_the_first_rule_nobody_knows():
    with pytest.raises(NoRetention):
        rule_of(RULES, "NL", issued=date(1899, 12, 31))
