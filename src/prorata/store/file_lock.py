"""Locks between processes, kept by the operating system: it gives them back even when a process is killed."""

import fcntl
import os
import time
from pathlib import Path


class FileLock:
    """A lock on a file, held alone or shared, by this object until `release`. Not for two threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def share(self) -> None:
        """Hold the lock together with others. Waits while somebody holds it alone."""
        fcntl.flock(self._opened(), fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold the lock alone if nobody else holds it; whether that came true. A share of our own is no
        hindrance.
        """
        try:
            fcntl.flock(self._opened(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_alone(self, *, seconds: float) -> None:
        """Hold the lock alone, waiting for others at most `seconds`. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not self.try_alone():
            if time.monotonic() > deadline:
                self.release()
                raise TimeoutError(f"{self._path} has been locked by another process for {seconds:.0f} seconds.")
            time.sleep(0.05)

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor
