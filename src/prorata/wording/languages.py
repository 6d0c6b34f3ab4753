"""The languages that people can read Prorata in."""

from enum import StrEnum

from babel import Locale


class Language(StrEnum):
    """A language of screens and documents; its value is the tag of cookies, files and `<html lang>`."""

    EN = "en"
    NL = "nl"
    IT = "it"

    @property
    def locale(self) -> Locale:
        """The customs that numbers and dates follow; English follows the British ones (14 March 2026)."""
        return _LOCALES[self]

    @property
    def own_name(self) -> str:
        """The language's name in the language itself, as a switch shows it."""
        return _OWN_NAMES[self]

    @classmethod
    def of_tag(cls, tag: str) -> "Language | None":
        """The language of a tag such as `nl` or `nl-BE`, in any case; None where it is not one of ours."""
        primary = tag.strip().replace("_", "-").split("-")[0].lower()
        return next((language for language in cls if language.value == primary), None)


_LOCALES = {
    Language.EN: Locale("en", "GB"),
    Language.NL: Locale("nl", "NL"),
    Language.IT: Locale("it", "IT"),
}
_OWN_NAMES = {Language.EN: "English", Language.NL: "Nederlands", Language.IT: "Italiano"}
