"""Who may do what: one table of roles and permissions, for the people of accounts and for the vendor's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from prorata.core.actors import Side
from prorata.core.errors import DomainError

Role = Literal["owner", "billing_admin", "licence_admin", "invoice_manager", "reader", "member"]
"""What somebody is in an account. An account may have more of its own (`custom:ID`), made of permissions."""
StaffRole = Literal["owner", "finance", "support", "catalogue"]
"""What somebody is at the vendor."""

AccountPermission = Literal[
    "see", "buy", "change_licences", "change_plan", "move_anchor", "assign", "pause", "set_renewal", "reactivate",
    "trial", "cancel", "pay", "set_payment", "move_clock", "see_people", "manage_people", "manage_keys",
    "manage_directory", "see_audit", "check_use", "add_people", "export", "close_account",
]  # fmt: skip
"""What may be done in an account. `pause` is for resuming too, `trial` for extending one and for stopping its
conversion; `manage_people`: inviting, roles, taking access away; `manage_keys`: what programs sign in with;
`check_use`: asking whether somebody may use a product now; `add_people`: adding and removing people who may do nothing
here but hold licences; `export`: taking the account's data out.
"""
VendorPermission = Literal[
    "give_credit", "give_back", "give_discount", "set_price", "enter_late", "see_runs", "start_run", "mend",
    "see_accounts", "act_on_behalf", "open_accounts", "manage_staff", "see_vendor_audit",
]  # fmt: skip
"""What the vendor's people alone may do: no role of an account has any of these. `open_accounts`: and the sellers whose
customers they are.
"""
Permission = AccountPermission | VendorPermission

ACCOUNT_PERMISSIONS: Final[tuple[AccountPermission, ...]] = (
    "see", "buy", "change_licences", "change_plan", "move_anchor", "assign", "pause", "set_renewal", "reactivate",
    "trial", "cancel", "pay", "set_payment", "move_clock", "see_people", "manage_people", "manage_keys",
    "manage_directory", "see_audit", "check_use", "add_people", "export", "close_account",
)  # fmt: skip
VENDOR_PERMISSIONS: Final[tuple[VendorPermission, ...]] = (
    "give_credit", "give_back", "give_discount", "set_price", "enter_late", "see_runs", "start_run", "mend",
    "see_accounts", "act_on_behalf", "open_accounts", "manage_staff", "see_vendor_audit",
)  # fmt: skip
EVERYTHING: Final[frozenset[Permission]] = frozenset((*ACCOUNT_PERMISSIONS, *VENDOR_PERMISSIONS))
NOTHING: Final[frozenset[Permission]] = frozenset()

_OWNER: Final[frozenset[Permission]] = frozenset(ACCOUNT_PERMISSIONS)

ROLES: Final[dict[Role, frozenset[Permission]]] = {
    "owner": _OWNER,
    "billing_admin": _OWNER - {"manage_people", "manage_directory", "manage_keys", "close_account"},
    "licence_admin": frozenset({"see", "assign", "see_people", "add_people", "move_clock", "check_use"}),
    "invoice_manager": frozenset({"see", "pay", "move_clock"}),
    "reader": frozenset({"see"}),
    "member": NOTHING,
}

# Any text may be looked up.
_BY_WORD: Final[dict[str, frozenset[Permission]]] = {str(role): may for role, may in ROLES.items()}

STAFF_ROLES: Final[dict[StaffRole, frozenset[Permission]]] = {
    "owner": EVERYTHING,
    "finance": EVERYTHING - {
        "open_accounts", "manage_staff", "set_price", "manage_people", "manage_keys", "manage_directory", "export",
        "close_account",
    },
    # Nothing that charges, pays or gives back.
    "support": frozenset({
        "see_runs", "see_accounts", "act_on_behalf", "see", "see_people", "see_audit", "assign", "trial",
        "set_renewal", "move_clock", "check_use",
    }),
    "catalogue": frozenset({"set_price"}),
}  # fmt: skip


class NotAllowed(DomainError):
    """The role does not allow this."""

    code = "not_allowed"


class ProofNeeded(DomainError):
    """Money goes out, or it is decided who may do what: whoever acts shows once more who they are."""

    code = "proof_needed"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act came from: the network address, and by what way (`web`, `api`, `cli`, `job`)."""

    address: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what they may do: nothing that is not said.

    `role` as the table has it, with `custom:` before the id of an account's own one; `member` is that of the account,
    None for the vendor's people and for the product itself; `person`: who it is at the door, of the vendor's people
    that have signed in. `proved`: they have just shown who they are.
    `own_role`: what the account calls its own role. `behalf`: why one of the vendor's people acts in an account, None
    for everybody else.
    """

    side: Side
    name: str
    role: str
    permissions: frozenset[Permission] = NOTHING
    member: int | None = None
    proved: bool = False
    behalf: str | None = None
    origin: Origin = Origin()
    own_role: str = ""
    person: int | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the actor has a permission."""
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the actor has the permission."""
        if not self.may(permission):
            raise NotAllowed(permission=permission, role=self.role)

    def must_prove(self) -> None:
        """Raise `ProofNeeded` unless the actor has just shown who they are."""
        if not self.proved:
            raise ProofNeeded


def permissions_of(role: str, own: Collection[str] = ()) -> frozenset[Permission]:
    """What a role of an account allows; `own`: the permissions of one of the account's own."""
    return _BY_WORD.get(role, frozenset(one for one in ACCOUNT_PERMISSIONS if one in own))


def member_actor(
    name: str,
    role: str,
    *,
    member: int,
    own: Collection[str] = (),
    own_role: str = "",
    proved: bool = False,
    origin: Origin | None = None,
) -> Actor:
    """Somebody of an account.

    `own`: the permissions of their role where it is one of the account's own, `own_role`: its name.
    """
    may = permissions_of(role, own)
    return Actor("admin", name, role, may, member, proved, origin=origin or Origin(), own_role=own_role)


def staff_actor(
    name: str,
    role: StaffRole,
    *,
    proved: bool = False,
    behalf: str | None = None,
    origin: Origin | None = None,
    person: int | None = None,
) -> Actor:
    """One of the vendor's people; `person`: who they are at the door."""
    may = STAFF_ROLES[role]
    return Actor("vendor", name, role, may, None, proved, behalf, origin or Origin(), person=person)


def operator(name: str, way: str = "cli") -> Actor:
    """Who works at the command line: the machine and its data are theirs, so nothing is kept from them."""
    return Actor("vendor", name, "operator", EVERYTHING, None, proved=True, origin=Origin(way=way))


SYSTEM: Final = Actor("system", "Prorata", "system", EVERYTHING, None, proved=True)


def who_may(permission: Permission) -> tuple[Role, ...]:
    """The roles of an account that have a permission, the mightiest first."""
    return tuple(role for role, permissions in ROLES.items() if permission in permissions)


def which_staff_may(permission: Permission) -> tuple[StaffRole, ...]:
    """The vendor's roles that have a permission, the mightiest first."""
    return tuple(role for role, permissions in STAFF_ROLES.items() if permission in permissions)
