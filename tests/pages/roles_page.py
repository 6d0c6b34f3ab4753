"""`docs/reference/roles.md`: who may do what, from the one table that the use cases ask."""

from collections.abc import Iterable, Sequence

from prorata.usecases.permissions import (
    ACCOUNT_PERMISSIONS,
    ROLES,
    STAFF_ROLES,
    VENDOR_PERMISSIONS,
    Permission,
    Role,
    StaffRole,
)
from prorata.wording import Language, wording_for
from prorata.wording.roles import permission_word, role_does, role_word, staff_role_does, staff_role_word
from support.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "roles.md"

_HEAD = """# Roles

Who may do what. Each use case asks for one permission before it does anything; what a page shows is only a courtesy.
This page is written by `make docs` from the table that they ask (`usecases/permissions.py`), and a test tries every use
case as every role.
"""

_OWN = """## Roles of an account’s own

Whoever may invite people can make more roles of the permissions above: a name and what it may do. Seeing belongs to
whatever else a role may do. Nobody gives a role that may do what they may not themselves, or changes what somebody is
who may do more; and an account has an owner at any time. What is the vendor’s (below) is in no role of an account.
"""

_PROOF = """## Shown anew

Before money is paid back, and before it is decided who may do what (people, roles, keys, the directory, the vendor’s
staff), whoever acts shows once more who they are, with a passkey or a mailed code. It counts for ten minutes.
"""

_BEHALF = """The vendor’s people act in an account only for a customer: with a reason, which the account’s audit keeps
beside everything that they do there.
"""
_W = wording_for(Language.EN)


def written() -> str:
    """The page as it should be."""
    return "\n".join(
        [
            _HEAD,
            "## In an account\n",
            *_does((role_word(_W, role), role_does(_W, role)) for role in ROLES),
            "",
            *_matrix(ACCOUNT_PERMISSIONS, roles=ROLES, names=[role_word(_W, role) for role in ROLES]),
            "",
            _OWN,
            "## At the vendor\n",
            _BEHALF,
            *_does((staff_role_word(_W, role), staff_role_does(_W, role)) for role in STAFF_ROLES),
            "",
            *_matrix(
                (*VENDOR_PERMISSIONS, *ACCOUNT_PERMISSIONS),
                roles=STAFF_ROLES,
                names=[staff_role_word(_W, role) for role in STAFF_ROLES],
            ),
            "",
            _PROOF.rstrip("\n"),
            "",
        ]
    )


def _does(roles: Iterable[tuple[str, str]]) -> list[str]:
    return [f"- **{name}**: {does}" for name, does in roles]


def _matrix(
    permissions: Sequence[Permission],
    *,
    roles: dict[Role, frozenset[Permission]] | dict[StaffRole, frozenset[Permission]],
    names: Sequence[str],
) -> list[str]:
    head = ["| may | permission | " + " | ".join(names) + " |", "|---|---|" + ":-:|" * len(names)]
    return head + [_row(one, roles.values()) for one in permissions]


def _row(permission: Permission, roles: Iterable[frozenset[Permission]]) -> str:
    ticks = ["✓" if permission in may else "" for may in roles]
    return f"| {permission_word(_W, permission)} | `{permission}` | " + " | ".join(ticks) + " |"
