"""The translations, read from their .po files.

The files are read when a language is first needed and compiled in memory. A compiled file beside its source could
be older than it; and a fresh checkout would need one more command before it speaks Dutch.
"""

import io
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from prorata.wording.languages import Language

DOMAIN = "prorata"
_LOCALE_FOLDER = Path(__file__).parent / "locale"


def catalogue_path(language: Language) -> Path:
    """Where the messages of a language stand."""
    return _LOCALE_FOLDER / language.value / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(language: Language) -> Catalog:
    """Read the messages of a language with their translations.

    Raises `babel.messages.pofile.PoFileError` where the file is broken: half a catalogue would speak two languages.
    """
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language.value, domain=DOMAIN, abort_invalid=True)


@cache
def translations(language: Language) -> GNUTranslations:
    """The translations of a language, ready to be asked; a message without one reads in English."""
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
