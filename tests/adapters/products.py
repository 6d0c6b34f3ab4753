"""A vendor's product: a small HTTP server on this machine that is asked for its files, and answers what it is told."""

from __future__ import annotations

import io
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


@dataclass
class Product:
    """What it answers, and what it was asked. `cut`: it says that more comes, and hangs up."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    cut: bool = False
    silent: threading.Event | None = None
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])


@contextmanager
def product() -> Generator[Product]:
    """One that answers while the block runs."""
    told = Product()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if told.silent:
                told.silent.wait(20)
                return
            self.send_response(told.status)
            self.send_header("Content-Type", "application/zip")
            self.send_header("Content-Length", str(len(told.body) + (100 if told.cut else 0)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base has it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/back-up"
    try:
        yield told
    finally:
        if told.silent:
            told.silent.set()
        server.shutdown()
        thread.join()
        server.server_close()


def zipped(*files: tuple[str | ZipInfo, bytes]) -> bytes:
    """A ZIP of these, whatever they are called."""
    into = io.BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as made:
        for name, data in files:
            made.writestr(name, data)
    return into.getvalue()
