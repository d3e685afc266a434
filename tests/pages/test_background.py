"""Work beside the pages: two pieces at once, the others in line; each ends with its session, and nothing of it
stays."""

import gc
import weakref
from threading import Event

import pytest

from pages.frame.background import Pool
from pages.frame.downloads import KeepingManager

LONG = 10  # seconds that a test waits at most


class Step:
    """Work that says it has begun, waits until it may go on, and says how far it is."""

    def __init__(self):
        self.begun, self.go, self.ended = Event(), Event(), Event()

    def __call__(self, progress):
        try:
            self.begun.set()
            progress(1, 4, "first")
            assert self.go.wait(LONG)
            progress(3, 4, "last")
            return "done"
        finally:
            self.ended.set()


def until(condition):
    for _ in range(LONG * 100):
        if condition():
            return
        Event().wait(0.01)
    raise AssertionError("it never came")


@pytest.fixture
def pool():
    return Pool(most=2)


def test_two_at_once_and_the_others_in_line(pool):
    steps = [Step() for _ in range(5)]
    jobs = [pool.start(f"session {place}", step) for place, step in enumerate(steps)]
    assert steps[0].begun.wait(LONG) and steps[1].begun.wait(LONG)
    assert [job.state for job in jobs] == ["running", "running", "waiting", "waiting", "waiting"]
    assert [pool.before(job) for job in jobs] == [0, 0, 1, 2, 3]
    until(lambda: jobs[0].share == 0.25)
    assert jobs[0].doing == "first"
    steps[1].go.set()
    assert steps[2].begun.wait(LONG)
    assert [pool.before(job) for job in jobs[2:]] == [0, 1, 2]
    for step in steps:
        step.go.set()
    until(lambda: all(job.state == "done" for job in jobs))
    assert [job.result for job in jobs] == ["done"] * 5


def test_a_job_that_is_cancelled_ends_where_it_next_says_how_far_it_is_and_makes_room(pool):
    running, other, third = Step(), Step(), Step()
    jobs = [pool.start(name, step) for name, step in (("a", running), ("b", other), ("c", third))]
    assert running.begun.wait(LONG)
    pool.cancel(jobs[0])
    assert jobs[0].state == "cancelled" and not third.begun.is_set(), "its thread still holds its place"
    running.go.set()
    assert third.begun.wait(LONG) and running.ended.is_set() and jobs[0].result is None
    other.go.set()
    third.go.set()


def test_a_job_that_waits_is_cancelled_without_ever_beginning(pool):
    running = [Step(), Step()]
    for place, step in enumerate(running):
        pool.start(str(place), step)
    waits = Step()
    job = pool.start("waits", waits)
    pool.cancel(job)
    for step in running:
        step.go.set()
    until(lambda: all(step.ended.is_set() for step in running))
    assert job.state == "cancelled" and not waits.begun.is_set() and pool.before(job) == 0


def test_a_session_has_one_job_and_what_it_asked_for_before_is_cancelled(pool):
    first, second = Step(), Step()
    earlier, later = pool.start("hers", first), pool.start("hers", second)
    assert (earlier.state, later.state) == ("cancelled", "running")
    first.go.set()
    second.go.set()
    until(lambda: later.state == "done")


def test_a_job_that_fails_says_so_without_a_word_of_the_data_and_the_next_runs(pool, caplog):
    def fails(_progress):
        raise KeyError("JOHN DOE 4711")

    job, step = pool.start("a", fails), Step()
    step.go.set()
    after = pool.start("b", step)
    until(lambda: job.state == "failed" and after.state == "done")
    assert "KeyError in test_background.py" in caplog.text and "DOE" not in caplog.text


def test_nothing_of_a_session_that_ended_stays(pool):
    class Data:
        """Somebody's patients."""

    def work_on(data, step):
        return lambda progress: (data, step(progress))[1]

    held, steps = [Data() for _ in range(3)], [Step() for _ in range(3)]
    gone = [weakref.ref(data) for data in held]
    for data, step in zip(held, steps, strict=True):
        pool.start(f"session {len(held)}{id(step)}", work_on(data, step))
    jobs = [*pool._running, *pool._waiting]
    del held, data
    for job in jobs:
        pool.end(job.session_id)
    assert [job.state for job in jobs] == ["cancelled"] * 3
    for step in steps:
        step.go.set()
    until(lambda: not pool._running)
    gc.collect()
    assert [ref() for ref in gone] == [None] * 3 and not steps[2].begun.is_set()


def test_the_end_of_a_session_on_the_server_ends_its_job(pool, monkeypatch):
    from streamlit.runtime.media_file_manager import MediaFileManager
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

    monkeypatch.setattr("pages.frame.background.pool", lambda: pool)
    manager = KeepingManager.instead_of(MediaFileManager(MemoryMediaFileStorage("/media")))
    step = Step()
    job, other = pool.start("hers", step), pool.start("another", step)
    manager.clear_session_refs("hers")
    assert (job.state, other.state) == ("cancelled", "running")
    step.go.set()
