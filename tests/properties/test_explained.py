"""Whatever happens: the reasons why a bill differs from the one before add up, exactly, and can be told."""

from hypothesis import given

from properties.lives import lives
from properties.living import Lived, live
from properties.wishes import Life
from prorata.core.documents.model import Document
from prorata.core.insights.explain import Explanation, explain
from prorata.core.insights.past import past_of
from prorata.wording import Language, wording_for
from prorata.wording.explain import formula, says, tax_says, why
from prorata.wording.reasons import sentences, summary


def explained(lived: Lived) -> list[tuple[Document, Explanation]]:
    return [(one, explain(one, past_of(one, lived.documents))) for one in lived.documents]


def worth(document: Document | None) -> tuple[int, int]:
    """Net and tax, in minor units, from the lines and the groups themselves."""
    if document is None:
        return 0, 0
    return sum(line.amount.minor for line in document.lines), sum(group.tax.minor for group in document.taxes)


@given(lives())
def test_the_reasons_add_up_to_the_difference_from_the_bill_before(life: Life) -> None:
    *_, lived = live(life)
    for document, found in explained(lived):
        (net, tax), (net_before, tax_before) = worth(document), worth(found.before)
        assert sum(reason.amount.minor for reason in found.reasons) == net - net_before
        assert sum(reason.amount.minor for reason in found.taxes) == tax - tax_before
        assert (found.net.minor, found.tax.minor) == (net - net_before, tax - tax_before)


@given(lives())
def test_every_line_is_in_a_reason_unless_it_is_the_discount_of_before(life: Life) -> None:
    *_, lived = live(life)
    for document, found in explained(lived):
        here = [r for r in found.reasons if r.kind != "was_once" and (r.kind != "gone" or r.now)]
        told = {id(line) for reason in here for line in reason.lines}
        left = [line for line in document.lines if id(line) not in told]
        assert all(line.kind == "discount" and line.corrects is None for line in left)


@given(lives())
def test_an_unchanged_charge_explains_nothing(life: Life) -> None:
    *_, lived = live(life)
    for reason in (reason for _, found in explained(lived) for reason in found.reasons):
        if reason.why == "unchanged" and reason.was and reason.now:
            assert (reason.amount.minor, reason.was.amount) == (0, reason.now.amount)


@given(lives())
def test_every_line_and_every_reason_can_be_told_in_each_language(life: Life) -> None:
    *_, lived = live(life)
    names = {subscription.id: subscription.name for subscription in lived.history.subscriptions}
    for document, found in explained(lived):
        for w in map(wording_for, Language):
            said = [
                *(tell(line, w) for line in document.lines for tell in (says, formula, why)),
                *(tax_says(group, w) for group in document.taxes),
                *sentences(document, found, w=w, names=names),
                summary(document, found, w=w, number="2026-000001" if found.before else None),
            ]
            assert all(said)
            assert not any("{" in text or "  " in text for text in said)
