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
    add_member,
    api_keys,
    assign,
    audit,
    back_up,
    bills,
    buy,
    cancel,
    cancel_several,
    change_plan,
    clock,
    close_account,
    conflict,
    directory,
    document,
    erase_member,
    home,
    import_members,
    invite,
    licences,
    licences_page,
    member,
    members,
    own_roles,
    paths,
    pause,
    pay,
    products,
    reactivate,
    removal,
    renewal,
    seats,
    subscription,
    trial,
    undo,
)
from prorata.web.center.failing import on_refusal, on_store_failure
from prorata.web.center.shell import shell_of
from prorata.web.limits import BODY_LIMIT
from prorata.web.outside import Outside
from prorata.web.rendering import ShellOf
from prorata.web.visits import Door, KnownReader, NobodyHere, on_nobody

# Of two addresses that fit the first one answers: /bills/pay comes before /bills/{number}.
SCREENS = (
    home, products, subscription, cancel, cancel_several, change_plan, pause, reactivate, renewal, trial, undo,
    licences, licences_page, conflict, assign, buy, pay, bills, document, clock, directory, invite, own_roles,
    add_member, import_members, members, removal, member, erase_member, seats,
    api_keys, audit, back_up, close_account,
)  # fmt: skip


def center(
    services: Services,
    *,
    secret: str,
    door: Door,
    beside: Sequence[BaseRoute] = (),
    shell: ShellOf = shell_of,
    outside: Outside | None = None,
) -> Starlette:
    """Make the application; `door` knows who is here, `secret` signs what it keeps with them.

    `beside`: further screens of the same site; `shell` then surrounds those too. `outside`: how the site is reached.
    """
    app = create_app(
        routes=[route for screen in SCREENS for route in screen.routes()] + [*door.screens(), *beside],
        shell_of=shell,
        outside=outside,
        demo=door.demo,
        middleware=[Middleware(KnownReader)],
        files={paths.IMPORT_MEMBERS: import_members.MOST_SENT + BODY_LIMIT},
        refusals={DomainError: on_refusal, StoreError: on_store_failure, NobodyHere: on_nobody},
    )
    app.state.services = services
    app.state.secret = secret
    app.state.door = door
    return app
