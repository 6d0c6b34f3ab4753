"""Every refusal of the rules has a sentence in each language, with its facts and the way out."""

import importlib
import pkgutil

import pytest

import prorata.core
import prorata.usecases
from prorata.core.billing.contradictions import LedgerIncomplete, OtherCurrency, OutsideTheCalendar
from prorata.core.billing.give_back import MoreThanLeft, MoreThanReceived, NothingToGive, UnknownLine
from prorata.core.billing.pay import AlreadyPaid, Overpaid, UnknownDocument
from prorata.core.billing.unpaid import StillUnpaid
from prorata.core.calendar import AnchorNotPossible, NotAPeriod
from prorata.core.catalog.read_terms import NotATerm, TermNotYet, UnknownTerm
from prorata.core.errors import DomainError
from prorata.core.history import UnknownSubscription
from prorata.core.licences.assignment import BelowAssigned, NotEnoughLicences
from prorata.core.money import NotAnAmount, UnknownCurrency
from prorata.core.step import ChangedSince, EffectiveInTheFuture, PriceNotPossible, TooFarBack
from prorata.core.subscriptions.buy import AmountTooLarge, LicencesOutOfBounds, MethodNeeded, NameTaken
from prorata.core.subscriptions.cancel import (
    AlreadyCancelled,
    BeforeStart,
    EndInThePast,
    EndsBefore,
    EndTooFar,
    NothingToCancel,
    NothingToUndo,
    TooManyLicences,
)
from prorata.core.subscriptions.change import AlreadyDeleted, AlreadyEnded, NoRenewalInTrial
from prorata.core.subscriptions.change_plan import SamePlan
from prorata.core.subscriptions.pause import AlreadyPaused, NothingToPause, NotPaused
from prorata.core.subscriptions.renewal import AlreadyOff, AlreadyOn, FixedTerm, NotEnded
from prorata.core.subscriptions.trials import (
    AlreadyStopped,
    NotInTrial,
    TooEarlyToExtend,
    TrialAlreadyExtended,
    TrialNotExtendable,
)
from prorata.usecases.mend_parked import NotParked, StillParked
from prorata.usecases.run_batch import RunStopped
from prorata.usecases.run_billing import BatchSizeOutOfBounds, RunBeforeLast, RunInTheFuture, UnknownSeller
from prorata.usecases.run_summary import UnknownRun
from prorata.usecases.set_price import PriceInThePast
from prorata.wording import Language, wording_for
from prorata.wording.errors import has_sentence, sentence
from wording.refused_closings import OF_CLOSINGS
from wording.refused_plans import OF_PLANS


def say(error: DomainError, language: Language = Language.EN) -> str:
    return sentence(error, wording_for(language)).replace("\u00a0", " ")


def every_refusal() -> list[type[DomainError]]:
    """All classes of refusals below the floor of words, those of modules that nobody imported yet included."""
    for package in (prorata.core, prorata.usecases):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: list[type[DomainError]] = []
    todo = [DomainError]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__.startswith("prorata."):
            found.append(kind)
    return found


def test_no_refusal_has_been_forgotten():
    assert [kind.__name__ for kind in every_refusal() if not has_sentence(kind.code)] == []


def test_every_kind_of_refusal_is_said_below_as_the_rules_raise_it():
    said = {error.code for error, _ in SAID}
    of_core = {kind.code for kind in every_refusal() if kind.__module__.startswith("prorata.core")}
    assert of_core - said == set()


SAID: list[tuple[DomainError, str]] = [
    (DomainError(), "This is not possible."),
    (UnknownCurrency(currency="EURO"), "EURO is not a currency. Write its three letters, such as EUR."),
    (NotAnAmount(text="12,50"), "12,50 is not an amount. Write digits, with a point before the decimals."),
    (
        AmountTooLarge(licences=1001, amount="10000000000000.00", currency="EUR"),
        "So many licences at this price come to more than €10,000,000,000,000.00. Choose fewer.",
    ),
    (
        NotAPeriod(text="fortnight"),
        (
            "fortnight is not a length of time. Write day, week, month, quarter, year, "
            "or a number of them such as 30 days."
        ),
    ),
    (
        AnchorNotPossible(anchor=15, every="2 weeks"),
        ("Periods of this length (2 weeks) cannot have the anchor 15. Leave it out, or choose a date."),
    ),
    (UnknownSubscription(subscription="a"), "This account has no subscription a. Choose one that it has."),
    (UnknownTerm(key="window"), "window is not a key of terms. Choose one from the list of terms."),
    (TermNotYet(key="trial"), "trial is not available yet. Leave it out for now."),
    (
        NotATerm(key="billed", value="later", allowed="advance, arrears"),
        ("later is not possible for billed. Choose from: advance, arrears."),
    ),
    (
        LicencesOutOfBounds(licences=1, fewest=5, most=10_000),
        ("1 licence is not possible under these terms. Choose a number from 5 to 10,000."),
    ),
    (NameTaken(subscription="a"), "There is a subscription a already. Choose another name."),
    (
        TooManyLicences(licences=30, limit=25, remove=5, counts="assigned"),
        ("30 licences are assigned; online up to 25 can be cancelled. Unassign 5 members and cancel again."),
    ),
    (
        TooManyLicences(licences=26, limit=25, remove=1, counts="assigned"),
        ("26 licences are assigned; online up to 25 can be cancelled. Unassign 1 member and cancel again."),
    ),
    (
        TooManyLicences(licences=26, limit=25, remove=1, counts="purchased"),
        ("There are 26 licences; online up to 25 can be cancelled. Remove 1 licence and cancel again."),
    ),
    (
        TooManyLicences(licences=1, limit=0, remove=1, counts="purchased"),
        ("There is 1 licence; online up to 0 can be cancelled. Remove 1 licence and cancel again."),
    ),
    (
        AlreadyCancelled(subscription="a", ends="2026-03-15"),
        ("a is cancelled already and ends on 15 March 2026. Undo that cancellation first."),
    ),
    (
        EndInThePast(end="2026-03-01", today="2026-03-03"),
        ("1 March 2026 is over, today is 3 March 2026. Choose today or a later day."),
    ),
    (
        BeforeStart(subscription="a", starts="2026-02-01"),
        "a begins on 1 February 2026. Choose that day or a later one.",
    ),
    (
        EndTooFar(end="2200-01-01", latest="2199-12-31"),
        "1 January 2200 is too far away. Choose a day up to 31 December 2199.",
    ),
    (
        EndsBefore(subscription="a", end="2026-05-24", ends="2026-03-15"),
        ("It ends on 15 March 2026 already, before 24 May 2026. Choose a day up to then, or leave it as it is."),
    ),
    (
        NothingToUndo(subscription="a"),
        ("Nothing is planned for a that could be undone. What has taken effect can be changed again."),
    ),
    (AlreadyEnded(subscription="a", ended="2026-03-03"), "a ended on 3 March 2026. Reactivate it to go on using it."),
    (
        AlreadyDeleted(subscription="a", ended="2026-03-03"),
        "a ended on 3 March 2026 and is deleted for good. Buy it anew to go on using it.",
    ),
    (SamePlan(subscription="a", plan="business"), "a has the plan business already. Choose another one."),
    (
        AlreadyPaused(subscription="a", since="2026-02-10"),
        "a has been paused since 10 February 2026. Resume it to go on using it.",
    ),
    (NotPaused(subscription="a"), "a is not paused, so it goes on as it is. To stop paying for a while, pause it."),
    (
        NothingToPause(subscription="a"),
        (
            "a is in a trial, in which nothing is charged, so there is nothing to pause. "
            "Stop its conversion, and it ends without a bill."
        ),
    ),
    (
        AlreadyOff(subscription="a", ends="2026-03-15"),
        "The renewal of a is off already: it ends on 15 March 2026. Switch it on if it is to go on.",
    ),
    (AlreadyOn(subscription="a"), "a renews already. There is nothing to switch on."),
    (
        FixedTerm(subscription="a", ends="2026-07-15"),
        (
            "a has a fixed term and ends on 15 July 2026 by itself. To end it sooner, cancel it; "
            "to go on afterwards, change the plan or reactivate it then."
        ),
    ),
    (
        NoRenewalInTrial(subscription="a"),
        ("a is in a trial, which does not renew: a change takes effect at once. To let it end, stop its conversion."),
    ),
    (NotEnded(subscription="a"), "a has not ended, so there is nothing to reactivate. If an end is planned, undo it."),
    (MethodNeeded(plan="business"), "A trial of business needs a payment method. Add one first."),
    (NotInTrial(subscription="a"), "a is not in a trial. To end it, cancel it or switch its renewal off."),
    (
        NothingToCancel(subscription="a", ends="2026-02-14"),
        (
            "a is in a trial until 14 February 2026: there is nothing to cancel. Stop its conversion, and it ends then "
            "without a bill."
        ),
    ),
    (
        TrialNotExtendable(subscription="a"),
        ("The terms of a do not let its trial be extended. Choose a plan without a trial to go on using it."),
    ),
    (
        TrialAlreadyExtended(subscription="a", ends="2026-03-16"),
        "The trial of a was extended already. It is over on 16 March 2026 and cannot be extended again.",
    ),
    (
        TooEarlyToExtend(subscription="a", first="2026-01-30", days=15),
        "The trial of a can be extended in its last 15 days only, from 30 January 2026 on. Try again then.",
    ),
    (
        AlreadyStopped(subscription="a", ends="2026-02-14"),
        "The trial of a already ends on 14 February 2026 without a bill. To let it be sold after all, undo that.",
    ),
    (
        EffectiveInTheFuture(effective="2026-03-01", today="2026-02-20"),
        "1 March 2026 has not come: today is 20 February 2026. Choose today or an earlier day.",
    ),
    (
        ChangedSince(subscription="a", since="2026-02-15"),
        "The state of a has changed on 15 February 2026. Enter it from that day on.",
    ),
    (
        TooFarBack(effective="2024-02-20", earliest="2025-02-19", days=366),
        (
            "20 February 2024 is too long ago: what is entered late is at most 366 days old. "
            "Choose 19 February 2025 or a later day."
        ),
    ),
    (
        PriceNotPossible(plan="team"),
        (
            "The price of team has phases or steps, so there cannot be a new one for each licence. "
            "Sell a new plan instead."
        ),
    ),
    (
        PriceInThePast(valid_from="2026-02-19", today="2026-02-20"),
        "19 February 2026 is over, today is 20 February 2026. Let the new price begin today or later.",
    ),
    (
        MoreThanLeft(amount="150.00", left="125.00", currency="EUR"),
        "€150.00 cannot be given back: €125.00 is left. Choose an amount up to that.",
    ),
    (
        MoreThanReceived(amount="150.00", received="125.00", currency="EUR"),
        "€150.00 cannot be paid back: €125.00 was received and not returned yet. Choose an amount up to that.",
    ),
    (
        NothingToGive(amount="0.00"),
        "There is nothing to give back. Choose an amount above zero, and a document on which something was paid.",
    ),
    (
        UnknownLine(document=1, line=3),
        "Document 1 has no line 3 on which something was charged. Choose one that it has.",
    ),
    *OF_PLANS,
    *OF_CLOSINGS,
    (
        NotEnoughLicences(assigned=11, licences=10, missing=1),
        ("11 members need a licence, but only 10 can be assigned. Buy 1 more licence, or assign fewer."),
    ),
    (
        BelowAssigned(assigned=8, licences=5, unassign=3),
        ("8 licences are assigned, so there cannot be only 5. Unassign 3 members first, or keep more licences."),
    ),
    (
        StillUnpaid(subscription="a", open="250.00", currency="EUR"),
        "a is disabled because bills of €250.00 are past due. Pay them, and it comes back at once.",
    ),
    (UnknownDocument(document=3), "There is no document 3. Choose one that has been issued."),
    (AlreadyPaid(document=1), "Nothing of document 1 is open. Choose one that is."),
    (
        Overpaid(amount="1250.00", open="81.25", currency="EUR"),
        ("€1,250.00 cannot be paid: €81.25 is open. Choose an amount above zero and up to that."),
    ),
    (
        LedgerIncomplete(subscription="a", day="2026-02-05"),
        (
            "The licence ledger of a does not say how many licences there were on 5 February 2026. Whoever "
            "looks after the database completes it from that day on."
        ),
    ),
    (
        OtherCurrency(subscription="a", price="GBP", currency="EUR"),
        (
            "The price of a is in GBP, but the account is billed in EUR. Whoever looks after the database gives it a "
            "price in EUR."
        ),
    ),
    (
        OutsideTheCalendar(subscription="a", day="2200-01-01"),
        (
            "a would have to be billed for 1 January 2200, which lies outside the calendar of the product. Whoever "
            "looks after the database corrects its dates."
        ),
    ),
    (
        RunInTheFuture(day="2026-03-04", today="2026-03-03", seller="Kadans"),
        "It is 3 March 2026 where Kadans is, and 4 March 2026 has not begun. Run that day when it has come.",
    ),
    (
        RunBeforeLast(day="2026-03-01", last="2026-03-03", seller="Kadans"),
        (
            "A run for 3 March 2026 was started at Kadans already, so 1 March 2026 is over. Run 3 March 2026 or a "
            "later day: it bills what was left over too."
        ),
    ),
    (UnknownSeller(seller=12), "There is no seller 12. Choose one that there is."),
    (UnknownSeller(seller=12_345), "There is no seller 12345. Choose one that there is."),
    (UnknownRun(run=7), "There is no run 7. Choose one from the list of runs."),
    (BatchSizeOutOfBounds(size=0, largest=10_000), "A batch cannot have 0 accounts. Choose a number from 1 to 10,000."),
    (
        RunStopped(accounts=500, failure="ZeroDivisionError"),
        (
            "Every one of the 500 accounts of a batch failed in the same way (ZeroDivisionError), so the fault lies in "
            "the program or the database and not with them. Nothing of the batch was written. Mend that and start the "
            "run again."
        ),
    ),
    (NotParked(account=4, subscription="a"), "a is not parked. Choose one from the list of what is."),
    (
        StillParked(subscription="a", why="other_currency"),
        "a still cannot be billed. Mend what stops it, then try again.",
    ),
]


@pytest.mark.parametrize(("error", "said"), SAID, ids=lambda value: getattr(value, "code", ""))
def test_a_refusal_reads_so(error: DomainError, said: str):
    assert say(error) == said


@pytest.mark.parametrize("language", [Language.NL, Language.IT])
@pytest.mark.parametrize("error", [error for error, _ in SAID], ids=lambda error: error.code)
def test_a_refusal_has_the_same_facts_in_every_language(error: DomainError, language: Language):
    said = say(error, language)
    assert said != say(error)
    numbers = [str(value) for value in error.parameters.values() if isinstance(value, int) and value < 1000]
    if error.code == "not_parked":
        numbers = []  # which account it is stands beside it
    assert [number for number in numbers if number not in said] == []


def test_dates_and_amounts_are_written_as_the_language_writes_them():
    overpaid = Overpaid(amount="1250.00", open="81.25", currency="EUR")
    assert say(overpaid, Language.NL) == (
        "€ 1.250,00 kan niet worden betaald: € 81,25 staat open. Kies een bedrag boven nul, tot en met dat bedrag."
    )
    starts = BeforeStart(subscription="a", starts="2026-02-08")
    assert say(starts, Language.IT) == "a inizia l’8 febbraio 2026. Scegliere quel giorno o uno successivo."


def test_the_limit_is_said_in_dutch_and_italian():
    over = TooManyLicences(licences=30, limit=25, remove=5, counts="assigned")
    assert say(over, Language.NL) == (
        "Er zijn 30 licenties toegewezen; online kunnen er hoogstens 25 worden opgezegd. "
        "Trek de licentie van 5 leden in en zeg opnieuw op."
    )
    assert say(over, Language.IT) == (
        "Sono assegnate 30 licenze; online se ne possono annullare al massimo 25. "
        "Revocare la licenza a 5 membri e annullare di nuovo."
    )


def test_a_code_without_a_sentence_still_says_something():
    class Unheard(DomainError):
        code = "unheard"

    assert say(Unheard()) == "This is not possible."
