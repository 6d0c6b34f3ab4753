"""`prorata demo` and `prorata serve`: the web server."""

from __future__ import annotations

import socket
from typing import Any

import click
import uvicorn

from prorata.cli.failure import Failure
from prorata.cli.wiring import Address, Demo, Wiring, wiring_of

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""This machine and no other."""
_PORTS_TO_TRY = 20
_STOP_SECONDS = 5


@click.command(short_help="Show the product with made-up data.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away and start again.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port instead of 8000 or the next free one.")
@click.pass_context
def demo(context: click.Context, *, reset: bool, port: int | None) -> None:
    """Show the product: a made-up vendor, three test accounts, and a clock that you move.

    Needs nothing else on this machine. Your data stay until --reset. Stop with Ctrl-C.
    """
    wiring = wiring_of(context.find_object(Wiring))
    settings = wiring.address()
    if settings.host not in LOOPBACK:
        raise Failure(
            f"The demo does not listen on {settings.host}: it has no sign-in, so it is for this machine only. "
            "Leave PRORATA_HOST out, or set it to 127.0.0.1."
        )
    address = Address(settings.host, port or settings.port, chosen=port is not None or settings.chosen)
    with _listening(address) as listener, wiring.demo("anew" if reset else "go on") as ready:
        click.echo(_welcome(ready, host=address.host, port=listener.getsockname()[1]))
        _serve(ready.app, listener)


@click.command()
def serve() -> None:
    """Serve your own data. Not possible yet: see `prorata demo`."""
    raise Failure(
        "Prorata does not serve real accounts yet: there is no sign-in, and without it anybody could act as anybody. "
        "Use `prorata demo` to try it out."
    )


def _listening(address: Address) -> socket.socket:
    """A socket on the wanted port; where nobody asked for a certain one, on the next that is free."""
    ports = [address.port] if address.chosen else range(address.port, min(address.port + _PORTS_TO_TRY, 65536))
    problem = ""
    for port in ports:
        try:
            return socket.create_server((address.host, port))
        except OSError as error:
            problem = error.strerror or str(error)
    raise Failure(f"Cannot listen on {address.host}, port {ports[0]}: {problem}. Choose another one with --port.")


def _serve(app: Any, listener: socket.socket) -> None:  # noqa: ANN401 - any ASGI application, as uvicorn takes it
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_STOP_SECONDS
    )
    uvicorn.Server(config).run(sockets=[listener])


def _welcome(ready: Demo, *, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    state = "New data." if ready.fresh else "Your data are as you left them."
    lines = [
        "",
        f"  Prorata's demo is ready:  http://{shown}:{port}/",
        "",
        "  What to try first",
        "  1. Be Daan Visser of Bakkerij De Korenbloem (10 licences). Move the clock at the top to the next bill.",
        "  2. Buy two more licences, and see what they will cost before you confirm.",
        "  3. Cancel the subscription: the preview shows each cent and each date. Then confirm.",
        "  4. Be Giulia Rossi of Officina Rossi: Italian, with a bill past due. Pay it.",
        "  5. Be Peter O’Neill of Noordzee Logistiek: 40 licences assigned, over the limit. Cancel all the same.",
        "",
        f"  {state} make demo-reset starts again. Stop with Ctrl-C.",
        "",
    ]
    return "\n".join(lines)
