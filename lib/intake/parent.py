"""Runs the child that parses a file, watches its memory and its time, and says in one sentence why it was ended."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from lib.intake.limits import TOO_LARGE, Unsafe
from lib.intake.process_memory import resident_bytes

ROOT: Final = Path(__file__).parents[2]
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
        [sys.executable, "-m", "lib.intake.child"],
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
