"""Who may do what: one table of roles and permissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from prorata.core.actors import Side
from prorata.core.errors import DomainError

Role = Literal["owner", "billing_admin", "licence_admin", "invoice_manager", "reader", "member"]
Permission = Literal[
    "see", "buy", "change_licences", "change_plan", "move_anchor", "assign", "pause", "set_renewal", "reactivate",
    "trial", "cancel", "pay", "set_payment", "move_clock",
    "give_credit", "give_back", "give_discount", "set_price", "enter_late", "see_runs", "start_run", "mend",
]  # fmt: skip
"""From `give_credit` on they are the vendor's staff's alone: no role of an account has them.

`pause` is for resuming too, `trial` for extending one and for stopping its conversion.
"""

_ALL: frozenset[Permission] = frozenset({
    "see", "buy", "change_licences", "change_plan", "move_anchor", "assign", "pause", "set_renewal", "reactivate",
    "trial", "cancel", "pay", "set_payment", "move_clock",
})  # fmt: skip

ROLES: dict[Role, frozenset[Permission]] = {
    "owner": _ALL,
    "billing_admin": _ALL,
    "licence_admin": frozenset({"see", "assign", "move_clock"}),
    "invoice_manager": frozenset({"see", "pay", "move_clock"}),
    "reader": frozenset({"see"}),
    "member": frozenset(),
}


class NotAllowed(DomainError):
    """The role does not allow this."""

    code = "not_allowed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `member` is None for the vendor's staff and for the product itself, who may do everything."""

    side: Side
    name: str
    role: Role | None = None
    member: int | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the actor has a permission."""
        return self.side != "admin" or (self.role is not None and permission in ROLES[self.role])

    def must(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the actor has the permission."""
        if not self.may(permission):
            raise NotAllowed(permission=permission, role=self.role or "member")


SYSTEM = Actor("system", "Prorata")


def who_may(permission: Permission) -> tuple[Role, ...]:
    """The roles that have a permission, the mightiest first."""
    return tuple(role for role, permissions in ROLES.items() if permission in permissions)
