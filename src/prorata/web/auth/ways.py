"""Further ways to show who one is, as parts of the door's pages.

Each gives what its part of the page shows, None where it shows nothing: `auth/passkeys_sign_in.html`,
`auth/passkeys_proof.html` and `auth/passkeys_security.html`, which see it as `passkeys`.
"""

from __future__ import annotations

from starlette.requests import Request

from prorata.usecases.door.sessions import Known
from prorata.web.auth.passkey import PasskeysView, passkeys_of


def at_sign_in(request: Request) -> PasskeysView | None:  # noqa: ARG001 - whoever comes is offered the same
    """What the page of signing in shows of passkeys: the way, and nobody's own."""
    return PasskeysView()


def at_proof(request: Request, known: Known) -> PasskeysView | None:
    """What the page of showing once more who one is shows of passkeys; nothing to who has none."""
    found = passkeys_of(request, known)
    return found if found.rows else None


def of_security(request: Request, known: Known) -> PasskeysView | None:
    """What the page of one's own security shows of passkeys."""
    return passkeys_of(request, known)
