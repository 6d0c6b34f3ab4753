"""What use cases need from outside, as they see it; `prorata.adapters` has the real thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from prorata.core.documents.numbers import Issued
from prorata.store.exporting.papers import SubscriptionName
from prorata.store.outbox import Fact
from prorata.store.screens.document import DocumentView
from prorata.store.snapshots import Language
from prorata.usecases.pages.bills import BillState


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail that goes out: to whom, in which language, and the facts that its letter tells.

    `id` and `at` are the same at each try, so that a receiver can see that two copies are one mail.
    """

    id: int
    kind: str
    to: str = field(repr=False)
    language: Language
    data: Mapping[str, Fact] = field(repr=False)
    at: datetime


class NotSent(Exception):
    """A mail did not go out. `problem`: why, in a few words without address or content; `again`: it may go later."""

    def __init__(self, problem: str, *, again: bool) -> None:
        super().__init__(problem)
        self.problem = problem
        self.again = again


class Post(Protocol):
    """Takes mails to their readers."""

    def send(self, message: Message) -> None:
        """Word a mail and hand it over; when this returns, somebody else answers for it. Raises `NotSent`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as it is printed for a file: with the documents that it corrects, by their ids, and what its
    subscriptions are called. `test`: it is of a test account. `files`: the names of the files of other documents.
    """

    view: DocumentView
    corrected: Mapping[int, Issued]
    state: BillState
    test: bool
    subscriptions: Sequence[SubscriptionName]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMe:
    """What the first page of an export is about. `files`: the names of its files of rows; `product`: whether files of
    the vendor's product are in it.
    """

    account: str
    seller: str
    at: datetime
    language: Language
    files: Sequence[str]
    product: bool


class Printer(Protocol):
    """Makes of facts what people read in an export."""

    def read_me(self, facts: ReadMe) -> str:
        """The first page, in plain text."""
        ...

    def document(self, paper: Paper) -> bytes:
        """A document in the language in which it was issued, as one HTML file that needs nothing else."""
        ...


ProductProblem = Literal[
    "product_silent", "product_refuses", "product_no_zip", "product_too_large", "product_bad_name", "product_too_many"
]
"""Why the product’s files are not had: it does not answer (in time), or says no; its answer is no ZIP that can be read,
too large, has a name that leads elsewhere, or too many entries."""


class NoProductFiles(Exception):
    """The files of the vendor's product cannot be had; `detail` is for the log."""

    def __init__(self, problem: ProductProblem, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem: ProductProblem = problem


class ProductFile(Protocol):
    """A file of the product. `name`: a path with slashes, which leads nowhere else."""

    @property
    def name(self) -> str:
        """Its path below the folder of the product."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """What is in it, a little at a time. Raises `NoProductFiles`."""
        ...


class ProductFiles(Protocol):
    """The vendor's product, which has data of an account of its own."""

    def of(self, account: int, *, export: int, at: datetime) -> AbstractContextManager[Sequence[ProductFile]]:
        """The files that it adds to an export, which are there as long as the block runs. Raises `NoProductFiles`."""
        ...
