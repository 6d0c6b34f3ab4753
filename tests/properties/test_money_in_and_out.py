"""Money: every document is settled to the cent, nothing is paid back that did not come in, the ledger balances."""

from hypothesis import given

from properties.living import Lived, live
from properties.wishes import Life, lives
from prorata.core.stories.told import balances


def _check_money(lived: Lived) -> None:
    history = lived.history
    totals = {d.id: d.total for d in lived.documents}
    assert [s.document for s in history.standings] == sorted(totals)
    for standing in history.standings:
        assert standing.credit_used + standing.paid + standing.left == totals[standing.document]
        assert standing.left.minor >= 0
    assert all(0 <= p.left.minor <= p.amount.minor for p in history.payments)
    assert all(0 <= lot.left.minor <= lot.amount.minor for lot in history.lots)
    credit = sum(lot.left.minor for lot in history.lots)
    left = sum(s.left.minor for s in history.standings)
    assert not (credit and left), "account credit lies idle while a document is open"


def _check_ledger(lived: Lived) -> None:
    history = lived.history
    ledger = balances(lived.transfers, history.account.currency)
    assert sum(balance.minor for balance in ledger.values()) == 0
    assert all(transfer.amount.minor > 0 for transfer in lived.transfers)
    assert [t.id for t in lived.transfers] == list(range(1, len(lived.transfers) + 1))
    assert ledger["receivable"].minor == sum(s.left.minor for s in history.standings)
    assert ledger["customer_credit"].minor == -sum(lot.left.minor for lot in history.lots)
    assert ledger["cash"].minor == sum(p.left.minor for p in history.payments)
    assert ledger["cash"].minor == sum(s.paid.minor for s in history.standings)
    assert ledger["sales"].minor == -sum(d.net.minor for d in lived.documents)
    assert ledger["tax"].minor == -sum(d.tax.minor for d in lived.documents)


@given(lives())
def test_after_each_step_every_document_is_settled_and_the_ledger_balances(life: Life) -> None:
    seen = None
    for lived in live(life):
        if lived.history is not seen:
            _check_money(lived)
            _check_ledger(lived)
        seen = lived.history


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
