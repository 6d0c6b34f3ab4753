"""The letters, read aloud in three languages: text and HTML say the same, and nothing that somebody typed acts."""

import re
from html import unescape

import pytest

from prorata.usecases.mail import FACTS, MailKind
from prorata.wording import Language, wording_for
from prorata.wording.letters.blocks import Letter, harmless
from prorata.wording.letters.layout import as_html, as_text, style_hash
from prorata.wording.letters.told import WrongFact
from prorata.wording.mails import UnknownLetter, letter_of
from wording.announced_facts import ANNOUNCED_FACTS
from wording.closing_facts import CLOSING_FACTS, CLOSING_SAID

SITE = "https://billing.kadans.test"
FACTS_OF: dict[str, dict[str, str | int]] = {
    "code": {"code": "402815", "minutes": 10, "browser": "Firefox on Linux"},
    "invitation": {
        "account": "Bakkerij De Korenbloem",
        "by": "Marieke de Wit",
        "role": "billing_admin",
        "link": "/invitation/12-3-Zx_9",
        "days": 7,
    },
    "staff_link": {"link": f"{SITE}/link/Zx_9", "days": 1},
    "new_sign_in": {"when": "2026-03-14T09:30:00+00:00", "agent": "Chrome on Windows", "address": "203.0.113.7"},
    "role_changed": {"account": "Officina Rossi S.r.l.", "by": "Luca", "role": "reader"},
    "access_ended": {"account": "Officina Rossi S.r.l.", "by": "Luca"},
    "passkey_added": {"name": "Phone", "when": "2026-03-14T09:30:00+00:00"},
    "passkey_removed": {"name": "Phone", "when": "2026-03-14T09:30:00+00:00"},
    **ANNOUNCED_FACTS,
    "key_made": {"account": "Noordzee B.V.", "by": "Femke", "name": "Warehouse", "link": "/api-keys"},
    "export_ready": {"account": "Noordzee B.V.", "link": "/back-up", "days": 7},
    "account_closed": {
        "account": "Noordzee B.V.",
        "number": 12,
        "when": "2026-02-10T09:30:00+01:00",
        "paid_back": "64.52",
        "lapsed": "0.00",
        "currency": "EUR",
        "erased": '{"members": 3, "people": 1}',
        "kept": '[["2033-12-31", 2, "art. 52 AWR"]]',
        "sha256": "5e884898",
    },
    "account_not_closed": {
        "account": "Noordzee B.V.",
        "on": "2026-02-10",
        "why": "balance_open",
        "link": "/close-account",
    },
    **CLOSING_FACTS,
}

FOOT_EN = "\n\n-- \nThis mail was written by a machine at billing.kadans.test. Answers to it are not read.\n"
FOOT_NL = "\n\n-- \nDeze e-mail is automatisch verzonden door billing.kadans.test. Antwoorden worden niet gelezen.\n"
FOOT_IT = "\n\n-- \nMessaggio inviato automaticamente da billing.kadans.test. Le risposte non vengono lette.\n"

SAID: list[tuple[MailKind, str, str, str]] = [
    (
        "code",
        "en",
        "Your code for billing.kadans.test",
        (
            "With this code you show at billing.kadans.test who you are:\n\n    402815\n\n"
            "It can be used once, within 10 minutes, in the browser that asked for it.\n\n"
            "Asked for with: Firefox on Linux\n\n"
            "If you did not ask for a code, nothing needs to be done: without it nobody comes in. Tell it to nobody; "
            "nobody at billing.kadans.test will ask you for it."
        ),
    ),
    (
        "code",
        "nl",
        "Uw code voor billing.kadans.test",
        (
            "Met deze code laat u op billing.kadans.test zien wie u bent:\n\n    402815\n\n"
            "De code kan één keer worden gebruikt, binnen 10 minuten, in de browser waarin erom is gevraagd.\n\n"
            "Gevraagd met: Firefox on Linux\n\n"
            "Hebt u geen code gevraagd, dan hoeft u niets te doen: zonder de code komt niemand binnen. Geef de code "
            "aan niemand door; niemand van billing.kadans.test zal u erom vragen."
        ),
    ),
    (
        "code",
        "it",
        "Codice per billing.kadans.test",
        (
            "Con questo codice si conferma la propria identità su billing.kadans.test:\n\n    402815\n\n"
            "Può essere usato una sola volta, entro 10 minuti, nel browser da cui è stato richiesto.\n\n"
            "Richiesto con: Firefox on Linux\n\n"
            "Se il codice non è stato richiesto, non occorre fare nulla: senza di esso nessuno può accedere. Non va "
            "comunicato a nessuno; nessuno di billing.kadans.test lo chiederà."
        ),
    ),
    (
        "invitation",
        "en",
        "Marieke de Wit invites you to Bakkerij De Korenbloem",
        (
            "Marieke de Wit invites you to the account Bakkerij De Korenbloem at billing.kadans.test.\n\n"
            "Your role there: billing admin\n\n"
            "See the invitation:\nhttps://billing.kadans.test/invitation/12-3-Zx_9\n\n"
            "The link can be used once, within 7 days.\n\n"
            "If you did not expect this, leave it be: nothing happens until the invitation is accepted."
        ),
    ),
    (
        "invitation",
        "nl",
        "Marieke de Wit nodigt u uit voor Bakkerij De Korenbloem",
        (
            "Marieke de Wit nodigt u uit voor het account Bakkerij De Korenbloem op billing.kadans.test.\n\n"
            "Uw rol daar: factureringsbeheerder\n\n"
            "Uitnodiging bekijken:\nhttps://billing.kadans.test/invitation/12-3-Zx_9\n\n"
            "De link kan één keer worden gebruikt, binnen 7 dagen.\n\n"
            "Verwachtte u dit niet, dan hoeft u niets te doen: er gebeurt niets zolang de uitnodiging niet is "
            "aangenomen."
        ),
    ),
    (
        "invitation",
        "it",
        "Invito da Marieke de Wit per Bakkerij De Korenbloem",
        (
            "Da Marieke de Wit arriva un invito all’account Bakkerij De Korenbloem su billing.kadans.test.\n\n"
            "Ruolo assegnato: amministratore della fatturazione\n\n"
            "Vedi l’invito:\nhttps://billing.kadans.test/invitation/12-3-Zx_9\n\n"
            "Il link può essere usato una sola volta, entro 7 giorni.\n\n"
            "Se l’invito non era atteso, non occorre fare nulla: non succede niente finché non viene accettato."
        ),
    ),
    (
        "staff_link",
        "en",
        "Your link to sign in at billing.kadans.test",
        (
            "With this link you sign in at billing.kadans.test as one of the vendor’s people.\n\n"
            "Sign in:\nhttps://billing.kadans.test/link/Zx_9\n\n"
            "The link can be used once, within 1 day.\n\n"
            "Whoever has the link can use it. If you did not expect it, tell the owner at the vendor."
        ),
    ),
    (
        "new_sign_in",
        "en",
        "New sign-in at billing.kadans.test",
        (
            "Somebody has signed in at billing.kadans.test as you.\n\n"
            "When: 14 March 2026, 09:30 UTC\nWith: Chrome on Windows\nNetwork address: 203.0.113.7\n\n"
            "If it was you, nothing needs to be done. If not, sign that browser out here:\n\n"
            "Sign-in and security:\nhttps://billing.kadans.test/security"
        ),
    ),
    (
        "new_sign_in",
        "nl",
        "Nieuwe aanmelding op billing.kadans.test",
        (
            "Iemand heeft zich op billing.kadans.test als u aangemeld.\n\n"
            "Wanneer: 14 maart 2026, 09:30 UTC\nMet: Chrome on Windows\nNetwerkadres: 203.0.113.7\n\n"
            "Was u het zelf, dan hoeft u niets te doen. Zo niet, meld die browser dan hier af:\n\n"
            "Aanmelding en beveiliging:\nhttps://billing.kadans.test/security"
        ),
    ),
    (
        "role_changed",
        "it",
        "Il ruolo in Officina Rossi S.r.l. è cambiato",
        "Luca ha assegnato un altro ruolo nell’account Officina Rossi S.r.l.\n\nRuolo attuale: lettore",
    ),
    (
        "access_ended",
        "en",
        "Your access to Officina Rossi S.r.l. has ended",
        (
            "Luca has ended your access to the account Officina Rossi S.r.l. at billing.kadans.test.\n\n"
            "If that should not be, ask them, or an owner of the account."
        ),
    ),
    (
        "passkey_added",
        "nl",
        "Er is een passkey toegevoegd op billing.kadans.test",
        (
            "U kunt u voortaan op billing.kadans.test met nog een passkey aanmelden.\n\n"
            "Passkey: Phone\nToegevoegd: 14 maart 2026, 09:30 UTC\n\n"
            "Was u het zelf, dan hoeft u niets te doen. Zo niet, verwijder de passkey dan en meld de browsers af die u "
            "niet kent.\n\nAanmelding en beveiliging:\nhttps://billing.kadans.test/security"
        ),
    ),
    (
        "passkey_removed",
        "it",
        "È stata rimossa una passkey su billing.kadans.test",
        (
            "Una delle passkey non dà più accesso a billing.kadans.test.\n\n"
            "Passkey: Phone\nRimossa: 14 marzo 2026, 09:30 UTC\n\n"
            "Se la rimozione è prevista, non occorre fare nulla. In caso contrario, uscire dai browser sconosciuti.\n\n"
            "Accesso e sicurezza:\nhttps://billing.kadans.test/security"
        ),
    ),
    (
        "key_made",
        "en",
        "A new API key for Noordzee B.V.",
        (
            "Femke has made an API key for the account Noordzee B.V.\n\nAPI key: Warehouse\n\n"
            "If that should not be, revoke the key: from then on it opens nothing.\n\n"
            "API keys:\nhttps://billing.kadans.test/api-keys"
        ),
    ),
    (
        "account_closed",
        "en",
        "Noordzee B.V. is closed",
        (
            "The account Noordzee B.V. at billing.kadans.test is closed. This is the certificate of it.\n\n"
            "Account number: 12\nClosed on: 10 February 2026, 09:30 UTC+01:00\n"
            "Paid back from account credit: €64.52\n\n"
            "Erased: 3 members and 1 person who could sign in.\n\n"
            "Kept, because the law wants it: 2 documents, until 31 December 2033 (art. 52 AWR).\n\n"
            "What was done in the account is kept with numbers in the place of names.\n\n"
            "SHA-256 of the certificate: 5e884898\n\n"
            "Nobody can come into the account any more. Keep this mail if you need the certificate."
        ),
    ),
    (
        "account_not_closed",
        "en",
        "Noordzee B.V. was not closed",
        (
            "The account Noordzee B.V. at billing.kadans.test was to be closed on 10 February 2026. It was not, and "
            "nothing was erased.\n\nA bill is still to be paid.\n\n"
            "Once that is done the account can be closed, at once or on another day.\n\n"
            "Close account:\nhttps://billing.kadans.test/close-account"
        ),
    ),
    *CLOSING_SAID,
]


def letter(kind: str, language: str = "en", **other: str | int) -> Letter:
    data = {**FACTS_OF.get(kind, {}), **other}
    return letter_of(kind, data, wording=wording_for(Language(language)), address=SITE)


@pytest.mark.parametrize(("kind", "language", "subject", "said"), SAID, ids=lambda value: str(value)[:12])
def test_each_letter_says_what_it_must(kind: MailKind, language: str, subject: str, said: str):
    foot = {"en": FOOT_EN, "nl": FOOT_NL, "it": FOOT_IT}[language]
    assert letter(kind, language).subject == subject
    assert as_text(letter(kind, language)) == said + foot


@pytest.mark.parametrize("language", ["en", "nl", "it"])
@pytest.mark.parametrize("kind", FACTS)
def test_text_and_html_say_the_same(kind: MailKind, language: str):
    found = letter(kind, language)
    html = as_html(found, Language(language))
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
    text = as_text(found).replace(":\nhttps", " https").replace("\n-- \n", " ")
    expected = f"{found.site} {found.subject} " + " ".join(text.split())
    assert said.replace(":", "") == expected.replace(":", "")


@pytest.mark.parametrize("language", ["en", "nl", "it"])
@pytest.mark.parametrize("kind", FACTS)
def test_nothing_is_fetched_when_a_letter_is_read_and_links_lead_to_the_site(kind: MailKind, language: str):
    html = as_html(letter(kind, language), Language(language))
    assert f'<html lang="{language}">' in html
    assert re.findall(r"<(?:img|script|link|iframe|object|form|base|svg)|url\(|@import|\son\w+=|\ssrc=", html) == []
    assert all(address.startswith(f"{SITE}/") for address in re.findall(r'href="([^"]*)"', html))
    assert len(html) < 10_000


def test_each_kind_has_its_letter_in_each_language_and_none_is_english_twice():
    for kind in FACTS:
        assert set(FACTS_OF[kind]) >= FACTS[kind]
        assert len({letter(kind, language).subject for language in ("en", "nl", "it")}) == 3
        assert len({as_text(letter(kind, language)) for language in ("en", "nl", "it")}) == 3


def test_the_style_is_the_same_in_every_letter_so_that_its_hash_can_be_allowed():
    styles = {re.findall(r"<style>(.*?)</style>", as_html(letter(kind), Language.EN), re.DOTALL)[0] for kind in FACTS}
    assert len(styles) == 1
    assert style_hash().startswith("sha256-")


def test_a_code_stands_in_the_letter_and_not_in_its_subject():
    assert "402815" not in letter("code").subject


def test_a_role_of_the_accounts_own_is_called_by_its_name():
    assert "Your role now: Buyer of the north" in as_text(letter("role_changed", role="Buyer of the north"))
    assert "Your role now: finance" in as_text(letter("role_changed", role="finance"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bakkerij De Korenbloem", "Bakkerij De Korenbloem"),
        ("Officina Rossi S.r.l.", "Officina Rossi S.r.l."),
        ("Noordzee Logistiek B.V.", "Noordzee Logistiek B.V."),
        ("Zoë d’Ancona-Müller", "Zoë d’Ancona-Müller"),
        ("203.0.113.7", "203.0.113.7"),
        ("Eve\r\nBcc: x", "Eve Bcc: x"),
        ("a\u202eb\u0000c\u2028d", "a b c d"),
        ("  two   blanks ", "two blanks"),
        ("win at evil.example/now", "win at evil\u2060.example/now"),
        ("https://1.2.3.4/", "https:\u2060//1.2.3.4/"),
        ("www.evil.com", "www\u2060.evil\u2060.com"),
        ("eve@evil.com", "eve\u2060@evil\u2060.com"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("", ""),
    ],
)
def test_a_name_stays_a_name(typed: str, shown: str):
    assert harmless(typed) == shown


@pytest.mark.parametrize("typed", ["{site}", "{0}", "%s", "<b>bold</b>", "&amp;", "{by.__class__}"])
def test_what_looks_like_markup_is_shown_as_it_was_typed(typed: str):
    found = letter("access_ended", by=typed)
    assert as_text(found).startswith(f"{typed} has ended your access")
    html = as_html(found, Language.EN)
    assert unescape(re.findall(r"<p>(.*?) has ended", html)[0]) == typed
    assert "<b>" not in html


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.test/invitation/1",
        "https://billing.kadans.test.elsewhere.test/",
        "https://billing.kadans.test@elsewhere.test/",
        "//elsewhere.test/",
        "javascript:alert(1)",
        ".elsewhere.test/",
        "@elsewhere.test/",
        ":443@elsewhere.test/",
        "/a b",
        "/a\r\nBcc: x",
        "/\\elsewhere.test",
        '/"onclick=',
        "/é",
        "",
    ],
)
def test_a_link_to_elsewhere_is_not_written(link: str):
    with pytest.raises(WrongFact, match="link"):
        letter("invitation", link=link)


@pytest.mark.parametrize(
    ("kind", "name", "wrong"),
    [
        ("code", "minutes", "ten"),
        ("passkey_added", "when", "yesterday"),
        ("invitation", "days", ""),
        ("renew_together", "each", "[1]"),
    ],
)
def test_a_fact_that_cannot_be_told_is_named_and_not_shown(kind: str, name: str, wrong: str):
    data = {**FACTS_OF[kind], name: wrong}
    with pytest.raises(WrongFact) as caught:
        letter_of(kind, data, wording=wording_for(Language.EN), address=SITE)
    assert str(caught.value) == name


@pytest.mark.parametrize("kind", FACTS)
def test_a_letter_without_one_of_its_facts_is_not_written(kind: MailKind):
    for name in FACTS[kind]:
        data = {key: value for key, value in FACTS_OF[kind].items() if key != name}
        with pytest.raises(WrongFact, match=name):
            letter_of(kind, data, wording=wording_for(Language.EN), address=SITE)


def test_there_is_no_letter_of_another_kind():
    with pytest.raises(UnknownLetter, match="poem"):
        letter("poem")
