"""The letters of what is to come, read aloud: the date, what is lost or charged, and the way out."""

import pytest

from prorata.wording import Language, wording_for
from prorata.wording.letters.layout import as_text
from prorata.wording.letters.told import WrongFact
from prorata.wording.mails import letter_of
from wording.test_mails import FACTS_OF, FOOT_EN, FOOT_IT, FOOT_NL, SITE

TO_SUBSCRIPTION = f"To the subscription:\n{SITE}/products/team"

SAID = [
    (
        "renews",
        "en",
        "Kadans Team renews on 8 March 2026",
        (
            "The subscription Kadans Team of the account Bakkerij De Korenbloem renews on 8 March 2026.\n\n"
            "Licences: 40\nPrice of a licence: €12.50\n8 March to 7 April 2026: €500.00, before tax\n"
            "The whole bill of that day: €605.00\n\n"
            "7 March 2026 is the last day on which the number of licences can be changed for this renewal, or the "
            f"renewal turned off.\n\n{TO_SUBSCRIPTION}"
        ),
    ),
    (
        "renews",
        "nl",
        "Kadans Team wordt op 8 maart 2026 verlengd",
        (
            "Het abonnement Kadans Team van het account Bakkerij De Korenbloem wordt op 8 maart 2026 verlengd.\n\n"
            "Licenties: 40\nPrijs van een licentie: €\u00a012,50\n"
            "8 maart tot en met 7 april 2026: €\u00a0500,00, exclusief btw\n"
            "De hele factuur van die dag: €\u00a0605,00\n\n"
            "7 maart 2026 is de laatste dag waarop u voor deze verlenging het aantal licenties kunt wijzigen of de "
            f"verlenging kunt uitzetten.\n\nNaar het abonnement:\n{SITE}/products/team"
        ),
    ),
    (
        "members_out",
        "en",
        "Your access to Kadans Team ends on 8 March 2026",
        (
            "You hold a licence of Kadans Team in the account Bakkerij De Korenbloem. From 8 March 2026 on you cannot "
            "use it any more.\n\nFinish before then what you are working on, and keep what you still need.\n\n"
            "If it should go on, ask an admin of the account: they are told as well."
        ),
    ),
    (
        "unpaid",
        "en",
        "Pay bill 2026-000017 before 8 March 2026 to keep Kadans Team",
        (
            "Bill 2026-000017 is past due. If it is not paid before 8 March 2026, the members of the account Bakkerij "
            "De Korenbloem lose access to Kadans Team on that day.\n\n"
            "Bill: 2026-000017\nTo be paid by: 6 February 2026\nStill to pay: €605.00\n\n"
            f"Pay now:\n{SITE}/products/team\n\n"
            "Once it is paid, everything goes on as before. If it is never paid, the data is deleted on 6 June 2026."
        ),
    ),
    (
        "disabled",
        "it",
        "I membri perdono l’accesso a Kadans Team l’8 marzo 2026",
        (
            "L’8 marzo 2026 i membri dell’account Bakkerij De Korenbloem perdono l’accesso a Kadans Team: è stato "
            "annullato.\n\n"
            "Gli amministratori possono raggiungere i dati più a lungo e farne una copia, finché il 6 giugno 2026 "
            "vengono eliminati.\n\n"
            "Fino al 7 marzo 2026 l’abbonamento può essere ripristinato; allora tutto continua.\n\n"
            f"Ripristina l’abbonamento:\n{SITE}/products/team"
        ),
    ),
    (
        "deleted",
        "en",
        "The data of Kadans Team is deleted on 8 March 2026",
        (
            "On 8 March 2026 the data of Kadans Team in the account Bakkerij De Korenbloem is deleted for good. Nobody "
            "can bring it back after that. Bills and other documents are kept.\n\n"
            f"Until then the data can be backed up.\n\nBack up the data:\n{SITE}/back-up\n\n"
            "Until then the subscription can also be reactivated, with all its data.\n\n"
            f"{TO_SUBSCRIPTION}"
        ),
    ),
]


@pytest.mark.parametrize(("kind", "language", "subject", "said"), SAID, ids=lambda value: str(value)[:12])
def test_each_letter_says_what_it_must(kind: str, language: str, subject: str, said: str):
    found = letter_of(kind, FACTS_OF[kind], wording=wording_for(Language(language)), address=SITE)
    assert found.subject == subject
    assert as_text(found) == said + {"en": FOOT_EN, "nl": FOOT_NL, "it": FOOT_IT}[language]


def said_of(kind: str, **other: str | int) -> str:
    data = {**FACTS_OF[kind], **other}
    return as_text(letter_of(kind, data, wording=wording_for(Language.EN), address=SITE))


def test_what_ends_of_itself_is_told_otherwise_than_what_was_turned_off():
    assert "expires on 8 March 2026: its renewal is off." in said_of("expires")
    assert "expires on 8 March 2026: its term is over." in said_of("expires", why="term")
    # The day before 7 April, on which it is disabled.
    assert "Members can use it until 6 April 2026." in said_of("expires")
    assert "it has expired." in said_of("disabled", why="renewal_off")
    assert "If it is reactivated before 8 March 2026, the members keep their access." in said_of("disabled", why="term")


def test_in_a_pause_nobody_is_said_to_lose_access_or_to_keep_it():
    expires = said_of("expires", paused=1)
    assert "It is paused: members have no access already." in expires
    assert "Members can use it" not in expires
    for why, said in (
        ("cancelled", "On 8 March 2026 Kadans Team of the account Bakkerij De Korenbloem ends: it is cancelled."),
        ("term", "On 8 March 2026 Kadans Team of the account Bakkerij De Korenbloem is disabled: it has expired."),
    ):
        letter = said_of("disabled", paused=1, why=why)
        assert said in letter
        assert "It is paused: members have no access already." in letter
        assert "until it is deleted on 6 June 2026." in letter
        assert "lose access" not in letter
        assert "keep their access" not in letter


def test_a_renewal_that_no_bill_foretells_says_the_licences_only():
    data = {name: FACTS_OF["renews"][name] for name in ("account", "product", "on", "licences", "last", "link")}
    said = as_text(letter_of("renews", data, wording=wording_for(Language.EN), address=SITE))
    assert "Licences: 40\n\n7 March 2026 is the last day" in said


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("renews", {"on": "soon"}),
        ("renews", {"price": "dear"}),
        ("unpaid", {"left": "all"}),
        ("deleted", {"back_up": "//x"}),
    ],
)
def test_a_fact_that_cannot_be_told_is_refused_by_name(kind: str, wrong: dict[str, str]):
    with pytest.raises(WrongFact, match=next(iter(wrong))):
        said_of(kind, **wrong)
