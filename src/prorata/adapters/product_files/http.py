"""A product that is asked by HTTP: it is told whose back up it is, signed, and answers with a ZIP.

It is the vendor's own, and may still be broken or broken into: what it answers is bounded in time, in bytes, packed and
unpacked, and in entries, and no name in it leads out of its folder. It goes to a temporary file, not into memory.
"""

from __future__ import annotations

import hmac
import json
import ssl
import stat
import tempfile
import time
import unicodedata
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from httpcore import ConnectionPool, NetworkError, ProtocolError, Response, TimeoutException

from prorata.usecases.ports import NoProductFiles

SIGNATURE: Final = "Prorata-Signature"
"""`sha256=` and the HMAC-SHA256 of the very bytes that were sent, in hexadecimal digits."""
LONGEST_NAME: Final = 200

_CHUNK: Final = 64 * 1024
_MEBIBYTE: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_PER_ENTRY: Final = 1024
"""Bytes in the list of entries: more than the longest name, and what stands beside it."""
_KNOWN: Final = (ZIP_STORED, ZIP_DEFLATED)
"""How entries may be packed: the other ways unpack as much at once as they like, before anybody can count it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a product may send. `seconds`: for the whole answer; `silent`: without a single byte."""

    seconds: float = 600.0
    silent: float = 60.0
    bytes: int = 1024 * _MEBIBYTE
    unpacked: int = 4 * 1024 * _MEBIBYTE
    entries: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpProduct:
    """The product behind a URL. `trust`: which certificates count."""

    url: str
    secret: str = field(repr=False)
    bounds: Bounds = field(default_factory=Bounds)
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    @contextmanager
    def of(self, account: int, *, export: int, at: datetime) -> Generator[Sequence[ZippedFile]]:
        """The files that it adds, as long as the block runs. Raises `NoProductFiles`."""
        asked = {"account": account, "export": export or None, "at": at.astimezone(UTC).isoformat()}
        with tempfile.TemporaryFile() as file:
            if not self._fetch(json.dumps(asked).encode(), into=file):
                yield ()
                return
            with _opened(file, self.bounds) as packed:
                yield _checked(packed, self.bounds)

    def _fetch(self, body: bytes, *, into: IO[bytes]) -> bool:
        """Ask, and keep the answer; whether there is one."""
        signature = hmac.digest(self.secret.encode(), body, "sha256").hex()
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/zip",
            "Accept-Encoding": "identity",
            "User-Agent": "Prorata",
            SIGNATURE: f"sha256={signature}",
        }
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self.bounds.silent)
        until = time.monotonic() + self.bounds.seconds
        try:
            with (
                ConnectionPool(ssl_context=self.trust) as pool,
                pool.stream(
                    "POST", self.url, headers=list(headers.items()), content=body, extensions={"timeout": limits}
                ) as answer,
            ):
                return self._keep(answer, into=into, until=until)
        except (TimeoutException, NetworkError, ProtocolError, OSError) as failure:
            raise NoProductFiles("product_silent", type(failure).__name__) from failure

    def _keep(self, answer: Response, *, into: IO[bytes], until: float) -> bool:
        if answer.status == 204:
            return False
        if answer.status != 200:
            raise NoProductFiles("product_refuses", f"status {answer.status}")
        taken = 0
        for chunk in answer.iter_stream():
            taken += len(chunk)
            if taken > self.bounds.bytes:
                raise NoProductFiles("product_too_large", f"more than {self.bounds.bytes} bytes")
            if time.monotonic() > until:
                raise NoProductFiles("product_silent", f"not at its end after {self.bounds.seconds} seconds")
            into.write(chunk)
        return True


@dataclass(frozen=True, slots=True)
class ZippedFile:
    """A file in the answer of the product."""

    name: str
    info: ZipInfo = field(repr=False)
    packed: ZipFile = field(repr=False)

    def chunks(self) -> Iterator[bytes]:
        """What is in it, a little at a time. Raises `NoProductFiles` where it cannot be unpacked."""
        try:
            with self.packed.open(self.info) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as broken:
            raise NoProductFiles("product_no_zip", f"{type(broken).__name__} in an entry") from broken


@dataclass(frozen=True, slots=True)
class _InParts:
    """A file of which no more than `most` bytes are read at once: a list of entries is read as a whole."""

    file: IO[bytes]
    most: int

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(min(size, self.most + 1) if size >= 0 else self.most + 1)
        if len(data) > self.most:
            raise NoProductFiles("product_too_many", f"a list of more than {self.most} bytes")
        return data

    def seek(self, place: int, whence: int = 0) -> int:
        return self.file.seek(place, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self.file.close()


@contextmanager
def _opened(file: IO[bytes], bounds: Bounds) -> Generator[ZipFile]:
    try:
        packed = ZipFile(cast("IO[bytes]", _InParts(file, 2 * _CHUNK + bounds.entries * _PER_ENTRY)))
    except (BadZipFile, NotImplementedError, ValueError, OSError) as broken:
        raise NoProductFiles("product_no_zip", type(broken).__name__) from broken
    with packed:
        yield packed


def _checked(packed: ZipFile, bounds: Bounds) -> Sequence[ZippedFile]:
    """The files, if all of them may be in a back up."""
    infos = packed.infolist()
    if len(infos) > bounds.entries:
        raise NoProductFiles("product_too_many", f"{len(infos)} entries")
    if sum(info.file_size for info in infos) > bounds.unpacked:
        raise NoProductFiles("product_too_large", f"more than {bounds.unpacked} bytes when unpacked")
    if any(info.compress_type not in _KNOWN for info in infos):
        raise NoProductFiles("product_no_zip", "packed in a way that is not read")
    seen: set[str] = set()
    for info in infos:
        key = info.filename.rstrip("/").casefold()
        if not _is_good(info) or key in seen:
            raise NoProductFiles("product_bad_name", f"entry {len(seen) + 1}")
        seen.add(key)
    return tuple(ZippedFile(info.filename, info, packed) for info in infos if not info.is_dir())


def _is_good(info: ZipInfo) -> bool:
    """Whether an entry is a plain file or folder, with a path that stays where it is put on every system."""
    name = info.filename.rstrip("/")
    parts = name.split("/")
    # `filename` ends where the name has a NUL, and has slashes where the system's are others: what was sent counts.
    as_sent = info.orig_filename.rstrip("/") == name
    mode = info.external_attr >> 16
    plain = stat.S_IFMT(mode) in {0, stat.S_IFREG, stat.S_IFDIR} and not info.flag_bits & _ENCRYPTED
    visible = all(unicodedata.category(sign)[0] != "C" and sign not in '\\:*?"<>|' for sign in name)
    stays = all(part not in {"", ".", ".."} and not part.endswith((" ", ".")) for part in parts)
    return as_sent and plain and visible and stays and len(name) <= LONGEST_NAME
