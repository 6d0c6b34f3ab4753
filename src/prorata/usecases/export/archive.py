"""A ZIP that is written from its beginning to its end, with the sum of every file in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final, Protocol, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from typing_extensions import Buffer

PIECE: Final = 1024 * 1024
"""The bytes in a piece of a file."""
_FILE: Final = 0o644 << 16
_EARLIEST: Final = 1980  # ZIP knows no earlier year


class Sink(Protocol):
    """Takes what is written, in order."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive. `rows`: how many rows it has, None where it is not made of rows."""

    path: str
    rows: int | None
    bytes: int
    sha256: str


class Pieces:
    """Cuts what is written into pieces of one length, and knows the sum of all."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        """Each piece is handed to `put` as soon as it is full."""
        self._put = put
        self._waiting = bytearray()
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Take some bytes; hand over what is full."""
        self._sum.update(data)
        self._waiting += data
        while len(self._waiting) >= PIECE:
            self._put(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing: only full pieces leave before the end."""

    def finish(self) -> bytes:
        """Hand over what is left; the SHA-256 of all."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()
        return self._sum.digest()


class EntryWriter:
    """Writes one file of the archive."""

    def __init__(self, into: IO[bytes]) -> None:
        """Write into an open entry."""
        self._into = into
        self._sum = hashlib.sha256()
        self._bytes = 0
        self.rows: int | None = None

    def write(self, data: bytes, /) -> None:
        """Add some bytes."""
        self._into.write(data)
        self._sum.update(data)
        self._bytes += len(data)

    def entry(self, path: str) -> Entry:
        """What was written."""
        return Entry(path, self.rows, self._bytes, self._sum.hexdigest())


class Archive:
    """The ZIP while it is written. What grows with it in memory is its list of entries, and nothing else."""

    def __init__(self, sink: Sink, *, at: datetime) -> None:
        """Write into `sink`, which need not go back; every file is of the instant `at`."""
        self._into = _Forward(sink)
        self._zip = ZipFile(self._into, "w", ZIP_DEFLATED)
        self._time = _time_of(at)
        self.entries: list[Entry] = []

    def __enter__(self) -> Self:
        """Begin; the block writes."""
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        """Write the list of entries. After a failure nothing more is written: half an archive is none."""
        if failure:
            self._into.close()
        self._zip.close()

    @contextmanager
    def file(self, path: str, *, large: bool = False) -> Generator[EntryWriter]:
        """A new file; `large`: it may have more than two gigabytes."""
        info = ZipInfo(path, self._time)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = _FILE
        with self._zip.open(info, "w", force_zip64=large) as into:
            writer = EntryWriter(into)
            yield writer
        self.entries.append(writer.entry(path))

    def add(self, path: str, data: bytes) -> None:
        """A new file with all that is in it."""
        with self.file(path) as into:
            into.write(data)


class _Forward:
    """What `ZipFile` wants of a file that cannot go back."""

    def __init__(self, sink: Sink) -> None:
        self._sink: Sink | None = sink

    def write(self, data: Buffer) -> int:
        taken = bytes(data)
        if self._sink:
            self._sink.write(taken)
        return len(taken)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self._sink = None


def _time_of(at: datetime) -> tuple[int, int, int, int, int, int]:
    when = at.astimezone(UTC)
    if when.year < _EARLIEST:
        return _EARLIEST, 1, 1, 0, 0, 0
    return when.year, when.month, when.day, when.hour, when.minute, when.second
