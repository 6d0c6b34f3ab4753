"""Who is in, for the door's own pages: these are there for people who look at no account too."""

from __future__ import annotations

from starlette.requests import Request

from prorata.usecases.door.sessions import Known, who
from prorata.web.auth.cookies import seen_of, session_token
from prorata.web.visits import NobodyHere, services_of


def maybe_known(request: Request) -> Known | None:
    """Who keeps the session that a request names, or None; looked up once for a request."""
    if not hasattr(request.state, "known"):
        token = session_token(request)
        request.state.known = who(services_of(request), token, seen=seen_of(request)) if token else None
    found: Known | None = request.state.known
    return found


def known(request: Request) -> Known:
    """Who keeps the session; raises `NobodyHere`."""
    found = maybe_known(request)
    if found is None:
        raise NobodyHere
    return found
