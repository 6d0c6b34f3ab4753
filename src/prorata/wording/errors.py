"""What a refusal says: its code and its facts as sentences, with the way out.

The rules refuse with codes and parameters, never with prose. A code that has no sentence yet reads as a general one, so
that nobody meets an empty page; the tests see to it that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from prorata.core.errors import DomainError, Parameter
from prorata.core.money import currency, money
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

_DAYS = frozenset({"ends", "ended", "end", "today", "starts", "to", "day", "latest", "last"})
_AMOUNTS = frozenset({"amount", "open"})
_IDS = frozenset({"account", "run", "seller"})

_PLAIN = {
    "refused": mark("This is not possible."),
    "unknown_currency": mark("{currency} is not a currency. Write its three letters, such as EUR."),
    "not_an_amount": mark("{text} is not an amount. Write digits, with a point before the decimals."),
    "not_a_period": mark(
        "{text} is not a length of time. Write day, week, month, quarter, year, or a number of them such as 30 days."
    ),
    "anchor_not_possible": mark(
        "Periods of this length ({every}) cannot have the anchor {anchor}. Leave it out, or choose a date."
    ),
    "unknown_subscription": mark("This account has no subscription {subscription}. Choose one that it has."),
    "unknown_term": mark("{key} is not a key of terms. Choose one from the list of terms."),
    "term_not_yet": mark("{key} is not available yet. Leave it out for now."),
    "not_a_term": mark("{value} is not possible for {key}. Choose from: {allowed}."),
    "name_taken": mark("There is a subscription {subscription} already. Choose another name."),
    "already_cancelled": mark("{subscription} is cancelled already and ends on {ends}. Undo that cancellation first."),
    "end_in_the_past": mark("{end} is over, today is {today}. Choose today or a later day."),
    "amount_too_large": mark("So many licences at this price come to more than {amount}. Choose fewer."),
    "end_too_far": mark("{end} is too far away. Choose a day up to {latest}."),
    "run_in_the_future": mark(
        "It is {today} where {seller} is, and {day} has not begun. Run that day when it has come."
    ),
    "run_before_last": mark(
        "A run for {last} was started at {seller} already, so {day} is over. Run {last} or a later day: it bills what "
        "was left over too."
    ),
    "unknown_seller": mark("There is no seller {seller}. Choose one that there is."),
    "unknown_run": mark("There is no run {run}. Choose one from the list of runs."),
    "batch_size_out_of_bounds": mark("A batch cannot have {size} accounts. Choose a number from 1 to {largest}."),
    "not_parked": mark("{subscription} is not parked. Choose one from the list of what is."),
    "still_parked": mark("{subscription} still cannot be billed. Mend what stops it, then try again."),
    "run_stopped": mark(
        "Every one of the {accounts} accounts of a batch failed in the same way ({failure}), so the fault lies in the "
        "program or the database and not with them. Nothing of the batch was written. Mend that and start the run "
        "again."
    ),
    "ledger_incomplete": mark(
        "The licence ledger of {subscription} does not say how many licences there were on {day}. Whoever looks after "
        "the database completes it from that day on."
    ),
    "other_currency": mark(
        "The price of {subscription} is in {price}, but the account is billed in {currency}. Whoever looks after the "
        "database gives it a price in {currency}."
    ),
    "outside_the_calendar": mark(
        "{subscription} would have to be billed for {day}, which lies outside the calendar of the product. Whoever "
        "looks after the database corrects its dates."
    ),
    "before_start": mark("{subscription} begins on {starts}. Choose that day or a later one."),
    "nothing_to_undo": mark(
        "Nothing is planned for {subscription} that could be undone. What has taken effect can be changed again."
    ),
    "already_ended": mark("{subscription} ended on {ended}. Buy it anew to go on using it."),
    "unknown_document": mark("There is no document {document}. Choose one that has been issued."),
    "already_paid": mark("Nothing of document {document} is open. Choose one that is."),
    "overpaid": mark("{amount} cannot be paid: {open} is open. Choose an amount above zero and up to that."),
    "changed_meanwhile": mark(
        "This was changed by somebody else in the meantime. Nothing was done. Please look at it anew."
    ),
    "not_allowed": mark("Your role in this account does not allow this. An admin of the account can do it."),
    "unknown_member": mark("There is no such person in this account. Choose somebody from the list."),
    "unknown_plan": mark("This plan is not on sale. Choose one from the list of what can be bought."),
    "email_taken": mark("{email} belongs to somebody else in this account. Choose another address."),
    "no_such_account": mark("There is no such account. Choose one from your list."),
    "clock_backwards": mark("The clock of this account stands at {today} and only goes forward. Choose a later day."),
    "no_own_clock": mark("This account lives in real time. Only the clock of a test account can be moved."),
}

# The number that decides between one and many, and the sentences for both.
_COUNTED = {
    "licences_out_of_bounds": (
        "licences",
        mark_plural(
            "{count} licence is not possible under these terms. Choose a number from {fewest} to {most}.",
            "{count} licences are not possible under these terms. Choose a number from {fewest} to {most}.",
        ),
    ),
    "not_enough_licences": (
        "missing",
        mark_plural(
            "{assigned} members need a licence, but only {licences} can be assigned. "
            "Buy {count} more licence, or assign fewer.",
            "{assigned} members need a licence, but only {licences} can be assigned. "
            "Buy {count} more licences, or assign fewer.",
        ),
    ),
    "below_assigned": (
        "unassign",
        mark_plural(
            "{assigned} licences are assigned, so there cannot be only {licences}. "
            "Unassign {count} member first, or keep more licences.",
            "{assigned} licences are assigned, so there cannot be only {licences}. "
            "Unassign {count} members first, or keep more licences.",
        ),
    ),
    "clock_too_far": (
        "days",
        mark_plural(
            "A clock moves by {count} day at most. Choose an earlier day.",
            "A clock moves by {count} days at most. Choose an earlier day.",
        ),
    ),
}


def sentence(error: DomainError, w: Wording) -> str:
    """Say what was refused and what can be done about it."""
    return sentence_of(error.code, error.parameters, w=w)


def sentence_of(code: str, parameters: Mapping[str, Parameter], *, w: Wording) -> str:
    """The same for a refusal that was kept as its code and its facts."""
    if code in _SPECIAL:
        return _SPECIAL[code](parameters, w)
    facts = facts_of(parameters, w)
    if code in _COUNTED:
        count, forms = _COUNTED[code]
        return w.n(*forms, int(parameters[count]), **facts)
    return w.t(_PLAIN.get(code, _PLAIN["refused"]), **facts)


def has_sentence(code: str) -> bool:
    """Whether a code has a sentence of its own."""
    return code in _PLAIN or code in _COUNTED or code in _SPECIAL


def facts_of(parameters: Mapping[str, Parameter], w: Wording) -> dict[str, Parameter | date]:
    """The parameters as the language writes them: dates in words, amounts with their currency, ids as they are."""
    return {name: _fact(name, parameters, w=w) for name in parameters}


def _fact(name: str, parameters: Mapping[str, Parameter], *, w: Wording) -> Parameter | date:
    value = parameters[name]
    if name in _DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    if name in _IDS:
        return str(value)
    if name in _AMOUNTS and isinstance(value, str) and "currency" in parameters:
        amount = money(value, currency(str(parameters["currency"])))
        return w.money(amount.minor, amount.currency.code, exponent=amount.currency.exponent)
    return value


def _too_many_licences(parameters: Mapping[str, Parameter], w: Wording) -> str:
    """Two sentences, each with a number of its own: how many there are, and how many must go."""
    licences, remove, limit = (int(parameters[name]) for name in ("licences", "remove", "limit"))
    if parameters["counts"] == "assigned":
        found = w.n(
            "{count} licence is assigned; online up to {limit} can be cancelled.",
            "{count} licences are assigned; online up to {limit} can be cancelled.",
            licences,
            limit=limit,
        )
        todo = w.n("Unassign {count} member and cancel again.", "Unassign {count} members and cancel again.", remove)
    else:
        found = w.n(
            "There is {count} licence; online up to {limit} can be cancelled.",
            "There are {count} licences; online up to {limit} can be cancelled.",
            licences,
            limit=limit,
        )
        todo = w.n("Remove {count} licence and cancel again.", "Remove {count} licences and cancel again.", remove)
    return f"{found} {todo}"


_SPECIAL: dict[str, Callable[[Mapping[str, Parameter], Wording], str]] = {"too_many_licences": _too_many_licences}
