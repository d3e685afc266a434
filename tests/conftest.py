"""For all tests: hypothesis without a time limit an example, which a busy machine would break; what is imported stays
compiled; long files first, those of one folder that share what takes long in one worker.

Workbooks are read and figures drawn in the process of the tests (in_process.py), unless a test asks for
`limited_process` or `drawing_process`. Tests start the program hundreds of times. Where PYTHONDONTWRITEBYTECODE is set,
each start would compile it anew.
"""

import gc
import os
import sys

import made_once
import pytest
from hypothesis import settings
from in_process import drawing, limited, read_here

settings.register_profile("patient", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)  # make fuzz
settings.load_profile("patient")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
made_once.begin()
read_here()

REAL: list = []  # what draws figures in the program
TOGETHER = {  # in one worker: one server and one browser; every exhibit of the same cohorts; the same files read
    "browser": ("tests/browser/",),
    "exhibits": (
        "tests/export/",
        "tests/test_who.py",
        "tests/test_exhibits.py",
        "tests/docs/test_validation.py",
        "tests/test_command_line.py",
    ),
    "intake": ("tests/intake/",),
}
LONG = (
    "browser",
    "export",
    "tests",
    "docs",
    "intake",
    "pages",
)  # folders, "tests" for this one: short ones fill the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(folder) if (folder := item.path.parent.name) in LONG else len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """One worker for each file, and for all files of TOGETHER."""
    from xdist.scheduler import LoadFileScheduling

    class SomeTogether(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, *_ = nodeid.partition("::")
            return next((name for name, files in TOGETHER.items() if file.startswith(files)), file)

    return SomeTogether(config, log)


def pytest_collection_finish() -> None:
    """Figures are drawn here, if there is a test of any. What was imported and collected stays to the end: the
    collector of garbage need not look at it again and again, nor at every 700 new things: a tenth of the time."""
    if "lib.export.figure_file" in sys.modules:
        REAL.append(drawing())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test replaces in the program would not be seen in what others have made before."""
    replaces = "monkeypatch" in item.fixturenames and item.get_closest_marker("made_once") is None
    made_once.Kept.off = replaces or "made_anew" in item.fixturenames


@pytest.fixture
def made_anew():
    """Everything is made anew for this test (made_once.py)."""


@pytest.fixture
def limited_process():
    """Uploads are read in a limited process of their own, as in the program."""
    with limited():
        yield


@pytest.fixture
def drawing_process():
    """Figures are drawn in a process of their own, as in the program."""
    here = drawing(REAL[0])
    yield
    drawing(here)
