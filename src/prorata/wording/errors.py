"""What a refusal says: its code and its facts as sentences, with the way out.

The rules refuse with codes and parameters, never with prose. A code that has no sentence yet reads as a general one, so
that nobody meets an empty page; the tests see to it that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from prorata.core.errors import DomainError, Parameter
from prorata.core.money import currency, money
from prorata.wording import api_keys, entering, exporting, opening, passkeys, people
from prorata.wording.errors_of_closing import CLOSING, CLOSING_COUNTED
from prorata.wording.errors_of_directories import DIRECTORIES
from prorata.wording.lists_of_people import LISTS
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording

_DAYS = frozenset(
    {
        "day", "earliest", "effective", "end", "ended", "ends", "first", "last", "latest", "since", "starts", "to",
        "today", "valid_from",
    }
)  # fmt: skip
_AMOUNTS = frozenset({"amount", "left", "open", "received"})
_IDS = frozenset({"account", "run", "seller"})

_PLAIN = {
    **CLOSING,
    **DIRECTORIES,
    **LISTS,
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
    "ends_before": mark("It ends on {ends} already, before {end}. Choose a day up to then, or leave it as it is."),
    "end_too_far": mark("{end} is too far away. Choose a day up to {latest}."),
    "run_in_the_future": mark(
        "It is {today} where {seller} is, and {day} has not begun. Run that day when it has come."
    ),
    "run_before_last": mark(
        "A run for {last} was started at {seller} already, so {day} is over. Run {last} or a later day: it bills what "
        "was left over too."
    ),
    "unknown_seller": mark("There is no seller {seller}. Choose one that there is."),
    "several_documents": mark("Accounts {accounts} have a document {document} each. Say whose is meant."),
    "unknown_run": mark("There is no run {run}. Choose one from the list of runs."),
    "batch_size_out_of_bounds": mark("A batch cannot have {size} accounts. Choose a number from 1 to {largest}."),
    "not_parked": mark("{subscription} is not parked. Choose one from the list of what is."),
    "still_unpaid": mark(
        "{subscription} is disabled because bills of {open} are past due. Pay them, and it comes back at once."
    ),
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
    "already_ended": mark("{subscription} ended on {ended}. Reactivate it to go on using it."),
    "unknown_document": mark("There is no document {document}. Choose one that has been issued."),
    "already_paid": mark("Nothing of document {document} is open. Choose one that is."),
    "overpaid": mark("{amount} cannot be paid: {open} is open. Choose an amount above zero and up to that."),
    "changed_meanwhile": mark(
        "It was changed in the meantime, perhaps in another window. Nothing was done. Please look at it anew."
    ),
    "not_allowed": mark("Your role in this account does not allow this. An admin of the account can do it."),
    "proof_needed": mark("Please show once more who you are: this pays money back, or decides who may do what."),
    "unknown_member": mark("There is no such person in this account. Choose somebody from the list."),
    "unknown_reason": mark("{reason} is no reason that can be given. Choose one from the list, or none."),
    "too_many_words": mark("This is too long. Write {most} characters at most."),
    "unknown_plan": mark("This plan is not on sale. Choose one from the list of what can be bought."),
    "email_taken": mark("{email} belongs to somebody else in this account. Choose another address."),
    "no_such_account": mark("There is no such account. Choose one from your list."),
    "clock_backwards": mark("The clock of this account stands at {today} and only goes forward. Choose a later day."),
    "no_own_clock": mark("This account lives in real time. Only the clock of a test account can be moved."),
    "already_deleted": mark("{subscription} ended on {ended} and is deleted for good. Buy it anew to go on using it."),
    "already_paused": mark("{subscription} has been paused since {since}. Resume it to go on using it."),
    "already_stopped": mark(
        "The trial of {subscription} already ends on {ends} without a bill. To let it be sold after all, undo that."
    ),
    "contradictory_plan": mark("This plan contradicts itself at {key}. Correct it there."),
    "effective_in_the_future": mark("{effective} has not come: today is {today}. Choose today or an earlier day."),
    "last_phase_ends": mark(
        "Phase {phase} is the last one, so it cannot have an end: there would be no price after it. Leave its length "
        "out, or give the plan a term."
    ),
    "last_step_ends": mark(
        "Step {step} is the last one, so it cannot end at {up_to}: more licences would have no price. Leave its end "
        "out."
    ),
    "method_needed": mark("A trial of {plan} needs a payment method. Add one first."),
    "no_length": mark("A length of time has at least one day. Correct it, or leave it out."),
    "no_price": mark("The plan {plan} says nothing of what it costs. Give it a price, a flat price, phases or tiers."),
    "no_renewal_in_trial": mark(
        "{subscription} is in a trial, which does not renew: a change takes effect at once. To let it end,"
        " stop its conversion."
    ),
    "not_ended": mark(
        "{subscription} has not ended, so there is nothing to reactivate. If an end is planned, undo it."
    ),
    "not_in_trial": mark("{subscription} is not in a trial. To end it, cancel it or switch its renewal off."),
    "not_paused": mark("{subscription} is not paused, so it goes on as it is. To stop paying for a while, pause it."),
    "nothing_listed": mark("Nothing is listed here. Write at least one, or a price in their place."),
    "nothing_to_cancel": mark(
        "{subscription} is in a trial until {ends}: there is nothing to cancel. Stop its conversion, and it ends then"
        " without a bill."
    ),
    "nothing_to_pause": mark(
        "{subscription} is in a trial, in which nothing is charged, so there is nothing to pause. Stop its"
        " conversion, and it ends without a bill."
    ),
    "phase_without_end": mark("Phase {phase} has no end, so the next one would never begin. Say how long it lasts."),
    "price_in_the_past": mark("{valid_from} is over, today is {today}. Let the new price begin today or later."),
    "price_not_possible": mark(
        "The price of {plan} has phases or steps, so there cannot be a new one for each licence. Sell a new plan "
        "instead."
    ),
    "price_twice": mark("{key} and {beside} both say what a licence costs. Leave one of them out."),
    "fixed_term": mark(
        "{subscription} has a fixed term and ends on {ends} by itself. To end it sooner, cancel it; to go on"
        " afterwards, change the plan or reactivate it then."
    ),
    "changed_since": mark("The state of {subscription} has changed on {since}. Enter it from that day on."),
    "renewal_already_off": mark(
        "The renewal of {subscription} is off already: it ends on {ends}. Switch it on if it is to go on."
    ),
    "renewal_already_on": mark("{subscription} renews already. There is nothing to switch on."),
    "same_plan": mark("{subscription} has the plan {plan} already. Choose another one."),
    "step_without_end": mark(
        "Step {step} has no end, so the next one would never be reached. Say up to where it goes."
    ),
    "step_without_price": mark("Step {step} has no price. Give it one for each licence, a flat one, or both."),
    "steps_do_not_rise": mark(
        "Step {step} ends at {up_to}, which is not above {before}. Let each step end higher than the one before it."
    ),
    "too_many_parts": mark("A plan has at most {most} phases or steps. Leave some out."),
    "trial_already_extended": mark(
        "The trial of {subscription} was extended already. It is over on {ends} and cannot be extended again."
    ),
    "trial_not_extendable": mark(
        "The terms of {subscription} do not let its trial be extended. Choose a plan without a trial to go on using it."
    ),
    "window_without_days": mark("A window of no days is never open. Give it a day or more, or leave the window out."),
    "more_than_left": mark("{amount} cannot be given back: {left} is left. Choose an amount up to that."),
    "more_than_received": mark(
        "{amount} cannot be paid back: {received} was received and not returned yet. Choose an amount up to that."
    ),
    "nothing_to_give": mark(
        "There is nothing to give back. Choose an amount above zero, and a document on which something was paid."
    ),
    "unknown_line": mark(
        "Document {document} has no line {line} on which something was charged. Choose one that it has."
    ),
    **entering.REFUSALS,
    **opening.REFUSALS,
    **exporting.REFUSALS,
    **passkeys.REFUSALS,
    **people.REFUSALS,
    **api_keys.REFUSALS,
}

# The number that decides between one and many, and the sentences for both.
_COUNTED = {
    **CLOSING_COUNTED,
    **entering.COUNTED,
    **api_keys.COUNTED,
    "role_in_use": ("people", people.IN_USE),
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
    "too_early_to_extend": (
        "days",
        mark_plural(
            "The trial of {subscription} can be extended in its last {count} day only, from {first} on. "
            "Try again then.",
            "The trial of {subscription} can be extended in its last {count} days only, from {first} on. "
            "Try again then.",
        ),
    ),
    "too_far_back": (
        "days",
        mark_plural(
            "{effective} is too long ago: what is entered late is at most {count} day old. "
            "Choose {earliest} or a later day.",
            "{effective} is too long ago: what is entered late is at most {count} days old. "
            "Choose {earliest} or a later day.",
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
