"""Why a document is what it is: each of its lines, and why it differs from the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prorata.core.billing.pay import UnknownDocument
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.insights.explain import Explanation
from prorata.store import documents, finding, subscriptions
from prorata.store.screens import document as screen
from prorata.usecases.act import Services
from prorata.usecases.explained import explained
from prorata.usecases.permissions import Actor

_MOST_NAMED = 5


class SeveralDocuments(DomainError):
    """Several accounts have a document of that number: sellers count alike."""

    code = "several_documents"


@dataclass(frozen=True, slots=True)
class Explained:
    """A document and its explanation. `before`: the one that it is compared with, None where it is the first.

    `names`: those of the account's subscriptions, by id. `numbers`: those of the documents whose lines it takes back,
    by place.
    """

    issued: Issued
    before: Issued | None
    explanation: Explanation
    names: Mapping[int, str]
    numbers: Mapping[int, str]


def explain_document(services: Services, actor: Actor, *, number: str, account: int | None = None) -> Explained:
    """Explain the document of a number, of an account or of whichever has it. For the vendor's staff: whose account it
    is, nobody asks.

    Raises `UnknownDocument`, `SeveralDocuments` and `NotAllowed`.
    """
    actor.must("see_runs")
    found = account if account is not None else _account_of(services, number)
    with services.database.account(found, read_only=True) as conn:
        issued = screen.by_number(conn, found, number=number).issued
        before, explanation = explained(conn, found, document=issued.document)
        corrected = documents.some_of(conn, found, ids=issued.standing.corrects)
        return Explained(
            issued=issued,
            before=before,
            explanation=explanation,
            names={one.id: one.name for one in subscriptions.all_of(conn, found)},
            numbers={kept.issued.document.id: kept.issued.number for kept in corrected},
        )


def _account_of(services: Services, number: str) -> int:
    with services.database.owner(read_only=True) as conn:
        found = finding.accounts_with(conn, number=number)
    if not found:
        raise UnknownDocument(document=number)
    first, *others = found
    if others:
        named = ", ".join(str(account) for account in found[:_MOST_NAMED])
        raise SeveralDocuments(document=number, accounts=f"{named}, …" if len(found) > _MOST_NAMED else named)
    return first
