"""Names for strings that are written in one place and worded in another.

A table of codes is made when a module is read, before anybody's language is known. `mark` leaves its text as it is;
it only lets the extraction of messages find it. Whoever shows it says `w.t(text)`.
"""


def mark(msgid: str) -> str:
    """Give back the text unchanged, and have it collected for the catalogues."""
    return msgid


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """Give back both forms unchanged, for `w.n(*forms, count)`, and have them collected for the catalogues."""
    return singular, plural
