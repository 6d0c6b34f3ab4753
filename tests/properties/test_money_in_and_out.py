"""Money: every document is settled to the cent, nothing is drawn that is not due, no more goes back than came in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from properties.dice import Dice, thrown
from properties.lives import lives, price_of
from properties.living import Lived, live
from properties.other_ways import without
from properties.wishes import PAID_BACK, PLAIN, Buy, Life, Mode, Return, Total, Wait, Wish
from prorata.core.documents.model import Document
from prorata.core.events import PaymentMode
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import Money
from prorata.core.stories.told import balances


def _check_money(lived: Lived) -> None:
    totals = {d.id: d.total for d in lived.documents}
    assert sorted(lived.standings) == sorted(totals)
    for standing in lived.standings.values():
        assert standing.credit_used + standing.paid + standing.left == totals[standing.document]
        assert standing.left.minor >= 0
    assert all(0 <= p.left.minor <= p.amount.minor for p in lived.payments.values())
    assert all(0 <= lot.left.minor <= lot.amount.minor for lot in lived.lots.values())
    credit = sum(lot.left.minor for lot in lived.lots.values())
    assert not (credit and lived.left()), "account credit lies idle while a document is open"


def _check_ledger(lived: Lived) -> None:
    ledger = balances(lived.transfers, lived.history.account.currency)
    assert sum(balance.minor for balance in ledger.values()) == 0
    assert all(transfer.amount.minor > 0 for transfer in lived.transfers)
    assert [t.id for t in lived.transfers] == list(range(1, len(lived.transfers) + 1))
    assert ledger["receivable"].minor == lived.left()
    assert ledger["customer_credit"].minor == -sum(lot.left.minor for lot in lived.lots.values())
    assert ledger["cash"].minor == sum(p.left.minor for p in lived.payments.values())
    assert ledger["cash"].minor == sum(s.paid.minor for s in lived.standings.values())
    # Goodwill for the account is no document: it comes off what was sold.
    gifts = sum(lot.amount.minor for lot in lived.lots.values() if lot.document is None)
    assert ledger["sales"].minor == gifts - sum(d.net.minor for d in lived.documents)
    assert ledger["tax"].minor == -sum(d.tax.minor for d in lived.documents)


@given(lives())
def test_after_each_step_every_document_is_settled_and_the_ledger_balances(life: Life) -> None:
    seen = None
    for lived in live(life):
        if lived.history is not seen:
            _check_money(lived)
            _check_ledger(lived)
        seen = lived.history


@dataclass
class _Purse:
    """Who owes what, by the transfers alone: by document, by payment and by account credit, in minor units."""

    receivable: dict[int | None, int] = field(default_factory=lambda: defaultdict[int | None, int](int))
    cash: dict[int | None, int] = field(default_factory=lambda: defaultdict[int | None, int](int))
    customer_credit: dict[int | None, int] = field(default_factory=lambda: defaultdict[int | None, int](int))

    def after(self, transfers: Iterable[Transfer], *, paid_for: Mapping[int, int]) -> "_Purse":
        """Follow the transfers; nothing may go where there is nothing to take it from.

        `paid_for`: the document of each payment. What was paid for it may be given back, and opens it again.
        """
        for t in transfers:
            into, out_of = t.debit.name, t.credit.name
            if out_of == "receivable" and into in {"cash", "customer_credit", "receivable"}:
                assert t.amount.minor <= self.receivable[t.credit.of], "more was drawn than is due"
            opens_again = out_of == "cash" and paid_for.get(t.credit.of or 0) == t.debit.of
            if into == "receivable" and out_of not in {"sales", "tax"} and not opens_again:
                assert t.amount.minor <= -self.receivable[t.debit.of], "more was given than the document is worth"
            if out_of == "cash":
                assert t.amount.minor <= self.cash[t.credit.of], "more was given back than came in"
            if into == "customer_credit":
                assert t.amount.minor <= -self.customer_credit[t.debit.of], "more credit was used than there was"
            for account, amount in ((t.debit, t.amount.minor), (t.credit, -t.amount.minor)):
                if account.name not in {"sales", "tax"}:
                    getattr(self, account.name)[account.of] += amount
        return self


def _paid_for(lived: Lived) -> dict[int, int]:
    return {payment.id: payment.document for payment in lived.payments.values()}


@given(lives())
def test_no_settlement_draws_more_than_is_due_nor_gives_back_more_than_came_in(life: Life) -> None:
    *_, lived = live(life)
    purse = _Purse().after(lived.transfers, paid_for=_paid_for(lived))
    for document, left in purse.receivable.items():
        assert document is not None
        assert left == lived.standings[document].left.minor


def _paid_partly_of(dice: Dice) -> Life:
    """A first purchase leaves account credit; a second is paid out of that and by the method, then given up."""
    first, second = (
        Buy(price_of(dice.cup(5)), "month", terms, licences=dice.number(2, 40), anchor=None)
        for terms in (PLAIN, PAID_BACK)
    )
    wishes: list[Wish] = [first, Wait(1), Total(0, dice.number(0, first.licences - 1), None), Wait(1), second]
    left = second.licences
    for _ in range(dice.number(1, 5)):
        left = dice.number(0, left)
        wishes += [Wait(1), Total(1, left, None)]
    return Life("EUR", dice.of(None, Fraction(21)), "daily", "automatic", "UTC", dice.number(0, 30), tuple(wishes))


@given(thrown(_paid_partly_of, throws=50))
def test_what_account_credit_has_paid_does_not_go_back_to_the_method(life: Life) -> None:
    *_, lived = live(life)
    _check_money(lived)
    _Purse().after(lived.transfers, paid_for=_paid_for(lived))


def _always(life: Life, mode: PaymentMode) -> Life:
    """The same life, paid in one way from its first day to its last, with nothing paid back by hand."""
    life = without(life, Return)
    return replace(life, mode=mode, wishes=tuple(wish for wish in life.wishes if not isinstance(wish, Mode)))


@given(lives())
def test_a_saved_method_pays_all_that_is_due_at_once(life: Life) -> None:
    for lived in live(_always(life, "automatic")):
        assert not lived.left()


@given(lives(), st.sampled_from(["declining", "none"]))
def test_without_a_method_that_works_nothing_is_drawn(life: Life, mode: PaymentMode) -> None:
    *_, lived = live(_always(life, mode))
    assert all(payment.method != "saved" for payment in lived.payments.values())


def _worth_to_method(document: Document) -> int:
    """What the lines of a credit note that are paid back to a method are worth with their tax."""
    nothing = Money(0, document.total.currency)
    back = [line for line in document.lines if line.refund == "to_method"]
    return -sum((line.amount + (line.tax or nothing)).minor for line in back)


@given(lives())
def test_money_goes_back_only_for_what_the_terms_pay_back(life: Life) -> None:
    *_, lived = live(without(life, Return))
    back: dict[int | None, int] = defaultdict(int)
    for transfer in lived.transfers:
        if transfer.credit.name == "cash":
            back[transfer.document] += transfer.amount.minor
    notes = {d.id: d for d in lived.documents if d.kind == "credit_note"}
    for document, amount in back.items():
        assert document in notes, "money went back without a credit note"
        assert amount <= _worth_to_method(notes[document])


@given(lives())
def test_a_statement_says_what_becomes_of_a_final_document(life: Life) -> None:
    for lived in live(life):
        assert lived.last
        for document in lived.last.documents:
            said = document.statement
            assert (said is not None) == document.final
            if said is None:
                continue
            assert said.this_document == document.total
            # Open before, and this document, less what was paid out of anything, plus what was given out.
            settled = said.open_before + document.total - said.from_credit - said.paid_now
            assert settled + said.paid_back + said.to_credit == said.still_to_pay
