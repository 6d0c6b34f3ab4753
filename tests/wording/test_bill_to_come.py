"""How much a bill differs from one that is still to come, and so has no number."""

import pytest

from prorata.core.insights.explain import explain
from prorata.core.insights.past import past_of
from prorata.wording import Language, wording_for
from prorata.wording.reasons import summary
from support.stories import told
from wording.lines import plain

STORY = """
- {at: 2026-01-15, subscribe: business, licences: 10}
- {at: 2026-02-20, licences: 12, of: business}
- {at: 2026-03-15, assign: 1, of: business}
"""


# 125.00, 125.00; then 25.00 × 23/28 = 20.54 (20.535…) and 150.00, together 170.54, which is 45.54 more.
@pytest.mark.parametrize(
    ("place", "language", "expected"),
    [
        (2, Language.EN, "It comes to €125.00, as the bill of 15 January will."),
        (2, Language.NL, "Het totaal is € 125,00, net als straks dat van de factuur van 15 januari."),
        (2, Language.IT, "Il totale è 125,00 €, come sarà quello della fattura del 15 gennaio."),
        (3, Language.EN, "It comes to €170.54; the bill of 15 February will come to €125.00. That is €45.54 more."),
        (
            3,
            Language.NL,
            "Het totaal is € 170,54; dat van de factuur van 15 februari wordt € 125,00. Dat is € 45,54 meer.",
        ),
        (
            3,
            Language.IT,
            "Il totale è 170,54 €; quello della fattura del 15 febbraio sarà 125,00 €. Sono 45,54 € in più.",
        ),
    ],
)
def test_it_is_compared_with_a_bill_that_has_no_number_yet(place: int, language: Language, expected: str):
    documents = [issued.document for issued in told(STORY).documents]
    document = documents[place - 1]
    said = summary(document, explain(document, past_of(document, documents)), w=wording_for(language))
    assert plain(said) == expected
