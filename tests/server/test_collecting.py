"""What is loaded for good is left out of garbage collection; not so a reader's data."""

import gc
from types import SimpleNamespace

import pytest

from pages.server import start


@pytest.mark.parametrize(("readers", "left_out"), [([], True), (["one"], False)])
def test_what_was_loaded_is_left_out_unless_a_reader_came_first(monkeypatch, readers, left_out):
    manager = SimpleNamespace(list_active_sessions=lambda: readers)
    monkeypatch.setattr(start.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    done = []
    monkeypatch.setattr(gc, "freeze", lambda: done.append("frozen"))
    start._load(
        lambda: SimpleNamespace(
            load=lambda: done.append(f"loaded {gc.isenabled()}"), was=done.append(f"imported {gc.isenabled()}")
        )
    )
    assert done == ["imported False", "loaded True", *(["frozen"] if left_out else [])]
