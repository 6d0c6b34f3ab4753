"""What the letters about a planned closing are told, and what they say."""

from prorata.usecases.mail import MailKind

CLOSING_FACTS: dict[str, dict[str, str | int]] = {
    "closing_planned": {
        "account": "Noordzee B.V.",
        "by": "Femke",
        "on": "2026-04-01",
        "backed_up": "2026-03-14",
        "link": "/close-account",
    },
    "closing_soon": {
        "account": "Noordzee B.V.",
        "on": "2026-04-01",
        "backed_up": "",
        "left": '["members_left", "balance_open"]',
        "link": "/close-account",
    },
    "closing_taken_back": {"account": "Noordzee B.V.", "by": "Femke", "on": "2026-04-01"},
}

CLOSING_SAID: list[tuple[MailKind, str, str, str]] = [
    (
        "closing_planned",
        "en",
        "Noordzee B.V. is to be closed on 1 April 2026",
        (
            "Femke has planned that the account Noordzee B.V. at billing.kadans.test is closed on 1 April 2026.\n\n"
            "On that day all data that says who its people are is erased for good, and nobody can come in any more. "
            "Bills are kept for as long as the law wants it.\n\n"
            "The data were last backed up on 14 March 2026. What came since is not in it.\n\n"
            "Every owner can take it back until 1 April 2026 begins:\n\n"
            "Keep the account:\nhttps://billing.kadans.test/close-account"
        ),
    ),
    (
        "closing_soon",
        "nl",
        "Noordzee B.V. wordt op 1 april 2026 gesloten",
        (
            "Het account Noordzee B.V. bij billing.kadans.test wordt op 1 april 2026 gesloten.\n\n"
            "Nog te doen, anders blijft het open: de andere leden verwijderen en betalen wat openstaat.\n\n"
            "Op die dag worden alle gegevens die zeggen wie de mensen ervan zijn definitief gewist, en kan niemand er "
            "meer in. Facturen worden bewaard zolang de wet dat wil.\n\n"
            "Er is geen back-up van de gegevens. Die kan tot dan nog worden gemaakt.\n\n"
            "Elke eigenaar kan dit terugdraaien tot 1 april 2026 begint:\n\n"
            "Het account houden:\nhttps://billing.kadans.test/close-account"
        ),
    ),
    (
        "closing_taken_back",
        "it",
        "Noordzee B.V. resta aperto",
        (
            "Femke vuole che l’account Noordzee B.V. su billing.kadans.test resti aperto: non verrà chiuso il "
            "1 aprile 2026."
        ),
    ),
]
