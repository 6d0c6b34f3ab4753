"""Numbers of documents: gapless within a seller, a series and a year, by the date of the document.

Invoices are `2026-000001`, credit notes `C2026-000001`. Test accounts have series of their own, with a `T` in front, so
that a seller's real series has no gap and no test in it; a seller that is a test as a whole needs no such mark.
"""

from __future__ import annotations

from prorata.core.documents.model import Document, DocumentKind, Standing
from prorata.core.records import record

_SERIES: dict[DocumentKind, str] = {"invoice": "", "credit_note": "C"}


@record
class Issued:
    """A document with its number and what has become of it so far."""

    number: str
    document: Document
    standing: Standing


def series(kind: DocumentKind, *, apart: bool = False) -> str:
    """The prefix that a kind of document has; `apart`: a test account of a real seller."""
    return ("T" if apart else "") + _SERIES[kind]


def document_number(prefix: str, year: int, *, place: int) -> str:
    """Write a number: series, year, six digits or more."""
    return f"{prefix}{year}-{place:06d}"
