"""One document: its lines with their proofs, its tax, its statement, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prorata.core.documents.numbers import Issued
from prorata.core.insights.explain import Explanation
from prorata.store import documents
from prorata.store.screens import document
from prorata.store.screens.document import DocumentView
from prorata.usecases.act import Request, Services
from prorata.usecases.explained import explained
from prorata.usecases.pages.bills import BillState, bill_state
from prorata.usecases.pages.facts import Here, here


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """`corrected`: the documents whose lines this one takes back, by place.

    `before`: the one that it is compared with, None where it is the first; `explanation`: why the two differ.
    """

    here: Here
    view: DocumentView
    corrected: Mapping[int, Issued]
    state: BillState
    before: Issued | None
    explanation: Explanation

    @property
    def test(self) -> bool:
        """Whether it is of a test account, and no demand for payment."""
        return self.here.account.test


def document_page(services: Services, request: Request, *, number: str) -> DocumentPage:
    """Read the page; raises `UnknownDocument` where the account has no document of that number."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        view = document.by_number(conn, request.account, number=number)
        standing = view.issued.standing
        corrected = documents.some_of(conn, request.account, ids=standing.corrects)
        before, explanation = explained(conn, request.account, document=view.issued.document)
        return DocumentPage(
            here=place,
            view=view,
            corrected={kept.issued.document.id: kept.issued for kept in corrected},
            state=bill_state(
                view.issued.document.kind,
                total=view.issued.document.total,
                paid=standing.paid,
                left=standing.left,
                late=standing.due is not None and standing.due < place.today,
            ),
            before=before,
            explanation=explanation,
        )
