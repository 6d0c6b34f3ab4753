"""Why a subscription is parked, and what would mend it: two plain sentences for each reason.

The reasons are the codes of the rules that a subscription's facts can break, and two more: what nobody can read, and
what no rule foresaw. Any other refusal that stops a subscription says it with its own sentence.
"""

from __future__ import annotations

from prorata.core.planning import Parked
from prorata.wording.errors import facts_of, sentence_of
from prorata.wording.marking import mark
from prorata.wording.words import Wording

_WHY: dict[str, str] = {
    "ledger_incomplete": mark(
        "The licence ledger does not say how many licences there were on {day}, the first day to be billed."
    ),
    "other_currency": mark("Its price is in {price}, but the account is billed in {currency}."),
    "outside_the_calendar": mark(
        "It would have to be billed for {day}, which lies outside the calendar of the product."
    ),
    "amount_too_large": mark(
        "{licences} licences at this price come to more than {amount} for a period, the most that can be billed."
    ),
    "unreadable": mark(
        "What is stored of it is not what this program writes: it was changed by other means, or it is damaged "
        "({detail})."
    ),
    "unexpected": mark(
        "The program failed in a way that no rule foresaw. The fault is in the program, not with the customer."
    ),
}

_WAY_OUT: dict[str, str] = {
    "ledger_incomplete": mark(
        "Whoever looks after the database completes its licence ledger from that day on; then try again."
    ),
    "other_currency": mark("Whoever looks after the database gives it a price in {currency}; then try again."),
    "outside_the_calendar": mark(
        "Whoever looks after the database corrects its start, its end or its periods; then try again."
    ),
    "amount_too_large": mark(
        "The customer or the vendor lowers the number of licences on the page of the subscription, or whoever looks "
        "after the database corrects its price; then try again."
    ),
    "unreadable": mark(
        "Whoever looks after the database restores what is stored of it from a backup, or corrects it; then try again."
    ),
    "unexpected": mark(
        "Report it with its trace, which names the place in the program. Once there is a version that mends it, update "
        "the program, then try again."
    ),
}
_WAY_OUT_ELSE = mark("Whoever looks after the database mends what the reason names; then try again.")


def why(parked: Parked, w: Wording) -> str:
    """Why it cannot be billed."""
    if parked.code not in _WHY:
        return sentence_of(parked.code, parked.parameters, w=w)
    return w.t(_WHY[parked.code], **facts_of(parked.parameters, w))


def way_out(parked: Parked, w: Wording) -> str:
    """What would have to be mended so that it can."""
    return w.t(_WAY_OUT.get(parked.code, _WAY_OUT_ELSE), **facts_of(parked.parameters, w))
