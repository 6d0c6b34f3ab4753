"""The whole admin center as one application."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.store.errors import StoreError
from prorata.usecases.act import Services
from prorata.web.app import create_app
from prorata.web.center import (
    assign,
    bills,
    buy,
    cancel,
    change_plan,
    clock,
    document,
    home,
    licences,
    pause,
    pay,
    people,
    products,
    reactivate,
    renewal,
    subscription,
    trial,
    undo,
)
from prorata.web.center.failing import on_refusal, on_store_failure
from prorata.web.center.shell import shell_of
from prorata.web.center.visit import KnownReader, NobodyChosen, on_nobody
from prorata.web.rendering import ShellOf

# Of two addresses that fit the first one answers: /bills/pay comes before /bills/{number}.
SCREENS = (
    home, people, products, subscription, cancel, change_plan, pause, reactivate, renewal, trial, undo,
    licences, assign, buy, pay, bills, document, clock,
)  # fmt: skip


def center(
    services: Services, *, secret: str, beside: Sequence[BaseRoute] = (), shell: ShellOf = shell_of
) -> Starlette:
    """Make the application; `secret` signs the cookie that says who is here.

    `beside`: further screens of the same site; `shell` then surrounds those too.
    """
    app = create_app(
        routes=[route for screen in SCREENS for route in screen.routes()] + list(beside),
        shell_of=shell,
        middleware=[Middleware(KnownReader)],
        refusals={DomainError: on_refusal, StoreError: on_store_failure, NobodyChosen: on_nobody},
    )
    app.state.services = services
    app.state.secret = secret
    return app
