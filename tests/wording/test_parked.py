"""Why a subscription is parked and what would mend it, in each language."""

import pytest

from prorata.core.billing.contradictions import LedgerIncomplete, OtherCurrency, OutsideTheCalendar
from prorata.core.errors import DomainError
from prorata.core.planning import Parked, parked_for
from prorata.core.subscriptions.buy import AmountTooLarge
from prorata.core.subscriptions.change import AlreadyEnded
from prorata.wording import Language, wording_for
from prorata.wording.parked import way_out, why

UNREADABLE = Parked(1, "unreadable", {"subscription": "a", "detail": "plan.every: fortnight is no length of time"})

SAID: list[tuple[Parked, str, str]] = [
    (
        parked_for(1, LedgerIncomplete(subscription="a", day="2026-02-05")),
        "The licence ledger does not say how many licences there were on 5 February 2026, the first day to be billed.",
        "Whoever looks after the database completes its licence ledger from that day on; then try again.",
    ),
    (
        parked_for(1, OtherCurrency(subscription="a", price="GBP", currency="EUR")),
        "Its price is in GBP, but the account is billed in EUR.",
        "Whoever looks after the database gives it a price in EUR; then try again.",
    ),
    (
        parked_for(1, OutsideTheCalendar(subscription="a", day="2200-01-01")),
        "It would have to be billed for 1 January 2200, which lies outside the calendar of the product.",
        "Whoever looks after the database corrects its start, its end or its periods; then try again.",
    ),
    (
        parked_for(1, AmountTooLarge(licences=1001, amount="10000000000000.00", currency="EUR")),
        (
            "1,001 licences at this price come to more than €10,000,000,000,000.00 for a period, the most that can be "
            "billed."
        ),
        (
            "The customer or the vendor lowers the number of licences on the page of the subscription, or whoever "
            "looks after the database corrects its price; then try again."
        ),
    ),
    (
        UNREADABLE,
        (
            "What is stored of it is not what this program writes: it was changed by other means, or it is damaged "
            "(plan.every: fortnight is no length of time)."
        ),
        (
            "Whoever looks after the database restores what is stored of it from a backup, or corrects it; then try "
            "again."
        ),
    ),
    (
        parked_for(1, ZeroDivisionError("division by zero")),
        "The program failed in a way that no rule foresaw. The fault is in the program, not with the customer.",
        (
            "Report it with its trace, which names the place in the program. Once there is a version that mends it, "
            "update the program, then try again."
        ),
    ),
]


@pytest.mark.parametrize(("parked", "reason", "way"), SAID, ids=lambda value: getattr(value, "code", ""))
def test_a_parked_subscription_says_why_and_what_mends_it(parked: Parked, reason: str, way: str) -> None:
    english = wording_for(Language.EN)
    assert why(parked, english) == reason
    assert way_out(parked, english) == way


@pytest.mark.parametrize("language", [Language.NL, Language.IT])
@pytest.mark.parametrize("parked", [parked for parked, _, _ in SAID], ids=lambda parked: parked.code)
def test_both_are_said_in_each_language(parked: Parked, language: Language) -> None:
    own, english = wording_for(language), wording_for(Language.EN)
    assert why(parked, own) != why(parked, english)
    assert way_out(parked, own) != way_out(parked, english)


def test_dates_and_amounts_are_written_as_the_language_writes_them() -> None:
    gap = parked_for(1, LedgerIncomplete(subscription="a", day="2026-02-08"))
    assert why(gap, wording_for(Language.IT)) == (
        "Il registro delle licenze non dice quante licenze c’erano l’8 febbraio 2026, il primo giorno da fatturare."
    )
    assert why(gap, wording_for(Language.NL)).startswith(
        "Het licentieregister zegt niet hoeveel licenties er waren op 8 februari 2026"
    )


@pytest.mark.parametrize("refusal", [AlreadyEnded(subscription="a", ended="2026-03-03"), DomainError()])
def test_any_other_refusal_says_it_with_its_own_sentence_and_still_has_a_way_out(refusal: DomainError) -> None:
    english = wording_for(Language.EN)
    found = parked_for(1, refusal)
    assert why(found, english) in {
        "a ended on 3 March 2026. Reactivate it to go on using it.",
        "This is not possible.",
    }
    assert way_out(found, english) == "Whoever looks after the database mends what the reason names; then try again."
