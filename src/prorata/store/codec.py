"""What is kept as JSON, and back: strict, versioned, never a float.

A `Form` writes one kind of core data under its version, and refuses to read anything that it would not have written:
an unknown key, a missing one, a number where a text belongs. Decimals and fractions are text, days and instants ISO
8601, currencies their code, tuples lists.

The keys are the names of the fields. A field that is added, renamed or removed in the core therefore changes what is
stored: the version goes up, and a migration or an older reader (`codec_older`) takes care of what is there. A test with
a literal of each form says so when it happens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar, cast

from prorata.core.calendar import Grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.documents.model import Document, Statement
from prorata.core.licences.ledger import Forfeit
from prorata.core.proof import Proof, TaxProof
from prorata.core.subscriptions.ledgers import Rest
from prorata.core.subscriptions.model import Ending, PendingPlan, Setup, Trial, Turn
from prorata.store import codec_older
from prorata.store.codec_reading import Reader, Unreadable, read, read_keys, reader_of
from prorata.store.codec_writing import write_text, write_tree
from prorata.store.snapshots import CustomerSnapshot, SellerSnapshot

__all__ = [
    "FORMS",
    "Form",
    "Unreadable",
    "canonical",
    "content_hash",
    "document_text",
    "framed_document",
    "hash_of_texts",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How one kind of data is kept: `{"v": 1, "<name>": ...}`.

    `older` makes of what each earlier version has kept what this one would have.
    """

    name: str
    kind: Any
    version: int = 1
    older: Mapping[int, Callable[[object], object]] = field(
        default_factory=dict[int, Callable[[object], object]], compare=False
    )
    _keys: frozenset[str] = field(init=False, repr=False, compare=False)
    _reader: Reader = field(init=False, repr=False, compare=False)
    _frame: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", frozenset(("v", self.name)))
        object.__setattr__(self, "_reader", reader_of(self.kind))
        object.__setattr__(self, "_frame", _object({"v": str(self.version), self.name: "%s"}))

    def write(self, value: T) -> dict[str, object]:
        """The JSON of a value; raises TypeError for what has no form."""
        return {"v": self.version, self.name: write_tree(value)}

    def text(self, value: T) -> str:
        """The JSON of a value as `canonical` spells it, several times faster than by way of `write`."""
        return self.framed(write_text(value))

    def framed(self, text: str) -> str:
        """The canonical text of a value's own canonical text."""
        return self._frame % text

    def read(self, stored: object) -> T:
        """The value of a JSON; raises `Unreadable`, naming the place."""
        entries = read_keys(stored, self._keys, place=self.name)
        found, version = entries[self.name], entries["v"]
        if version != self.version:
            found = self._renewed(found, version)
        return cast("T", read(self._reader, found, place=self.name))

    def _renewed(self, stored: object, version: object) -> object:
        renew = self.older.get(version) if type(version) is int else None
        if renew is None:
            raise Unreadable(f"{self.name} of version {version}, and only {self.version} can be read.")
        return renew(stored)


def canonical(value: object) -> bytes:
    """JSON of one spelling: keys in order, no spaces, UTF-8."""
    return _CANONICAL(value).encode()


# Made once: `json.dumps` makes an encoder at each call where it is told how to spell.
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def content_hash(value: object) -> bytes:
    """The SHA-256 of the canonical JSON: 32 bytes."""
    return hashlib.sha256(canonical(value)).digest()


def hash_of_texts(texts: Mapping[str, str]) -> bytes:
    """The `content_hash` of an object whose values are canonical JSON already, such as `Form.text` gives."""
    return hashlib.sha256(_object(texts).encode()).digest()


def document_text(document: Document, *, form: int) -> str:
    """What `content_hash` takes of a document that was issued in this version of the form.

    Raises TypeError where a document of that version could not say it, and `Unreadable` for an unknown version.
    """
    if form == DOCUMENT.version:
        return DOCUMENT.text(document)
    return _document_form(form).text(codec_older.first_document(document))


def framed_document(text: str, *, form: int) -> str:
    """The same of a document's own text, in the spelling of that version; raises `Unreadable`."""
    return _document_form(form).framed(text)


def _document_form(version: int) -> Form[Document]:
    form = _DOCUMENT_FORMS.get(version)
    if form is None:
        raise Unreadable(f"document of version {version}, which nobody can write.")
    return form


def _object(texts: Mapping[str, str]) -> str:
    form, in_order = _frame_of(tuple(texts))
    return form % in_order(texts)


@cache
def _frame_of(names: tuple[str, ...]) -> tuple[str, Callable[[Mapping[str, str]], tuple[str, ...]]]:
    """The template of an object with these keys (two at least), and their values in the order of its places."""
    in_order = sorted(names)
    return "{" + ",".join(f'"{name}":%s' for name in in_order) + "}", itemgetter(*in_order)


AGREEMENT: Final[Form[Agreement]] = Form(
    "agreement", Agreement, 3, {1: codec_older.agreement, 2: codec_older.second_agreement}
)
TERMS: Final[Form[Terms]] = Form("terms", Terms, 3, {1: codec_older.terms, 2: codec_older.second_terms})
PLAN: Final[Form[Plan]] = Form("plan", Plan, 2, {1: codec_older.plan})
GRID: Final[Form[Grid]] = Form("grid", Grid)
PENDING_PLAN: Final[Form[PendingPlan]] = Form("pending_plan", PendingPlan)
FORFEITS: Final[Form[tuple[Forfeit, ...]]] = Form("forfeits", tuple[Forfeit, ...], 2, {1: codec_older.forfeits})
RESTS: Final[Form[tuple[Rest, ...]]] = Form("rests", tuple[Rest, ...])
SETUPS: Final[Form[tuple[Setup, ...]]] = Form("setups", tuple[Setup, ...])
TRIAL: Final[Form[Trial]] = Form("trial", Trial)
TURNS: Final[Form[tuple[Turn, ...]]] = Form("turns", tuple[Turn, ...])
FORESEEN: Final[Form[Ending]] = Form("foreseen", Ending)
PROOF: Final[Form[Proof]] = Form("proof", Proof, 2, {1: codec_older.proof})
TAX_PROOF: Final[Form[TaxProof]] = Form("tax_proof", TaxProof)
STATEMENT: Final[Form[Statement]] = Form("statement", Statement)
SELLER: Final[Form[SellerSnapshot]] = Form("seller", SellerSnapshot)
CUSTOMER: Final[Form[CustomerSnapshot]] = Form("customer", CustomerSnapshot)
DOCUMENT: Final[Form[Document]] = Form("document", Document, 2)
_FIRST_DOCUMENT: Final[Form[Document]] = Form("document", Document)
_DOCUMENT_FORMS: Final = {form.version: form for form in (DOCUMENT, _FIRST_DOCUMENT)}
FORMS: Final[tuple[Form[Any], ...]] = (
    AGREEMENT,
    TERMS,
    PLAN,
    GRID,
    PENDING_PLAN,
    FORFEITS,
    RESTS,
    SETUPS,
    TRIAL,
    TURNS,
    FORESEEN,
    PROOF,
    TAX_PROOF,
    STATEMENT,
    SELLER,
    CUSTOMER,
    DOCUMENT,
)
"""Every form, for the test that holds their shapes."""
