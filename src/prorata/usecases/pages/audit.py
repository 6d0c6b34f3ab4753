"""The audit of an account, and the vendor's own: who did what, when, from where, and why somebody of the vendor did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from prorata.store import accounts, sellers
from prorata.store.audit import THE_VENDORS, AuditEntry
from prorata.store.engine import Connection
from prorata.store.screens import audit
from prorata.store.screens.audit import Chosen, PlanSold, Who
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.deeds import Deed, deed_of
from prorata.usecases.permissions import Actor

__all__ = [
    "KINDS", "VENDOR_KINDS", "AuditPage", "Kind", "Noted", "PlanSold", "VendorKind", "Who", "audit_page",
    "vendor_audit_page",
]  # fmt: skip

PER_PAGE: Final = 50
_UTC: Final = ZoneInfo("UTC")

Kind = Literal["subscriptions", "billing", "access"]
_DIRECTORY: Final = ("set", "change", "remove", "taken_in_by")
KINDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "subscriptions": ("subscription.", "licences.", "plan.", "trial.", "late."),
    "billing": ("account.", "document.", "credit.", "discount.", "payment."),
    "access": ("people.", "roles.", "key.", "behalf.", "export.", *(f"{verb}_directory" for verb in _DIRECTORY)),
}
"""What kinds of deeds there are, by how their actions begin."""

VendorKind = Literal["people", "customers", "business"]
VENDOR_KINDS: Final[Mapping[VendorKind, tuple[str, ...]]] = {
    "people": ("staff.", "passkey."),
    "customers": ("behalf.",),
    "business": ("price.", "run.", "seller."),
}
"""The same of the vendor's own audit."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry, and what it is about."""

    entry: AuditEntry
    deed: Deed


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of entries, newest first. `count`: how many there are on all pages; `page` counts from 1.

    `zone`: where its days are counted; `seller`: whose people the vendor's are, empty where all are. `people`:
    everybody who ever did something. Then what members, who was invited, documents and plans are called that stand on
    the page, by their ids; the first two only for who may see people.
    """

    zone: ZoneInfo
    seller: str
    rows: tuple[Noted, ...]
    people: tuple[Who, ...]
    page: int
    count: int
    members: Mapping[int, str]
    invited: Mapping[int, str]
    documents: Mapping[int, str]
    plans: Mapping[int, PlanSold]


def audit_page(
    services: Services, request: Request, *, who: Who | None = None, kind: Kind | None = None, page: int = 1
) -> AuditPage:
    """Read the list; a page beyond the last shows the last. Raises `NotAllowed`."""
    request.actor.must("see_audit")
    chosen = Chosen(who, KINDS[kind] if kind else ())
    with services.database.account(request.account, read_only=True) as conn:
        account = accounts.find(conn, request.account)
        seller = sellers.find(conn, account.seller_id).name
        of = _Of(conn, account.account_id, account.zone, seller, people=request.actor.may("see_people"))
        return _page(of, chosen=chosen, page=page)


def vendor_audit_page(
    services: Services, actor: Actor, *, who: Who | None = None, kind: VendorKind | None = None, page: int = 1
) -> AuditPage:
    """The same of the vendor's own; raises `NotAllowed`."""
    actor.must("see_vendor_audit")
    chosen = Chosen(who, VENDOR_KINDS[kind] if kind else ())
    with services.database.owner(read_only=True) as conn:
        found = sellers.listed(conn)
        return _page(_Of(conn, THE_VENDORS, found[0].zone if found else _UTC, seller=""), chosen=chosen, page=page)


@dataclass(frozen=True, slots=True)
class _Of:
    conn: Connection
    account: int
    zone: ZoneInfo
    seller: str
    people: bool = False


def _page(of: _Of, *, chosen: Chosen, page: int) -> AuditPage:
    count = audit.count(of.conn, of.account, chosen=chosen)
    page = min(max(page, 1), max(1, -(-count // PER_PAGE)))
    entries = audit.page(of.conn, of.account, chosen=chosen, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    rows = tuple(Noted(entry, deed_of(entry)) for entry in entries)
    deeds = [row.deed for row in rows]
    members, invited = _people(of, deeds)
    return AuditPage(
        zone=of.zone,
        seller=of.seller,
        rows=rows,
        people=audit.people(of.conn, of.account),
        page=page,
        count=count,
        members=members,
        invited=invited,
        documents=audit.document_numbers(
            of.conn, of.account, ids={deed.document for deed in deeds if deed.document is not None}
        ),
        plans=audit.plans_sold(of.conn, ids={deed.plan for deed in deeds if deed.plan is not None}),
    )


def _people(of: _Of, deeds: Sequence[Deed]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    if not of.people:
        return {}, {}
    named = {one for deed in deeds for one in (*deed.gained, *deed.lost, deed.member) if one is not None}
    asked = {deed.invitation for deed in deeds if deed.invitation is not None}
    return audit.member_names(of.conn, of.account, ids=named), audit.invited_names(of.conn, of.account, ids=asked)
