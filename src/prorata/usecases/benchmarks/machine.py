"""The machine under a benchmark: what it is, without its name, and what processes have used of it."""

from __future__ import annotations

import os
import platform
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_KILO: Final = 1024


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor, number of cores, memory in MiB (None where it is not told), Python and the system's kind."""

    processor: str
    cores: int
    memory_mb: int | None
    python: str
    system: str


def machine() -> Machine:
    """This machine."""
    return Machine(_processor(), os.cpu_count() or 1, _memory(), platform.python_version(), platform.system())


def _processor() -> str:
    for line in _lines(_PROCESSES / "cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> int | None:
    for line in _lines(_PROCESSES / "meminfo"):
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) // _KILO
    return None


def peak_memory_mb() -> float:
    """The most memory that this process has ever held, in MiB."""
    for line in _lines(_PROCESSES / "self" / "status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _KILO
    # What a parent had held counts in here on Linux, but not where there is no /proc; macOS counts in bytes.
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / _KILO / (_KILO if sys.platform == "darwin" else 1)


def cpu_seconds_of(process: int) -> float | None:
    """Processor seconds of one process; None where nobody tells."""
    return _ticks(process, ended_too=False) / os.sysconf("SC_CLK_TCK") if _stat(process) else None


def server_cpu_seconds(process: int) -> float | None:
    """Processor seconds of the PostgreSQL server that one of whose processes this is; None where nobody tells.

    All of its processes, also those that have ended.
    """
    parent = _parent(process)
    if parent is None:
        return None
    found = _ticks(parent, ended_too=True)
    for status in _PROCESSES.glob("[0-9]*"):
        if _parent(int(status.name)) == parent:
            found += _ticks(int(status.name), ended_too=False)
    return found / os.sysconf("SC_CLK_TCK")


def _parent(process: int) -> int | None:
    fields = _stat(process)
    return int(fields[1]) if fields else None


def _ticks(process: int, *, ended_too: bool) -> int:
    fields = _stat(process)
    return sum(map(int, fields[11 : 15 if ended_too else 13])) if fields else 0


def _stat(process: int) -> list[str]:
    """What comes after the name, which may hold anything: state, parent, and so on."""
    lines = _lines(_PROCESSES / str(process) / "stat")
    return lines[0].rpartition(")")[2].split() if lines else []


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
