"""The whole admin center as one application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware

from prorata.core.errors import DomainError
from prorata.store.errors import StoreError
from prorata.usecases.act import Services
from prorata.web.app import create_app
from prorata.web.center import (
    assign,
    bills,
    buy,
    cancel,
    clock,
    document,
    home,
    licences,
    pay,
    people,
    products,
    subscription,
    undo,
)
from prorata.web.center.failing import on_refusal, on_store_failure
from prorata.web.center.shell import shell_of
from prorata.web.center.visit import KnownReader, NobodyChosen, on_nobody

# Of two addresses that fit the first one answers: /bills/pay comes before /bills/{number}.
SCREENS = (home, people, products, subscription, cancel, undo, licences, assign, buy, pay, bills, document, clock)


def center(services: Services, *, secret: str) -> Starlette:
    """Make the application; `secret` signs the cookie that says who is here."""
    app = create_app(
        routes=[route for screen in SCREENS for route in screen.routes()],
        shell_of=shell_of,
        middleware=[Middleware(KnownReader)],
        refusals={DomainError: on_refusal, StoreError: on_store_failure, NobodyChosen: on_nobody},
    )
    app.state.services = services
    app.state.secret = secret
    return app
