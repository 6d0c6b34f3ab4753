"""The life of a subscription: what its state, its end and its holders say of each other."""

from __future__ import annotations

from collections.abc import Iterator

from prorata.core.documents.model import Standing
from prorata.core.money import Money
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import SubscriptionRow, by


def check_life(row: SubscriptionRow) -> Iterator[Finding]:
    """A conflict is there where more are assigned than there are, and nowhere else; what is deleted has no holders."""
    if row.state == "deleted" and row.assigned:
        yield Finding("holders_left", row.name, f"it is deleted, and {row.assigned} hold a licence")
    if (row.assigned > row.licences) != (row.conflict_until is not None):
        detail = f"{row.assigned} of {row.licences} are assigned, and the conflict ends on {row.conflict_until}"
        yield Finding("conflict_differs", row.name, detail)
    if row.conflict_since and row.conflict_until and row.conflict_until < row.conflict_since:
        detail = f"it ends on {row.conflict_until} and began on {row.conflict_since}"
        yield Finding("conflict_differs", row.name, detail)
    if row.ending_why == "unpaid" and row.state not in {"disabled", "deleted"}:
        yield Finding("end_differs", row.name, f"nobody has paid, and it is {row.state}")
    if row.foreseen is not None and row.ending_why != "unpaid":
        yield Finding("end_differs", row.name, "another end was to come, and it has not ended for being unpaid")


def open_standings(whole: Whole) -> tuple[Standing, ...]:
    """What is to be paid in time, with the subscriptions that are on it, made again from lines and transfers."""
    still_open = [
        (row.id, row) for row in whole.documents if row.id is not None and row.standing is not None and row.left > 0
    ]
    if not still_open:
        return ()
    of = whole.rules.currency
    lines = by("document_id", whole.lines)
    given_back = {row.debit_of for row in whole.transfers if row.debit == "receivable" and row.credit == "cash"}
    return tuple(
        Standing(
            document=document,
            profile=row.profile_id,
            due=row.due_on,
            credit_used=Money(row.credit_used, of),
            paid=Money(row.paid, of),
            left=Money(row.left, of),
            subscriptions=tuple(sorted({line.subscription_id for line in lines.get(document, ())})),
        )
        for document, row in still_open
        if document not in given_back
    )
