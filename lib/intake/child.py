"""The limited process that works on one upload: parses it, understands it, makes the cohort; run as `python -m
lib.intake.child`.

Requests come in by standard input from the process that started it; answers leave by a pipe that nothing else here can
write to. A parser may abort the process (see files/guard.py); only this process dies then.
"""

import os
import pickle
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import Grid
from lib.intake.files.limits import MIB, Unsafe
from lib.intake.files.process import (
    DONE,
    MOST_TIMES,
    OUT_OF_MEMORY,
    REFUSED,
    STAGE,
    give_back_freed,
    read_frame,
    seconds_allowed,
    write_frame,
)
from lib.intake.transport import Request, answer_bytes, prepare

FAULT: Final = (
    "This file could not be read because of a fault in the program ({} in {}). Nothing of it was opened. "
    "Please report that line, without the file."
)
MORE_MEMORY: Final = 1024 * MIB  # of addresses, beyond what the process holds when it begins


def main() -> None:
    """Answer one request after another until there are no more."""
    requests, answers = _own_pipes()
    prepare()
    memory_is_limited = limit_memory()
    grids: tuple[Grid, ...] | None = None
    while True:
        try:
            _, content = read_frame(requests)
        except EOFError:
            return
        limit_time()
        request: Request = pickle.loads(content)  # from the process that started this one
        try:
            if request.files is not None or grids is None:
                write_frame(answers, STAGE, b"reading the sheets")
                grids = read_grids_of(request.files or (), memory_is_limited)
                content, request = b"", replace(request, files=None)  # the sheets are all that is needed of it
                give_back_freed()
            answer = answer_bytes(grids, request, lambda stage: write_frame(answers, STAGE, stage.encode()))
            write_frame(answers, DONE, answer)
        except Unsafe as refusal:
            write_frame(answers, REFUSED, str(refusal).encode())
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except Exception as error:  # a fault of the program: said without any value of a cell
            write_frame(answers, REFUSED, FAULT.format(type(error).__name__, _place(error)).encode())


def _place(error: Exception) -> str:
    """The file and line of the program where it happened."""
    steps = [step for step in traceback.extract_tb(error.__traceback__) if "lib" in Path(step.filename).parts]
    return f"{Path(steps[-1].filename).name}, line {steps[-1].lineno}" if steps else "a library"


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for the frames alone: what a library prints goes nowhere."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    return requests, answers


def limit_memory() -> bool:
    """Cap the addresses; False where the system cannot, and the guard and the watch of the parent alone must do."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":  # macOS takes the limit and does not keep it
        return False
    with open("/proc/self/statm", encoding="ascii") as numbers:
        held = int(numbers.read().split()[0]) * resource.getpagesize()
    try:
        resource.setrlimit(resource.RLIMIT_AS, (held + MORE_MEMORY, held + MORE_MEMORY))
    except (ValueError, OSError):
        return False
    return True


def limit_time() -> None:
    """Cap the processor time of this request, in case nobody watches any more."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + 2 * MOST_TIMES * seconds_allowed()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
