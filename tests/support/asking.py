"""Asking an application directly: the test says from which address the connection comes, which no socket lets it."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp

Headers = dict[str, str] | list[tuple[str, str]]


@dataclass(frozen=True)
class Asker:
    """Somebody whose connection ends at the application itself; `at`: what they call it, `peer`: where they are."""

    app: ASGIApp
    at: str
    peer: tuple[str, int]

    def ask(self, method: str, path: str) -> httpx.Response:
        return _done(self._ask(method, path, headers=None))

    def get(self, path: str, headers: Headers | None = None) -> httpx.Response:
        return _done(self._ask("GET", path, headers=headers))

    def post(self, path: str, headers: Headers | None = None, data: dict[str, str] | None = None) -> httpx.Response:
        return _done(self._ask("POST", path, headers=headers, data=data))

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: Headers | None,
        data: dict[str, str] | None = None,
    ) -> httpx.Response:
        way = httpx.ASGITransport(self.app, client=self.peer, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=way, base_url=self.at) as client:
            return await client.request(method, path, headers=headers, data=data)


def _done(asking: Coroutine[None, None, httpx.Response]) -> httpx.Response:
    """The answer. Asked in a thread of its own: a browser that was opened before keeps the loop of this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, asking).result()
