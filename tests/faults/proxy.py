"""What stands between a program and the database, and cuts the connection at a message of the test's choice.

It understands of PostgreSQL's protocol only where a message begins and ends, what it is called, and that the server is
ready again.
"""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal

from sqlalchemy import make_url

Cut = Literal["no", "before", "after"]
"""`before`: the server never gets the message; `after`: it has answered it, and the client never hears."""

Rule = Callable[[bytes], Cut]
"""What becomes of a message of the client: its type, one letter, and its content."""

_STARTUPS = {196608, 196610}
"""The versions of the protocol; everything else before the first of these is a question, such as for encryption."""


def never(_message: bytes) -> Cut:
    """Let everything pass."""
    return "no"


class Proxy:
    """Listens on a port of the loopback until it is closed. `rule` may be changed at any time."""

    def __init__(self, server: Path) -> None:
        self.rule: Rule = never
        self.cuts = 0
        self._server = server
        self._lock = Lock()
        self._closed = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.1)
        self._threads = [Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def url(self, direct: str) -> str:
        """A URL that leads through here instead of the socket of the server."""
        port = self._listening.getsockname()[1]
        url = make_url(direct).set(host="127.0.0.1", port=port, query={})
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        self._closed.set()
        for thread in self._threads:
            thread.join(5)
        self._listening.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            with suppress(TimeoutError):
                client, _ = self._listening.accept()
                thread = Thread(target=self._serve, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.connect(str(self._server))
            messages = _Messages()
            while not self._closed.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.1)
                if client in ready and not self._forward(client, server, messages=messages):
                    break
                if server in ready:
                    answer = server.recv(65536)
                    if not answer:
                        break
                    client.sendall(answer)
            # A cut connection, and not one that was ended in good order.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _forward(self, client: socket.socket, server: socket.socket, *, messages: _Messages) -> bool:
        """Hand on what the client says; whether the connection stays."""
        said = client.recv(65536)
        if not said:
            return False
        for message in messages.whole(said):
            cut = self._judge(message) if messages.begun else "no"
            if cut == "before":
                return False
            server.sendall(message)
            if cut == "after":
                _wait_for_answer(server)
                return False
        return True

    def _judge(self, message: bytes) -> Cut:
        with self._lock:
            cut = self.rule(message)
            self.cuts += cut != "no"
            return cut


class _Messages:
    """Cuts a stream of a client into its messages; `begun`: the connection is past its start."""

    def __init__(self) -> None:
        self.begun = False
        self._left = b""

    def whole(self, said: bytes) -> Iterator[bytes]:
        self._left += said
        while True:
            kind = 1 if self.begun else 0
            if len(self._left) < kind + 4:
                return
            (length,) = struct.unpack("!I", self._left[kind : kind + 4])
            if len(self._left) < kind + length:
                return
            message, self._left = self._left[: kind + length], self._left[kind + length :]
            yield message
            if not self.begun and struct.unpack("!I", message[4:8])[0] in _STARTUPS:
                self.begun = True


def _wait_for_answer(server: socket.socket) -> None:
    """Until the server says that it is ready for the next message: a Z, its length, and the state."""
    heard = b""
    while not (len(heard) >= 6 and heard[-6:-1] == b"Z\x00\x00\x00\x05"):
        more = server.recv(65536)
        if not more:
            return
        heard += more


def is_commit(message: bytes) -> bool:
    """Whether the client asks for the commit of its transaction."""
    return message[:1] == b"Q" and message[5:].rstrip(b"\x00").upper() == b"COMMIT"


def is_answered(message: bytes) -> bool:
    """Whether the server says after this message that it is ready again.

    It does after a question in one piece (Q), but for one that begins a COPY, and at the end of one in several (S).
    """
    return message[:1] == b"S" or (message[:1] == b"Q" and not message[5:].startswith(b"COPY"))


@contextmanager
def proxy_to(socket_folder: Path) -> Generator[Proxy]:
    """A proxy to the server whose socket lies in that folder."""
    proxy = Proxy(next(one for one in socket_folder.glob(".s.PGSQL.*") if one.suffix != ".lock"))
    try:
        yield proxy
    finally:
        proxy.close()
