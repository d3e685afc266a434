"""A stranger's bytes stay in a limited process: it may die, hang, grow or lie, and the reader gets one sentence while
others go on."""

import gc
import os
import threading
import weakref
from dataclasses import replace

import pytest
from workbooks import FOUR, xlsx

from lib.intake import transport
from lib.intake.draft import CANCELLED, Source, first_draft, read_draft, read_files, read_workbook
from lib.intake.files import process
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import TOO_LARGE, Unsafe
from lib.intake.files.process import (
    BUDGET,
    SECONDS_SETTING,
    UNREADABLE,
    Budget,
    Process,
    processor_seconds,
    resident_bytes,
)
from pages.frame import opening
from pages.frame.background import Pool

pytestmark = pytest.mark.usefixtures("limited_process")
WORKBOOK = SourceFile("a.xlsx", xlsx({"Patients": FOUR}))


def test_a_workbook_is_read_and_the_second_answer_asks_the_same_process():
    draft = read_draft([WORKBOOK])
    first = draft.source.process
    assert draft.opened.n == len(FOUR) - 1 and draft.with_study_codes(True).opened.patients["patient_id"][0] == "P01"
    assert draft.source.process is first and first.knows_file
    assert [grid.name for grid in draft.grids] == ["Patients"]


def test_where_the_process_has_ended_a_new_one_reads_the_file_again():
    draft = read_draft([WORKBOOK])
    draft.source.process.close()
    assert draft.with_study_codes(True).opened.n == len(FOUR) - 1


def test_a_process_that_dies_takes_nobody_along(monkeypatch):
    monkeypatch.setattr(process.sys, "executable", "/bin/false")
    monkeypatch.setattr(process, "BUDGET", Budget(1))
    with pytest.raises(Unsafe, match=UNREADABLE[:20]):
        Process().ask(Source((WORKBOOK,)).request("draft"))


def test_a_process_that_works_too_long_is_stopped_and_says_what_was_slow(monkeypatch):
    monkeypatch.setenv(SECONDS_SETTING, "0.01")
    monkeypatch.setattr(process, "CLOCK_TIMES", 1e6)
    with pytest.raises(Unsafe, match=r"more than 0.01 seconds of the processor's time and was stopped \(\w"):
        read_files([WORKBOOK])


def test_a_file_that_waits_for_a_processor_is_not_called_slow_and_in_the_end_the_machine_is(monkeypatch):
    monkeypatch.setattr(process, "processor_seconds", lambda _: 3.0)  # it had worked before, and gets no more
    monkeypatch.setattr(process, "seconds_allowed", lambda _size: 0.01)
    monkeypatch.setattr(process, "CLOCK_TIMES", 1e6)
    assert read_workbook(WORKBOOK.content, WORKBOOK.name).n == len(FOUR) - 1
    monkeypatch.setattr(process, "CLOCK_TIMES", 2)
    with pytest.raises(
        Unsafe, match=r"^This machine is busy .* in 0.02 seconds, reading this file got only 0.0 seconds .* \(\w"
    ):
        read_files([WORKBOOK])


def test_a_process_that_holds_too_much_is_ended(monkeypatch):
    monkeypatch.setattr(process, "WATCH_SECONDS", 0.001)
    monkeypatch.setattr(process, "resident_bytes", lambda _: process.MOST_MEMORY + 1)
    with pytest.raises(Unsafe, match=TOO_LARGE[:20]):
        read_workbook(WORKBOOK.content, WORKBOOK.name)
    monkeypatch.setattr(process, "resident_bytes", lambda _: None)  # a system that does not say
    assert read_workbook(WORKBOOK.content, WORKBOOK.name).n == len(FOUR) - 1


def test_a_fault_of_the_program_is_said_with_its_place_and_without_a_value():
    request = replace(Source((WORKBOOK,)).request("cohort"), saved="no mapping")
    with pytest.raises(Unsafe, match=r"fault in the program \(AttributeError in \w+\.py, line \d+\)"):
        Process().ask(request)


def test_a_refusal_later_on_keeps_what_was_known(monkeypatch):
    draft = read_draft([WORKBOOK])

    def ask(*_: object) -> bytes:
        raise Unsafe(TOO_LARGE)

    monkeypatch.setattr(Process, "ask", ask)
    changed = draft.answered("role:Patients:age", "extra")
    assert changed.opened == TOO_LARGE and changed.suggestion == draft.suggestion


@pytest.mark.parametrize("answer", [b"", b"\x80\x04.", b"\x00" * 8, b"\x00" * 7 + b"\x02{}", b"\xff" * 40])
def test_an_answer_that_is_none_is_refused(answer):
    with pytest.raises(Unsafe):
        transport.read_answer(answer)


def test_an_answer_of_other_types_is_refused():
    head = b'{"suggestion": {"mapping": 3}, "cohort": null, "tables": [], "refusal": ""}'
    with pytest.raises(Unsafe):
        transport.read_answer(len(head).to_bytes(8, "big") + head)


def test_the_process_ends_with_its_draft():
    draft = read_draft([WORKBOOK])
    child, gone = draft.source.process._child, weakref.ref(draft.source.process)
    del draft
    gc.collect()
    assert gone() is None and child.wait(timeout=10) is not None


def test_only_so_many_files_are_read_at_once_and_the_next_one_waits(monkeypatch):
    monkeypatch.setattr(process, "QUEUE_SECONDS", 0.05)
    budget = Budget(1)
    with budget.place():
        assert budget.is_busy
        with pytest.raises(Unsafe, match="Try again in a minute"), budget.place():
            pass
    assert not budget.is_busy


def test_a_waiting_file_goes_on_as_soon_as_there_is_a_place():
    budget, order = Budget(1), []

    def read() -> None:
        with budget.place():
            order.append("second")

    with budget.place():
        other = threading.Thread(target=read)
        other.start()
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_few_idle_processes_are_kept():
    budget = Budget(1)
    made = [budget.process() for _ in range(process.KEPT + 1)]
    assert [each.is_alive for each in made] == [False, *[True] * process.KEPT]
    for each in made:
        each.close()


def test_the_one_made_ready_is_taken():
    BUDGET.make_ready()
    ready = BUDGET._spare
    assert BUDGET.process() is ready and BUDGET._spare is None
    ready.close()


def test_this_process_holds_some_memory_and_has_worked():
    assert 10_000_000 < resident_bytes(os.getpid()) < 10_000_000_000
    assert processor_seconds(os.getpid()) == pytest.approx(sum(os.times()[:2]), abs=0.1)


def test_a_process_that_is_gone_says_nothing():
    assert resident_bytes(2**22 + 1) is None and processor_seconds(2**22 + 1) is None


def test_where_ps_is_asked(monkeypatch, tmp_path):
    asked = tmp_path / "ps"
    said = {"-o rss= -p 77": " 2048", "-o time= -p 77": " 3:04.25", "-o time= -p 79": "1-02:00:01"}
    asked.write_text(
        "#!/bin/sh\n" + "".join(f'[ "$*" = "{line}" ] && echo "{answer}"\n' for line, answer in said.items())
    )
    asked.chmod(0o755)
    monkeypatch.setattr(process.sys, "platform", "darwin")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert resident_bytes(77) == 2048 * 1024 and resident_bytes(78) is None
    assert processor_seconds(77) == 184.25 and processor_seconds(79) == 93_601 and processor_seconds(78) is None


def test_each_step_of_reading_is_told():
    reported = []
    source = Source((WORKBOOK,), report_step=reported.append)
    assert first_draft(source).opened.n == len(FOUR) - 1
    assert reported == [
        "reading the sheets",
        "finding the tables",
        "finding out what the columns mean",
        "reading the values",
        "checking the values",
        "accounting for every cell",
    ]
    assert list(opening.STEPS) == reported


def test_reading_that_is_cancelled_ends_its_process_at_once():
    source = Source((WORKBOOK,))
    source.report_step = lambda _: source.cancel()
    with pytest.raises(Unsafe):
        first_draft(source)
    assert not source.process.is_alive
    with pytest.raises(Unsafe, match=CANCELLED):
        first_draft(source)


def test_reading_ends_with_the_session_that_asked_for_it():
    pool, sources = Pool(), [Source((WORKBOOK,)), Source((WORKBOOK,))]
    for name, source in zip(("hers", "another's"), sources, strict=True):
        pool.ends_with(name, source.cancel)
    sources[0].report_step = lambda _: pool.end("hers")
    with pytest.raises(Unsafe):
        first_draft(sources[0])
    assert not sources[0].process.is_alive and not sources[1].is_cancelled
    del source
    left = weakref.ref(sources.pop())
    assert left() is None, "what ends with a session is not kept by that"
