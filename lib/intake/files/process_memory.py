"""How much memory another process holds at this moment, and how long it has worked, asked of the system it runs on;
None where it does not say."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

QUERY: Final = 0x1000 | 0x0010  # PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_VM_READ


def resident_bytes(process: int) -> int | None:
    """The resident memory of the process with this number, in bytes."""
    if sys.platform == "win32":
        return _of_windows(process)
    try:
        if sys.platform == "linux":
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="ignore")
            return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")), None)
        return int(_said_by_ps("rss=", process)) * 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def processor_seconds(process: int) -> float | None:
    """How long processors have worked for the process with this number; what other programs do meanwhile does not
    count."""
    if sys.platform == "win32":
        return _seconds_of_windows(process)
    try:
        if sys.platform == "linux":
            fields = (
                Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="ignore").rpartition(")")[2].split()
            )
            return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
        days, _, clock = _said_by_ps("time=", process).rpartition("-")
        parts = [float(part) for part in clock.split(":")]
        return 86_400 * int(days or 0) + sum(part * 60**place for place, part in enumerate(reversed(parts)))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _said_by_ps(what: str, process: int) -> str:
    asked = ["ps", "-o", what, "-p", str(process)]
    return subprocess.run(asked, capture_output=True, timeout=5, check=False, text=True).stdout.strip()


def give_back_freed() -> None:
    """Return the memory that this process has freed to the system, where the system's allocator can be asked to."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc alone has it
        if trim:
            trim(0)


class _Counters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of the Windows API."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("page_faults", ctypes.c_uint32),
        ("peak_working_set", ctypes.c_size_t),
        ("working_set", ctypes.c_size_t),
        ("quotas", ctypes.c_size_t * 4),
        ("pagefile_usage", ctypes.c_size_t),
        ("peak_pagefile_usage", ctypes.c_size_t),
    )


def _of_windows(process: int) -> int | None:
    counters = _Counters(cb=ctypes.sizeof(_Counters))
    kernel, handle = _opened(process)
    reported = handle and kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(handle), ctypes.byref(counters), counters.cb)
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return int(counters.working_set) if reported else None


def _seconds_of_windows(process: int) -> float | None:
    created, ended, in_system, own = (ctypes.c_uint64() for _ in range(4))  # FILETIME: so many tenths of a microsecond
    kernel, handle = _opened(process)
    reported = handle and kernel.GetProcessTimes(
        ctypes.c_void_p(handle), *map(ctypes.byref, (created, ended, in_system, own))
    )
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return (in_system.value + own.value) / 1e7 if reported else None


def _opened(process: int) -> tuple[Any, int | None]:
    """What asks Windows, and its handle of the process; None where there is no such process."""
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
    kernel.OpenProcess.restype = ctypes.c_void_p
    return kernel, kernel.OpenProcess(QUERY, False, process)
