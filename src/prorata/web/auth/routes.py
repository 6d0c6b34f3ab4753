"""All pages of the door."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.people.accept_invitation import Joined
from prorata.web.auth import accounts, code, directory, invitation, links, passkey, passkeys, proof, security, sign_in
from prorata.web.auth.cookies import keep_session

SCREENS = (sign_in, code, directory, links, proof, security, accounts, passkeys, passkey)


def routes() -> Sequence[BaseRoute]:
    """Those of every screen, and invitations."""
    return [*(route for screen in SCREENS for route in screen.routes()), *invitation.routes(_be_in)]


def _be_in(_: Request, response: Response, joined: Joined) -> None:
    keep_session(response, joined.token)
