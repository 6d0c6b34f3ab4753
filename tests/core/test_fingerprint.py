from datetime import timedelta

from core.build import Life, a_plan, an_account
from prorata.core.events import Cancel, ChangeLicences
from prorata.core.insights.fingerprint import LENGTH, fingerprint


def an_open_question() -> Life:
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("12.50", "month"), licences=10)
    life.days("2026-02-03")
    return life


CANCEL = Cancel("a", "now")


def test_what_was_shown_is_confirmed_later_the_same_day() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.at += timedelta(hours=3)
    assert len(shown) == LENGTH
    assert fingerprint(life.preview(CANCEL)) == shown


def test_another_day_has_another_answer() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.evening()
    assert fingerprint(life.preview(CANCEL)) != shown


def test_another_question_has_another_answer() -> None:
    life = an_open_question()
    asked = [CANCEL, Cancel("a", "now", refund="credit"), Cancel("a", "period_end"), ChangeLicences("a", 12)]
    assert len({fingerprint(life.preview(event)) for event in asked}) == len(asked)


def test_what_somebody_else_did_in_between_is_noticed() -> None:
    for meanwhile in (ChangeLicences("a", 11), ChangeLicences("a", 9, when="renewal")):
        life = an_open_question()
        shown = fingerprint(life.preview(CANCEL))
        life.ask(meanwhile)
        assert fingerprint(life.preview(CANCEL)) != shown


def test_a_payment_in_between_is_noticed_because_other_money_comes_back() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.pay(1)
    assert fingerprint(life.preview(CANCEL)) != shown


def test_a_change_there_and_back_is_noticed_as_well() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.licences("a", 12)
    life.licences("a", 10)
    assert fingerprint(life.preview(CANCEL)) != shown
