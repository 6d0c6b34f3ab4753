"""A real server for the browser: the application on a free port of this machine, in a thread."""

import asyncio
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_SECONDS = 100
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For a client, as `verify`: it trusts nobody. Without TLS it needs not, and to read whom to trust takes long."""


class _Server(uvicorn.Server):
    """Looks a hundred times a second whether it shall stop, and not ten times: a test waits for it."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # noqa: ASYNC110 - it is another thread that tells it
            await asyncio.sleep(0.01)


def free_port() -> int:
    """A port for another process, which takes a while to listen on it: none of those that the system gives away."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:  # somebody listens there
            continue
        return port


@contextmanager
def serving(app: ASGIApp, *, config: uvicorn.Config | None = None) -> Generator[str]:
    """Serve the application while the block runs; gives its address, without a slash at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = _Server(config or uvicorn.Config(app, log_level="warning", lifespan="auto"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + _SECONDS
    try:
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("The application did not start; see what uvicorn says above.")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=_SECONDS)
        listener.close()
