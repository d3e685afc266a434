"""Reading a benign workbook without a process of its own, for tests of what is read: how it is kept apart has tests of its own.

The answer goes through JSON as it does between the processes (tests/intake/test_grid.py, test_parent.py and test_guard.py read in the child).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from lib.intake.files import child, grid
from lib.intake.files.limits import Unsafe


@contextmanager
def in_process() -> Iterator[None]:
    with patch.object(grid, "_ask_child", _ask_here):
        yield


def _ask_here(content: bytes) -> dict:
    try:
        answer: dict = json.loads(json.dumps({"sheets": child.sheets_of(content)}))
        return answer
    except Unsafe as refusal:
        return {"refused": str(refusal)}
