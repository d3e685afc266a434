"""Inside a server that is measured: the processor seconds of each run of a page, and the profile of those asked for."""

import cProfile
import time
from pathlib import Path
from typing import Any, Final

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

RUN: Final = "_run_script"
FOLDER: Final = "RUNS"  # the variable that names where
SECONDS, WANTED, PROFILE = "seconds", "wanted", "profile"  # files


def note(folder: Path) -> None:
    """From now on, note each run here: of its own thread, so that other programs on the machine count little."""
    original = getattr(ScriptRunner, RUN)

    def run(self: Any, *arguments: Any) -> None:
        begun = time.thread_time()
        if (folder / WANTED).exists():
            profile = cProfile.Profile(time.thread_time)
            profile.runcall(original, self, *arguments)
            profile.dump_stats(folder / PROFILE)
        else:
            original(self, *arguments)
        with (folder / SECONDS).open("a") as seconds:
            seconds.write(f"{time.thread_time() - begun}\n")

    setattr(ScriptRunner, RUN, run)
