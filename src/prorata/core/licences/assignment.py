"""Who holds a licence: never more members than licences."""

from __future__ import annotations

from prorata.core.errors import DomainError


class NotEnoughLicences(DomainError):
    """More members would hold a licence than there are licences."""

    code = "not_enough_licences"


class BelowAssigned(DomainError):
    """There would be fewer licences than members who hold one."""

    code = "below_assigned"


def check_assigned(assigned: int, *, licences: int) -> None:
    """Refuse to assign more licences than there are."""
    if assigned > licences:
        raise NotEnoughLicences(assigned=assigned, licences=licences, missing=assigned - licences)


def check_total(licences: int, *, assigned: int) -> None:
    """Refuse a total below what members hold; says how many to unassign."""
    if licences < assigned:
        raise BelowAssigned(assigned=assigned, licences=licences, unassign=assigned - licences)
