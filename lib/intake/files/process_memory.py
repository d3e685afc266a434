"""How much memory another process holds at this moment, asked of the system it runs on; None where it does not say."""

import ctypes
import subprocess
import sys
from pathlib import Path
from typing import Final

QUERY: Final = 0x1000 | 0x0010  # PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_VM_READ


def resident_bytes(process: int) -> int | None:
    """The resident memory of the process with this number, in bytes."""
    if sys.platform == "win32":
        return _of_windows(process)
    try:
        if sys.platform == "linux":
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="ignore")
            return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")), None)
        reported = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, timeout=5, check=False)
        return int(reported.stdout) * 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


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
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(QUERY, False, process)
    if not handle:
        return None
    counters = _Counters(cb=ctypes.sizeof(_Counters))
    reported = kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(handle), ctypes.byref(counters), counters.cb)
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return int(counters.working_set) if reported else None
