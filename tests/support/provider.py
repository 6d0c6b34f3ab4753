"""Directories for tests: one that does exactly what a test tells it, and a real one as another process.

`Provider` answers on this machine with whatever it is told to: its description, its keys and what it signs can each be
other than they should.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from support.serving import free_port

CLIENT_ID = "prorata at the bakery"
CLIENT_SECRET = "flour & water: 100%"
Answer = tuple[int, Mapping[str, str], bytes]


class _AnyAlgorithm(JWSRegistry):
    """Signs in every way there is, the bad ones too."""

    def get_alg(self, name: str):  # noqa: ANN202 - as the class above it has it
        return self.algorithms[name]


@cache
def rsa_key(name: str) -> RSAKey:
    """A key of that name; making one takes a moment, and any will do."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, auto_kid=False)


@cache
def ec_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}, auto_kid=False)


@cache
def ed_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"}, auto_kid=False)


@dataclass
class Provider:
    """A directory. `claims` are laid over those of a good answer (None leaves one out), `document` over what it says of
    itself; `answers` takes the place of what stands at a path. `asked`: what came, path and form.
    """

    issuer: str = ""
    at: datetime | None = None
    nonce: str = ""
    algorithm: str = "RS256"
    signed_by: Key | None = None
    shown: list[Key] = field(default_factory=lambda: [rsa_key("one")])
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    told: dict[str, Any] | None = None
    document: dict[str, Any] = field(default_factory=dict[str, Any])
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(
        default_factory=dict[str, Callable[[BaseHTTPRequestHandler], None]]
    )
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list[tuple[str, dict[str, str], str]])
    stopped: threading.Event = field(default_factory=threading.Event)

    def token(self) -> str:
        """The signed answer."""
        assert self.at is not None
        good: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "f3a1",
            "nonce": self.nonce,
            "iat": int(self.at.timestamp()),
            "exp": int((self.at + timedelta(minutes=5)).timestamp()),
            "email": "anna@bakery.example",
            "email_verified": True,
            "name": "Anna Bakker",
        }
        claims = {name: value for name, value in (good | self.claims).items() if value is not None}
        key = self.signed_by or self.shown[0]
        header = {"alg": self.algorithm, "kid": key.kid}
        return jwt.encode(header, claims, key, registry=_AnyAlgorithm(algorithms=[self.algorithm]))

    def answer_to(self, path: str) -> dict[str, Any]:
        """What stands at a path."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
            } | self.document
        if path == "/keys":
            return {"keys": [key.as_dict(private=False) for key in self.shown]}
        if path == "/token":
            return {"access_token": "an access token", "token_type": "Bearer", "id_token": self.token()}
        return self.told or {}


def forwards(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers that what was asked for lies elsewhere."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def says(body: bytes, *, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers with these bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drips(stopped: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers with a blank every now and then, for ever."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not stopped.wait(0.02):
                handler.wfile.write(b" ")
        except OSError:
            return  # nobody listens any more

    return answer


@contextmanager
def provider() -> Generator[Provider]:
    """A directory that answers while the block runs."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[-1] for name, values in parse_qs(sent).items()})

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            made.asked.append((path, form, self.headers.get("Authorization", "")))
            if path in made.answers:
                made.answers[path](self)
            else:
                says(json.dumps(made.answer_to(path)).encode())(self)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            del code, size

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def real_provider(*people: Mapping[str, object]) -> Generator[str]:
    """A real directory as another process, with these people (`sub` and claims); gives its issuer."""
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("provider_process.py")), str(port), json.dumps(people)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if "running on" in line:
                break
        else:
            raise RuntimeError("The directory did not start.")
        # What it says later is read away, so that it never waits for a reader.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()
