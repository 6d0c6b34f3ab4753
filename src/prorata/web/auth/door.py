"""Production's door: people sign in, and are known by their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.act import Services
from prorata.web.addresses import SIGN_IN
from prorata.web.auth.known import maybe_known
from prorata.web.auth.paths import SECURITY
from prorata.web.auth.routes import routes
from prorata.web.views import Link
from prorata.web.visits import StaffVisit, Visit
from prorata.wording import Language, Wording


@dataclass(frozen=True, slots=True)
class SessionDoor:
    """Nobody is in who has not shown who they are."""

    services: Services
    entrance: str = SIGN_IN
    demo: bool = False

    def screens(self) -> Sequence[BaseRoute]:
        """Signing in, and what belongs to it."""
        return routes()

    def who(self, request: Request) -> Visit | StaffVisit | None:
        """Who keeps a session; None for nobody, and for who looks at no account yet."""
        known = maybe_known(request)
        if known is None or known.actor is None:
            return None
        language = Language(
            known.here.language if known.session.only_account and known.here else known.session.language
        )
        if known.account is None:
            return StaffVisit(self.services, known.actor, known.vendor, language)
        return Visit(self.services, known.account, known.actor, language)

    def session(self, request: Request) -> int | None:
        """The session that the browser keeps the token of."""
        found = maybe_known(request)
        return found.session.id if found else None

    def keep_behalf(self, request: Request, response: Response, *, account: int | None, reason: str = "") -> None:
        """Nothing: the session knows it."""

    def way_out(self, w: Wording) -> Link:
        """Where one signs out, sees where else one is in, and changes account."""
        return Link(label=w.t("Sign-in and security"), href=SECURITY)
