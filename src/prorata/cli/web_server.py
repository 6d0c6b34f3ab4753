"""The server in front of the application: sockets, signals, and patience that ends.

What it waits for: ten seconds for the head of a request, and five between two requests; the application itself bounds
the body. Who sends a byte now and then would otherwise keep a connection for ever, and there are only so many.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast

import h11
import uvicorn
from uvicorn.config import LOGGING_CONFIG
from uvicorn.protocols.http.h11_impl import H11Protocol

from prorata.cli.failure import Failure
from prorata.cli.wiring import Address

HEAD_SECONDS: Final = 10
STOP_SECONDS: Final = 20
"""How long requests may go on when the server is stopped: as long as a job may."""
MOST_CONNECTIONS: Final = 500
"""More wait for no answer: they are told 503, and proxies try again."""
_HEAD_BYTES: Final = 24_000  # the application refuses less already, with a page
_PORTS_TO_TRY = 20
_ENDING: Final = (signal.SIGTERM, signal.SIGINT)


class _Patient(H11Protocol):
    """HTTP/1.1, with an end to waiting for a head, and for the rest of a body that nobody reads any more."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_or_not()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_or_not()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_or_not()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_waiting()

    def _wait_or_not(self) -> None:
        """A byte more does not begin the time anew; only a whole head does."""
        head_missing = self.conn.their_state is h11.IDLE
        unread = self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY
        if not (head_missing or unread) or self.transport.is_closing():
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        if self.conn.our_state is h11.IDLE and self.conn.trailing_data[0]:
            head = [(b"content-type", b"text/plain"), (b"connection", b"close")]
            for event in (h11.Response(status_code=408, headers=head), h11.Data(b"Too slow.\n"), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def run(app: Any, listener: socket.socket, *, own_log: bool) -> None:  # noqa: ANN401 - any ASGI application
    """Answer until a signal comes. `own_log`: uvicorn says by itself what goes wrong, in its own words."""
    with _held() as ended:
        _Server(config_of(app, own_log=own_log), ended).run(sockets=[listener])


@contextmanager
def _held() -> Generator[list[int]]:
    """Note signals, and let them act only behind this.

    What is set up here takes locks, and an end in the middle of that leaves them neither taken nor free.
    """
    noted: list[int] = []
    before = {one: signal.signal(one, lambda number, _: noted.append(number)) for one in _ENDING}
    try:
        yield noted
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    for one in noted[:1]:
        signal.raise_signal(one)


class _Server(uvicorn.Server):
    """Knows of the signals that came before it listened to them."""

    def __init__(self, config: uvicorn.Config, ended: list[int]) -> None:
        super().__init__(config)
        self._ended = ended

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        with super().capture_signals():
            self.should_exit = bool(self._ended)
            yield


def config_of(app: Any, *, own_log: bool) -> uvicorn.Config:  # noqa: ANN401 - any ASGI application
    """How the server is set up."""
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", _Patient),
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        # What proxies say is the application's to judge; uvicorn would believe everybody on this machine.
        proxy_headers=False,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
        log_config=LOGGING_CONFIG if own_log else None,
    )


def listening(address: Address) -> socket.socket:
    """A socket on the wanted port; where nobody asked for a certain one, on the next that is free."""
    ports = [address.port] if address.chosen else range(address.port, min(address.port + _PORTS_TO_TRY, 65536))
    problem = ""
    for port in ports:
        try:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            return socket.create_server((address.host, port), family=family)
        except OSError as error:
            problem = error.strerror or str(error)
    raise Failure(f"Cannot listen on {address.host}, port {ports[0]}: {problem}. Choose another one with --port.")


@contextmanager
def ending_well() -> Generator[None]:
    """Let SIGTERM and Ctrl-C close what is open and end the program, with exit code 0, wherever it is just then.

    A second signal changes nothing: closing has its bounds.
    """

    def end(*_: object) -> None:
        for one in _ENDING:
            signal.signal(one, signal.SIG_IGN)
        sys.exit(0)

    before = {one: signal.signal(one, end) for one in _ENDING}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
