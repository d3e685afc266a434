"""How much memory another process holds at this moment, asked of the system it runs on; None where it does not say.

Runs the child that parses a file, watches its memory and its time, and says in one sentence why it was ended.
"""

import ctypes
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from lib.intake.files.limits import TOO_LARGE, Unsafe

QUERY: Final = 0x1000 | 0x0010  # PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_VM_READ


def resident_bytes(process: int) -> int | None:
    """The resident memory of the process with this number, in bytes."""
    if sys.platform == "win32":
        return _of_windows(process)
    try:
        if sys.platform == "linux":
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="ignore")
            return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")), None)
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, timeout=5, check=False)
        return int(told.stdout) * 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


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
    told = kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(handle), ctypes.byref(counters), counters.cb)
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return int(counters.working_set) if told else None


ROOT: Final = Path(__file__).parents[3]
WALL_SECONDS: Final = 90
MOST_MEMORY: Final = 1 << 30  # bytes
WATCH_SECONDS: Final = 0.2  # between two looks at the memory of the child
UNREADABLE: Final = (
    "This file cannot be read: its content is not what its name says, or it is damaged. "
    "Open it in your spreadsheet program, save it as .xlsx, and try that copy."
)


def child_answer(content: bytes) -> bytes:
    """What the child writes about this file. Raises Unsafe if it dies, takes too long or takes too much memory."""
    with subprocess.Popen(
        [sys.executable, "-m", "lib.intake.files.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as child:
        done, too_large = threading.Event(), threading.Event()
        threading.Thread(target=_watch, args=(child, done, too_large), daemon=True).start()
        try:
            answer, complaint = child.communicate(content, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            child.kill()
            raise Unsafe(
                f"Reading this file took longer than {WALL_SECONDS} seconds and was stopped. {TOO_LARGE}"
            ) from error
        finally:
            done.set()
    if child.returncode != 0:
        ended = child.returncode < 0 or too_large.is_set() or b"MemoryError" in complaint
        raise Unsafe(TOO_LARGE if ended else UNREADABLE)
    return answer


def _watch(child: "subprocess.Popen[bytes]", done: threading.Event, ended: threading.Event) -> None:
    """End the child when it holds too much memory: the only limit where the system has none of its own."""
    while not done.wait(WATCH_SECONDS):
        if (resident_bytes(child.pid) or 0) > MOST_MEMORY:
            ended.set()
            child.kill()
            return
