"""The server in front of the application does not wait for ever, and not for everybody."""

import logging
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from prorata.cli import web_server
from prorata.cli.web_server import config_of, ending_well, listening, run
from prorata.cli.wiring import Address
from support.serving import serving


def _hello(_: Request) -> Response:
    return PlainTextResponse("hello")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits a fifth of a second, so that nobody else has to."""
    monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.2)


@contextmanager
def connected() -> Generator[socket.socket]:
    app = Starlette(routes=[Route("/", _hello, methods=["GET", "POST"])])
    with serving(app, config=config_of(app, own_log=True)) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=100) as connection:
            yield connection


def rest_of(connection: socket.socket) -> str:
    return b"".join(iter(lambda: connection.recv(4096), b"")).decode()


def greeted(connection: socket.socket) -> bool:
    got = b""
    while not got.endswith(b"hello"):
        piece = connection.recv(4096)
        if not piece:
            return False
        got += piece
    return True


def drip(connection: socket.socket, data: bytes) -> str:
    """Send a byte whenever nothing has come back for a moment; what came back until the end."""
    connection.settimeout(0.02)
    got = b""
    for byte in data:
        try:
            connection.sendall(bytes([byte]))
            piece = connection.recv(4096)
        except TimeoutError:
            continue
        except OSError:  # it was closed while there was something left to send
            return got.decode()
        if not piece:
            return got.decode()
        got += piece
    raise AssertionError("it still listens")


def test_who_says_nothing_is_not_waited_for():
    with connected() as connection:
        assert rest_of(connection) == ""


def test_who_begins_and_does_not_go_on_is_told_so():
    with connected() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert rest_of(connection).startswith("HTTP/1.1 408 ")


def test_a_byte_now_and_then_does_not_keep_a_connection():
    with connected() as connection:
        assert drip(connection, b"GET / HTTP/1.1\r\n" + b"x" * 4000).startswith("HTTP/1.1 408 ")


def test_the_second_request_of_a_connection_is_waited_for_no_longer():
    with connected() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert greeted(connection)
        assert drip(connection, b"GET / HTTP/1.1\r\n" + b"x" * 4000).startswith("HTTP/1.1 408 ")


def test_a_body_that_nobody_reads_does_not_keep_a_connection_either():
    with connected() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
        assert "hello" in drip(connection, b"x" * 4000)


def test_a_head_without_an_end_is_refused():
    with connected() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        for _ in range(30):
            try:
                connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")
            except OSError:
                break
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_who_goes_on_in_time_is_answered_as_often_as_they_ask(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web_server, "HEAD_SECONDS", 100)
    with connected() as connection:
        for _ in range(3):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert greeted(connection)


def test_when_there_are_too_many_the_next_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web_server, "MOST_CONNECTIONS", 1)
    with connected() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert rest_of(connection).startswith("HTTP/1.1 503 ")


def test_it_listens_on_ipv6_too():
    with listening(Address("::1", 8000, chosen=False)) as listener:
        assert listener.family == socket.AF_INET6


class _Interrupting(logging.Handler):
    """Ctrl-C is pressed at the very moment when this handler of logs is about to take its lock."""

    def acquire(self) -> None:
        signal.raise_signal(signal.SIGINT)
        super().acquire()


def test_ctrl_c_while_the_server_is_set_up_ends_it_well():
    handler = _Interrupting()
    with (
        listening(Address("127.0.0.1", 0, chosen=True)) as listener,
        pytest.raises(SystemExit) as ended,
        ending_well(),
    ):
        run(Starlette(), listener, own_log=True)
    assert ended.value.code == 0
    assert handler.lock
