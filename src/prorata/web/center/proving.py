"""The way to show once more who one is and back, with what was typed."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from prorata.web.addresses import PROOF, with_query


def prove_first(address: str, **typed: str) -> Response:
    """Send the reader to show who they are, and from there to a page that takes up what they typed from its query."""
    return RedirectResponse(with_query(PROOF, next=with_query(address, **typed)), status_code=303)
