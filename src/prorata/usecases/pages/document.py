"""One document: its lines with their proofs, its tax, its statement, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prorata.store import subscriptions
from prorata.store.screens import document
from prorata.store.screens.document import DocumentView
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """`products`: the product's name by language, for each subscription on the document."""

    here: Here
    view: DocumentView
    products: Mapping[int, Mapping[str, str]]
    past_due: bool


def document_page(services: Services, request: Request, *, number: str) -> DocumentPage:
    """Read the page; raises `UnknownDocument` where the account has no document of that number."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        view = document.by_number(conn, request.account, number=number)
        standing = view.issued.standing
        return DocumentPage(
            here=place,
            view=view,
            products=subscriptions.product_names(conn, request.account),
            past_due=standing.left.minor > 0 and standing.due is not None and standing.due < place.today,
        )
