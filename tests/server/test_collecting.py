"""Garbage is collected, though not after every run."""

import inspect

from streamlit.runtime.scriptrunner import script_runner

from pages.server import collecting


def test_streamlit_collects_after_every_run_by_the_name_that_is_replaced():
    """Where a later Streamlit does not, pages/server/collecting.py can go."""
    assert "\n            gc.collect(2)\n" in inspect.getsource(script_runner)


def test_a_collection_is_not_made_again_at_once(monkeypatch):
    now, made = [0.0], []
    monkeypatch.setattr(collecting.gc, "collect", lambda generation: made.append(generation) or 7)
    collector = collecting.Seldom(lambda: now[0])
    assert [collector.collect(2), collector.collect(2)] == [7, 0]
    now[0] += collecting.PAUSE
    assert collector.collect() == 7
    assert made == [2, 2]


def test_what_is_there_at_the_start_is_not_looked_at_again(monkeypatch):
    done = []
    monkeypatch.setattr(script_runner, "gc", script_runner.gc)
    monkeypatch.setattr(collecting.gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(collecting.gc, "freeze", lambda: done.append("freeze"))
    collecting.collect_seldom()
    assert done == ["collect", "freeze"]
    assert isinstance(script_runner.gc, collecting.Seldom)
