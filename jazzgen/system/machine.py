"""What the machine has: cores and memory, as far as this process may use them."""

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

# A container's limit, in control groups of version 2 and 1; "max" or a huge number means none.
_CGROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_ASSUMED_BYTES = 4 * 1024**3  # where the system does not say; set by hand


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_bytes() -> int:
    """Return the machine's memory, or the container's if that is less."""
    return min(filter(None, _sizes()), default=_ASSUMED_BYTES)


def _sizes() -> Iterator[int]:
    """Yield the limits that the system tells."""
    ask: Callable[[], int] = _windows_bytes if os.name == "nt" else _posix_bytes
    with suppress(OSError, ValueError, AttributeError):
        yield ask()
    for file in _CGROUPS:
        with suppress(OSError, ValueError):
            yield int(file.read_text(encoding="ascii"))


def _posix_bytes() -> int:
    """Return the memory on Linux and macOS."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX, as Windows fills it in."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 6),
    )


def _windows_bytes() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        raise OSError("GlobalMemoryStatusEx failed")
    return int(status.total)
