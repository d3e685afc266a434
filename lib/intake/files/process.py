"""The limited processes in which everything runs that depends on a stranger's bytes, and the budget of the machine for
them.

One upload is worked on in one process of its own (`python -m lib.intake.child`): it parses, understands, codes and
checks, and answers in frames of plain bytes; nothing that it says is executed or unpickled. If it dies, takes too long
or too much memory, which the system is asked about, only it is ended, and the reader gets one sentence.
"""

import contextlib
import ctypes
import os
import pickle
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

from lib.intake.files.limits import MIB, TOO_LARGE, Unsafe

ROOT: Final = Path(__file__).parents[3]
SECONDS_SETTING: Final = "CART_READING_SECONDS"
AT_ONCE_SETTING: Final = "CART_READERS"
DEFAULT_SECONDS: Final = 20.0
MOST_TIMES: Final = 8.0
CLOCK_TIMES: Final = 8.0  # by the clock, of the processor seconds that are allowed: other programs may be at work
DEFAULT_AT_ONCE: Final = 2  # files read at the same time on this machine; the others wait
QUEUE_SECONDS: Final = 60.0
KEPT: Final = 4  # processes that wait for the next answer about their file
MOST_MEMORY: Final = 800 << 20  # bytes of one process
LONGEST_ANSWER: Final = 256 << 20  # bytes
LAST_SECONDS: Final = 5.0  # for a process that has closed its end to be gone
WATCH_SECONDS: Final = 0.02  # between two looks at memory and time
UNREADABLE: Final = (
    "This file cannot be read: its content is not what its name says, or it is damaged. "
    "Open it in your spreadsheet program, save it as .xlsx, and try that copy."
)
BUSY: Final = (
    "Other files are being read on this machine, and yours has waited for {:.0f} seconds. Try again in a minute."
)
TOO_SLOW: Final = (
    "Reading this file took more than {:g} seconds of the processor's time and was stopped ({}). "
    "Open only the sheets and columns that are needed."
)
MACHINE_BUSY: Final = (
    "This machine is busy with other work: in {:g} seconds, reading this file got only {:.1f} seconds of the"
    " processor's time, and was stopped ({}). Try again later."
)
# Large arrays go back to the system as soon as they are free; no pool reserves addresses beforehand.
ALLOCATION: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": str(MIB // 4),
    "MALLOC_TRIM_THRESHOLD_": str(MIB),
}
DONE, STAGE, REFUSED = b"d", b"s", b"r"  # the kinds of frames


def seconds_allowed(size: int = 0) -> float:
    """How long processors may work on a file of so many bytes: CART_READING_SECONDS (20) for each MiB, at least once
    and at most eight times."""
    return float(os.environ.get(SECONDS_SETTING, DEFAULT_SECONDS)) * min(max(size / MIB, 1.0), MOST_TIMES)


def write_frame(stream: IO[bytes], kind: bytes, content: bytes) -> None:
    """One message: its kind, its length, its bytes."""
    stream.write(kind + len(content).to_bytes(8, "big") + content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """The next message. Raises EOFError where the other side has ended."""
    head = stream.read(9)
    length = int.from_bytes(head[1:], "big")
    if len(head) < 9 or length > LONGEST_ANSWER:
        raise EOFError
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return head[:1], content


class Process:
    """One child. It keeps the sheets that it has parsed, so that further answers about the same file are quick."""

    def __init__(self) -> None:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        environment |= ALLOCATION
        environment.pop("PYTHONOPTIMIZE", None)
        self._child = subprocess.Popen(
            [sys.executable, "-m", "lib.intake.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        self._requests, self._answers = cast("IO[bytes]", self._child.stdin), cast("IO[bytes]", self._child.stdout)
        self.close = weakref.finalize(self, _end, self._child)
        self.knows_file = False
        self._one_at_a_time = threading.Lock()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._child.poll() is None

    def stop(self) -> None:
        """Whoever waits for its answer gets Unsafe."""
        self._child.kill()

    def ask(self, request: object, size: int = 0, report_step: Callable[[str], None] = lambda _: None) -> bytes:
        """What the child answers. Raises Unsafe with the sentence for the reader; the child is ended where it failed.
        `size`: bytes of its files; `report_step` gets the name of each step that begins."""
        watch = _Watch(self._child, seconds_allowed(size))
        try:
            with self._one_at_a_time, watch:
                return self._answer(request, watch, report_step)
        except (EOFError, OSError) as error:
            sentence = watch.sentence() or self._death()
            self.close()
            raise Unsafe(sentence) from error

    def _answer(self, request: object, watch: "_Watch", report_step: Callable[[str], None]) -> bytes:
        write_frame(self._requests, DONE, pickle.dumps(request))  # from us to the child; never the other way
        while True:
            kind, content = read_frame(self._answers)
            if kind == DONE:
                self.knows_file = True
                return content
            if kind == REFUSED:
                raise Unsafe(content.decode("utf-8", errors="replace"))
            watch.stage = content.decode("utf-8", errors="replace")[:200]
            report_step(watch.stage)

    def _death(self) -> str:
        self._answers.close()
        try:
            code = self._child.wait(LAST_SECONDS)
        except subprocess.TimeoutExpired:  # it answered nonsense and lives on
            return UNREADABLE
        return TOO_LARGE if code < 0 or code == OUT_OF_MEMORY else UNREADABLE


OUT_OF_MEMORY: Final = 77  # exit code of a child that met its own limit


class _Watch:
    """Ends the child when it has worked too long, or waited too long for a processor, or holds too much memory."""

    def __init__(self, child: "subprocess.Popen[bytes]", seconds: float) -> None:
        self._child, self._done, self._why, self._seconds = child, threading.Event(), "", seconds
        self.stage = "opening it"

    def __enter__(self) -> None:
        self._begun, self._worked = time.monotonic(), processor_seconds(self._child.pid) or 0.0
        threading.Thread(target=self._run, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def sentence(self) -> str:
        """Why the child was ended; "" where the watch did not end it."""
        return self._why

    def _run(self) -> None:
        while not self._done.wait(WATCH_SECONDS):
            if why := self._reason():
                self._why = why
                self._child.kill()
                return

    def _reason(self) -> str:
        """Why the child is to be ended now; "" where it may go on."""
        used, most = (processor_seconds(self._child.pid) or 0.0) - self._worked, CLOCK_TIMES * self._seconds
        if (resident_bytes(self._child.pid) or 0) > MOST_MEMORY:
            return TOO_LARGE
        if used > self._seconds:
            return TOO_SLOW.format(self._seconds, self.stage)
        return MACHINE_BUSY.format(most, used, self.stage) if time.monotonic() - self._begun > most else ""


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    for stream in (child.stdin, child.stdout):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()
    child.wait()


class Budget:
    """How many files are worked on at once on this machine, and which processes are kept for further answers."""

    def __init__(self, at_once: int) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._spare: Process | None = None
        self._kept: list[weakref.ref[Process]] = []

    @property
    def is_busy(self) -> bool:
        """Whether the next file would have to wait."""
        if self._places.acquire(blocking=False):
            self._places.release()
            return False
        return True

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """A place to work in. Raises Unsafe where none becomes free in time."""
        if not self._places.acquire(timeout=QUEUE_SECONDS):
            raise Unsafe(BUSY.format(QUEUE_SECONDS))
        try:
            yield
        finally:
            self._places.release()

    def process(self) -> Process:
        """A process that has met no file yet: the one made ready before, else a new one."""
        with self._lock:
            spare, self._spare = self._spare, None
            made = spare if spare and spare.is_alive else Process()
            self._kept = [ref for ref in self._kept if (kept := ref()) and kept.is_alive]
            while len(self._kept) >= KEPT:
                if oldest := self._kept.pop(0)():
                    oldest.close()
            self._kept.append(weakref.ref(made))
            return made

    def make_ready(self) -> None:
        """Start a process before anybody needs it, so that the first file does not wait for its start."""
        with self._lock:
            if self._spare is None or not self._spare.is_alive:
                self._spare = Process()


BUDGET: Final = Budget(int(os.environ.get(AT_ONCE_SETTING, DEFAULT_AT_ONCE)))


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
